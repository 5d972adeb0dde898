package bridge

import (
	"context"
	"errors"
	"slices"
	"time"

	"porchlight/bridge/phrase"
)

// Outgoing lists the mail that is to be sent now, in the order in which it goes (see MailReader.DueOutMail). A mail
// whose bytes are lost has failed, so that it keeps no other back.
func (m *Mailroom) Outgoing(ctx context.Context, limit int) (list []OutMail, err error) {
	var broken []string
	err = m.bridge.store.View(ctx, func(r Reader) error {
		list, broken = nil, nil
		ids, err := r.DueOutMail(m.bridge.clock.Now(), limit)
		for _, id := range ids {
			o, err := r.OutMail(id)
			if err == nil {
				err = o.whole(r)
			}
			switch {
			case err == nil:
				list = append(list, o)
			case isNotFound(err):
				broken = append(broken, id)
			default:
				return err
			}
		}
		return err
	})
	for _, id := range broken {
		m.bridge.log.Error("a mail can't be sent, since a part of it is missing", "mail", id)
		err = errors.Join(err, m.Failed(ctx, id, "a part of the mail is missing"))
	}
	return list, err
}

// resend holds how long a mail waits after each failure; afterwards it waits for the last of them.
var resend = [...]time.Duration{time.Minute, 5 * time.Minute, 15 * time.Minute, 30 * time.Minute, time.Hour, 2 * time.Hour, 4 * time.Hour}

const (
	resendFor = 48 * time.Hour  // afterwards a mail has failed
	mailLate  = 2 * time.Minute // after so long the operator is told that a mail was not sent yet
)

// Sent says that the relay has taken a mail.
func (m *Mailroom) Sent(ctx context.Context, id string) error {
	return m.happened(ctx, id, func(o *OutMail) Posted {
		o.State, o.Due, o.Words = MailSent, time.Time{}, ""
		return PostSent
	})
}

// Late says that a mail could not be sent, with the server's words. It is tried again later; after
// resendFor it has failed, and a notice after noticeFor.
func (m *Mailroom) Late(ctx context.Context, id, words string) error {
	return m.happened(ctx, id, func(o *OutMail) Posted {
		now := m.bridge.clock.Now()
		told := o.lateTold()
		o.Words, o.Due = CleanText(words), now.Add(resend[min(o.Tries, len(resend)-1)])
		o.Tries++
		if o.tooLate() {
			o.State, o.Due = MailFailed, time.Time{}
			return PostFailed
		}
		if !told && o.Due.Sub(o.Made) >= mailLate {
			return PostLate
		}
		return ""
	})
}

// tooLate reports whether a queued mail is not tried any more.
func (o OutMail) tooLate() bool {
	if o.Kind == NoticeMail {
		return o.Due.Sub(o.Made) > noticeFor
	}
	return o.Due.Sub(o.Made) > resendFor
}

// lateTold reports whether the operators were told that a queued mail is late: it was due so long after it
// was made.
func (o OutMail) lateTold() bool { return o.Due.Sub(o.Made) >= mailLate }

// Wait says that mail that is due has to wait until then, since the relay takes none; words are the
// server's. It looks at limit mails at once, and again after resend[0], so that operators hear in time that
// a mail is late. Mail keeps its order, since that is not told by when it is due.
func (m *Mailroom) Wait(ctx context.Context, until time.Time, words string, limit int) error {
	now := m.bridge.clock.Now()
	if again := now.Add(resend[0]); again.Before(until) {
		until = again
	}
	return m.delay(ctx, words, func(*OutMail) time.Time { return until }, func(r Reader) ([]string, error) { return r.DueOutMail(now, limit) })
}

// Behind says that no more mail may go for a while, since so much goes. It tells of what has waited for mailLate, of
// limit mails at once, and delays nothing; words say why mail waits.
func (m *Mailroom) Behind(ctx context.Context, words string, limit int) error {
	return m.delay(ctx, words, func(o *OutMail) time.Time { return o.Made.Add(mailLate) }, func(r Reader) ([]string, error) {
		return r.OverdueOutMail(m.bridge.clock.Now(), mailLate, limit)
	})
}

