package bridge

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"porchlight/bridge/phrase"
)

// mailing carries out what the rules say about the mail to a visitor.
func (u *commit) mailing(c Conversation, e Effect) error {
	g, err := u.tx.Mailing(c.Number)
	if err != nil {
		return err
	}
	was := g
	g.Upto = max(g.Upto, u.b.hub.pages.seenUpto(c.Number))
	now := u.b.clock.Now()
	later := now.Add(u.b.opts.Timing.VisitorGrace)
	switch {
	case e.Type == MailNow:
		g.Due, g.Forced = now, g.Forced || e.Forced
	case e.Type == MailLater && g.Due.IsZero(), e.Type == MailHeld && !g.Due.IsZero() && !g.Forced:
		g.Due = later
	}
	if g == was {
		return nil
	}
	return u.tx.SaveMailing(g)
}

// send makes mails of what is due in these conversations. It is called once in a turn.
func (m *Mailroom) send(ctx context.Context, due []int64) (err error) {
	for _, number := range due {
		if m.bridge.Quarantine.Holds(number) {
			continue
		}
		var files []string
		failed := m.bridge.update(ctx, func(u *commit) (err error) {
			files, err = u.post(number)
			return err
		})
		switch {
		case failed == nil && len(files) > 0:
			m.bridge.opts.Mail.Uploads.Forget(files)
		case failed == nil:
		case phrase.CodeOf(failed) != phrase.CodeUnavailable && ctx.Err() == nil: // it would fail in each turn
			m.bridge.Quarantine.Put(number, failed)
		default:
			err = errors.Join(err, fmt.Errorf("#%d: %w", number, failed))
		}
	}
	return err
}

// post makes a mail of what the visitor has not seen, if anything is left. Who is blocked gets none. The
// mail stays due while files that shall go with it are fetched. post returns the files that are not
// needed any more.
func (u *commit) post(number int64) (files []string, err error) {
	g, err := u.tx.Mailing(number)
	if err != nil || g.Due.IsZero() || g.Due.After(u.b.clock.Now()) {
		return nil, err
	}
	c, err := u.tx.Conversation(number)
	if err != nil {
		return nil, err
	}
	g.Due, g.Forced, g.Upto = time.Time{}, false, max(g.Upto, u.b.hub.pages.seenUpto(number))
	refused := u.b.Blocks.refuseIn(u.tx, c)
	if refused != nil && phrase.CodeOf(refused) != phrase.CodeForbidden {
		return nil, refused
	}
	if c.Email != "" {
		log, err := wholeLog(u.tx, number)
		if err != nil {
			return nil, err
		}
		lines, earlier := unread(log, g.Upto)
		switch {
		case len(lines) > 0 && refused != nil:
			if _, _, err := u.apply(c, Action{Type: MailHappens, Posting: Posting{Action: PostBlocked, To: c.Email}}); err != nil {
				return nil, err
			}
			g.Upto = c.Seq
		case len(lines) > 0:
			d := Draft{Kind: AnswerMail, Lines: lines, Earlier: earlier[max(0, len(earlier)-quotedBelow):]}
			if files = u.b.Mail.uploaded(lines); len(files) > 0 {
				ready := false
				if d.Files, ready = u.b.opts.Mail.Uploads.Want(files); !ready {
					return nil, nil
				}
			}
			if _, err := u.letter(c, d); err != nil {
				return nil, err
			}
			g.Upto = c.Seq
		}
	}
	return files, u.tx.SaveMailing(g)
}

// uploaded lists the URLs of files that may go with a mail of these lines.
func (m *Mailroom) uploaded(lines []Entry) (urls []string) {
	if m.bridge.opts.Mail.Uploads == nil {
		return nil
	}
	for _, e := range lines {
		if f, ok := e.Data.(SentFile); ok && f.URL != "" {
			urls = append(urls, f.URL)
		}
	}
	return urls
}

// quotedBelow is how many earlier messages a mail shows below the new ones.
const quotedBelow = 10

// wholeLog reads the log of a conversation.
func wholeLog(r Reader, number int64) (all []Event, err error) {
	for after := int64(0); ; after = all[len(all)-1].Seq {
		page, err := r.Events(number, after, sentBack)
		all = append(all, page...)
		if err != nil || len(page) < sentBack {
			return all, err
		}
	}
}

// unread lists what operators said past an event of a log, as it stands, and what else was said. What
// they corrected past it is said again, as an EventCorrection.
func unread(log []Event, upto int64) (lines, earlier []Entry) {
	corrected := make(map[int64]bool)
	for _, e := range log {
		if e.Type == EventCorrection && e.Seq > upto {
			corrected[e.Amends()] = true
		}
	}
	for _, e := range AsItStands(log) {
		switch {
		case !e.Type.Content() || e.From == FromSystem || e.Changed == EventRetraction:
		case e.Seq > upto && e.From == FromOperator:
			lines = append(lines, e)
		case corrected[e.Seq] && e.From == FromOperator:
			e.Type = EventCorrection
			lines = append(lines, e)
		default:
			earlier = append(earlier, e)
		}
	}
	return lines, earlier
}

