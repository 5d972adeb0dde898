package db

import (
	"fmt"
	"slices"
	"strings"

	"porchlight/bridge"
	"porchlight/bridge/phrase"
)

// LatestConversations implements bridge.Reader. That there is a number is said so that the newest are
// looked up, and not all sorted.
func (r *Reader) LatestConversations(skip, limit int) ([]int64, error) {
	return list(r.s, "newest conversations", scanInt, `SELECT number FROM conversations c WHERE number > 0
		AND NOT EXISTS (SELECT 1 FROM conversations n WHERE n.visitor = c.visitor AND n.number > c.number) ORDER BY number DESC LIMIT ? OFFSET ?`,
		int64(limit), int64(skip))
}

// afterAll is a letter behind all those of words, as bytes are compared.
const afterAll = "\U0010ffff"

// FindVisitors implements bridge.Reader.
func (r *Reader) FindVisitors(words []string, look int) (numbers []int64, more bool, err error) {
	const other = ` AND EXISTS (SELECT 1 FROM visitor_words x WHERE x.visitor = w.visitor AND x.word >= ? AND x.word < ?)`
	args := []any{words[0], words[0] + afterAll, int64(look)}
	for _, word := range words[1:] {
		args = append(args, word, word+afterAll)
	}
	numbers, err = list(r.s, "visitors", scanInt, `SELECT (SELECT max(number) FROM conversations c WHERE c.visitor = w.visitor)
		FROM (SELECT visitor FROM visitor_words WHERE word >= ? AND word < ? ORDER BY word, visitor LIMIT ?) w WHERE TRUE`+strings.Repeat(other, len(words)-1), args...)
	if err != nil {
		return nil, false, err
	}
	n, err := one(r.s, "number of visitors", scanInt, `SELECT count(*) FROM (SELECT 1 FROM visitor_words WHERE word >= ? AND word < ? LIMIT ?) w`,
		words[0], words[0]+afterAll, int64(look)+1)
	return slices.DeleteFunc(numbers, func(n int64) bool { return n == 0 }), n > int64(look), err
}

// CountConversations implements bridge.Reader.
func (r *Reader) CountConversations(v bridge.VisitorJID) (int, error) {
	n, err := one(r.s, "number of conversations", scanInt, `SELECT count(*) FROM conversations WHERE visitor = ?`, string(v))
	return int(n), err
}

// LastNote implements bridge.Reader.
func (r *Reader) LastNote(number int64) (string, error) {
	text, err := one(r.s, "note", scanText, `SELECT text FROM events WHERE conversation = ? AND type = 'note' ORDER BY seq DESC LIMIT 1`, number)
	if phrase.CodeOf(err) == phrase.CodeNotFound {
		err = nil
	}
	return text, err
}

// enterWords stores the words by which a visitor is found. Those of what they gave before stay.
func (t *Tx) enterWords(v bridge.Visitor) error {
	for _, word := range v.FoundBy() {
		if _, err := t.s.exec(`INSERT INTO visitor_words (word, visitor) VALUES (?, ?) ON CONFLICT (word, visitor) DO NOTHING`, word, string(v.JID)); err != nil {
			return fmt.Errorf("save words of visitor: %w", err)
		}
	}
	return nil
}
