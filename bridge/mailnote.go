package bridge

import (
	"cmp"
	"time"

	"porchlight/bridge/phrase"
)

// unreadMail tells of a mail that can't be read, from somebody about something, as far as that is known; in the site's zone.
func (u *commit) unreadMail(m InMail, from, subject string) phrase.Phrase {
	return phrase.Say("1 mail could not be read: from %s, subject “%s”, number %d in the mailbox %s, %d bytes, of %s. It is kept there.",
		cmp.Or(Cut(cleanLine(from), 254), "?"), Cut(cleanLine(subject), 200), int64(m.UID), m.Mailbox, m.Bytes, m.Received.In(u.b.Hours.Site().Zone()).Format(time.DateTime+" MST"))
}

// unread tells the super operators of a mail that can't be read.
func (u *commit) unread(m InMail, from, subject string) error {
	for _, o := range u.b.opts.SuperOperators {
		if _, err := u.tell(DeskEntry{Operator: o, Kind: DeskNotice, Phrase: u.unreadMail(m, from, subject)}); err != nil {
			return err
		}
	}
	return nil
}

// note tells the operators of a conversation about a mail that says nothing to them. Without a
// conversation it only logs. Whoever is blocked, or sends one after the other, is not heard.
func (s *sorting) note(number int64, p Posting, text string) error {
	s.mail.Conversation = number
	if number == 0 {
		s.b.log.Info("a mail belongs to no conversation", "mail", s.mail.ID, "fate", s.mail.Fate)
		return nil
	}
	c, err := s.tx.Conversation(number)
	if err != nil {
		return err
	}
	if err := s.b.Blocks.refuseIn(s.tx, c); err != nil {
		return s.blocked(err)
	}
	if many, err := s.tiring(c, p); many || err != nil {
		return err
	}
	_, _, err = s.apply(c, Action{Type: MailHappens, Posting: p, Text: shown(text)})
	return err
}

// answersNotice notes an answer to a notice by mail: nothing is done by that, and whoever got the notice is told so at
// the desk.
func (s *sorting) answersNotice() (bool, error) {
	if s.letter.InReplyTo == "" {
		return false, nil
	}
	o, err := s.tx.OutMailByMessageID(s.letter.InReplyTo)
	if isNotFound(err) || err == nil && o.Kind != NoticeMail {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	s.mail.Fate = "answer to a notice"
	if s.letter.Nature != Personal {
		return true, nil
	}
	return true, s.tellNoticed(o, phrase.Say("Your answer by mail to a notice did nothing: write to me in your chat client."))
}

// tiring reports whether the end of a log tells of several such mails already, which anybody can send.
func (s *sorting) tiring(c Conversation, p Posting) (bool, error) {
	const within, enough = 20, 3
	if p.Action != PostAutomatic && p.Action != PostOutside {
		return false, nil
	}
	log, err := s.tx.Events(c.Number, max(0, c.Seq-within), within)
	n := 0
	for _, e := range log {
		if before, _ := e.Data.(Posting); before.Action == p.Action {
			n++
		}
	}
	return n >= enough, err
}

// bounce notes which mail came back. One that is late is left to the relay.
func (s *sorting) bounce() error {
	b := s.letter.Bounce
	o, err := s.tx.OutMail(s.b.Mail.bouncedID(s.letter.Recipients))
	if isNotFound(err) && b.MessageID != "" {
		o, err = s.tx.OutMailByMessageID(b.MessageID)
	}
	if isNotFound(err) {
		s.b.log.Info("a mail came back that is not known here", "mail", s.mail.ID)
		return nil
	}
	if err != nil || !b.Failed || o.State == MailBounced {
		return err
	}
	s.mail.Conversation = o.Conversation
	// The relay may have taken the mail, and lost its answer on the way: then the mail is still queued here.
	o.State, o.Due, o.Words = MailBounced, time.Time{}, Cut(CleanText(b.Words), 500)
	if err := s.tx.SaveOutMail(o); err != nil {
		return err
	}
	s.b.Mail.count(PostBounced)
	return s.posted(o, PostBounced)
}
