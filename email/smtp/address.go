package smtp

import (
	"bytes"
	"errors"
	"fmt"
	"strings"

	"github.com/emersion/go-smtp"
	"golang.org/x/net/idna"
)

// errUTF8 says that a mail needs an extension (RFC 6531) that the relay lacks.
var errUTF8 = errors.New("the address has letters beyond ASCII before the @, and the relay does not take such addresses (it lacks SMTPUTF8)")

// prepare writes the addresses of an envelope as the relay takes them, and says what the relay is told of the mail. It
// returns a *Refused if the relay can't take the mail.
func (c *conn) prepare(e *Envelope, raw []byte) (*smtp.MailOptions, error) {
	var err error
	if e.From != "" {
		if e.From, err = wired(e.From); err != nil {
			return nil, &Refused{Kind: Permanent, Stage: StageMail, Text: err.Error(), Err: err}
		}
	}
	if e.To, err = wired(e.To); err != nil {
		return nil, &Refused{Kind: Permanent, Stage: StageRcpt, Text: err.Error(), Err: err}
	}
	o := &smtp.MailOptions{Size: int64(len(raw)), UTF8: !ascii(e.From) || !ascii(e.To) || !ascii(header(raw))}
	if offered, _ := c.client.Extension("SMTPUTF8"); o.UTF8 && !offered {
		return nil, &Refused{Kind: Permanent, Stage: StageRcpt, Text: errUTF8.Error(), Err: errUTF8}
	}
	if most, ok := c.client.MaxMessageSize(); ok && most > 0 && len(raw) > most {
		err := fmt.Errorf("the mail has %d bytes, and the relay takes %d", len(raw), most)
		return nil, &Refused{Kind: Permanent, Stage: StageMail, Text: err.Error(), Err: err}
	}
	return o, nil
}

// wired writes an address for the envelope, its domain in ASCII (IDNA). It lets nothing pass that could end the
// address early (RFC 5321 §4.1.2).
func wired(address string) (string, error) {
	at := strings.LastIndexByte(address, '@')
	if at < 1 || len(address) > 254 || strings.ContainsFunc(address, func(r rune) bool { return r <= ' ' || r == 0x7f || r == '<' || r == '>' }) {
		return "", fmt.Errorf("%.300q is no address", address)
	}
	domain, err := idna.Lookup.ToASCII(address[at+1:])
	if err != nil {
		return "", fmt.Errorf("%.300q is no address: %w", address, err)
	}
	return address[:at+1] + domain, nil
}

// header is the header of a mail.
func header(raw []byte) []byte {
	head, _, _ := bytes.Cut(raw, []byte("\r\n\r\n"))
	return head
}

// ascii reports whether a text is ASCII alone.
func ascii[T string | []byte](s T) bool {
	for i := range len(s) {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}
