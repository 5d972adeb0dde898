package e2e_test

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	devpage "github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"porchlight/e2e/chromium"
)

// browser is the one Chromium of all tests. Each visitor has a private window, so two visitors
// share nothing.
type browser struct {
	once   sync.Once
	chrome *chromium.Browser
	err    error
}

func (b *browser) start() (*chromium.Browser, error) {
	b.once.Do(func() { b.chrome, b.err = chromium.Start("en-US", chromedp.WindowSize(1100, 800)) })
	return b.chrome, b.err
}

// engine is what a page needs of a browser. The package driver says what the methods do.
type engine interface {
	Open(ctx context.Context, url string) error
	Reload(ctx context.Context) error
	Eval(ctx context.Context, expression string) (json.RawMessage, error)
	Click(ctx context.Context, x, y float64) error
	Type(ctx context.Context, text string) error
	Press(ctx context.Context, key string) error
	Picture(ctx context.Context) ([]byte, error)
}

// protocol is the engine of most tests. Its contexts are of chromedp and hold the tab.
type protocol struct{}

func (protocol) Open(ctx context.Context, url string) error {
	return chromedp.Do(ctx, chromedp.Navigate(url))
}

func (protocol) Reload(ctx context.Context) error { return chromedp.Do(ctx, chromedp.Reload()) }

func (protocol) Eval(ctx context.Context, expression string) (json.RawMessage, error) {
	return chromedp.Run(ctx, chromedp.Evaluate[json.RawMessage](expression))
}

func (protocol) Click(ctx context.Context, x, y float64) error {
	return chromedp.Do(ctx, chromedp.MouseClickXY(x, y))
}

func (protocol) Type(ctx context.Context, text string) error {
	return chromium.Insert(ctx, text)
}

func (protocol) Press(ctx context.Context, key string) error {
	k := input.DispatchKeyEventParams{Type: input.DispatchKeyEventTypeKeyDown, Key: key, Code: key}
	switch key {
	case "Enter":
		k.Text, k.WindowsVirtualKeyCode = "\r", 13
	case "ArrowUp":
		k.WindowsVirtualKeyCode = 38
	}
	up := k
	up.Type, up.Text = input.DispatchKeyEventTypeKeyUp, ""
	return chromedp.Do(ctx, action(input.DispatchKeyEvent, k), action(input.DispatchKeyEvent, up))
}

func (protocol) Picture(ctx context.Context) ([]byte, error) {
	return chromedp.Run(ctx, chromedp.CaptureScreenshot())
}

// action is one command of Chromium's protocol.
func action[P any](c cdp.Command[P, cdp.Empty], params P) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, tab *chromedp.Target) error {
		_, err := cdp.Call(ctx, tab, c, params)
		return err
	})
}

// page is one tab of a visitor's browser. Its methods fail the test when they can't do what they
// are for, or what they wait for does not come.
type page struct {
	t      *testing.T
	engine engine
	name   string // of its pictures, before that of each
	ctx    context.Context
	mu     sync.Mutex
	errors []string // the console's complaints
	spoilt bool     // the test expects complaints, for instance because the server goes away
}

// newVisitor opens a browser of a new visitor, with an empty tab.
func newVisitor(t *testing.T) *page {
	t.Helper()
	b, err := shared.browser.start()
	if err != nil {
		lacking(t, err)
	}
	return newPage(t, b.Private(t))
}

// tab opens another tab of the same visitor.
func (p *page) tab() *page {
	p.t.Helper()
	ctx, cancel := chromedp.NewContext(p.ctx)
	p.t.Cleanup(cancel)
	if err := chromium.Bind(ctx); err != nil {
		p.t.Fatal(err)
	}
	return newPage(p.t, ctx)
}

func newPage(t *testing.T, ctx context.Context) *page {
	t.Helper()
	p := &page{t: t, engine: protocol{}, ctx: ctx}
	command(p, "take the focus", emulation.SetFocusEmulationEnabled, emulation.SetFocusEmulationEnabledParams{Enabled: true})
	go p.listen()
	t.Cleanup(p.review)
	return p
}

// toFront shows the tab, as a click on it does.
func (p *page) toFront() {
	p.t.Helper()
	command(p, "show the tab", devpage.BringToFront, cdp.Empty{})
}

