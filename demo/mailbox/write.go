package mailbox

import (
	"bytes"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/quotedprintable"
	"net/mail"
	"strings"
	"time"

	"porchlight/email/letter"
)

// outgoing is a mail that a visitor writes.
type outgoing struct {
	From       mail.Address
	To         string
	Subject    string
	InReplyTo  string // without angle brackets, as are References; "": it answers nothing
	References []string
	Text       string
	At         time.Time
}

// answer makes the answer to a mail, as a mail program does: to Reply-To, with the mail's id (RFC 5322 §3.6.4), and
// with the mail quoted below.
func answer(m Mail, l letter.Letter, text string, now time.Time) outgoing {
	subject := l.Subject
	if !strings.HasPrefix(strings.ToLower(subject), "re:") {
		subject = "Re: " + subject
	}
	o := outgoing{From: addressee(m, l), To: answerTo(l), Subject: subject, InReplyTo: l.ID, Text: text + "\n\n" + quoted(l, m.At), At: now}
	if l.ID != "" {
		o.References = append(l.References, l.ID)
	}
	return o
}

// answerTo is where the answer to a mail goes.
func answerTo(l letter.Letter) string {
	if l.ReplyTo.Addr != "" {
		return l.ReplyTo.Addr
	}
	return l.From.Addr
}

// addressee is whom a mail was sent to, by the name that the mail has for them.
func addressee(m Mail, l letter.Letter) mail.Address {
	for _, a := range l.To {
		if strings.EqualFold(a.Addr, m.To) {
			return mail.Address{Name: a.Name, Address: m.To}
		}
	}
	return mail.Address{Address: m.To}
}

// quoted is a mail as answers quote it.
func quoted(l letter.Letter, at time.Time) string {
	var b strings.Builder
	fmt.Fprintf(&b, "On %s, %s wrote:\n", at.Format("Mon, 2 Jan 2006 at 15:04"), (&mail.Address{Name: l.From.Name, Address: l.From.Addr}).String())
	for line := range strings.SplitSeq(strings.TrimSpace(l.Text), "\n") {
		b.WriteString("> " + line + "\n")
	}
	return b.String()
}

// bytes returns the mail as it is sent.
func (o outgoing) bytes() (io.Reader, error) {
	var b bytes.Buffer
	field := func(name, value string) { fmt.Fprintf(&b, "%s: %s\r\n", name, value) }
	field("From", o.From.String())
	field("To", "<"+o.To+">")
	field("Subject", mime.QEncoding.Encode("utf-8", o.Subject))
	field("Date", o.At.Format("Mon, 02 Jan 2006 15:04:05 -0700"))
	field("Message-ID", "<"+rand.Text()+"@visitor.localhost>")
	if o.InReplyTo != "" {
		field("In-Reply-To", "<"+o.InReplyTo+">")
		field("References", "<"+strings.Join(o.References, ">\r\n <")+">")
	}
	field("MIME-Version", "1.0")
	field("Content-Type", "text/plain; charset=utf-8")
	field("Content-Transfer-Encoding", "quoted-printable")
	b.WriteString("\r\n")
	q := quotedprintable.NewWriter(&b)
	_, err := q.Write([]byte(strings.ReplaceAll(strings.ReplaceAll(o.Text, "\r\n", "\n"), "\n", "\r\n")))
	if err := errors.Join(err, q.Close()); err != nil {
		return nil, fmt.Errorf("write mail: %w", err)
	}
	return &b, nil
}
