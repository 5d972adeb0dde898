package bridge

import (
	"crypto/rand"
	"strings"
)

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
	d.ReplyTo, d.MessageID, d.InReplyTo = addresses.ReplyTo(from, t), out.MessageID, t.LastMail
	if d.References, err = u.references(c, t, domainOf(from)); err != nil {
		return OutMail{}, err
	}
	d.Subject, d.Loop = t.Subject, m.seal("loop", out.MessageID)
	if d.Links, err = u.links(c); err != nil {
		return OutMail{}, err
	}
	if out.Raw, err = m.bridge.opts.Mail.Post.Compose(d); err != nil { // it will never be written, so that the operator has to know
		out.Words = Cut(CleanText(err.Error()), 200)
		out.State = MailFailed
		return out, u.posted(out, PostFailed)
	}
	return out, QueueMail(u.tx, out)
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

// mostReferences is how many ids of a thread's mails a mail refers to, beside the thread's own.
const mostReferences = 10

// references are the ids that a mail of the thread refers to (RFC 5322 §3.6.4): the thread's own, those of what
// went before, and that of the recipient's last mail.
func (u *commit) references(c Conversation, t Thread, domain string) ([]string, error) {
	sent, err := u.tx.OutMailsTo(c.Number, c.Email, mostReferences-1)
	list := append([]string{t.root(domain)}, sent...)
	if t.LastMail != "" {
		list = append(list, t.LastMail)
	}
	return list, err
}
