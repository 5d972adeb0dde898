package bridge

import (
	"context"
	"strings"
	"time"

	"porchlight/bridge/phrase"
)

// transcriptEvery is how often a conversation is sent to its visitor.
const transcriptEvery = time.Hour

// SendTranscript sends the conversation to its visitor by mail, once an operator has answered and at most
// once an hour. It goes to the address that the visitor gave in the conversation and to no other, else
// anybody could have it sent to strangers. A conversation without an address gets this one, unless nothing is sent.
func (b *Bridge) SendTranscript(ctx context.Context, number int64, email string) error {
	if !b.Mail.On() {
		return phrase.Fail(phrase.CodeConflict, "No mail is sent from here.")
	}
	email = strings.TrimSpace(email)
	if err := b.addressed("email", email); err != nil {
		return err
	}
	return b.update(ctx, func(u *commit) error {
		c, err := u.tx.Conversation(number)
		if err == nil && c.Email == "" {
			err = u.reachable(number, email)
		}
		if err != nil {
			return err
		}
		return u.transcript(number, email)
	})
}

func (u *commit) transcript(number int64, email string) error {
	c, err := u.tx.Conversation(number)
	if err != nil {
		return err
	}
	if err := u.b.Blocks.refuseIn(u.tx, c); err != nil {
		return err
	}
	if !strings.EqualFold(c.Email, email) {
		return phrase.Invalid("email", "It goes only to the address that was given in this conversation.")
	}
	log, err := wholeLog(u.tx, number)
	if err != nil {
		return err
	}
	answered, sent := transcribed(log)
	switch {
	case !answered:
		return phrase.Fail(phrase.CodeConflict, "Nobody has answered yet.")
	case u.b.clock.Now().Sub(sent) < transcriptEvery:
		return phrase.Fail(phrase.CodeConflict, "It was sent within the last hour. Please look into your mailbox.")
	}
	_, all := unread(log, c.Seq)
	out, err := u.letter(c, Draft{Kind: TranscriptMail, Lines: all})
	if err != nil || out.State != MailQueued {
		return err
	}
	if err := u.hasTold(log, out.Upto); err != nil {
		return err
	}
	if c, err = u.tx.Conversation(number); err != nil { // a mail that could not be written is in its log
		return err
	}
	_, _, err = u.apply(c, Action{Type: MailHappens, Posting: Posting{Action: PostTranscript, To: c.Email}})
	return err
}

// hasTold says that a transcript has told the visitor a log up to an event, so that no other mail tells it
// again; except what has files, which a transcript only names.
func (u *commit) hasTold(log []Event, upto int64) error {
	g, err := u.tx.Mailing(log[0].Conversation)
	if err != nil || g.Upto >= upto {
		return err
	}
	if lines, _ := unread(log, g.Upto); len(u.b.Mail.uploaded(lines)) > 0 {
		return nil
	}
	g.Upto = upto
	return u.tx.SaveMailing(g)
}

// transcribed says of a log whether an operator has answered, and when it was sent to its visitor last.
func transcribed(log []Event) (answered bool, sent time.Time) {
	for _, e := range log {
		answered = answered || e.Answers()
		if p, _ := e.Data.(Posting); p.Action == PostTranscript {
			sent = e.At
		}
	}
	return answered, sent
}
