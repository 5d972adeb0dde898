// Package xmppd runs a private XMPP server, Prosody or ejabberd, on loopback: for
// `porchlight demo`, and for tests that need a real server.
//
// The server has its own folder, its own accounts, a service for rooms (XEP-0045) and one
// external component (XEP-0114). It runs without root's rights, and ends with the process
// that started it. On Linux the kernel kills the server, however that process ends; on
// other systems the server outlives a process that is killed.
package xmppd

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"sync/atomic"
	"time"
)

// Config says what to start. Secret and Dir are required.
type Config struct {
	Kind          string       // "prosody" (the default) or "ejabberd"
	Dir           string       // folder for the server's files, created if missing; for one running server at a time
	ClientAddr    string       // wanted address for clients, in the form of [FreeAddr]; default 127.0.0.1:0
	ComponentAddr string       // wanted address for the component, likewise
	WebAddr       string       // wanted address for clients that are web pages (RFC 7395), likewise; empty: none
	Host          string       // domain of the accounts, default localhost
	Component     string       // domain of the component, default support.<Host>
	Secret        string       // the component's secret
	Accounts      []Account    // accounts to make; one that exists already is kept
	Certificate   []byte       // certificate for Host and its key, in PEM: clients then may start TLS, but need not
	Rosters       bool         // the component may change the accounts' rosters (XEP-0356); Prosody needs the package prosody-modules for it
	Modules       []string     // further Prosody modules; ejabberd ignores them
	Peers         *Peers       // how the server talks to others; nil: not at all
	Enter         func() error // called on the thread that is about to start the server, for instance to enter a network namespace; addresses are then used unchanged
	Untuned       bool         // leave Prosody's garbage collector and Nagle's algorithm at their defaults, to measure what those cost
	Log           *slog.Logger // default: nothing is logged
}

// Peers lets a server talk to other servers over TLS, where each checks the other's
// certificate (RFC 6120 §13.7.2). Config.Certificate must then be valid for Rooms and
// Component, too.
type Peers struct {
	Addr        string // IP:port where other servers connect; SRV records say where the server reaches others
	Authorities []byte // certificates of the authorities that the server trusts, in PEM
}

// Account is an account on Config.Host.
type Account struct {
	Name     string // the part before the @
	Password string
	Contacts []Contact // the roster (RFC 6121 §2) a new account starts with
}

// Contact is an entry of a new account's roster.
type Contact struct {
	JID          string // a bare JID
	Name         string
	Subscription string // none, to, from or both (RFC 6121 §2.1.2.5); default both
}

const (
	silentLimit  = time.Minute     // a starting server that writes nothing for this long is stuck
	stopGrace    = 5 * time.Second // between asking a server to stop and killing it
	portAttempts = 5               // starts that are tried, since others may take a free port before the server does
)

// Server is a running server. ClientAddr, ComponentAddr, WebSocket, Pid, Log and
// Done may be called from any goroutine; Stop, Kill, Pause, Resume and Restart
// from one at a time.
type Server struct {
	cfg       Config
	folder    string
	client    string
	component string
	web       string // empty: none
	ended     chan error
	proc      atomic.Pointer[process]
}

// Rooms returns the domain of the server's MUC service (XEP-0045).
func (c Config) Rooms() string { return "conference." + c.Host }

// Start starts a server, and returns when it accepts clients and the component. ctx bounds
// only the start. The error says what to install if the server is missing, and quotes the
// end of its log if it gave up.
func Start(ctx context.Context, cfg Config) (*Server, error) {
	cfg.Kind = cmp.Or(cfg.Kind, "prosody")
	cfg.Host = cmp.Or(cfg.Host, "localhost")
	cfg.Component = cmp.Or(cfg.Component, "support."+cfg.Host)
	cfg.ClientAddr = cmp.Or(cfg.ClientAddr, "127.0.0.1:0")
	cfg.ComponentAddr = cmp.Or(cfg.ComponentAddr, "127.0.0.1:0")
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	if cfg.Dir == "" || cfg.Secret == "" {
		return nil, errors.New("start xmpp server: a folder and a component secret are needed")
	}
	dir, err := filepath.Abs(filepath.Join(cfg.Dir, cfg.Kind))
	if err != nil {
		return nil, fmt.Errorf("start xmpp server: %w", err)
	}
	s := &Server{cfg: cfg, folder: dir, ended: make(chan error, 1)}
	for range portAttempts {
		addrs, ferr := cfg.addrs()
		if ferr != nil {
			return nil, fmt.Errorf("start %s: %w", cfg.Kind, ferr)
		}
		s.client, s.component, s.web = addrs[0], addrs[1], addrs[2]
		if err = s.up(ctx); !errors.Is(err, errPortTaken) {
			break
		}
	}
	if err != nil {
		return nil, err
	}
	return s, nil
}

