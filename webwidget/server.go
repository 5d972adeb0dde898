package webwidget

import (
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"sync"
	"time"

	"porchlight/bridge"
	"porchlight/webwidget/park"
)

// Options is what a Server needs to know. The zero value of every field but
// PublicURL is usable.
type Options struct {
	PublicURL      string         // where browsers reach the server, e.g. https://chat.example.org
	AllowedOrigins []string       // sites that may embed the widget, e.g. https://www.example.org
	TrustedProxies []netip.Prefix // whose X-Forwarded-For and Forwarded are believed
	IdentityKey    []byte         // HS256 key of signed identities; empty: none is accepted

	MaxBody                int64 // bytes of a request's body; 0: 65536
	MaxFile                int64 // bytes of a file; 0: none are taken
	MaxUploads             int   // files under way at one time; 0: 32
	MaxStreams             int   // event streams and waiting polls at one time; 0: 20000
	ConversationsPerMinute int   // per client address; 0: no limit, as for the next two
	MessagesPerMinute      int
	RequestsPerMinute      int // of any kind, health checks and Home excepted

	Home    http.Handler // serves every path that is not the server's own; nil: they are not found
	Ready   func() error // why the program can't serve now, several reasons joined; nil: always ready
	Version string       // told by /healthz

	Node      string                  // of those that serve one site, as /readyz names it
	HoldsLink func() bool             // whether this one has the XMPP link; nil: no
	Details   func(*http.Request) any // what /readyz adds for those who may know more; nil: nothing

	Log *slog.Logger // nil: silent
}

// Server answers the visitors' requests. It is an http.Handler; all its methods
// may be called by any goroutine.
type Server struct {
	bridge  *bridge.Bridge
	opts    Options
	log     *slog.Logger
	base    string // path of PublicURL, without a slash at the end
	secure  bool   // PublicURL is https
	origins origins
	limits  limits
	files   files
	board   *board
	lot     *park.Lot // nil where nothing can be parked
	rereads *rereads
	handler http.Handler
	times   times

	closing   chan struct{} // closed when Close begins
	closeOnce sync.Once
	running   sync.WaitGroup // the board
}

// times are the durations that tests shorten.
type times struct {
	heartbeat time.Duration // between comments on a silent stream, at most 20 s by contract
	write     time.Duration // a client that does not take what is written for so long is cut off
	body      time.Duration // a request's body has to arrive in
	poll      time.Duration // between two looks at the log of a waiting poll
}

func defaultTimes() times {
	return times{heartbeat: 15 * time.Second, write: 20 * time.Second, body: 20 * time.Second, poll: 250 * time.Millisecond}
}

// New makes a Server that serves b. It starts goroutines, which Close ends.
func New(b *bridge.Bridge, opts Options) (*Server, error) {
	u, err := url.Parse(opts.PublicURL)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return nil, fmt.Errorf("public URL %q: want http:// or https:// and a host", opts.PublicURL)
	}
	if opts.MaxBody <= 0 {
		opts.MaxBody = 64 << 10
	}
	if opts.MaxStreams <= 0 {
		opts.MaxStreams = 20_000
	}
	if opts.MaxUploads <= 0 {
		opts.MaxUploads = 32
	}
	if opts.Log == nil {
		opts.Log = slog.New(slog.DiscardHandler)
	}
	s := &Server{bridge: b, opts: opts, log: opts.Log, base: strings.TrimRight(u.Path, "/"),
		secure: u.Scheme == "https", times: defaultTimes(), closing: make(chan struct{})}
	if s.origins, err = newOrigins(u, opts.AllowedOrigins); err != nil {
		return nil, err
	}
	if s.files, err = loadFiles(); err != nil {
		return nil, err
	}
	if s.lot, err = park.New(":\n\n", s.times.heartbeat); err != nil {
		return nil, err
	}
	s.limits, s.board, s.rereads = s.newLimits(), newBoard(b), newRereads()
	s.handler = s.routes()
	s.running.Go(func() { s.board.run(s.closing) })
	for range rereaders {
		s.running.Go(func() { s.rereads.run(s) })
	}
	return s, nil
}

// ServeHTTP answers one request.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.handler.ServeHTTP(w, r) }

// Close ends the streams and waiting polls and refuses new ones; other calls go
// on being served. It returns at once and may be called again.
func (s *Server) Close() {
	s.closeOnce.Do(func() {
		close(s.closing)
		s.rereads.close()
		s.lot.Close()
	})
	s.running.Wait()
}

// HTTPServer returns a server for s on addr. There is no limit on the time of a
// whole answer, which would end every stream; each write has one instead. Its
// Shutdown closes s.
func (s *Server) HTTPServer(addr string) *http.Server {
	h := &http.Server{
		Addr:              addr,
		Handler:           s,
		ReadHeaderTimeout: 10 * time.Second,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    32 << 10,
		ErrorLog:          slog.NewLogLogger(s.log.Handler(), slog.LevelDebug),
		ConnState:         limitBuffer,
	}
	h.RegisterOnShutdown(s.Close)
	return h
}

// sendBuffer is the kernel's room per connection, in bytes: a reader that
// stalls must not let megabytes pile up.
const sendBuffer = 16 << 10

func limitBuffer(c net.Conn, state http.ConnState) {
	if state != http.StateNew {
		return
	}
	if t, ok := c.(interface{ NetConn() net.Conn }); ok { // TLS
		c = t.NetConn()
	}
	if t, ok := c.(*net.TCPConn); ok {
		_ = t.SetWriteBuffer(sendBuffer) // without it all works, only with more memory
	}
}
