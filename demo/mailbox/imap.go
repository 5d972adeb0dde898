package mailbox

import (
	"log/slog"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapserver"
	"github.com/emersion/go-imap/v2/imapserver/imapmemserver"
)

// inbox is the name of the one mailbox.
const inbox = "INBOX"

// newIMAP makes the server of the mailbox.
func (s *Servers) newIMAP() *imapserver.Server {
	return imapserver.New(&imapserver.Options{
		NewSession: func(*imapserver.Conn) (imapserver.Session, *imapserver.GreetingData, error) {
			return &reader{servers: s}, nil, nil
		},
		Caps:         imap.CapSet{imap.CapIMAP4rev1: {}, imap.CapIMAP4rev2: {}},
		InsecureAuth: true, // it listens on loopback
		Logger:       slog.NewLogLogger(s.config.Log.Handler(), slog.LevelDebug),
	})
}

// reader is a client's session. The mailbox is lost at the demo's end, and the library counts its UIDVALIDITY from 1
// again. So that a client with a cursor notices, it is given another one (RFC 9051 §2.3.1.1).
type reader struct {
	*imapmemserver.UserSession // nil before the login
	servers                    *Servers
}

// Login checks who it is.
func (r *reader) Login(user, password string) error {
	if err := r.servers.user.Login(user, password); err != nil {
		return err
	}
	r.UserSession = imapmemserver.NewUserSession(r.servers.user)
	return nil
}

// Select opens a mailbox.
func (r *reader) Select(name string, o *imap.SelectOptions) (*imap.SelectData, error) {
	d, err := r.UserSession.Select(name, o)
	if err != nil {
		return nil, err
	}
	d.UIDValidity = r.servers.validity
	r.servers.open.Do(func() { close(r.servers.opened) })
	return d, nil
}

// Status says how a mailbox stands.
func (r *reader) Status(name string, o *imap.StatusOptions) (*imap.StatusData, error) {
	d, err := r.UserSession.Status(name, o)
	if err == nil && d.UIDValidity != 0 {
		d.UIDValidity = r.servers.validity
	}
	return d, err
}

// lookForNews is how often an idle session looks for mail.
const lookForNews = 100 * time.Millisecond

// Idle announces what comes until stop is closed. The library's own Idle loses what comes between its consent and
// its first look.
func (r *reader) Idle(w *imapserver.UpdateWriter, stop <-chan struct{}) error {
	tick := time.NewTicker(lookForNews)
	defer tick.Stop()
	for {
		if err := r.Poll(w, true); err != nil {
			return err
		}
		select {
		case <-tick.C:
		case <-stop:
			return nil
		}
	}
}

// Append stores a mail.
func (r *reader) Append(name string, l imap.LiteralReader, o *imap.AppendOptions) (*imap.AppendData, error) {
	d, err := r.UserSession.Append(name, l, o)
	if err == nil {
		d.UIDValidity = r.servers.validity
	}
	return d, err
}
