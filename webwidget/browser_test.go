package webwidget_test

import (
	"context"
	"errors"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"porchlight/bridge"
	"porchlight/e2e/chromium"
)

var shots = flag.String("shots", "", "folder for pictures of what the browser tests see")

// window is a window of a real browser.
type window struct {
	*service
	ctx        context.Context
	mu         sync.Mutex
	complaints []string // what the console complained about
}

// fleet has a browser for each language that a test reads, started by the first of them.
type fleet struct {
	mu       sync.Mutex
	browsers map[string]*chromium.Browser
}

// chromiums are the browsers of all tests. They end with the test program.
var chromiums = fleet{browsers: map[string]*chromium.Browser{}}

// TestMain ends the browsers at the end.
func TestMain(m *testing.M) {
	code := m.Run()
	for _, b := range chromiums.browsers {
		b.End()
	}
	os.Exit(code)
}

// of returns the browser of the language, or skips the test where there is none.
func (f *fleet) of(t *testing.T, language string) *chromium.Browser {
	t.Helper()
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.browsers[language] == nil {
		b, err := chromium.Start(language)
		if errors.Is(err, exec.ErrNotFound) && os.Getenv("CI") != "true" {
			t.Skip("SKIPPED: chromium is missing, the page was seen by no browser")
		}
		if err != nil {
			t.Fatal(err)
		}
		f.browsers[language] = b
	}
	return f.browsers[language]
}

// window opens a window of that size, with or without script, for somebody who reads English.
func (s *service) window(width, height int64, script bool) *window {
	s.Helper()
	return s.windowIn("en-US", width, height, script)
}

// windowIn opens a window for somebody who reads another language.
func (s *service) windowIn(language string, width, height int64, script bool) *window {
	s.Helper()
	w := &window{service: s, ctx: chromiums.of(s.T, language).Private(s.T)}
	w.do(chromedp.EmulateViewport(width, height), chromedp.Func(func(ctx context.Context, tab *chromedp.Target) error {
		_, err := cdp.Call(ctx, tab, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: !script})
		return err
	}))
	go w.listen()
	return w
}

// listen collects what the console complains about. It ends with the window.
func (w *window) listen() {
	for m, err := range chromedp.Console(w.ctx) {
		if err != nil {
			return
		}
		if m.Type == chromedp.ConsoleError || m.Type == chromedp.ConsoleWarning || m.IsException() {
			w.mu.Lock()
			w.complaints = append(w.complaints, m.Text+" ("+m.URL+")")
			w.mu.Unlock()
		}
	}
}

func (w *window) do(actions ...chromedp.Action[chromedp.Void]) {
	w.Helper()
	ctx, cancel := context.WithTimeout(w.ctx, time.Minute)
	defer cancel()
	w.must(chromedp.Do(ctx, actions...))
}

// eval evaluates an expression in the page. It fails if the browser just leaves the page.
func (w *window) eval(expression string) (string, error) {
	ctx, cancel := context.WithTimeout(w.ctx, time.Minute)
	defer cancel()
	return chromedp.Run(ctx, chromedp.Evaluate[string]("String("+expression+")"))
}

// wait evaluates an expression until it is true.
func (w *window) wait(expression string) {
	w.Helper()
	w.soon(expression, func() bool {
		v, _ := w.eval(expression)
		return v == "true"
	})
}

// there waits until the page has an element.
func (w *window) there(selector string) {
	w.Helper()
	w.wait("!!document.querySelector(`" + selector + "`)")
}

// write types into a field.
func (w *window) write(selector, text string) {
	w.Helper()
	w.wait("document.querySelector(`" + selector + "`)?.focus() === undefined && document.activeElement.matches(`" + selector + "`)")
	w.must(chromium.Insert(w.ctx, text))
}

// click presses a button.
func (w *window) click(selector string) {
	w.Helper()
	_, err := w.eval("document.querySelector(`" + selector + "`).click()")
	w.must(err)
}

