package webwidget

import (
	"cmp"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"time"

	"github.com/go-chi/httprate"

	"porchlight/bridge"
	"porchlight/bridge/access"
	"porchlight/bridge/archive"
	"porchlight/bridge/onsite"
	"porchlight/bridge/portraits"
	"porchlight/bridge/report"
	"porchlight/webwidget/gate"
	"porchlight/webwidget/page"
	"porchlight/webwidget/share"
	"porchlight/webwidget/team"
)

// Options is what a Server needs to know. The zero value of every field except PublicURL
// is usable.
type Options struct {
	PublicURL      string         // where browsers reach the server, e.g. https://chat.example.org
	AllowedOrigins []string       // sites that may embed the widget, e.g. https://www.example.org
	TrustedProxies []netip.Prefix // proxies whose X-Forwarded-For and Forwarded are believed
	IdentityKey    []byte         // HS256 key of signed identities; empty: none is accepted
	IdentityLasts  time.Duration  // how far in the future a signed identity may end; 0: no limit

	MaxBody                int64 // bytes of a request's body; 0: 65536
	MaxFile                int64 // bytes of a file; 0: no files are taken
	LeastRate              int64 // bytes a second at which a body has to come; 0: any
	MaxUploads             int   // files under way at one time; 0: 32
	UploadsPerConversation int   // files under way at one time; 0: no limit, as for the next three
	UploadsPerAddress      int   // files under way at one time
	StreamsPerConversation int   // event streams and waiting polls at one time
	StreamsPerAddress      int
	MaxStreams             int // event streams and waiting polls at one time; 0: 20000
	ConnectionsPerAddress  int // connections that are no streams; the proxies' don't count; 0: no limit
	Descriptors            int // open files that the process may have; connections get 15/16 of them; 0: no limit
	ConversationsPerMinute int // per client address; 0: no limit, as for the next two
	SitePerMinute          int // conversations of all addresses together; if ConversationsPerMinute is 0 there is no limit either
	MessagesPerMinute      int
	RequestsPerMinute      int // requests of any kind except health checks and Home

	Proof     string // when a new conversation costs a proof of work: ProofStorm, ProofAlways, or never
	ProofBits int    // zero bits of the proof; 0: 18

	Access    *access.Access       // the keys of the site's servers; nil: there are no calls for these
	Onsite    *onsite.Site         // who is on the site; nil: nobody is known
	Portraits *portraits.Portraits // the operators' pictures; nil: visitors see none
	Archive   *archive.Archive     // for the team's page; nil: nothing can be searched
	Report    *report.Report       // for the team's page, and to unsubscribe; nil: nothing is counted
	Home      http.Handler         // serves every path that is not the server's own; nil: these are not found
	Picture   Picture              // finds the pictures that the desk links to; nil: there are none
	Ready     func() error         // why the program can't serve now, several reasons joined; nil: always ready
	Version   string               // told by /healthz
	Exports   DeskFile             // finds what is stored about a visitor, to which the desk links; nil: there is none
	Answers   DeskFile             // finds the files of stored answers that the desk links to; nil: there are none

	Node      string                  // the name of this node in /readyz, when several serve one site
	HoldsLink func() bool             // whether this node has the XMPP link; nil: no
	Holder    func() string           // the name of the node that has it; nil: there is one node
	Details   func(*http.Request) any // what /readyz adds for a caller who may know more; nil: nothing

	Log *slog.Logger // nil: silent
}

// Server answers the visitors' requests. It is an http.Handler. Any goroutine may call its
// methods.
type Server struct {
	bridge *bridge.Bridge
	opts   Options
	log    *slog.Logger
	base   string // the path of PublicURL, without a slash at the end
	secure bool   // PublicURL is https
	times  times
	counters

	origins       origins
	proxies       proxies
	identities    identities
	limits        limits
	keyRate       *httprate.RateLimiter // of each key; nil: no limit
	gate          *gate.Gate
	files         files
	page          *page.Page
	team          *team.Page
	unsubscribing unsubscribing
	streams       *streams
	toll          *toll
	drawing       chan struct{} // holds one for each picture that is being drawn
	lookout       *lookout
	handler       http.Handler
}

