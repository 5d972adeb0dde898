package bridge

import (
	"cmp"
	"context"
	"strconv"
	"strings"
	"time"

	"porchlight/bridge/phrase"
)

// Unsorted lists the ids of mail that came, is not sorted whole, and is due, oldest first.
func (m *Mailroom) Unsorted(ctx context.Context, limit int) (list []int64, err error) {
	err = m.bridge.store.View(ctx, func(r Reader) (err error) {
		list, err = r.UnsortedMail(m.bridge.clock.Now(), limit)
		return err
	})
	return list, err
}

// Arrived returns a mail that came.
func (m *Mailroom) Arrived(ctx context.Context, id int64) (mail InMail, err error) {
	err = m.bridge.store.View(ctx, func(r Reader) (err error) {
		if mail, err = r.InMail(id); err != nil || mail.Apart == "" {
			return err
		}
		mail.Raw, err = r.MailParts(mail.Apart)
		return err
	})
	return mail, err
}

// Sort puts what a mail says where it belongs. l is what the mail with that id says. Sorting a mail
// again goes on where an earlier attempt has ended.
func (m *Mailroom) Sort(ctx context.Context, id int64, department string, l Letter) error {
	l.tidy(m.bridge.opts.Limits)
	var mail InMail
	fresh := ConversationID(newID())
	err := m.bridge.update(ctx, func(u *commit) (err error) {
		if mail, err = u.tx.InMail(id); err != nil || mail.State != MailNew {
			return err
		}
		s := sorting{commit: u, mail: mail, letter: l, department: department, fresh: fresh}
		if err := s.run(); err != nil {
			return err
		}
		mail = s.mail
		return u.tx.SaveInMail(mail)
	})
	if err != nil || mail.State != MailSorted {
		return err
	}
	if err := m.attach(ctx, mail, l.Files); err != nil {
		return err
	}
	mail.State, mail.Due = MailDone, time.Time{}
	return m.bridge.store.Update(ctx, func(tx Tx) error { return tx.SaveInMail(mail) })
}

// How often sorting a mail is tried. Between the attempts it waits as resend says.
const (
	sortTries = 3
	roomTries = 10 // if there is no room for its files
)

// GiveUp notes that an attempt to sort a mail has failed; the mail is tried again later. After the last attempt it is
// kept apart, and the super operators are told; or, if only its files could not be stored, the operators of
// its conversation are told which.
func (m *Mailroom) GiveUp(ctx context.Context, id int64, l Letter, why error) error {
	l.tidy(m.bridge.opts.Limits)
	return m.bridge.update(ctx, func(u *commit) error {
		mail, err := u.tx.InMail(id)
		if err != nil || mail.State != MailNew && mail.State != MailSorted {
			return err
		}
		mail.Failed++
		most := sortTries
		if phrase.CodeOf(why) == phrase.CodeBusy {
			most = roomTries
		}
		if mail.Failed < most {
			mail.Due = m.bridge.clock.Now().Add(resend[min(mail.Failed-1, len(resend)-1)])
			return u.tx.SaveInMail(mail)
		}
		s := sorting{commit: u, mail: mail, letter: l}
		s.mail.Due = time.Time{}
		if err := s.giveUp(why); err != nil {
			return err
		}
		return u.tx.SaveInMail(s.mail)
	})
}

// giveUp tells what of a mail is not in its conversation.
func (s *sorting) giveUp(why error) error {
	if s.mail.State == MailNew {
		s.mail.State, s.mail.Fate = MailRefused, Cut(CleanText(why.Error()), 200)
		return s.unread(s.mail, s.letter.From, s.letter.Subject)
	}
	s.mail.State = MailDone
	names, err := s.missing()
	if err != nil || len(names) == 0 {
		return err
	}
	return s.note(s.mail.Conversation, Posting{Action: PostLeft, To: s.letter.From}, strings.Join(names, ", "))
}

// mailOrigin is the client id of what a mail says.
func mailOrigin(id int64) string { return "mail-" + strconv.FormatInt(id, 10) }

// sorting is the sorting of one mail in a transaction.
type sorting struct {
	*commit
	mail       InMail
	letter     Letter
	department string         // that the mailbox belongs to; "": the assumed one
	fresh      ConversationID // of a new conversation
}

// run decides what becomes of the mail, and does so.
func (s *sorting) run() error {
	l := s.letter
	s.mail.MessageID, s.mail.State, s.mail.Fate = l.MessageID, MailDone, string(l.Nature)
	own, err := s.own()
	if err != nil || own {
		return err
	}
	if l.Nature == Bounced {
		return s.bounce()
	}
	if answer, err := s.answersNotice(); err != nil || answer {
		return err
	}
	at, err := s.b.Mail.place(s.tx, l)
	if err != nil {
		return err
	}
	outside, err := s.outside(at)
	switch {
	case err != nil:
		return err
	case outside && (at.named || at == (match{})) && l.AnswerTo != "": // the site's own form, which writes in the name of who filled it in
		s.letter.From, s.letter.Name, s.letter.AnswerTo, s.letter.Quiet = l.AnswerTo, "", "", true
		s.letter.tidy(s.b.opts.Limits)
	case outside:
		s.mail.Fate = string(Outside)
		if at.named { // anybody can write a number, and our address
			at = match{}
		}
		return s.note(cmp.Or(at.number, at.related), Posting{Action: PostOutside, To: l.From}, l.Said)
	case l.Nature == Automatic, l.Nature == Generated && at.number > 0 && !at.named: // some vacation notices call themselves generated
		return s.note(at.number, Posting{Action: PostAutomatic, To: l.From}, l.Subject)
	}
	return s.enter(at)
}

// own notes a mail of ours that came back.
func (s *sorting) own() (bool, error) {
	_, err := s.tx.OutMailByMessageID(s.letter.MessageID)
	if err != nil && !isNotFound(err) {
		return false, err
	}
	if err == nil || s.b.Mail.ours(s.letter) {
		s.mail.Fate = string(Ours)
		s.b.log.Info("a mail of ours came back", "mail", s.mail.ID)
		return true, nil
	}
	return false, nil
}
