package bridge

import (
	"cmp"
	"errors"
	"strings"
	"unicode/utf8"

	"porchlight/bridge/phrase"
)

// enter makes what the mail says a part of a conversation.
func (s *sorting) enter(at match) error {
	if at.number > 0 {
		c, err := s.tx.Conversation(at.number)
		if err != nil {
			return err
		}
		if err := s.b.Blocks.refuseIn(s.tx, c); err != nil {
			return s.blocked(err)
		}
		if c, err = mailGoesOnIn(s.tx, c); err != nil {
			return err
		}
		if c, err = s.goesOn(c); err != nil {
			return err
		}
		if twice, err := s.twice(c); err != nil || twice {
			return err
		}
		reopens := c.State != Closed || c.Into == 0 && !s.b.clock.Now().After(c.ClosedAt.Add(mailReopens))
		if reopens && c.State == Closed {
			err = refuseDoomed(s.tx, c.Number)
		}
		switch {
		case isNotFound(err): // it is being erased, so this is a request of its own
			return s.open(0)
		case err != nil:
			return err
		case reopens:
			return s.say(c)
		}
		at = match{related: c.Number}
	}
	return s.open(at.related)
}

// goesOn is the conversation in which a mail to c goes on: another one of the same visitor, if c has ended
// and that is open.
func (s *sorting) goesOn(c Conversation) (Conversation, error) {
	if c.State != Closed {
		return c, nil
	}
	now, err := s.tx.LatestConversation(c.Visitor)
	if err != nil || now.State == Closed {
		return c, err
	}
	return now, nil
}

// twice notes a mail that the conversation has from another mailbox, since it was addressed to both. Within
// one mailbox an id says too little, since some programs give the same to several mails.
func (s *sorting) twice(c Conversation) (bool, error) {
	number, err := s.tx.MailElsewhere(s.letter.MessageID, s.mail.Mailbox)
	if isNotFound(err) {
		return false, nil
	}
	if err != nil || number != c.Number {
		return false, err
	}
	s.mail.Conversation, s.mail.Fate = number, "twice"
	return true, nil
}

// blocked notes that the sender is not served.
func (s *sorting) blocked(err error) error {
	if phrase.CodeOf(err) != phrase.CodeForbidden {
		return err
	}
	s.mail.Fate = "blocked"
	return nil
}

// heading is what stands above the mail. before is what the conversation's mail was about until now.
func (s *sorting) heading(before string, other bool) Heading {
	l := s.letter
	h := Heading{Came: true, AnswerTo: l.AnswerTo, Doubtful: l.Doubtful, Left: l.Left, Files: l.named(), Lacks: lacking(l.Lacks), Hidden: int64(l.Hidden), More: int64(utf8.RuneCountInString(l.Said) - utf8.RuneCountInString(shown(l.Said)))}
	if !strings.EqualFold(l.About, before) {
		h.Subject = l.Subject
	}
	if other {
		h.Address = l.From
	}
	return h
}

// say adds the mail to a conversation.
func (s *sorting) say(c Conversation) error {
	var t Thread
	mute := !ValidEmail(s.letter.From)
	if !mute {
		var err error
		if t, err = s.follow(c); err != nil {
			return err
		}
	}
	h := s.heading(t.Subject, !strings.EqualFold(c.Email, s.letter.From))
	h.Mute = mute
	s.mail.Conversation = c.Number
	_, _, err := s.apply(c, Action{Type: VisitorWrites, Text: s.words(), Mail: h, Origin: VisitorOrigin(mailOrigin(s.mail.ID))})
	return err
}

// words is what the log has of the mail. What it does not have is in a file.
func (s *sorting) words() string {
	if len(s.letter.Files) > 0 {
		s.mail.State = MailSorted
	}
	if text := shown(s.letter.Said); text != "" {
		return text
	}
	return "(" + phrase.Say("no text").String() + ")"
}

// follow stores that the mail is the last of its sender's thread in a conversation, and under which subject the thread
// goes on. It returns the thread as it was before.
func (s *sorting) follow(c Conversation) (before Thread, err error) {
	before, err = s.thread(c.Number, s.letter.From, "")
	if err != nil {
		return before, err
	}
	now := before
	now.LastMail, now.Subject = cmp.Or(s.letter.MessageID, before.LastMail), cmp.Or(before.Subject, s.letter.About)
	return before, s.tx.SaveThread(now)
}

// open makes a new conversation of the mail. related is a conversation that it seems to belong to, or 0.
func (s *sorting) open(related int64) error {
	l := s.letter
	q := Inquiry{ClientID: mailOrigin(s.mail.ID) + "-" + newID(), Mail: s.heading("", false), Quiet: l.Quiet || l.Doubtful || l.Nature != Personal,
		Request: Request{Name: l.Name, Email: l.From, Reason: s.words(), Language: l.Language}}
	newest, err := s.asks(&q)
	switch {
	case errors.Is(err, errManyOpen):
		return s.say(newest)
	case err != nil:
		return s.blocked(err)
	}
	if l.Subject == "" {
		q.Mail.Subject = "(" + phrase.Say("no subject").String() + ")"
	}
	if !ValidEmail(l.From) {
		q.Email, q.Mail.Address, q.Mail.Mute = "", l.From, true
	}
	if err := s.speaks(&q, ""); err != nil {
		return err
	}
	departments, err := s.tx.Departments()
	if err == nil {
		q.Department, err = following(s.tx, s.department) // the config may name one that is not there
	}
	if err != nil {
		return err
	}
	if err := q.check(s.b.opts.Limits.forMail(), departments); err != nil {
		return err
	}
	c, err := s.create(s.fresh, q)
	if err != nil {
		return s.blocked(err)
	}
	s.mail.Conversation = c.Number
	if c.Email != "" {
		_, err = s.follow(c)
	}
	if err != nil || related == 0 {
		return err
	}
	return s.note(c.Number, Posting{Action: PostRelated, To: l.From, Related: related}, "")
}

// asks finds the visitor for a new conversation. A letter that may be forged is not that of the person whom
// it names, except that a block of that person holds; and whoever names nobody is always somebody else.
func (s *sorting) asks(q *Inquiry) (newest Conversation, err error) {
	switch address := s.letter.From; {
	case address == "":
		return Conversation{}, nil
	case s.letter.Doubtful:
		v, err := s.tx.VisitorBySubject(mailSubject(address, 1))
		if err == nil {
			err = s.b.Blocks.refuse(v.JID, "")
		}
		if err != nil && !isNotFound(err) {
			return Conversation{}, err
		}
		return s.whose(q, doubtMark+address)
	default:
		return s.whose(q, address)
	}
}

// doubtMark stands before an address that is perhaps not its sender's.
const doubtMark = "?"

// forMail are the limits for what comes by mail, of which the log has no more than chatText.
func (l Limits) forMail() Limits {
	l.Reason, l.Message = max(l.Reason, chatText*utf8.UTFMax), max(l.Message, chatText*utf8.UTFMax)
	return l
}
