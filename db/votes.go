package db

import (
	"fmt"
	"time"

	"porchlight/bridge"
	"porchlight/bridge/phrase"
)

const selectVote = `SELECT id, conversation, operator, score, comment, created_at, told_seq, deleted_at, deleted_by, deleted_reason FROM votes `

func scanVote(r Row) bridge.Feedback {
	return bridge.Feedback{
		ID:           r.int(0),
		Conversation: r.int(1),
		Operator:     bridge.OperatorJID(r.text(2)),
		Score:        r.int(3),
		Comment:      r.text(4),
		At:           r.time(5),
		Told:         r.int(6),
		DeletedAt:    r.time(7),
		DeletedBy:    bridge.OperatorJID(r.text(8)),
		DeletedWhy:   r.text(9),
	}
}

// Feedback implements bridge.Reader.
func (r *Reader) Feedback(id int64) (bridge.Feedback, error) {
	return one(r.s, "vote", scanVote, selectVote+`WHERE id = ?`, id)
}

// FeedbackIn implements bridge.Reader.
func (r *Reader) FeedbackIn(number int64) (bridge.Feedback, error) {
	return one(r.s, "vote", scanVote, selectVote+`WHERE conversation = ?`, number)
}

// about is the condition for votes about an operator of a range of time that count, or about all operators, deleted ones
// included, whose votes are then found one operator after the other. What is said of the help in junk counts nowhere.
func about(o bridge.OperatorJID, from, until time.Time) (condition string, args []any) {
	condition = `created_at >= ? AND created_at < ? AND deleted_at IS NULL
		AND NOT EXISTS (SELECT 1 FROM conversations c WHERE c.number = votes.conversation AND c.reason = 'junk')`
	args = []any{from.UnixMilli(), until.UnixMilli()}
	if o == "" {
		return `WHERE operator IN (SELECT jid FROM operators) AND ` + condition, args
	}
	return `WHERE operator = ? AND ` + condition, append([]any{string(o)}, args...)
}

// FeedbackAbout implements bridge.Reader.
func (r *Reader) FeedbackAbout(o bridge.OperatorJID, from, until time.Time, skip, limit int) ([]bridge.Feedback, error) {
	condition, args := about(o, from, until)
	return list(r.s, "votes", scanVote, selectVote+condition+` ORDER BY created_at DESC, id DESC LIMIT ? OFFSET ?`, append(args, int64(limit), int64(skip))...)
}

// TallyAbout implements bridge.Reader.
func (r *Reader) TallyAbout(o bridge.OperatorJID, from, until time.Time) (bridge.Tally, error) {
	condition, args := about(o, from, until)
	t, err := one(r.s, "vote", scanTally, `SELECT `+tally+` FROM votes `+condition, args...)
	if err != nil {
		return t, err
	}
	past, err := r.pastVotes(o, from, until)
	for _, more := range past {
		for i := range t {
			t[i] += more[i]
		}
	}
	return t, err
}

// tally counts votes by their score, and scanTally reads that.
const tally = `COUNT(CASE score WHEN 1 THEN 1 END), COUNT(CASE score WHEN 2 THEN 1 END), COUNT(CASE score WHEN 3 THEN 1 END),
	COUNT(CASE score WHEN 4 THEN 1 END), COUNT(CASE score WHEN 5 THEN 1 END)`

func scanTally(r Row) (t bridge.Tally) {
	for i := range t {
		t[i] = r.int(i)
	}
	return t
}

// Tallies implements bridge.Reader.
func (r *Reader) Tallies(from, until time.Time) (map[bridge.OperatorJID]bridge.Tally, error) {
	condition, args := about("", from, until)
	all := make(map[bridge.OperatorJID]bridge.Tally)
	err := r.s.each(func(r Row) bool {
		all[bridge.OperatorJID(r.text(len(bridge.Tally{})))] = scanTally(r)
		return true
	}, `SELECT `+tally+`, operator FROM votes `+condition+` GROUP BY operator`, args...)
	if err != nil {
		return nil, fmt.Errorf("read votes of all: %w", err)
	}
	past, err := r.pastVotes("", from, until)
	for o, more := range past {
		t := all[o]
		for i := range t {
			t[i] += more[i]
		}
		all[o] = t
	}
	return all, err
}

// pastVotes counts the votes of erased conversations about an operator, or about all operators, by operator.
func (r *Reader) pastVotes(o bridge.OperatorJID, from, until time.Time) (map[bridge.OperatorJID]bridge.Tally, error) {
	condition, args := `operator IN (SELECT jid FROM operators)`, []any(nil)
	if o != "" {
		condition, args = `operator = ?`, []any{string(o)}
	}
	all := make(map[bridge.OperatorJID]bridge.Tally)
	err := r.s.each(func(r Row) bool {
		t := all[bridge.OperatorJID(r.text(0))]
		t[r.int(1)-1] += r.int(2)
		all[bridge.OperatorJID(r.text(0))] = t
		return true
	}, `SELECT operator, score, n FROM past_votes WHERE `+condition+` AND hour >= ? AND hour < ?`, append(args, from.UnixMilli(), until.UnixMilli())...)
	if err != nil {
		return nil, fmt.Errorf("read past votes: %w", err)
	}
	return all, nil
}

// CreateFeedback implements bridge.Tx.
func (t *Tx) CreateFeedback(f *bridge.Feedback) error {
	id, created, err := t.s.assign(`INSERT INTO votes (conversation, operator, score, comment, created_at, told_seq, deleted_at, deleted_by, deleted_reason)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (conversation) DO NOTHING RETURNING id`,
		f.Conversation, string(f.Operator), f.Score, f.Comment, millis(f.At), f.Told, millis(f.DeletedAt), string(f.DeletedBy), f.DeletedWhy)
	if err != nil {
		return fmt.Errorf("create vote: %w", err)
	}
	if !created {
		return phrase.Fail(phrase.CodeConflict, "There is a vote already.")
	}
	f.ID = id
	return nil
}

// SaveFeedback implements bridge.Tx.
func (t *Tx) SaveFeedback(f bridge.Feedback) error {
	return t.change("vote", `UPDATE votes SET score = ?, comment = ?, told_seq = ?, deleted_at = ?, deleted_by = ?, deleted_reason = ? WHERE id = ?`,
		f.Score, f.Comment, f.Told, millis(f.DeletedAt), string(f.DeletedBy), f.DeletedWhy, f.ID)
}