// shot keeps a picture of the page if -shots names a folder.
func (w *window) shot(name string) {
	w.Helper()
	if *shots == "" {
		return
	}
	b, err := chromedp.Run(w.ctx, chromedp.CaptureScreenshot())
	w.must(err)
	w.must(os.WriteFile(filepath.Join(*shots, name+".png"), b, 0o644))
}

// quiet checks that the console complained about nothing except for lines with the given words. It would
// if the page's policy forbade something that is in the page.
func (w *window) quiet(except ...string) {
	w.Helper()
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, c := range w.complaints {
		if !slices.ContainsFunc(except, func(words string) bool { return strings.Contains(c, words) }) {
			w.Errorf("the console complains: %s", c)
		}
	}
}

// The page on a phone whose browser runs no script, from the form to the end.
func TestBrowser_WithoutScript(t *testing.T) {
	s := start(t).online()
	w := s.window(360, 640, false)
	w.do(chromedp.Navigate(s.url + "/chat"))
	w.there("#reason")
	w.shot("form")
	w.write("#name", "Anna")
	w.write("#reason", "How can I edit my students' information?")
	w.click("form.ask button")
	w.there("#text")
	w.shot("waiting")
	w.write("#text", "I am typing a lo")
	s.answer(opened{Visitor: string(s.conversation(opened{Number: 1}).Visitor)}, "Hello Anna, which of your schools is it about?")
	w.wait(`document.querySelector("iframe.news").contentDocument.body.innerText.includes("Hello Anna")`)
	w.shot("news")
	w.wait(`document.querySelector("#text").value === "I am typing a lo"`) // the words stay when news come
	w.write("#text", "ng answer.")
	w.click("form.write button")
	w.there("main li.operator")
	w.wait(`[...document.querySelectorAll("main li.visitor")].some(li => li.innerText.includes("I am typing a long answer."))`)
	w.shot("talk")
	w.wait(`document.documentElement.scrollWidth <= innerWidth`) // the page is not wider than the phone
	w.click("form.end button")
	w.wait(`!document.querySelector("form.end") && !!document.querySelector("main .state")`)
	w.shot("end")
	if c := s.conversation(opened{Number: 1}); c.State != bridge.Closed {
		t.Errorf("state %s, want closed", c.State)
	}
	w.quiet()
}

// The same page for somebody who reads German.
func TestBrowser_WithoutScriptInGerman(t *testing.T) {
	s := start(t).online()
	w := s.windowIn("de-AT", 360, 640, false)
	w.do(chromedp.Navigate(s.url + "/chat"))
	w.there("#reason")
	w.wait(`document.documentElement.lang === "de"`)
	w.shot("german-form")
	w.write("#reason", "Wie ändere ich die Angaben meiner Schüler?")
	w.click("form.ask button")
	w.there("#text")
	s.answer(opened{Visitor: string(s.conversation(opened{Number: 1}).Visitor)}, "Guten Tag! Um welche Schule geht es?")
	w.wait(`document.querySelector("iframe.news").contentDocument.body.innerText.includes("Sie sprechen mit Xavi.")`)
	w.shot("german-news")
	w.write("#text", strings.Repeat("zu lang ", 1100))
	w.click("form.write button")
	w.wait(`document.body.innerText.includes("Nur die ersten 8192 Zeichen passen hinein.")`)
	w.wait(`document.documentElement.scrollWidth <= innerWidth`)
	w.shot("german-talk")
	w.click("form.end button")
	w.wait(`document.body.innerText.includes("Sie haben das Gespräch beendet.")`)
	w.shot("german-end")
}

// With script the same page shows the widget.
func TestBrowser_WithScript(t *testing.T) {
	s := start(t).online()
	w := s.window(800, 700, true)
	w.do(chromedp.Navigate(s.url + "/chat"))
	w.there("porchlight-panel")
	w.shot("widget")
	w.quiet()
}

