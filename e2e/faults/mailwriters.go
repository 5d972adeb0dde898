package main

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"net/mail"
	"time"

	"porchlight/e2e/visitor"
	"porchlight/email/smtp/smtptest"
)

// people is how many addresses mails come from.
const people = 12

// send puts mails into the mailbox: new ones, answers to mails that came out, by their reply address or by
// what they refer to, and bounces.
func (w *mailWorld) send(ctx context.Context, seed uint64) {
	r := rand.New(rand.NewPCG(seed, 3))
	bounced := map[string]bool{}
	for i := 1; ctx.Err() == nil && !w.quiet.Load(); i++ {
		out := w.relay.mails()
		switch n := r.IntN(10); {
		case n >= 5 && len(out) > 0:
			w.answer(i, out[r.IntN(len(out))], r)
		case n == 4 && len(out) > 0:
			m := out[r.IntN(len(out))]
			if !bounced[m.From] && w.bounce(i, m) {
				bounced[m.From] = true
			}
		default:
			w.comes(i, said{from: fmt.Sprintf("p%d@example.net", r.IntN(people))}, support, "")
		}
		pause(ctx, time.Duration(20+r.IntN(250))*time.Millisecond)
	}
}

// answer answers a mail that came out.
func (w *mailWorld) answer(i int, m smtptest.Mail, r *rand.Rand) {
	o, err := readOut(m.Raw)
	if err != nil || len(o.fresh) == 0 {
		return // the verdict finds it
	}
	s := said{from: m.To, answer: o.fresh[0]}
	to, refers := support, "In-Reply-To: <"+o.id+">\r\n"
	switch r.IntN(5) {
	case 0: // as above
	case 1: // from elsewhere, where the answer was forwarded to
		s.from, to, refers = fmt.Sprintf("p%d@example.net", r.IntN(people)), o.replyTo, ""
	default:
		to, refers = o.replyTo, ""
	}
	w.comes(i, s, to, refers)
}

// comes puts a mail into the mailbox, and notes it if that worked.
func (w *mailWorld) comes(i int, s said, to, header string) {
	word := fmt.Sprint("said-", i)
	raw := fmt.Sprintf("From: %s\r\nTo: %s\r\nSubject: A matter\r\nMessage-ID: <%s@example.net>\r\nDate: %s\r\n%s\r\nHere is %s.\r\n",
		s.from, to, word, time.Now().UTC().Format(time.RFC1123Z), header, word)
	if w.deliver([]byte(raw)) {
		w.book.write(func(b *book) { b.mails[word] = s })
	}
}

// bounce has a mail come back.
func (w *mailWorld) bounce(i int, m smtptest.Mail) bool {
	words := fmt.Sprint("552 mailbox full, bounce-", i, ".")
	raw := "From: MAILER-DAEMON@relay.example\r\nTo: " + m.From + "\r\nSubject: Undelivered\r\nMIME-Version: 1.0\r\n" +
		"Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nSorry.\r\n" +
		"--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; relay.example\r\n\r\nFinal-Recipient: rfc822; " + m.To +
		"\r\nAction: failed\r\nStatus: 5.2.2\r\nDiagnostic-Code: smtp; " + words + "\r\n\r\n--b--\r\n"
	if !w.deliver([]byte(raw)) {
		return false
	}
	w.book.write(func(b *book) { b.bounces[words] = m.From })
	return true
}

// deliver puts a mail into the mailbox while the server is there.
func (w *mailWorld) deliver(raw []byte) bool {
	w.present.RLock()
	defer w.present.RUnlock()
	return w.dovecot.Deliver(mailbox, raw) == nil
}

// page is a visitor who asks on a page, looks at it now and then, and closes it.
type page struct {
	w       *mailWorld
	address string
}

// visit asks, and then opens and closes the page again and again.
func (p *page) visit(ctx context.Context, client *visitor.Client, seed uint64) {
	r := rand.New(rand.NewPCG(seed, 4))
	word := fmt.Sprint("said-", 1_000_000+seed%1000)
	var c *visitor.Conversation
	for ctx.Err() == nil {
		var err error
		c, err = client.Ask(ctx, visitor.Inquiry{ClientID: "mail-" + p.address, Email: p.address, Name: "Pia", Reason: "Here is " + word + "."})
		if err == nil {
			break
		}
		pause(ctx, 50*time.Millisecond)
	}
	p.w.book.write(func(b *book) { b.mails[word] = said{from: p.address} })
	for last := int64(0); ctx.Err() == nil && !p.w.quiet.Load(); {
		open, cancel := context.WithTimeout(ctx, time.Duration(100+r.IntN(1500))*time.Millisecond)
		if s, err := c.Stream(open, last); err == nil {
			last = p.look(ctx, c, s, last)
			s.Close()
		}
		cancel()
		pause(ctx, time.Duration(r.IntN(3000))*time.Millisecond)
	}
}

// look reads a stream to its end, and says what was shown.
func (p *page) look(ctx context.Context, c *visitor.Conversation, s *visitor.Stream, last int64) int64 {
	for {
		e, err := s.Next()
		if err != nil {
			return last
		}
		last = max(last, e.Seq)
		if word := wordForm.FindString(e.Text); word != "" {
			p.w.book.write(func(b *book) { b.shown[word] = true })
			_ = c.Post(ctx, "/seen", map[string]int64{"seq": e.Seq})
		}
	}
}

// out is a mail that came out.
type out struct {
	id, replyTo, to string
	fresh, quoted   []string // operator's words
}

// readOut reads a mail that came out.
func readOut(raw []byte) (out, error) {
	m, err := mail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		return out{}, fmt.Errorf("read mail: %w", err)
	}
	reply, err := mail.ParseAddress(m.Header.Get("Reply-To"))
	if err != nil {
		return out{}, fmt.Errorf("read Reply-To: %w", err)
	}
	to, err := mail.ParseAddress(m.Header.Get("To"))
	if err != nil {
		return out{}, fmt.Errorf("read To: %w", err)
	}
	o := out{id: trimID(m.Header.Get("Message-ID")), replyTo: reply.Address, to: to.Address}
	text, err := plainText(m.Header.Get("Content-Type"), m.Header.Get("Content-Transfer-Encoding"), m.Body)
	if err != nil {
		return out{}, err
	}
	o.fresh, o.quoted = wordsIn(text)
	return o, nil
}
