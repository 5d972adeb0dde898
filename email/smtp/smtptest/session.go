package smtptest

import (
	"errors"
	"io"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
)

// session is a connection to the sink.
type session struct {
	sink *Sink
	conn *smtp.Conn
	mail Mail
	open bool // a transaction has begun
	user string
}

func (s *Sink) session(c *smtp.Conn) (smtp.Session, error) {
	s.mu.Lock()
	s.open[c] = true
	s.mu.Unlock()
	if s.users() == nil {
		return &plainSession{&session{sink: s, conn: c}}, nil
	}
	return &session{sink: s, conn: c}, nil
}

// plainSession is a session without logins: it hides AuthMechanisms, by which go-smtp tells them apart.
type plainSession struct{ smtp.Session }

// Reset forgets the mail of a transaction.
func (s *session) Reset() { s.mail, s.open = Mail{}, false }

// Logout is the end of the connection.
func (s *session) Logout() error {
	s.sink.mu.Lock()
	defer s.sink.mu.Unlock()
	delete(s.sink.open, s.conn)
	return nil
}

// AuthMechanisms lists what is offered.
func (s *session) AuthMechanisms() []string {
	if s.sink.opts.Auth != nil {
		return s.sink.opts.Auth
	}
	return []string{"SCRAM-SHA-256", "SCRAM-SHA-1", sasl.Plain, sasl.Login, sasl.OAuthBearer, xoauth2}
}

// Auth begins an exchange.
func (s *session) Auth(name string) (sasl.Server, error) {
	server := serverOf(name, s.sink.users(), func(user string) {
		s.user = user
		s.sink.mu.Lock()
		s.sink.logins = append(s.sink.logins, name)
		s.sink.mu.Unlock()
	})
	if server == nil {
		return nil, smtp.ErrAuthUnknownMechanism
	}
	return server, nil
}

// Mail begins a transaction. Within another one it is refused, as Postfix does.
func (s *session) Mail(from string, o *smtp.MailOptions) error {
	if s.sink.opts.NeedAuth && s.user == "" {
		return &smtp.SMTPError{Code: 530, EnhancedCode: smtp.EnhancedCode{5, 7, 0}, Message: "Authentication required"}
	}
	if s.open {
		return &smtp.SMTPError{Code: 503, EnhancedCode: smtp.EnhancedCode{5, 5, 1}, Message: "Nested MAIL command"}
	}
	s.open = true
	s.mail = Mail{From: from, UTF8: o != nil && o.UTF8, User: s.user}
	return s.fail("MAIL")
}

// Rcpt takes the one recipient.
func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	if s.mail.To != "" {
		return &smtp.SMTPError{Code: 452, EnhancedCode: smtp.EnhancedCode{4, 5, 3}, Message: "One recipient, please"}
	}
	s.mail.To = to
	err := s.fail("RCPT")
	if err != nil {
		s.mail.To = ""
	}
	return err
}

// Data takes the mail.
func (s *session) Data(r io.Reader) error {
	rule, failing := s.sink.rule("DATA", s.mail.To)
	if failing && rule.Fault == DropEarly {
		_, _ = r.Read(make([]byte, 10))
		return s.hangUp()
	}
	raw, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	if failing && rule.Fault != DropLate && rule.Fault != Slow {
		return s.failBy(rule)
	}
	s.mail.Raw, s.mail.At, s.mail.Cut = raw, time.Now(), failing
	s.sink.keep(s.mail)
	if failing && rule.Fault == Slow {
		select {
		case <-rule.Until:
			return nil
		case <-s.sink.closing:
		}
	}
	if failing {
		return s.hangUp()
	}
	return nil
}

// fail fails as a rule says, if one fits.
func (s *session) fail(at string) error {
	rule, ok := s.sink.rule(at, s.mail.To)
	if !ok {
		return nil
	}
	return s.failBy(rule)
}

func (s *session) failBy(r Rule) error {
	switch r.Fault {
	case Stall, Slow:
		<-s.sink.closing
		return s.hangUp()
	case DropEarly, DropLate:
		return s.hangUp()
	}
	return &smtp.SMTPError{Code: r.Code, EnhancedCode: r.Enhanced, Message: r.Text}
}

// hangUp closes the connection, so that no answer reaches the other end.
func (s *session) hangUp() error {
	s.conn.Conn().Close()
	return errors.New("the sink has hung up")
}
