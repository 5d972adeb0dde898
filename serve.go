package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"os"
	"runtime"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"porchlight/bridge"
	"porchlight/bridge/access"
	"porchlight/bridge/archive"
	"porchlight/bridge/crew"
	"porchlight/bridge/desk"
	"porchlight/bridge/hook"
	"porchlight/bridge/links"
	"porchlight/bridge/onsite"
	"porchlight/bridge/portraits"
	"porchlight/bridge/report"
	"porchlight/bridge/route"
	"porchlight/component"
	"porchlight/component/stream"
	"porchlight/config"
	"porchlight/db/postgres"
	"porchlight/email"
	"porchlight/notify/webhook"
	"porchlight/webwidget"
	"porchlight/webwidget/gate"
)

func serveCommand(ctx context.Context, e *env, args []string) error {
	hangups, stop := watchHangups() // before anything else, so that no hang-up ends the program
	defer stop()
	cfg, f, err := configured(e, "serve", args)
	if err != nil {
		return err
	}
	p, err := build(ctx, cfg, e, parts{log: slog.New(slog.NewTextHandler(e.stderr, nil))})
	if err != nil {
		return err
	}
	reloads := &reloader{path: f.Lookup("config").Value.String(), environ: e.environ, cfg: cfg}
	ctx, end := context.WithCancel(ctx)
	reloaded := make(chan struct{})
	go func() {
		defer close(reloaded)
		reloads.run(ctx, p, hangups)
	}()
	defer func() {
		end()
		<-reloaded
	}()
	return p.run(ctx)
}

func backupCommand(ctx context.Context, e *env, args []string) error {
	cfg, f, err := configured(e, "backup", args, "DEST")
	if err != nil {
		return err
	}
	err = keeperOf(cfg).backup(ctx, f.Arg(0))
	if errors.Is(err, errServers) {
		fmt.Fprintln(e.stderr, errServers)
		return errUsage
	}
	return err
}

// parts are what the demo adds to the program.
type parts struct {
	log     *slog.Logger
	home    http.Handler                                              // serves the paths that porchlight has no use for
	prepare func(context.Context, bridge.Store, bridge.Options) error // called before anything reads the store
	ready   func(ctx context.Context, web net.Addr)                   // called once when everything runs
}

// program is everything that runs, in the order in which the parts are built. They are stopped
// in reverse.
type program struct {
	log       *slog.Logger
	parts     parts
	store     store
	bridge    *bridge.Bridge
	report    *report.Report
	archive   *archive.Archive
	hooks     *hook.Hooks
	access    *access.Access
	onsite    *onsite.Site
	portraits *portraits.Portraits
	desk      *desk.Desk
	component *component.Component
	mail      *email.Channel // nil if the mail channel is off
	crew      *crew.Crew     // nil if this porchlight is alone on its store
	leaving   atomic.Bool    // balancers are to send nobody here any more
	visitors  *webwidget.Server
	web       *http.Server
	listener  net.Listener
	metrics   *http.Server // nil if the metrics are off; then scraped is nil, too
	scraped   net.Listener
}

