package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"time"

	"porchlight/config"
	"porchlight/db/postgres"
	"porchlight/db/sqlite"
)

// errCheck ends a check in which a line failed.
var errCheck = errors.New("something does not work; see above")

// checkLimit bounds each of the checks.
const checkLimit = 20 * time.Second

// checkCommand tries everything that the config names and prints a line about each thing. It
// disturbs nothing and makes nothing: if a porchlight runs, the check asks it, because a second
// component would take the running one's place at the server.
func checkCommand(ctx context.Context, e *env, args []string) error {
	f := flags(e, "check")
	path := f.String("config", "porchlight.toml", "config `FILE`")
	origin := f.String("origin", "", "say only whether pages of the site at `URL` may embed the widget")
	if err := parse(f, args); err != nil {
		return err
	}
	cfg, err := config.Load(*path, e.environ)
	if err != nil {
		return err
	}
	if abs, err := filepath.Abs(*path); err == nil {
		*path = abs
	}
	c := &checker{verdicts: verdicts{out: e.stdout}, cfg: cfg, file: *path}
	c.ok("config", "%s", *path)
	if *origin != "" {
		c.origin(ctx, *origin)
	} else {
		c.everything(ctx)
	}
	if c.failed {
		return errCheck
	}
	return nil
}

// checker is one run of the check.
type checker struct {
	verdicts
	cfg  config.Config
	file string // the config's path
}

// everything runs the check without --origin, in the order in which things depend on each
// other.
func (c *checker) everything(ctx context.Context) {
	state, err := keeperOf(c.cfg).peek(ctx)
	run := findRunning(ctx, c.cfg, state)
	c.database(state, err, run)
	if k, is := keeperOf(c.cfg).(inPostgres); is && err == nil {
		heard, err := postgres.Hears(ctx, k.url, k.listen)
		c.hints(heard, err, k.listen != "")
	}
	c.xmpp(ctx, state, err, run)
	c.listener("web", "web.listen", c.cfg.Web.Listen, run)
	if c.cfg.Web.MetricsListen != "" {
		c.listener("metrics", "web.metrics_listen", c.cfg.Web.MetricsListen, run)
	}
	c.publicURL(ctx, run)
	c.origins()
	c.proxies()
	c.mail(ctx)
	c.pushover(ctx)
}

// database says whether this user can use the store as it is.
func (c *checker) database(s sqlite.State, err error, run *running) {
	switch {
	case err != nil:
		c.fail("database", "%v", err)
	case s.InUse && run != nil:
		c.ok("database", "%s, in use by %s", s.Path, run)
	case s.InUse:
		c.fail("database", "%s is in use by a porchlight (%s) that does not answer on web.listen (%s): is it the one of this config?", s.Path, s.Holder, c.cfg.Web.Listen)
	case run != nil && c.cfg.Store.Path == "":
		c.fail("database", "%s is not what %s uses", s.Path, run)
	case run != nil:
		c.fail("database", "%s is not what %s uses. store.path is %q, and what is relative starts at the working directory: run check where serve runs, or write the whole path", s.Path, run, c.cfg.Store.Path)
	case !s.Exists:
		c.ok("database", "%s does not exist yet; serve makes it", s.Path)
	case s.Unused.Bytes > 0:
		c.warn("database", "%s: %v", s.Path, s.Unused)
	default:
		c.ok("database", "%s", s.Path)
	}
}

// hints says whether nodes on one database would hear each other. apart says that they listen at a URL of its own.
func (c *checker) hints(heard bool, err error, apart bool) {
	switch {
	case err != nil:
		c.fail("hints", "%v", err)
	case heard:
		c.ok("hints", "nodes hear each other")
	case apart:
		c.warn("hints", "what is sent through store.url is not heard at store.listen, so nodes hear each other only after up to 5 s: does store.listen lead to the same database, and past any PgBouncer in transaction mode?")
	default:
		c.warn("hints", "what is sent through store.url is not heard there, so nodes hear each other only after up to 5 s: is that a PgBouncer in transaction mode? Name the database itself in store.listen, or take session mode")
	}
}

// verdicts print a line for each thing that was tried.
type verdicts struct {
	out    io.Writer
	failed bool
}

func (r *verdicts) ok(what, format string, args ...any) { r.line(what, "ok", format, args...) }

// warn prints a line about a thing that works badly, or that can't be judged from here.
func (r *verdicts) warn(what, format string, args ...any) { r.line(what, "WARN", format, args...) }

func (r *verdicts) fail(what, format string, args ...any) {
	r.failed = true
	r.line(what, "FAIL", format, args...)
}

// needs prints a line about something elsewhere that has to be there, and that was not looked for.
func (r *verdicts) needs(what, format string, args ...any) { r.line(what, "needs", format, args...) }

func (r *verdicts) line(what, verdict, format string, args ...any) {
	text := strings.ReplaceAll(fmt.Sprintf(format, args...), "\n", "; ")
	fmt.Fprintf(r.out, "%-10s %-5s %s\n", what, verdict, text)
}
