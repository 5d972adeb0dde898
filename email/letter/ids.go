package letter

import (
	"strings"

	"porchlight/email/plain"
)

// Limits of message ids.
const (
	maxID         = 998 // bytes: no line of a mail is longer (RFC 5322 §2.1.1)
	maxReferences = 100
)

// messageIDs reads the ids of Message-ID, In-Reply-To or References, without their brackets. It forgives
// what mail programs do to them: blanks inside an id where a line was folded, an id that was cut off
// before the next one begins, ids without any brackets, words around them. Of more than a hundred the
// first and the last ones are kept, since the first names the conversation and the last the mail answered.
func messageIDs(value string) (ids []string) {
	if !strings.Contains(value, "<") {
		for _, word := range strings.Fields(value) {
			if id := cleanID(strings.Trim(word, "<>,;")); id != "" {
				ids = append(ids, id)
			}
		}
	}
	for rest := value; ; {
		_, after, ok := strings.Cut(rest, "<")
		if !ok {
			break
		}
		rest = after
		end := strings.IndexAny(rest, "<>")
		if end < 0 {
			break // the rest of the last id was cut off
		}
		if rest[end] == '>' {
			if id := cleanID(rest[:end]); id != "" {
				ids = append(ids, id)
			}
		}
		rest = rest[end:]
	}
	if len(ids) > maxReferences {
		last := ids[len(ids)-maxReferences/2:]
		ids = append(append([]string{}, ids[:maxReferences/2]...), last...)
	}
	return ids
}

// cleanID returns an id without blanks, or "" if it is none.
func cleanID(s string) string {
	id := strings.Map(func(c rune) rune {
		if c <= ' ' || c == '<' || c == '>' || plain.Hidden(c) {
			return -1
		}
		return c
	}, s)
	if len(id) > maxID || !strings.Contains(id, "@") {
		return ""
	}
	return id
}