// times are the durations that tests shorten.
type times struct {
	heartbeat time.Duration // between comments on a silent stream, at most 20 s by contract
	write     time.Duration // how long a write may take before the client is cut off
	body      time.Duration // how long a request's body may take to arrive
}

func defaultTimes() times {
	return times{heartbeat: 15 * time.Second, write: 20 * time.Second, body: 20 * time.Second}
}

// New makes a Server that serves b. It starts goroutines, which Close ends.
func New(b *bridge.Bridge, opts Options) (*Server, error) {
	u, err := url.Parse(opts.PublicURL)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return nil, fmt.Errorf("public URL %q: want http:// or https:// and a host", opts.PublicURL)
	}
	opts = opts.whole()
	s := &Server{bridge: b, opts: opts, log: opts.Log, base: strings.TrimRight(u.Path, "/"), secure: u.Scheme == "https", times: defaultTimes(),
		proxies: opts.TrustedProxies, limits: newLimits(opts), keyRate: newKeyRate(opts), drawing: make(chan struct{}, drawnAtOnce), toll: newToll(b, opts), lookout: &lookout{hints: b.Hints, proxies: opts.TrustedProxies, public: u},
		identities: identities{opts.IdentityKey, opts.IdentityLasts, opts.PublicURL, b.Now}}
	if s.origins, err = newOrigins(u, opts.AllowedOrigins); err != nil {
		return nil, err
	}
	if s.files, err = loadFiles(); err != nil {
		return nil, err
	}
	places := share.New(share.Limits{Total: opts.MaxStreams, PerChat: opts.StreamsPerConversation, PerAddress: opts.StreamsPerAddress})
	if s.streams, err = newStreams(view{bridge: b, faces: opts.Portraits}, s.log, &s.times, places); err != nil {
		return nil, err
	}
	if opts.Onsite != nil {
		s.streams.board.onsite = opts.Onsite
		opts.Onsite.OnInvite(s.streams.board.invited)
		opts.Onsite.OnChange(s.streams.visits.look)
	}
	s.gate = newGate(opts, s.streams.open)
	s.page = page.New(b, pageServer{s}, page.Options{Own: s.origins.own, Base: s.base, Secure: s.secure, Script: s.files.script, MaxFile: opts.MaxFile})
	s.team = team.New(b, teamServer{s}, team.Options{Base: s.base, Secure: s.secure, Report: opts.Report, Archive: opts.Archive, Onsite: opts.Onsite})
	s.unsubscribing = newUnsubscribing(s)
	s.handler = newRouter(s)
	return s, nil
}

// whole replaces the zero value of each field by what it stands for.
func (o Options) whole() Options {
	o.MaxBody = cmp.Or(max(o.MaxBody, 0), 64<<10)
	o.MaxStreams = cmp.Or(max(o.MaxStreams, 0), 20_000)
	o.MaxUploads = cmp.Or(max(o.MaxUploads, 0), 32)
	o.ProofBits = cmp.Or(max(o.ProofBits, 0), 18)
	if part := o.Descriptors / parts; part > 0 {
		o.MaxStreams = min(o.MaxStreams, 13*part)
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return o
}

// ServeHTTP answers one request.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.handler.ServeHTTP(w, r) }

// Close ends the streams and waiting polls, refuses new ones, and waits for the
// goroutines that New started; other calls go on being served. It may be called again.
func (s *Server) Close() { s.streams.close() }

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
		ConnState:         s.gate.Watch,
		ConnContext:       s.gate.Context,
	}
	h.RegisterOnShutdown(s.Close)
	return h
}

// Listen returns a listener for HTTPServer that counts its connections, so that one client
// can't take all of them.
func (s *Server) Listen(l net.Listener) net.Listener { return s.gate.Listen(l) }

// parts is the number of parts into which the descriptors are divided. When 12 parts are
// in use, connections that have waited for long give way. One part is left for what is no
// connection, such as the database's files. Streams have 13 parts at most.
const parts = 16

// newGate makes the gate. Streams says how many connections have left it to be streams.
func newGate(opts Options, streams func() int) *gate.Gate {
	part := opts.Descriptors / parts
	return gate.New(gate.Limits{PerAddress: opts.ConnectionsPerAddress, Proxies: opts.TrustedProxies, Total: 15 * part, Scarce: 12 * part, Grace: 2 * time.Second, Left: streams})
}