// build opens the database and the listeners and wires the parts together. Nothing runs yet. On
// an error build closes what it has opened.
func build(ctx context.Context, cfg config.Config, e *env, extra parts) (p *program, err error) {
	p = &program{log: extra.log, parts: extra}
	defer func(p *program) { // given p, because a return of nil changes the result
		if err != nil {
			p.close()
		}
	}(p)
	clock, err := clockFrom(e.environ)
	if err != nil {
		return nil, err
	}
	node := nodeOf(cfg)
	if node.ID != "" {
		p.log = slog.New(calm{p.log.Handler()}).With("node", node.Name)
	}
	if p.store, err = keeperOf(cfg).open(ctx, clock, node.ID, p.log); err != nil {
		return nil, err
	}
	opts, err := bridgeOptions(cfg)
	if err != nil {
		return nil, err
	}
	opts.Clock, opts.Log = clock, p.log
	p.joinCrew(cfg, node, &opts)
	uploads, err := withMail(cfg, &opts)
	if err != nil {
		return nil, err
	}
	if extra.prepare != nil {
		if err := extra.prepare(ctx, p.store, opts); err != nil {
			return nil, err
		}
	}
	opts.PastWaits = func(ctx context.Context, department string) (past bridge.PastWaits, err error) {
		return pastWaits(ctx, p.report, department, clock.Now())
	}
	if p.bridge, err = bridge.Open(ctx, p.store, opts); err != nil {
		return nil, err
	}
	if p.mail, err = mailChannel(cfg, p.bridge, uploads, p); err != nil {
		return nil, err
	}
	p.report = report.New(p.store, report.Options{Clock: clock, Log: p.log, Missed: p.bridge.Missed, Reads: p.bridge.Nodes.Holding,
		Zone: func() *time.Location { return p.bridge.Hours.Site().Zone() }, Hours: p.calendar,
		Mailing: &report.Mailing{Bridge: p.bridge, URL: opts.PublicURL,
			Weekly: func(ctx context.Context, s report.Subscription, week, before bridge.Range) (bridge.StatisticsDraft, error) {
				return p.desk.Weekly(ctx, s, week, before)
			}}})
	p.archive = archive.New(p.store, archive.Options{Bridge: p.bridge, Log: p.log, Keep: p.report.Keep})
	p.access = access.New(p.store, p.bridge)
	into := links.New(p.store, p.bridge)
	if err := into.Load(ctx); err != nil {
		return nil, err
	}
	p.portraits = portraits.New(p.store, p.bridge)
	if err := p.portraits.Load(ctx); err != nil {
		return nil, err
	}
	here := onsite.For(p.bridge, p.log)
	here.Most, here.MostFrom = cfg.Limits.Visits, cfg.Limits.VisitsPerAddress
	p.onsite = onsite.New(p.store, here)
	if err := p.onsite.Load(ctx); err != nil {
		return nil, err
	}
	for _, load := range []func(context.Context) error{into.Load, p.portraits.Load, p.onsite.Load} {
		p.bridge.Nodes.Mirror(load)
	}
	site := webhook.NewSite(webhook.Options{Networks: networks(cfg), Agent: agent, Now: time.Now})
	p.hooks = hook.New(p.store, hook.Options{Bridge: p.bridge, Log: p.log, Carrier: site, Check: site.Check})
	rooms, err := domainOf("xmpp.rooms", cfg.XMPP.Rooms)
	if err != nil {
		return nil, err
	}
	p.desk = desk.New(p.bridge, desk.Statistics(p.report), desk.Archive(p.archive), desk.Pictures(opts.PublicURL), desk.Charts(drawn), desk.AnswerFiles(answerFiles(opts.PublicURL)))
	desk.Webhooks(p.hooks)(p.desk)
	desk.Keys(p.access)(p.desk)
	desk.Links(into)(p.desk)
	desk.OnSite(p.onsite)(p.desk)
	p.component = component.New(p.bridge, p.desk, component.Options{
		Addr: cfg.XMPP.Server, Domain: opts.Domain, Secret: cfg.XMPP.Secret.Reveal(), Version: version,
		Rooms: rooms, RoomNotices: cfg.XMPP.RoomNotices, Commands: cfg.Limits.CommandsPerMinute, Strangers: cfg.Limits.StrangersPerMinute, Portraits: p.portraits, Log: p.log})
	for _, what := range p.store.Damage() {
		p.bridge.Alarms.Raise(bridge.AlarmDamage, what)
	}
	if p.visitors, err = webwidget.New(p.bridge, webOptions(cfg, p, rooms)); err != nil {
		return nil, err
	}
	p.web = p.visitors.HTTPServer(cfg.Web.Listen)
	if p.listener, err = net.Listen("tcp", cfg.Web.Listen); err != nil {
		return nil, listenError("web.listen", err)
	}
	p.listener = p.visitors.Listen(p.listener)
	p.metrics, p.scraped, err = metricsServer(p, cfg.Web.MetricsListen)
	return p, err
}

// logReaders is one side for the rooms that read the logs later: each only notes what has changed.
type logReaders []bridge.Side

// Changed implements bridge.Side.
func (l logReaders) Changed(c bridge.Change) {
	for _, reader := range l {
		reader.Changed(c)
	}
}

// pastDays are the days from which visitors are told how long they will wait.
const pastDays = 30

// pastWaits is how long chats of a department have waited to be taken in the past days.
func pastWaits(ctx context.Context, r *report.Report, department string, now time.Time) (past bridge.PastWaits, err error) {
	a, err := r.Of(ctx, report.Whose{Department: department, Kind: bridge.Chat}, bridge.Range{From: now.AddDate(0, 0, -pastDays), Until: now})
	for hour, s := range a.Hours() {
		past[hour] = route.Past{N: s.N, Total: time.Duration(s.Total) * time.Millisecond, Days: pastDays}
	}
	return past, err
}

// calendar is the business time of a department for the statistics, nil if no hours are set.
func (p *program) calendar(department string) report.Calendar {
	if table := p.bridge.Hours.Department(department); !table.Empty() {
		return table
	}
	return nil
}

// drainLimit is how long requests under way may still take when the program stops.
const drainLimit = 3 * time.Second

// ballast is the size, in bytes, of memory that is never touched and so takes none of the
// machine's. The collector runs when the heap is twice as large as what is live. What is live is
// so little that the collector would run 20 times a second on a busy day; it counts the ballast
// as live, and runs more rarely. The price is at most as much garbage as the ballast is large.
const ballast = 32 << 20