// A German visitor reads everything in German: what porchlight says in the chat, and
// what it refuses.
func TestBrowser_AGermanVisitor(t *testing.T) {
	s := start(t, func(set *setup) {
		set.ConversationsPerMinute, set.timing.IdleWarn, set.timing.OperatorGrace = 1, time.Second, 2*time.Second
	}).online()
	s.runTimers()
	w := s.windowIn("de-AT", 420, 800, true)
	w.do(chromedp.Navigate(s.url + "/chat"))
	w.wait(`!!document.querySelector("porchlight-panel")?.shadowRoot.querySelector("form.ask")`)
	w.panel("[name=reason]", "Wie ändere ich die Angaben meiner Schüler?")
	w.press("form.ask button")
	w.reads("Wir fragen unser Team…")
	c := s.conversation(opened{Number: 1})
	s.answer(opened{Visitor: string(c.Visitor)}, "Guten Tag!")
	w.reads("Sind Sie noch da? Dieses Gespräch endet bald, wenn niemand schreibt.")
	end := func() int64 { return s.conversation(opened{Number: 1}).Seq }
	reaches := func(status bridge.ReceiptStatus) {
		s.must(s.bridge.Cursors.Prove(t.Context(), []bridge.Cursor{{Conversation: 1, Operator: xavi, Upto: end(), Status: status}}))
	}
	reaches(bridge.Delivered)
	before := end()
	s.must(s.bridge.Reach.Seen(t.Context(), bridge.Sign{Operator: xavi, Resource: "phone", Visitor: c.Visitor, Receipt: true}))
	w.panel("[name=text]", "Ja, gern.")
	w.press(".composer button.main")
	s.soon("the message is stored", func() bool { return end() > before })
	reaches(bridge.Confirmed)
	w.reads("Das Gerät von Xavi hat die letzte Nachricht noch nicht bestätigt.")
	w.panel("[name=text]", strings.Repeat("zu lang ", 1100))
	w.press(".composer button.main")
	w.reads("Nur die ersten 8192 Zeichen passen hinein.")
	w.shot("german-chat")
	s.must(s.bridge.VisitorCloses(t.Context(), 1))
	w.reads("Dieser Chat ist beendet.")
	w.press(".banner button.main")
	w.panel("[name=reason]", "Noch etwas")
	w.press("form.ask button")
	w.reads("Von Ihrer Adresse kamen zu viele Gespräche. Bitte warten Sie eine Minute.")
	w.shot("german-refusal")
}

// runTimers runs the bridge's timers until the end of the test.
func (s *service) runTimers() {
	ctx, stop := context.WithCancel(context.Background())
	var running sync.WaitGroup
	running.Go(func() { _ = s.bridge.Run(ctx) })
	s.Cleanup(func() {
		stop()
		running.Wait()
	})
}

// inPanel returns the JavaScript for an element of the widget.
func inPanel(selector string) string {
	return "document.querySelector(`porchlight-panel`).shadowRoot.querySelector(`" + selector + "`)"
}

// panel fills a field of the widget.
func (w *window) panel(selector, text string) {
	w.Helper()
	w.wait("!!" + inPanel(selector))
	_, err := w.eval("(e => { e.value = " + strconv.Quote(text) + "; e.dispatchEvent(new Event(`input`)) })(" + inPanel(selector) + ")")
	w.must(err)
}

// press clicks on an element of the widget.
func (w *window) press(selector string) {
	w.Helper()
	w.wait("!!" + inPanel(selector))
	_, err := w.eval(inPanel(selector) + ".click()")
	w.must(err)
}

// reads waits until the widget shows a text.
func (w *window) reads(text string) {
	w.Helper()
	w.soon("the widget shows "+text, func() bool {
		shown, _ := w.eval(inPanel(".box") + ".innerText")
		return strings.Contains(shown, text)
	})
}