// shut closes the tab, as a click on its × does.
func (p *page) shut() {
	p.t.Helper()
	command(p, "shut the tab", devpage.Close, cdp.Empty{})
}

// listen collects the console's complaints until the page ends.
func (p *page) listen() {
	for m, err := range chromedp.Console(p.ctx) {
		if err != nil {
			return
		}
		if strings.HasSuffix(m.URL, "/favicon.ico") {
			continue // the browser asks for the icon by itself
		}
		if m.Type == chromedp.ConsoleError || m.Type == chromedp.ConsoleWarning || m.IsException() {
			p.mu.Lock()
			p.errors = append(p.errors, fmt.Sprintf("%s: %s (%s:%d)", m.Type, m.Text, m.URL, m.Line))
			p.mu.Unlock()
		}
	}
}

// review fails for each complaint of the console, because the widget must keep a site's console
// clean.
func (p *page) review() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.errors) > 0 && (!p.spoilt || p.t.Failed()) {
		p.t.Errorf("the browser's console:\n  %s", strings.Join(p.errors, "\n  "))
	}
}

// must does something within the patience.
func (p *page) must(what string, do func(context.Context) error) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	if err := do(ctx); err != nil {
		p.picture("failed-" + p.t.Name())
		p.t.Fatalf("%s: %v", what, err)
	}
}

// command sends Chromium one command of its protocol.
func command[P any](p *page, what string, c cdp.Command[P, cdp.Empty], params P) {
	p.t.Helper()
	p.must(what, func(ctx context.Context) error { return chromedp.Do(ctx, action(c, params)) })
}

// open goes to an address.
func (p *page) open(url string) {
	p.t.Helper()
	p.must("open "+url, func(ctx context.Context) error { return p.engine.Open(ctx, url) })
}

// reload loads the page again.
func (p *page) reload() {
	p.t.Helper()
	p.must("load the page again", p.engine.Reload)
}

// eval evaluates a JavaScript expression at once.
func eval[T any](p *page, expression string) (value T, err error) {
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	raw, err := p.engine.Eval(ctx, expression)
	if err == nil {
		err = json.Unmarshal(raw, &value)
	}
	return value, err
}

// wait looks at the page until a JavaScript expression is true. It asks from
// outside, because the page's policy forbids eval within it.
func (p *page) wait(what, expression string) {
	p.t.Helper()
	var last error
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(look) {
		ok, err := eval[bool](p, "!!("+expression+")")
		if ok {
			return
		}
		last = err
	}
	p.picture("failed-" + p.t.Name())
	p.t.Fatalf("never on the page: %s (%v)\nthe page shows:\n%s", what, last, p.text())
}

// text returns all text that the page shows, shadow roots included.
func (p *page) text() string {
	text, err := eval[string](p, `(function walk(n) {
		if (n.nodeType === 3) return n.data.trim() && n.data.trim() + "\n";
		if (n.hidden || /^(SCRIPT|STYLE)$/.test(n.nodeName) || n.nodeName === "NOSCRIPT" && !n.children.length) return "";
		return [...(n.shadowRoot || n).childNodes].map(walk).join("");
	})(document.documentElement)`)
	if err != nil {
		return err.Error()
	}
	return text
}

// key presses and releases one key as a keyboard does: Enter or ArrowUp.
func (p *page) key(name string) {
	p.t.Helper()
	p.must("press "+name, func(ctx context.Context) error { return p.engine.Press(ctx, name) })
}

// insert types a text where the focus is.
func (p *page) insert(text string) {
	p.t.Helper()
	p.must("type", func(ctx context.Context) error { return p.engine.Type(ctx, text) })
}

// picture keeps a screenshot. It never fails a test.
func (p *page) picture(name string) {
	ctx, cancel := context.WithTimeout(p.ctx, 5*time.Second)
	defer cancel()
	png, err := p.engine.Picture(ctx)
	if err == nil {
		var path string
		if path, err = shot(strings.ReplaceAll(p.name+name, "/", "-")); err == nil {
			err = os.WriteFile(path, png, 0o644)
		}
	}
	if err != nil {
		p.t.Logf("no picture %s: %v", name, err)
	}
}
