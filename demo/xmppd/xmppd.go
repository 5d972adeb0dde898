// Package xmppd runs a private XMPP server, Prosody or ejabberd, on loopback:
// for `porchlight demo` and for tests that want the real thing.
//
// The server has its own folder, its own accounts, a service for rooms
// (XEP-0045) and one external component (XEP-0114). It runs without root's rights, and it never outlives the process
// that started it: on Linux the kernel kills it when that process goes, by
// whatever signal; on other systems that holds for an orderly end only.
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
	Dir           string       // folder of the kept state, created; one running server at a time
	ClientAddr    string       // wanted address for clients, as in [FreeAddr]; default 127.0.0.1:0
	ComponentAddr string       // wanted address for the component, the same
	WebAddr       string       // wanted address for clients that are web pages (RFC 7395), the same; empty: none
	Host          string       // domain of the accounts, default localhost
	Component     string       // domain of the component, default support.<Host>
	Secret        string       // the component's secret
	Accounts      []Account    // made when they are not there yet; what is there is kept
	Certificate   []byte       // for Host, and its key, in PEM: with it clients may, but need not, start TLS
	Rosters       bool         // the component may change the accounts' rosters (XEP-0356); Prosody needs the package prosody-modules for it
	Modules       []string     // further Prosody modules; ejabberd ignores them
	Peers         *Peers       // other servers it talks to; nil: none
	Enter         func() error // called on the thread that starts the server, before it does, such as to put it into a network namespace; addresses are then taken as they are, port and all
	Untuned       bool         // leave Prosody's garbage collector and Nagle as they come, to measure what it costs
	Log           *slog.Logger // default: nothing is logged
}

// Peers lets a server talk to others, with TLS and certificates that they
// check of each other (RFC 6120 §13.7.2). Config.Certificate is then for Rooms
// and Component too.
type Peers struct {
	Addr        string // IP:port where others connect; it goes out to them wherever SRV records say
	Authorities []byte // whose certificates it trusts, in PEM
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
	silentLimit  = time.Minute     // a starting server that says nothing for so long is stuck
	stopGrace    = 5 * time.Second // between asking a server to stop and killing it
	portAttempts = 5               // free ports may be lost to others before the server has them
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

// Start starts a server and returns when it accepts clients and the component.
// ctx bounds the start only. The errors say what to install when the server is
// missing, and repeat the end of its log when it gave up.
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

// ClientAddr returns the host:port that serves clients (RFC 6120); with TLS
// only where Config has a certificate.
func (s *Server) ClientAddr() string { return s.client }

// ComponentAddr returns the host:port that serves the component (XEP-0114).
func (s *Server) ComponentAddr() string { return s.component }

// WebSocket returns the URL that serves clients that are web pages (RFC 7395),
// without TLS; empty where Config has no address for it.
func (s *Server) WebSocket() string {
	if s.web == "" {
		return ""
	}
	return "ws://" + s.web + "/xmpp-websocket"
}

// Pid returns the process id of the server, which a Restart changes.
func (s *Server) Pid() int { return s.proc.Load().cmd.Process.Pid }

// Log returns the path of the file with everything the server has said.
func (s *Server) Log() string { return filepath.Join(s.folder, logName) }

// Done delivers one error, which is never nil, when the server ends without
// having been asked to by Stop, Kill or Restart.
func (s *Server) Done() <-chan error { return s.ended }

// Stop ends the server in order, or by force after 5 s, and waits for its end.
// Its folder stays. Stopping a server that has ended does nothing.
func (s *Server) Stop() { s.proc.Load().stop() }

// Kill ends the server like a crash (SIGKILL) and waits for its end.
func (s *Server) Kill() { s.proc.Load().kill() }

// Pause freezes the server (SIGSTOP): its connections stay, nothing answers.
// On Linux it is frozen when Pause returns.
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

// becomeReady waits for the verdict on a server. How long a start takes depends on
// the machine, so only a server that says nothing any more is given up.
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

// watch lives as long as p and reports an end that nobody asked for.
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