// delay changes when mail is due, tells once what is late then, and ends what has waited too long.
func (m *Mailroom) delay(ctx context.Context, words string, until func(*OutMail) time.Time, which func(Reader) ([]string, error)) error {
	var ids []string
	err := m.bridge.store.View(ctx, func(r Reader) (err error) {
		ids, err = which(r)
		return err
	})
	for _, id := range ids {
		if err != nil {
			break
		}
		err = m.happened(ctx, id, func(o *OutMail) Posted {
			told := o.lateTold()
			o.Due = until(o)
			if o.tooLate() {
				o.State, o.Due, o.Words = MailFailed, time.Time{}, CleanText(words)
				return PostFailed
			}
			if told || !o.lateTold() {
				return ""
			}
			o.Words = CleanText(words)
			return PostLate
		})
	}
	return err
}

// Failed says that a mail is refused for good, with the server's words.
func (m *Mailroom) Failed(ctx context.Context, id, words string) error {
	return m.happened(ctx, id, func(o *OutMail) Posted {
		o.State, o.Due, o.Words = MailFailed, time.Time{}, CleanText(words)
		o.Tries++
		return PostFailed
	})
}

// happened stores what has become of a queued mail. f changes the mail, and says what the log of its
// conversation is to tell, "" for nothing. If the conversation can't take that in, the mail is stored
// nevertheless, or it would be sent again and again.
func (m *Mailroom) happened(ctx context.Context, id string, f func(*OutMail) Posted) error {
	p, err := m.change(ctx, id, f, true)
	if err != nil && phrase.CodeOf(err) != phrase.CodeUnavailable && ctx.Err() == nil {
		m.bridge.log.Error("tell what has become of a mail", "mail", id, "err", err)
		p, err = m.change(ctx, id, f, false)
	}
	if err == nil {
		m.count(p)
	}
	return err
}

// change is happened in one transaction. A mail that was deleted with its conversation changes no more.
func (m *Mailroom) change(ctx context.Context, id string, f func(*OutMail) Posted, tell bool) (p Posted, err error) {
	err = m.bridge.update(ctx, func(u *commit) error {
		p = ""
		o, err := u.tx.OutMail(id)
		if isNotFound(err) || err == nil && o.State != MailQueued {
			return nil
		}
		if err != nil {
			return err
		}
		p = f(&o)
		told := tell && p != "" && (!o.Kind.Automatic() || p == PostFailed) // PostAcknowledged was told before
		if err := u.tx.SaveOutMail(o); err != nil || !told {
			return err
		}
		return u.posted(o, p)
	})
	return p, err
}

// count counts what has become of a mail.
func (m *Mailroom) count(p Posted) {
	switch p {
	case PostSent:
		m.sent.Add(1)
	case PostFailed:
		m.failed.Add(1)
	case PostBounced:
		m.bounced.Add(1)
	}
}

// posted tells in the log of a mail's conversation what has happened to the mail. Of a mail without a conversation
// it tells whose notice it is, or who ordered the mail.
func (u *commit) posted(o OutMail, p Posted) error {
	if o.Conversation == 0 {
		if o.Kind == NoticeMail {
			return u.noticeLost(o, p)
		}
		return u.tellOrderer(o, p)
	}
	c, err := u.tx.Conversation(o.Conversation)
	if err != nil {
		return err
	}
	said, err := u.lastSaid(o)
	if err != nil {
		return err
	}
	_, _, err = u.apply(c, Action{Type: MailHappens, Text: o.Words, Posting: Posting{Action: p, To: o.To, Mail: o.ID, Upto: o.Upto, Said: said}})
	return err
}

// lastSaid is how the last message in a mail begins, as it stands now, so that operators know which mail it was.
func (u *commit) lastSaid(o OutMail) (string, error) {
	if o.Kind != AnswerMail {
		return "", nil
	}
	log, err := wholeLog(u.tx, o.Conversation)
	for _, e := range slices.Backward(AsItStands(log)) {
		if e.Seq > o.Upto || !e.Answers() && e.Posted() == "" || !e.Type.Content() || e.Changed == EventRetraction {
			continue
		}
		if f, ok := e.Data.(SentFile); ok {
			return Cut(cleanLine(f.Called()), saidTold), err
		}
		return Cut(cleanLine(e.Text), saidTold), err
	}
	return "", err
}

// saidTold is how many bytes of a message tell which it was.
const saidTold = 120
