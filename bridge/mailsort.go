package bridge

import (
	"cmp"
	"context"
	"errors"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

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

// unread tells the super operators of a mail that can't be read.
func (u *commit) unread(m InMail, from, subject string) error {
	for _, o := range u.b.opts.SuperOperators {
		if _, err := u.tell(DeskEntry{Operator: o, Kind: DeskNotice, Phrase: unreadMail(m, from, subject)}); err != nil {
			return err
		}
	}
	return nil
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
	at, err := s.b.Mail.place(s.tx, l)
	if err != nil {
		return err
	}
	outside, err := s.outside(at)
	switch {
	case err != nil:
		return err
	case outside && at == (match{}) && l.AnswerTo != "": // the site's own form, which writes in the name of who filled it in
		s.letter.From, s.letter.Name, s.letter.AnswerTo, s.letter.Quiet = l.AnswerTo, "", "", true
		s.letter.tidy(s.b.opts.Limits)
	case outside:
		s.mail.Fate = string(Outside)
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

// tiring reports whether the end of a log has several automatic mails already.
func (s *sorting) tiring(c Conversation, p Posting) (bool, error) {
	const within, enough = 20, 3
	if p.Action != PostAutomatic {
		return false, nil
	}
	log, err := s.tx.Events(c.Number, max(0, c.Seq-within), within)
	n := 0
	for _, e := range log {
		if before, _ := e.Data.(Posting); before.Action == PostAutomatic {
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
		if c, err = s.goesOn(c); err != nil {
			return err
		}
		if twice, err := s.twice(c); err != nil || twice {
			return err
		}
		if c.State != Closed || !s.b.clock.Now().After(c.ClosedAt.Add(mailReopens)) {
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
	h := Heading{Came: true, AnswerTo: l.AnswerTo, Doubtful: l.Doubtful, Left: l.Left, Lacks: lacking(l.Lacks), Hidden: int64(l.Hidden), More: int64(utf8.RuneCountInString(l.Said) - utf8.RuneCountInString(shown(l.Said)))}
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
	t, err := s.thread(c.Number, s.letter.From, "")
	if err != nil {
		return err
	}
	h := s.heading(t.Subject, !strings.EqualFold(c.Email, s.letter.From))
	if err := s.keepThread(t); err != nil {
		return err
	}
	s.mail.Conversation = c.Number
	_, _, err = s.apply(c, Action{Type: VisitorWrites, Text: s.words(), Mail: h, Origin: VisitorOrigin(mailOrigin(s.mail.ID))})
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

// beginThread stores the thread of a new conversation.
func (s *sorting) beginThread(c Conversation) error {
	t, err := s.thread(c.Number, s.letter.From, "")
	if err != nil {
		return err
	}
	return s.keepThread(t)
}

// keepThread stores which mail was the last of a thread, and under which subject it goes on.
func (s *sorting) keepThread(t Thread) error {
	if s.letter.MessageID != "" {
		t.LastMail = s.letter.MessageID
	}
	if t.Subject == "" {
		t.Subject = s.letter.About
	}
	return s.tx.SaveThread(t)
}

// open makes a new conversation of the mail. related is a conversation that it seems to belong to, or 0.
func (s *sorting) open(related int64) error {
	l := s.letter
	q := Inquiry{ClientID: mailOrigin(s.mail.ID) + "-" + newID(), Mail: s.heading("", false), Quiet: l.Quiet || l.Doubtful || l.Nature != Personal,
		Request: Request{Name: l.Name, Email: l.From, Reason: s.words(), Language: l.Language}}
	newest, err := s.whose(&q, l.From)
	switch {
	case errors.Is(err, errManyOpen):
		return s.say(newest)
	case err != nil:
		return s.blocked(err)
	}
	if !ValidEmail(l.From) {
		q.Email, q.Mail.Address, q.Mail.Mute = "", l.From, true
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
		err = s.beginThread(c)
	}
	if err != nil || related == 0 {
		return err
	}
	return s.note(c.Number, Posting{Action: PostRelated, To: l.From, Related: related}, "")
}

// forMail are the limits for what comes by mail, of which the log has no more than chatText.
func (l Limits) forMail() Limits {
	l.Reason, l.Message = max(l.Reason, chatText*utf8.UTFMax), max(l.Message, chatText*utf8.UTFMax)
	return l
}
