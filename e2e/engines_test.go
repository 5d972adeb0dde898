package e2e_test

import (
	"context"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"porchlight/e2e/driver"
	"porchlight/e2e/network"
	"porchlight/email/smtp/smtptest"
)

// foreign is a browser other than Chromium, in which every other test runs. The package driver says what the methods do.
type foreign interface {
	engine
	Choose(ctx context.Context, field, path string) error
	Cover(ctx context.Context) error
	Uncover(ctx context.Context) error
	Resize(ctx context.Context, width, height int) error
	Close()
}

var engines = map[string]func(ctx context.Context, dir string) (foreign, error){
	"firefox": func(ctx context.Context, dir string) (foreign, error) { return driver.StartFirefox(ctx, dir) },
	"webkit":  func(ctx context.Context, dir string) (foreign, error) { return driver.StartWebKit(ctx, dir) },
}

// story is what happens between Anna, who has one browser, and a shop for lamps with two operators, one chapter after the other.
type story struct {
	*page
	browser foreign
	s       *site
	held    *network.Network // the way to porchlight that holds streams back
	relay   *smtptest.Sink
	shop    string
	x, o    *person
	jid     string // Anna's address in the chat that is told of
	wide    bool   // the window is not a phone's
}

// chapters is the story. It has no test of what an engine can't show: WebKit can't be told to forbid cookies or to force colours.
var chapters = []struct {
	name string
	tell func(*story)
}{
	{"nobody is there", (*story).nobody},
	{"two are there", (*story).greeted},
	{"the form, by keyboard and on a phone", (*story).walked},
	{"Anna asks", (*story).asks},
	{"she is answered", (*story).answered},
	{"what was said is changed", (*story).changed},
	{"she walks on, half a sentence in the box", (*story).walksOn},
	{"a picture", (*story).sendsPicture},
	{"she is passed on", (*story).passedOn},
	{"she looks elsewhere", (*story).calledBack},
	{"it is over", (*story).over},
	{"another chat", (*story).again},
	{"it goes on by mail", (*story).byMail},
	{"she logs in", (*story).logsIn},
	{"a notice, and an invitation", (*story).invited},
	{"the looks", (*story).looks},
	{"another direction", (*story).rightToLeft},
	{"a hostile page", (*story).besieged},
	{"in the page", (*story).inline},
	{"on a page of its own", (*story).ownPage},
	{"without script", (*story).scriptless},
	{"streams are held back", (*story).heldBack},
	{"without cookies", (*story).forgetful},
}

// TestEngines: the visitor's whole story in each browser. With PORCHLIGHT_SHOTS=folder it leaves pictures.
func TestEngines(t *testing.T) {
	for name, start := range engines {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
			defer cancel()
			b, err := start(ctx, t.TempDir())
			if err != nil {
				lacking(t, err)
			}
			t.Cleanup(b.Close)
			s := newStory(t, name, b)
			t.Cleanup(func() {
				if t.Failed() {
					t.Logf("the page shows:\n%s", s.text())
				}
			})
			s.size(1000, 760)
			for _, c := range chapters {
				began := time.Now()
				c.tell(s)
				t.Logf("%s: %v", c.name, since(began))
			}
		})
	}
}

func newStory(t *testing.T, name string, b foreign) *story {
	relay, err := smtptest.Listen(smtptest.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(relay.Close)
	shop := httptest.NewUnstartedServer(nil)
	origin := "http://" + shop.Listener.Addr().String()
	s := &story{browser: b, relay: relay, shop: origin}
	s.s = start(t, settings{
		"web.allowed_origins": "[" + strconv.Quote(origin) + "]", "identity.secret": strconv.Quote(secret),
		"email.from": `"Lamps <support@example.org>"`, "email.smtp": strconv.Quote("smtp+insecure://" + relay.Addr()),
	})
	if s.held, err = network.New(strings.TrimPrefix(s.s.url, "http://"), network.Config{Hold: 64 << 10}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.held.Close)
	shop.Config.Handler = lamps(s.s.url, s.held.URL)
	shop.Start()
	t.Cleanup(shop.Close)
	s.page = &page{t: t, engine: b, ctx: context.WithoutCancel(t.Context()), name: name + "-"}
	return s
}

// visit opens a page of the shop.
func (s *story) visit(path string) { s.t.Helper(); s.open(s.shop + path) }

// size gives the window a size. WebKit's is never narrower than 447 pixels.
func (s *story) size(width, height int) {
	s.t.Helper()
	s.must("resize the window", func(ctx context.Context) error { return s.browser.Resize(ctx, width, height) })
	s.wait("the window has its size", `Math.abs(innerWidth - `+strconv.Itoa(max(width, 447))+`) < 60`)
	s.wide = width > 480
}

// prefer sets a preference of Firefox, and reports whether this is one.
func (s *story) prefer(name string, value any) bool {
	s.t.Helper()
	f, ok := s.browser.(*driver.Firefox)
	if ok {
		s.must("prefer "+name, func(ctx context.Context) error { return f.Prefer(ctx, name, value) })
	}
	return ok
}

// shoot takes a picture, once nothing moves, if PORCHLIGHT_SHOTS names a folder.
func (s *story) shoot(name string) {
	s.t.Helper()
	dir := os.Getenv("PORCHLIGHT_SHOTS")
	if dir == "" {
		return
	}
	s.wait("nothing moves", `[...document.querySelectorAll("porchlight-panel,porchlight-teaser,porchlight-invitation")].every((e) => e.shadowRoot.getAnimations().every((a) => a.playState === "finished"))`)
	s.wait("what there is, is drawn", `new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(true))))`)
	s.must("take a picture", func(ctx context.Context) error {
		png, err := s.browser.Picture(ctx)
		if err != nil {
			return err
		}
		if err := os.MkdirAll(dir, 0o755); err != nil {
			return err
		}
		return os.WriteFile(filepath.Join(dir, s.page.name+name+".png"), png, 0o644)
	})
}

// at is the expression for whether the focus is at an element, by its name or what it says.
func at(name string) string {
	return `((e) => [e.name, e.ariaLabel, e.textContent].includes(` + js(name) + `))(((e) => e.shadowRoot?.activeElement ?? e)(document.activeElement))`
}

// focused is the expression for whether the focus is at an element. A window that nobody has clicked matches no :focus.
func focused(element string) string {
	return "((e) => e.getRootNode().activeElement === e)(" + element + ")"
}

// walk presses a key again and again, and expects the focus at these elements.
func (s *story) walk(key string, stops ...string) {
	s.t.Helper()
	for _, stop := range stops {
		s.key(key)
		s.wait(key+" leads to "+stop, at(stop))
	}
}

// into types into an element.
func (s *story) into(what, element, text string) {
	s.t.Helper()
	s.click(what, element)
	s.insert(text)
	s.wait(what+" is filled in", element+".value === "+js(text))
}
