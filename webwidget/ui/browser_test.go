package ui_test

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"porchlight/e2e/chromium"
)

// patience is how long a test waits for what must happen. It is long because machines may be slow.
const patience = time.Minute

// prelude runs before any script of the page. It gives short names to the ways into the shadow roots, and lists what a policy
// forbade. It makes the widget's timers of 5 s longer, since a busy machine may take 5 s for anything; hasten shortens them.
const prelude = `
globalThis.later = setTimeout;
{ const real = setTimeout; globalThis.setTimeout = (f, ms, ...rest) => real(f, ms === 5000 ? 60000 : ms, ...rest) }
performance.getEntriesByName = () => []; // the line is never slow here, however busy the machine
globalThis.violations = [];
document.addEventListener("securitypolicyviolation", (e) => violations.push(e.violatedDirective + " " + e.blockedURI + " " + e.sample));
addEventListener("error", (e) => violations.push("error " + e.message));
addEventListener("unhandledrejection", (e) => violations.push("rejection " + (e.reason?.stack ?? e.reason)));
globalThis.B = (s) => document.querySelector("porchlight-button")?.shadowRoot.querySelector(s);
globalThis.P = (s) => document.querySelector("porchlight-panel")?.shadowRoot.querySelector(s);
globalThis.all = (s) => [...(document.querySelector("porchlight-panel")?.shadowRoot.querySelectorAll(s) ?? [])];
globalThis.shown = (e) => !!e && e.checkVisibility();
globalThis.texts = () => all(".entry p").map((p) => p.textContent);
globalThis.focused = () => document.activeElement?.shadowRoot?.activeElement ?? document.activeElement;
`

// shared is the one browser of all tests.
type shared struct {
	once    sync.Once
	browser *chromium.Browser
	err     error
}

// start starts the browser if no test has before.
func (s *shared) start() (*chromium.Browser, error) {
	s.once.Do(func() {
		s.browser, s.err = chromium.Start("en-US", chromedp.Flag("host-resolver-rules", "MAP *.test 127.0.0.1"), chromedp.WindowSize(1280, 800),
			chromedp.Flag("force-prefers-reduced-motion", true)) // a picture for each 60th of a second takes a seventh of all processor time
	})
	return s.browser, s.err
}

// chrome is that browser. It ends with the test program.
var chrome shared

// TestMain closes the browser at the end.
func TestMain(m *testing.M) {
	code := m.Run()
	chrome.browser.End()
	os.Exit(code)
}

// tab is a page in the browser.
type tab struct {
	*testing.T
	ctx     context.Context
	console *console
}

// console collects what the page's console complains about.
type console struct {
	mu    sync.Mutex
	lines []string
}

// newTab lends a tab. All tests share one profile, since one for each costs half a second of processor time: each site has
// an origin of its own, and so do its storage and cache.
func newTab(t *testing.T) tab {
	t.Helper()
	browser, err := chrome.start()
	if err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal(err)
		}
		t.Skipf("SKIPPED, NOTHING TESTED: no browser: %v", err)
	}
	b := tab{t, browser.Tab(t), &console{}}
	b.before(prelude)
	return b
}

// beside lends another tab.
func (b tab) beside() tab {
	b.Helper()
	return newTab(b.T)
}

// twin opens the same page in another tab, and in it the chat, which has one message.
func (b tab) twin() tab {
	b.Helper()
	other := b.beside()
	other.open(b.js(`location.href`))
	other.openPanel()
	other.wait(`texts().length === 1`)
	return other
}

// before runs a script in each page to come, before the page's own.
func (b tab) before(script string) {
	b.Helper()
	b.do(chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		_, err := cdp.Call(ctx, target, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: script})
		return err
	}))
}

// hasten shortens the timers of from milliseconds in each page to come.
func (b tab) hasten(from, to int) {
	b.Helper()
	b.before(fmt.Sprintf(`{ const real = setTimeout; globalThis.setTimeout = (f, ms, ...rest) => real(f, ms === %d ? %d : ms, ...rest) }`, from, to))
}

func (b tab) do(steps ...chromedp.Action[chromedp.Void]) {
	b.Helper()
	if err := chromedp.Do(b.ctx, steps...); err != nil {
		b.Fatal(err)
	}
}

func (b tab) open(url string) {
	b.Helper()
	b.do(chromedp.Navigate(url))
}

// toFront makes the browser show this tab.
func (b tab) toFront() {
	b.Helper()
	b.do(chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		_, err := cdp.Call(ctx, target, page.BringToFront, cdp.Empty{})
		return err
	}))
}

func (b tab) reload() {
	b.Helper()
	b.do(chromedp.Reload())
}

// js evaluates an expression and returns its value: a string as it is, anything else as JSON.
func (b tab) js(expression string) string {
	b.Helper()
	raw, err := chromedp.Run(b.ctx, chromedp.Evaluate[[]byte](expression, chromedp.EvalAwaitPromise))
	if err != nil {
		b.Fatalf("%s: %v", expression, err)
	}
	var s string
	if json.Unmarshal(raw, &s) == nil {
		return s
	}
	return string(raw)
}

// watch is a script that resolves when the expression is true. The page looks by itself, since asking it fifty times a second from
// outside took as much processor time as all that it shows.
const watch = `new Promise((seen) => { const look = () => { let is; try { is = %s } catch {} is ? seen(true) : later(look, 20) }; look() })`