// run runs everything until ctx ends or a part fails, and stops it in order:
// no new requests, then the goodbye to the operators, then the database.
func (p *program) run(ctx context.Context) error {
	defer p.close()
	defer runtime.KeepAlive(make([]byte, ballast))
	ctx, fail := context.WithCancelCause(ctx)
	defer fail(nil)
	later, stop := context.WithCancel(context.WithoutCancel(ctx))
	defer stop()
	defer p.bridge.Join(logReaders{p.report, p.archive})()
	defer p.bridge.Join(p.hooks)()
	ended := together(later, p.bridge.Run, p.onsite.Run, p.lead, p.notifySystemd,
		func(context.Context) error { return serveHTTP(p.web, p.listener, fail) },
		func(context.Context) error { return serveHTTP(p.metrics, p.scraped, fail) })
	if err := p.store.SignLock(fmt.Sprintf("pid %d, http://%s", os.Getpid(), p.listener.Addr())); err != nil {
		p.log.Warn("sign lock", "err", err)
	}
	p.log.Info("listening", "web", p.listener.Addr().String(), "version", version)
	if p.parts.ready != nil {
		p.awaitLink(ctx)
		p.parts.ready(ctx, p.listener.Addr())
	}
	select {
	case <-ctx.Done():
	case err := <-p.store.Fatal():
		fail(err)
	}
	p.log.Info("stopping")
	p.leave()
	if d, is := p.store.(*postgres.DB); is {
		d.Hurry()
	}
	drain, cancel := context.WithTimeout(later, drainLimit)
	p.web.Shutdown(drain) // what is still open after the limit is cut by Close
	cancel()
	p.web.Close()
	p.visitors.Close() // Shutdown has begun to close the visitors' side, and does not wait for its end
	if p.metrics != nil {
		p.metrics.Close()
	}
	stop()
	err := <-ended
	if cause := context.Cause(ctx); !errors.Is(cause, context.Canceled) {
		err = errors.Join(err, cause)
	}
	return err
}

// linkPatience is how long the call of ready waits for the link. If there is none by then, the
// log says why.
const linkPatience = 5 * time.Second

// awaitLink waits for the XMPP link until it is up, linkPatience is over, or ctx ends.
func (p *program) awaitLink(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, linkPatience)
	defer cancel()
	changed := make(bell, 1)
	defer p.bridge.Join(changed)()
	for !p.bridge.Link.IsUp() {
		select {
		case <-changed:
		case <-ctx.Done():
			return
		}
	}
}

// bell is a bridge.Side that rings when the status may have changed. The channel has room for
// one ring.
type bell chan struct{}

// Changed does nothing: a change of a conversation does not ring the bell (bridge.Side).
func (bell) Changed(bridge.Change) {}

// StatusChanged rings (bridge.StatusListener).
func (b bell) StatusChanged() {
	select {
	case b <- struct{}{}:
	default:
	}
}

// serveHTTP serves until the server is closed. If the server ends in any other way, the program
// fails. A nil server serves nothing.
func serveHTTP(s *http.Server, l net.Listener, fail context.CancelCauseFunc) error {
	if s == nil {
		return nil
	}
	if err := s.Serve(l); !errors.Is(err, http.ErrServerClosed) {
		fail(fmt.Errorf("serve HTTP: %w", err))
	}
	return nil
}

func (p *program) close() {
	for _, l := range []net.Listener{p.listener, p.scraped} {
		if l != nil {
			l.Close() // Serve may have closed it already
		}
	}
	if p.store != nil {
		if err := p.store.Close(); err != nil {
			p.log.Error("close database", "err", err)
		}
	}
}

// bridgeOptions takes the domain's options from the config.
func bridgeOptions(cfg config.Config) (bridge.Options, error) {
	o := bridge.Options{
		Timing: bridge.Timing(cfg.Timing),
		Limits: bridge.Limits{Message: cfg.Limits.MessageBytes, Name: cfg.Limits.NameBytes, Email: cfg.Limits.EmailBytes,
			Reason: cfg.Limits.Reason(), URL: cfg.Limits.URLBytes, Waiting: cfg.Limits.Waiting,
			File: int64(cfg.Limits.FileBytes), Files: cfg.Limits.Files, AllFiles: int64(cfg.Limits.FilesTotalBytes),
			OffersAtOnce: cfg.Limits.OffersAtOnce, OffersWithin: cfg.Limits.OffersWithin},
		Address:  operatorAt,
		Channels: channels(cfg), NoticeText: cfg.Notify.Text, Rooms: cfg.XMPP.Rooms != "",
		PublicURL: strings.TrimRight(cfg.Web.PublicURL, "/"), KeepAddresses: cfg.Privacy.KeepAddresses,
	}
	var err error
	if o.Domain, err = domainOf("xmpp.domain", cfg.XMPP.Domain); err != nil {
		return o, err
	}
	for _, s := range cfg.SuperOperators {
		jid, err := operatorAt(s)
		if err != nil {
			return o, fmt.Errorf("super_operators: %w", err)
		}
		o.SuperOperators = append(o.SuperOperators, jid)
	}
	return o, nil
}