// letter stores a mail to the visitor, and returns it; d says what is in it. A mail that can't be written
// has failed, and the operators are told.
func (u *commit) letter(c Conversation, d Draft) (OutMail, error) {
	m, now := u.b.Mail, u.b.clock.Now()
	request, err := u.tx.Request(c.Number)
	if err != nil {
		return OutMail{}, err
	}
	t, err := u.thread(c.Number, c.Email, "")
	if err != nil {
		return OutMail{}, err
	}
	if t.Subject == "" {
		t.Subject = m.bridge.opts.Mail.Post.Subject(c, request)
		if err := u.tx.SaveThread(t); err != nil {
			return OutMail{}, err
		}
	}
	addresses := m.bridge.opts.Mail.Addresses
	from := addresses.Of(c.Department)
	out := OutMail{ID: strings.ToLower(rand.Text()[:16]), Kind: d.Kind, Conversation: c.Number, Upto: c.Seq, To: c.Email, State: MailQueued, Made: now, Due: now,
		MessageID: "m." + newID() + "@" + domainOf(from)}
	out.From = m.bounceAddress(from, out.ID)
	d.Conversation, d.Request, d.To, d.At = c, request, c.Email, now
	d.ReplyTo, d.MessageID, d.InReplyTo, d.References = addresses.ReplyTo(from, t), out.MessageID, t.LastMail, t.references(domainOf(from))
	d.Subject, d.Loop = t.Subject, m.seal("loop", out.MessageID)
	if d.Links, err = u.links(c); err != nil {
		return OutMail{}, err
	}
	if out.Raw, err = m.bridge.opts.Mail.Post.Compose(d); err != nil { // it will never be written, so that the operator has to know
		out.Words = Cut(CleanText(err.Error()), 200)
		out.State = MailFailed
		return out, u.posted(out, PostFailed)
	}
	return out, createOutMail(u.tx, out)
}

// thread finds the thread of an address in a conversation, or begins one.
func (u *commit) thread(number int64, address, subject string) (Thread, error) {
	address = strings.ToLower(address)
	t, err := u.tx.Thread(number, address)
	if !isNotFound(err) {
		return t, err
	}
	t = Thread{Conversation: number, Address: address, Token: strings.ToLower(rand.Text()), Subject: subject}
	return t, u.tx.SaveThread(t)
}

// references are the ids that a mail of the thread refers to.
func (t Thread) references(domain string) []string {
	list := []string{t.root(domain)}
	if t.LastMail != "" {
		list = append(list, t.LastMail)
	}
	return list
}

// Outgoing lists the mail that is to be sent now, earliest first.
func (m *Mailroom) Outgoing(ctx context.Context, limit int) (list []OutMail, err error) {
	err = m.bridge.store.View(ctx, func(r Reader) (err error) {
		list, err = r.DueOutMail(m.bridge.clock.Now(), limit)
		for i := range list {
			if err == nil {
				err = list[i].whole(r)
			}
		}
		return err
	})
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
// resendFor it has failed.
func (m *Mailroom) Late(ctx context.Context, id, words string) error {
	return m.happened(ctx, id, func(o *OutMail) Posted {
		now := m.bridge.clock.Now()
		told := o.lateTold()
		o.Words, o.Due = CleanText(words), now.Add(resend[min(o.Tries, len(resend)-1)])
		o.Tries++
		if o.Due.Sub(o.Made) > resendFor {
			o.State, o.Due = MailFailed, time.Time{}
			return PostFailed
		}
		if !told && o.Due.Sub(o.Made) >= mailLate {
			return PostLate
		}
		return ""
	})
}

// lateTold reports whether the operators were told that a queued mail is late: it was due so long after it
// was made.
func (o OutMail) lateTold() bool { return o.Due.Sub(o.Made) >= mailLate }

// Wait says that mail that is due has to wait until then, since the relay takes none; words are the
// server's. It looks at limit mails at once, and again after resend[0], so that operators hear in time that
// a mail is late.
func (m *Mailroom) Wait(ctx context.Context, until time.Time, words string, limit int) error {
	list, err := m.Outgoing(ctx, limit)
	if again := m.bridge.clock.Now().Add(resend[0]); again.Before(until) {
		until = again
	}
	for i, due := range list {
		if err != nil {
			break
		}
		err = m.happened(ctx, due.ID, func(o *OutMail) Posted {
			told := o.lateTold()
			o.Due = until.Add(time.Duration(i) * time.Millisecond) // they keep their order
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
		if e.Seq > o.Upto || e.From != FromOperator || !e.Type.Content() || e.Changed == EventRetraction {
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

// unreadMail tells of a mail that can't be read, from somebody about something, as far as that is known.
func unreadMail(m InMail, from, subject string) phrase.Phrase {
	return phrase.Say("1 mail could not be read: from %s, subject “%s”, number %d in the mailbox %s, %d bytes, of %s. It is kept there.",
		cmp.Or(Cut(cleanLine(from), 254), "?"), Cut(cleanLine(subject), 200), int64(m.UID), m.Mailbox, m.Bytes, m.Received.UTC().Format(time.DateTime))
}

// mailed reports whether an event went to the visitor by mail.
func mailed(r Reader, e Event) (bool, error) {
	for after := e.Seq; ; {
		page, err := r.Events(e.Conversation, after, sentBack)
		for _, later := range page {
			if p, _ := later.Data.(Posting); p.Action == PostSent && p.Upto >= e.Seq {
				return true, nil
			}
		}
		if err != nil || len(page) < sentBack {
			return false, err
		}
		after = page[len(page)-1].Seq
	}
}
