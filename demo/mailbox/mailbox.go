// Package mailbox is the mail of the demo: an SMTP server that takes every mail and sends none of them on, an IMAP
// server with the mailbox of the support address, and pages that show what was sent and on which somebody can
// answer as the visitor. All mails are kept in memory and are gone when the demo ends.
package mailbox

import (
	"bytes"
	"fmt"
	"log/slog"
	"net"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapserver"
	"github.com/emersion/go-imap/v2/imapserver/imapmemserver"
	"github.com/emersion/go-smtp"
)

const (
	maxMail  = 25 << 20 // bytes of one mail
	maxShown = 200      // mails that the pages show; older ones are forgotten
)

// Config says which mailbox there is.
type Config struct {
	Address  string // mail to it, and to the same address with something behind a +, lies in the mailbox
	User     string // of the mailbox
	Password string
	SMTP     string // wanted host:port on loopback; if the port is taken, any other is used
	IMAP     string // likewise
	Log      *slog.Logger
}

// Mail is a mail that the SMTP server has taken, for one recipient.
type Mail struct {
	Number   int // from 1, in the order of arrival
	From, To string
	Arrived  bool // it lies in the mailbox; else it would have left for somebody else
	At       time.Time
	Raw      []byte
}

// Servers are the running servers. Any goroutine may call their methods.
type Servers struct {
	config     Config
	local      string // Config.Address, in two
	domain     string
	user       *imapmemserver.User
	validity   uint32
	smtp       *smtp.Server
	imap       *imapserver.Server
	smtpListen net.Listener
	imapListen net.Listener
	serving    sync.WaitGroup
	closed     chan struct{} // closed by Close
	opened     chan struct{}
	open       sync.Once

	mu    sync.Mutex
	last  int
	mails []Mail // oldest first
}

// Start starts both servers. Close ends them.
func Start(c Config) (*Servers, error) {
	s := &Servers{config: c, user: imapmemserver.NewUser(c.User, c.Password), validity: uint32(time.Now().Unix()), closed: make(chan struct{}), opened: make(chan struct{})}
	s.local, s.domain, _ = strings.Cut(strings.ToLower(c.Address), "@")
	if err := s.user.Create(inbox, nil); err != nil {
		return nil, fmt.Errorf("make mailbox: %w", err)
	}
	var err error
	if s.smtpListen, err = listen(c.SMTP); err != nil {
		return nil, fmt.Errorf("start SMTP server: %w", err)
	}
	if s.imapListen, err = listen(c.IMAP); err != nil {
		s.smtpListen.Close()
		return nil, fmt.Errorf("start IMAP server: %w", err)
	}
	s.smtp, s.imap = s.newSMTP(), s.newIMAP()
	s.serving.Go(func() { s.serve("SMTP", s.smtp.Serve, s.smtpListen) })
	s.serving.Go(func() { s.serve("IMAP", s.imap.Serve, s.imapListen) })
	return s, nil
}

// listen listens on an address, or on any port of its host if the port is taken.
func listen(wanted string) (net.Listener, error) {
	l, err := net.Listen("tcp", wanted)
	if err == nil {
		return l, nil
	}
	host, _, splitErr := net.SplitHostPort(wanted)
	if splitErr != nil {
		return nil, splitErr
	}
	return net.Listen("tcp", net.JoinHostPort(host, "0"))
}

// serve runs a server, and logs why it has ended unless it was closed.
func (s *Servers) serve(name string, run func(net.Listener) error, l net.Listener) {
	err := run(l)
	select {
	case <-s.closed: // each library has an error of its own for that
	default:
		s.config.Log.Error("the demo's mail server ended", "server", name, "err", err)
	}
}

// Close ends the servers and their connections, and waits for their listeners. It may be called once.
func (s *Servers) Close() {
	close(s.closed)
	_ = s.smtp.Close() // the listeners are all that has to be closed, and they can't fail
	_ = s.imap.Close()
	s.smtpListen.Close() // a server that was closed before it served does not know its listener
	s.imapListen.Close()
	s.serving.Wait()
}

// SMTPAddr is where mails are taken, host:port.
func (s *Servers) SMTPAddr() string { return s.smtpListen.Addr().String() }

// IMAPAddr is where the mailbox is read, host:port.
func (s *Servers) IMAPAddr() string { return s.imapListen.Addr().String() }

// Opened is closed when a client has opened the mailbox for the first time. Mail that comes later is new for this
// client.
func (s *Servers) Opened() <-chan struct{} { return s.opened }

// take keeps a mail for one recipient.
func (s *Servers) take(from, to string, raw []byte) error {
	arrived := s.isSupport(to)
	now := time.Now()
	if arrived {
		// The last server on the way writes down the envelope (RFC 5321 §4.4).
		head := fmt.Sprintf("Return-Path: <%s>\r\nDelivered-To: %s\r\n", from, to)
		stored := append([]byte(head), raw...)
		if _, err := s.user.Append(inbox, bytes.NewReader(stored), &imap.AppendOptions{Time: now}); err != nil {
			return fmt.Errorf("deliver mail: %w", err)
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.last++
	s.mails = append(s.mails, Mail{Number: s.last, From: from, To: to, Arrived: arrived, At: now, Raw: raw})
	s.mails = s.mails[max(0, len(s.mails)-maxShown):]
	return nil
}

// isSupport reports whether mail to an address lies in the mailbox (RFC 5233 for what stands behind a +).
func (s *Servers) isSupport(to string) bool {
	at := strings.LastIndexByte(to, '@')
	if at < 0 || !strings.EqualFold(to[at+1:], s.domain) {
		return false
	}
	local, _, _ := strings.Cut(strings.ToLower(to[:at]), "+")
	return local == s.local
}

// Mails lists the last mails, newest first. Nobody may change what they hold.
func (s *Servers) Mails() []Mail {
	s.mu.Lock()
	defer s.mu.Unlock()
	list := slices.Clone(s.mails)
	slices.Reverse(list)
	return list
}

// mail finds a mail by its number.
func (s *Servers) mail(number int) (Mail, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if i := slices.IndexFunc(s.mails, func(m Mail) bool { return m.Number == number }); i >= 0 {
		return s.mails[i], true
	}
	return Mail{}, false
}