// wait waits until the expression is true, on this page or on one that comes after it.
func (b tab) wait(expression string) {
	b.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	for ctx.Err() == nil {
		if _, err := chromedp.Run(ctx, chromedp.Evaluate[bool](fmt.Sprintf(watch, "("+expression+")"), chromedp.EvalAwaitPromise)); err == nil {
			return
		}
		time.Sleep(20 * time.Millisecond) // the page goes, and the next one is not there yet
	}
	b.shoot("failure")
	b.Fatalf("never true: %s\npanel: %s\nviolations: %s", expression, b.js(`P(".box")?.innerText ?? "none"`), b.js(`violations`))
}

// want compares the value of an expression with the wanted one.
func (b tab) want(expression, value string) {
	b.Helper()
	if got := b.js(expression); got != value {
		b.Errorf("%s = %q, want %q", expression, got, value)
	}
}

// click clicks with the mouse on the element that the expression gives.
func (b tab) click(element string) {
	b.Helper()
	b.wait("shown(" + element + ")")
	b.do(chromedp.MouseClickXY(b.place(element)))
}

// place returns the middle of the element that the expression gives.
func (b tab) place(element string) (x, y float64) {
	b.Helper()
	var at struct{ X, Y float64 }
	raw := b.js(`(() => { const e = ` + element + `; e.scrollIntoViewIfNeeded(); const r = e.getBoundingClientRect(); return {x: r.x + r.width / 2, y: r.y + r.height / 2} })()`)
	if err := json.Unmarshal([]byte(raw), &at); err != nil {
		b.Fatal(err)
	}
	return at.X, at.Y
}

// keys types on the keyboard.
func (b tab) keys(text string) {
	b.Helper()
	for _, r := range text {
		if string(r) == kb.Enter {
			b.enter(0)
			continue
		}
		b.do(chromedp.KeyEvent(string(r)))
	}
}

// enter presses the Enter key in the way of a keyboard: the line break comes with the key and can be prevented.
func (b tab) enter(modifiers chromedp.Modifier) {
	b.Helper()
	key := input.DispatchKeyEventParams{Key: "Enter", Code: "Enter", WindowsVirtualKeyCode: 13, Modifiers: int64(modifiers)}
	down, up := key, key
	down.Type, down.Text, up.Type = input.DispatchKeyEventTypeKeyDown, kb.Enter, input.DispatchKeyEventTypeKeyUp
	b.do(chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		for _, e := range []input.DispatchKeyEventParams{down, up} {
			if _, err := cdp.Call(ctx, target, input.DispatchKeyEvent, e); err != nil {
				return err
			}
		}
		return nil
	}))
}

// fill writes into the input that the expression gives. Only the last letter, and what comes after it, comes from the keyboard.
func (b tab) fill(element, text string) {
	b.Helper()
	b.click(element)
	last := len(strings.TrimRight(text, kb.Enter))
	if _, size := utf8.DecodeLastRuneInString(text[:last]); size > 0 {
		last -= size
	}
	if err := chromium.Insert(b.ctx, text[:last]); err != nil {
		b.Fatal(err)
	}
	b.keys(text[last:])
}

// openPanel opens the panel by its button.
func (b tab) openPanel() {
	b.Helper()
	b.click(`B("button")`)
	b.wait(`shown(P(".box"))`)
	b.still()
}

// request fills in the form and sends it.
func (b tab) request(name, email, reason string) {
	b.Helper()
	b.wait(`shown(P("form.ask"))`)
	for input, value := range map[string]string{"name": name, "email": email, "reason": reason} {
		if value != "" {
			b.fill(`P("[name=`+input+`]")`, value)
		}
	}
	b.click(`P("form.ask button")`)
}

// write sends a message.
func (b tab) write(message string) {
	b.Helper()
	b.fill(`P("[name=text]")`, message+kb.Enter)
}

// listen begins to collect what the console complains about. It ends with the tab.
func (b tab) listen() {
	b.Helper()
	b.do() // the first use of the tab binds it to its context
	began := make(chan struct{})
	go func() {
		close(began)
		for m, err := range chromedp.Console(b.ctx) {
			if err != nil {
				return
			}
			if m.Type == chromedp.ConsoleError {
				b.console.mu.Lock()
				b.console.lines = append(b.console.lines, m.Text)
				b.console.mu.Unlock()
			}
		}
	}()
	<-began
}

// complained waits until the console has exactly one line of ours, with all of the words in it.
func (b tab) complained(words ...string) {
	b.Helper()
	var ours []string
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for end := time.Now().Add(patience); time.Now().Before(end); <-tick.C {
		ours = nil
		b.console.mu.Lock()
		for _, line := range b.console.lines {
			if strings.HasPrefix(line, "porchlight: ") {
				ours = append(ours, line)
			}
		}
		b.console.mu.Unlock()
		fits := func(line string) bool {
			return !slices.ContainsFunc(words, func(w string) bool { return !strings.Contains(line, w) })
		}
		if len(ours) == 1 && fits(ours[0]) {
			return
		}
	}
	b.Errorf("the console says %q, want one line with %q", ours, words)
}

// noViolations checks that the page broke no policy and threw no error.
func (b tab) noViolations() {
	b.Helper()
	b.want(`violations`, "[]")
}
