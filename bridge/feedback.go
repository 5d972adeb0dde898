package bridge

import (
	"cmp"
	"context"
	"fmt"
	"strings"
	"time"

	"porchlight/bridge/phrase"
)

// Feedback is what a visitor thinks of the help they got: a vote, and a comment that only operators
// read. A conversation has one at most.
type Feedback struct {
	ID           int64 // by which operators call it; never given twice
	Conversation int64
	Operator     OperatorJID // whom it is about: the owner, or who answered last
	Score        int64       // from 1 to 5
	Comment      string      // may be empty
	At           time.Time   // when the visitor voted first
	Told         int64       // the entry of Operator's desk log that tells of it; 0: none
	DeletedAt    time.Time   // zero unless an operator deleted it; then it counts no more
	DeletedBy    OperatorJID
	DeletedWhy   string // what that operator said about it; may be empty
}

// best is the highest score, and 1 the lowest.
const best = 5

// changeFor is how long a visitor can change a vote.
const changeFor = time.Hour

// changeable reports whether the visitor can still change the vote.
func (f Feedback) changeable(now time.Time) bool {
	return f.DeletedAt.IsZero() && now.Before(f.Until())
}

// Until is when the visitor can't change the vote any more.
func (f Feedback) Until() time.Time { return f.At.Add(changeFor) }

// Stars shows a score as five stars.
func Stars(score int64) string {
	n := int(min(max(score, 0), best))
	return strings.Repeat("★", n) + strings.Repeat("☆", best-n)
}

// Tally counts votes by their score: the first is how many have score 1.
type Tally [best]int64

// Count is how many votes there are.
func (t Tally) Count() (n int64) {
	for _, x := range t {
		n += x
	}
	return n
}

// Mean is the average of the votes with one decimal, "–" if there are none.
func (t Tally) Mean() string {
	sum, n := int64(0), t.Count()
	for i, x := range t {
		sum += int64(i+1) * x
	}
	if n == 0 {
		return "–"
	}
	return fmt.Sprintf("%.1f", float64(sum)/float64(n))
}

// VisitorVotes stores a visitor's vote about the operator who answered, or changes it. The vote is
// from 1 to 5, and the comment may be empty. CodeConflict says that nobody has answered yet, or that
// the vote can't be changed any more.
func (b *Bridge) VisitorVotes(ctx context.Context, number, score int64, comment string) error {
	if len(comment) > b.opts.Limits.Message {
		return tooLong("comment", comment, b.opts.Limits.Message)
	}
	if score < 1 || score > best {
		return phrase.Invalid("score", "Give a number from 1 to 5.")
	}
	a := Action{Type: VisitorVotes, Score: score, Text: CleanText(comment)}
	_, err := b.act(ctx, func(r Reader) (Conversation, Action, error) {
		c, err := b.served(number)(r)
		now := a
		if err == nil {
			now.Feedback, err = feedbackOf(r, c)
		}
		if now.Feedback.Operator != "" {
			now.Name = b.Team.name(now.Feedback.Operator)
		}
		return c, now, err
	})
	return err
}

// feedbackOf is the vote of a conversation. If there is none it has no ID, and names the operator whom
// one would be about: nobody before somebody has answered.
func feedbackOf(r Reader, c Conversation) (Feedback, error) {
	f, err := r.FeedbackIn(c.Number)
	if phrase.CodeOf(err) != phrase.CodeNotFound {
		return f, err
	}
	f = Feedback{Conversation: c.Number}
	said, err := lastAnswer(r, c, "")
	if err == nil && said.Seq > 0 {
		f.Operator = cmp.Or(c.Owner, said.Operator)
	}
	return f, err
}

// keepVote stores a vote and tells the operator whom it is about. A changed vote takes the place of
// what the operator was told before.
func (u *commit) keepVote(c Conversation, f Feedback) error {
	fresh := f.ID == 0
	if fresh {
		if err := u.tx.CreateFeedback(&f); err != nil {
			return err
		}
	}
	if err := u.tellVote(c, &f); err != nil {
		return err
	}
	return u.tx.SaveFeedback(f)
}

// tellVote tells the operator of a vote. An operator who is not stored any more is told nothing, and
// who deleted a vote knows it.
func (u *commit) tellVote(c Conversation, f *Feedback) error {
	_, err := u.tx.Operator(f.Operator)
	if phrase.CodeOf(err) == phrase.CodeNotFound || err == nil && f.DeletedBy == f.Operator {
		return nil
	}
	if err != nil {
		return err
	}
	request, err := u.tx.Request(c.Number)
	if err != nil {
		return err
	}
	entry := DeskEntry{Operator: f.Operator, Kind: DeskNotice, Conversation: c.Number, Ref: f.Told,
		Phrase: phrase.Say("%s %s, #%d: %s feedback %d", Stars(f.Score), request.Called(), c.Number, quoted(f.Comment), f.ID)}
	if !f.DeletedAt.IsZero() {
		why := quoted(f.DeletedWhy)
		entry.Ref, entry.Phrase = 0, phrase.Say("%s deleted vote %d about you (%d of 5, %s, #%d): %s", u.b.Team.name(f.DeletedBy), f.ID, f.Score, request.Called(), c.Number, why)
	}
	seq, err := u.tell(entry)
	if f.Told == 0 {
		f.Told = seq
	}
	return err
}

// quoteRoom is how much of a comment stands in a line of the desk, in bytes.
const quoteRoom = 300

// quoted is the beginning of what somebody wrote, in quotation marks on one line, from which it can't
// break out. "–" stands for nothing.
func quoted(text string) string {
	line := strings.ReplaceAll(cleanLine(text), `"`, "'")
	switch {
	case line == "":
		return "–"
	case len(line) > quoteRoom:
		line = Cut(line, quoteRoom) + "…"
	}
	return `"` + line + `"`
}
