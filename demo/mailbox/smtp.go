package mailbox

import (
	"fmt"
	"io"
	"log/slog"
	"time"

	"github.com/emersion/go-smtp"
)

// newSMTP makes the server that takes mails.
func (s *Servers) newSMTP() *smtp.Server {
	server := smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) {
		return &transaction{servers: s}, nil
	}))
	server.Domain, server.EnableSMTPUTF8 = s.domain, true
	server.MaxMessageBytes, server.MaxRecipients = maxMail, 100
	server.ReadTimeout, server.WriteTimeout = 5*time.Minute, time.Minute
	server.ErrorLog = slog.NewLogLogger(s.config.Log.Handler(), slog.LevelDebug)
	return server
}

// transaction is a client's connection and the mail that it is sending. It takes mails from and to everybody
// without a login, since nothing leaves.
type transaction struct {
	servers *Servers
	from    string
	to      []string
}

// Reset forgets the mail that was begun.
func (t *transaction) Reset() { t.from, t.to = "", nil }

// Logout is the end of the connection.
func (t *transaction) Logout() error { return nil }

// Mail takes the sender of the envelope.
func (t *transaction) Mail(from string, _ *smtp.MailOptions) error {
	t.from = from
	return nil
}

// Rcpt takes a recipient.
func (t *transaction) Rcpt(to string, _ *smtp.RcptOptions) error {
	t.to = append(t.to, to)
	return nil
}

// Data takes the mail.
func (t *transaction) Data(r io.Reader) error {
	raw, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	for _, to := range t.to {
		if err := t.servers.take(t.from, to, raw); err != nil {
			return err
		}
	}
	return nil
}

// submit hands a mail to the SMTP server as a mail program does.
func (s *Servers) submit(m outgoing) error {
	raw, err := m.bytes()
	if err != nil {
		return err
	}
	c, err := smtp.Dial(s.SMTPAddr())
	if err != nil {
		return fmt.Errorf("submit mail: %w", err)
	}
	defer c.Close()
	if err := c.SendMail(m.From.Address, []string{m.To}, raw); err != nil {
		return fmt.Errorf("submit mail: %w", err)
	}
	return c.Quit()
}
