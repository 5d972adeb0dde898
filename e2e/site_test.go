package e2e_test

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"porchlight/db/sqlite/sqlitetest"
	"porchlight/demo"
	"porchlight/demo/xmppd"
	"porchlight/e2e/operator"
	"porchlight/e2e/visitor"
)

// site is a whole installation: an XMPP server, `porchlight serve` beside it,
// and a website of another origin that embeds the widget.
type site struct {
	*process
	t      *testing.T
	dir    string
	server *xmppd.Server
	url    string        // of porchlight
	shop   string        // of the website
	ahead  time.Duration // by how much porchlight's clock is ahead of the machine's
	env    []string      // more variables of porchlight's environment
	binary string        // of another version of porchlight; "": the one that is tested
}

// settings are the keys of a config file, such as web.listen, with their values as TOML writes
// them.
type settings map[string]string

// start starts an installation. Both demo operators are super operators, and only sizes are
// limited. The settings in more win.
func start(t *testing.T, more settings) *site {
	t.Helper()
	return startOn(t, more)
}

// startOn starts an installation with changes to the XMPP server's configuration.
func startOn(t *testing.T, more settings, change ...func(*xmppd.Config)) *site {
	t.Helper()
	s := &site{t: t, dir: t.TempDir()}
	s.begin(more, change...)
	return s
}

// begin starts the installation.
func (s *site) begin(more settings, change ...func(*xmppd.Config)) {
	t := s.t
	t.Helper()
	s.startServer(change...)
	web, err := xmppd.FreeAddr("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s.url = "http://" + web
	website := httptest.NewServer(website(s.url))
	t.Cleanup(website.Close)
	s.shop = website.URL
	s.configure(web, more)
	if os.Getenv("E2E_BINARY") == "" { // another version may not know this schema
		if err := sqlitetest.Make(s.database()); err != nil { // the steps of the schema take longer than all else of a start
			t.Fatal(err)
		}
	}
	s.up()
}

// startServer starts the XMPP server that E2E_SERVER names.
func (s *site) startServer(change ...func(*xmppd.Config)) {
	s.t.Helper()
	cfg := xmppd.Config{Kind: serverKind(), Dir: s.dir, Host: demo.Host, Component: demo.Domain, Secret: "s3cret", Accounts: demo.Accounts()}
	for _, f := range change {
		f(&cfg)
	}
	server, err := xmppd.Start(s.t.Context(), cfg)
	if err != nil {
		lacking(s.t, err)
	}
	s.server = server
	s.t.Cleanup(func() {
		server.Stop()
		if log, err := os.ReadFile(server.Log()); s.t.Failed() && err == nil {
			s.t.Logf("the XMPP server said at last:\n%s", tail(string(log), 4000))
		}
	})
}

func serverKind() string { return cmp.Or(os.Getenv("E2E_SERVER"), "prosody") }

func tail(s string, n int) string { return s[max(0, len(s)-n):] }

// configure writes the config file.
func (s *site) configure(web string, more settings) {
	s.t.Helper()
	all := settings{
		"super_operators": fmt.Sprintf("[%q, %q]", demo.SuperOperator, demo.Operator),
		"xmpp.domain":     strconv.Quote(demo.Domain), "xmpp.secret": `"s3cret"`, "xmpp.server": strconv.Quote(s.server.ComponentAddr()),
		"web.listen": strconv.Quote(web), "web.public_url": strconv.Quote(s.url), "web.allowed_origins": fmt.Sprintf("[%q]", s.shop),
		"store.path":                      strconv.Quote(s.database()),
		"limits.conversations_per_minute": "0", "limits.messages_per_minute": "0", "limits.requests_per_minute": "0",
	}
	maps.Copy(all, more)
	var b strings.Builder
	for _, key := range slices.Sorted(maps.Keys(all)) {
		fmt.Fprintf(&b, "%s = %s\n", key, all[key])
	}
	if err := os.WriteFile(s.config(), []byte(b.String()), 0o600); err != nil {
		s.t.Fatal(err)
	}
}

func (s *site) config() string   { return filepath.Join(s.dir, "porchlight.toml") }
func (s *site) database() string { return filepath.Join(s.dir, "porchlight.db") }

// up starts porchlight, for the first time or again, and waits until it is ready.
func (s *site) up() {
	s.t.Helper()
	env := append([]string{"PORCHLIGHT_CLOCK_OFFSET=" + s.ahead.String()}, s.env...)
	if s.binary != "" {
		s.process = launchProgram(s.t, s.binary, s.dir, env, "serve", "--config", s.config())
	} else {
		s.process = launchWith(s.t, s.dir, env, "serve", "--config", s.config())
	}
	s.ready()
}

// ready waits until database and XMPP link are up.
func (s *site) ready() {
	s.t.Helper()
	eventually(s.t, "porchlight is ready", func() bool {
		select {
		case <-s.exited:
			s.t.Fatalf("porchlight has ended: %v\n%s", s.err, s.stderr.String())
		default:
		}
		answer, err := http.Get(s.url + "/readyz")
		if err != nil {
			return false
		}
		answer.Body.Close()
		return answer.StatusCode == http.StatusOK
	})
}

// links counts how often the XMPP link came up in this run of porchlight.
func (s *site) links() int { return strings.Count(s.stderr.String(), "XMPP link up") }

// website is the visitor's site: of another origin, with a strict Content-Security-Policy. However busy the machine is, its
// visitors have a fast line.
func website(porchlight string) http.Handler {
	const page = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Pricing – Lamps</title><link rel="icon" href="data:,">
<script async src="%s/widget.js" data-link="fast"></script></head><body><h1>Pricing</h1><p>Lamps from € 39.</p></body></html>`
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Header().Set("Content-Security-Policy", fmt.Sprintf("default-src 'none'; script-src %[1]s; connect-src %[1]s; img-src %[1]s data:; "+
			"base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'", porchlight))
		fmt.Fprintf(w, page, porchlight)
	})
}

// person is an operator's client. Its methods fail the test.
type person struct {
	*operator.Client
	t *testing.T
}

// login logs in an account of the demo. operator.Login explains show.
func login(t *testing.T, addr, user, show string) *person {
	t.Helper()
	c, err := operator.Login(addr, demo.Host, user, demo.Password, "test", show)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close(true) })
	return &person{c, t}
}

// operators logs in operators and waits until porchlight knows that they are there.
func (s *site) operators(users ...string) []*person {
	s.t.Helper()
	var all []*person
	for _, u := range users {
		all = append(all, login(s.t, s.server.ClientAddr(), u, ""))
	}
	s.online(len(users))
	return all
}

// online waits until n operators are available.
func (s *site) online(n int) {
	s.t.Helper()
	c := visitor.New(s.url)
	eventually(s.t, fmt.Sprintf("%d operators are online", n), func() bool {
		st, err := c.Status(s.t.Context())
		return err == nil && st.Operators == n
	})
}

// ask opens a conversation by HTTP.
func (s *site) ask(name, reason string) *visitor.Conversation {
	s.t.Helper()
	c, err := visitor.New(s.url).Ask(s.t.Context(), visitor.Inquiry{Name: name, Reason: reason})
	if err != nil {
		s.t.Fatal(err)
	}
	return c
}

// within is a context with the patience for one step of a test.
func within(t *testing.T) context.Context {
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	t.Cleanup(cancel)
	return ctx
}

// since is a duration for the test's log, in whole milliseconds.
func since(began time.Time) time.Duration { return time.Since(began).Round(time.Millisecond) }