// ClientAddr returns the host:port that serves clients (RFC 6120). It offers TLS only if
// Config has a certificate.
func (s *Server) ClientAddr() string { return s.client }

// ComponentAddr returns the host:port that serves the component (XEP-0114).
func (s *Server) ComponentAddr() string { return s.component }

// WebSocket returns the URL that serves clients that are web pages (RFC 7395), without
// TLS. It is empty if Config has no address for that.
func (s *Server) WebSocket() string {
	if s.web == "" {
		return ""
	}
	return "ws://" + s.web + "/xmpp-websocket"
}

// Pid returns the server's process id. Restart changes it.
func (s *Server) Pid() int { return s.proc.Load().cmd.Process.Pid }

// Log returns the path of the file with everything that the server has written.
func (s *Server) Log() string { return filepath.Join(s.folder, logName) }

// Done returns a channel that gets an error, never nil, when the server ends although
// neither Stop nor Kill nor Restart asked it to.
func (s *Server) Done() <-chan error { return s.ended }

// Stop ends the server in order, or by force after 5 s, and waits for its end.
// Its folder stays. Stopping a server that has ended does nothing.
func (s *Server) Stop() { s.proc.Load().stop() }

// Kill ends the server like a crash (SIGKILL) and waits for its end.
func (s *Server) Kill() { s.proc.Load().kill() }

// Pause freezes the server (SIGSTOP): its connections stay open, but nothing answers. On
// Linux the server is frozen when Pause returns.
func (s *Server) Pause() error { return s.proc.Load().pause() }

// Resume thaws a paused server (SIGCONT).
func (s *Server) Resume() error { return s.proc.Load().resume() }

// Restart stops the server if it runs, and starts it again with the same
// addresses and the same data. ctx bounds the start.
func (s *Server) Restart(ctx context.Context) error {
	s.Stop()
	return s.up(ctx)
}

// up launches the server with the addresses chosen and waits until it is ready.
func (s *Server) up(ctx context.Context) error {
	p, err := launch(s)
	if err != nil {
		return fmt.Errorf("start %s: %w", s.cfg.Kind, err)
	}
	s.proc.Store(p)
	if err := p.becomeReady(ctx); err != nil {
		p.kill()
		return fmt.Errorf("start %s: %w", s.cfg.Kind, err)
	}
	s.cfg.Log.Info("xmpp server ready", "kind", s.cfg.Kind, "clients", s.client, "component", s.component, "pid", p.cmd.Process.Pid)
	go s.watch(p)
	return nil
}

// becomeReady waits for the tap's verdict on a server. How long a start takes depends on
// the machine, so becomeReady gives up only on a server that has stopped writing.
func (p *process) becomeReady(ctx context.Context) error {
	silence := time.NewTimer(silentLimit)
	defer silence.Stop()
	for {
		why := ""
		select {
		case err := <-p.tap.verdict:
			return err
		case <-p.tap.spoke:
			silence.Reset(silentLimit)
			continue
		case <-p.exited:
			return p.post("ended early")
		case <-silence.C:
			why = "said nothing for " + silentLimit.String()
		case <-ctx.Done():
			why = "not ready in time: " + ctx.Err().Error()
		}
		p.kill()
		return p.post(why)
	}
}

// watch waits for p to end, and reports an end that nobody asked for.
func (s *Server) watch(p *process) {
	<-p.exited
	if p.asked.Load() {
		return
	}
	select {
	case s.ended <- fmt.Errorf("run %s: %w", s.cfg.Kind, p.post("ended by itself")):
	default: // an earlier end has not been read yet
	}
}