// operatorAt brings an operator's address into its normal form.
func operatorAt(address string) (bridge.OperatorJID, error) {
	j, err := stream.ParseJID(address)
	return bridge.OperatorJID(j.Bare()), err
}

// domainOf brings a domain into its normal form. key names the option in errors; an empty domain
// stays empty.
func domainOf(key, domain string) (string, error) {
	if domain == "" {
		return "", nil
	}
	j, err := stream.ParseJID(domain)
	if err != nil {
		return "", fmt.Errorf("%s: %w", key, err)
	}
	return j.Domain, nil
}

// webOptions takes the web side's options from the config.
func webOptions(cfg config.Config, p *program, rooms string) webwidget.Options {
	o := webwidget.Options{
		PublicURL: cfg.Web.PublicURL, AllowedOrigins: cfg.Web.AllowedOrigins, IdentityKey: []byte(cfg.Identity.Secret.Reveal()),
		MaxBody: int64(cfg.Limits.BodyBytes), MaxFile: int64(cfg.Limits.FileBytes), MaxUploads: cfg.Limits.Uploads, MaxStreams: cfg.Limits.Streams,
		IdentityLasts: cfg.Identity.Lasts, SitePerMinute: cfg.Limits.SitePerMinute, Proof: cfg.Limits.Proof, ProofBits: cfg.Limits.ProofBits,
		LeastRate: int64(cfg.Limits.LeastRate), UploadsPerConversation: cfg.Limits.UploadsPerConversation, UploadsPerAddress: cfg.Limits.UploadsPerAddress,
		StreamsPerConversation: cfg.Limits.StreamsPerConversation, StreamsPerAddress: cfg.Limits.StreamsPerAddress,
		ConnectionsPerAddress: cfg.Limits.ConnectionsPerAddress, Descriptors: gate.Descriptors(),
		ConversationsPerMinute: cfg.Limits.ConversationsPerMinute, MessagesPerMinute: cfg.Limits.MessagesPerMinute,
		RequestsPerMinute: cfg.Limits.RequestsPerMinute,
		Report:            p.report, Access: p.access, Onsite: p.onsite, Portraits: p.portraits, Archive: p.archive, Home: p.parts.home, Picture: p.picture, Answers: p.answersNow, Exports: desk.Exports(p.desk), Ready: p.ready, Version: version, Log: p.log,
		Node: "1", HoldsLink: p.hasLink, Details: p.details(cfg, rooms),
	}
	if p.crew != nil {
		o.Node, o.Holder = nodeName(cfg), p.linkHolder
	}
	for _, s := range cfg.Web.TrustedProxies {
		if prefix, err := netip.ParsePrefix(s); err == nil { // the config has checked it
			o.TrustedProxies = append(o.TrustedProxies, prefix)
		}
	}
	return o
}

// ready returns why the program can't serve now, nil if it can.
func (p *program) ready() error {
	err := p.alive()
	if !p.store.Writable() {
		err = errors.Join(err, errors.New("the database can't be written (is the disk full?)"))
	}
	if p.leaving.Load() {
		err = errors.Join(err, errors.New("this node is stopping"))
	}
	if p.linkMissing() {
		err = errors.Join(err, errors.New("the XMPP link is down"))
	}
	return err
}

// alive returns the error with which the database can't be read, nil if it can.
func (p *program) alive() error {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	return p.store.View(ctx, func(r bridge.Reader) error {
		_, err := r.Setting("")
		return err
	})
}

// clockFrom makes the clock. Tests of what time does change it by the environment:
// PORCHLIGHT_CLOCK_OFFSET, a duration such as 48h or -5m, moves the clock, and with
// PORCHLIGHT_CLOCK_RATE=4 the clock runs four times as fast.
func clockFrom(environ []string) (bridge.Clock, error) {
	c := bridge.SystemClock{Began: time.Now()}
	for _, v := range environ {
		name, s, _ := strings.Cut(v, "=")
		var err error
		switch {
		case s == "":
		case name == "PORCHLIGHT_CLOCK_OFFSET":
			if c.Offset, err = time.ParseDuration(s); err != nil {
				return nil, fmt.Errorf("PORCHLIGHT_CLOCK_OFFSET: %q is no duration such as 48h or -5m", s)
			}
		case name == "PORCHLIGHT_CLOCK_RATE":
			if c.Rate, err = strconv.Atoi(s); err != nil {
				return nil, fmt.Errorf("PORCHLIGHT_CLOCK_RATE: %q is no whole number", s)
			}
		}
	}
	return c, nil
}
