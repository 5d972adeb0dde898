package webwidget_test

import (
	"context"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"

	"porchlight/bridge"
)

var shots = flag.String("shots", "", "folder for pictures of what the browser tests see")

// window is one of a real browser.
type window struct {
	*service
	ctx        context.Context
	mu         sync.Mutex
	complaints []string // of the console
}

// chromiumPath finds the browser, or skips the test where there is none.
func chromiumPath(t *testing.T) string {
	t.Helper()
	path, err := exec.LookPath("chromium")
	if err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal("chromium is missing")
		}
		t.Skip("SKIPPED: chromium is missing, the page was seen by no browser")
	}
	return path
}

// window opens one of that size, with or without script.
func (s *service) window(width, height int64, script bool) *window {
	s.Helper()
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(chromiumPath(s.T)), chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true), chromedp.Flag("lang", "en-US"))
	allocator, stop := chromedp.NewExecAllocator(context.Background(), options...)
	s.Cleanup(stop)
	ctx, cancel := chromedp.NewContext(allocator)
	s.Cleanup(cancel)
	w := &window{service: s, ctx: ctx}
	w.do(chromedp.EmulateViewport(width, height), chromedp.Func(func(ctx context.Context, tab *chromedp.Target) error {
		_, err := cdp.Call(ctx, tab, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: !script})
		return err
	}))
	go w.listen()
	return w
}

// listen collects what the console complains about; it ends with the window.
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
	// The first call starts the browser, which ends with the context of that call.
	err := chromedp.Do(w.ctx)
	if err == nil {
		ctx, cancel := context.WithTimeout(w.ctx, time.Minute)
		defer cancel()
		err = chromedp.Do(ctx, actions...)
	}
	w.must(err)
}

// eval evaluates an expression in the page, which may be going at that moment.
func (w *window) eval(expression string) (string, error) {
	ctx, cancel := context.WithTimeout(w.ctx, time.Minute)
	defer cancel()
	return chromedp.Run(ctx, chromedp.Evaluate[string]("String("+expression+")"))
}

// wait looks at the page until an expression is true.
func (w *window) wait(expression string) {
	w.Helper()
	w.soon(expression, func() bool {
		v, _ := w.eval(expression)
		return v == "true"
	})
}

// there waits for an element.
func (w *window) there(selector string) {
	w.Helper()
	w.wait("!!document.querySelector(`" + selector + "`)")
}

// write types into a field, as a keyboard does.
func (w *window) write(selector, text string) {
	w.Helper()
	w.wait("document.querySelector(`" + selector + "`)?.focus() === undefined && document.activeElement.matches(`" + selector + "`)")
	w.do(chromedp.Func(func(ctx context.Context, tab *chromedp.Target) error {
		_, err := cdp.Call(ctx, tab, input.InsertText, input.InsertTextParams{Text: text})
		return err
	}))
}

// click presses a button.
func (w *window) click(selector string) {
	w.Helper()
	_, err := w.eval("document.querySelector(`" + selector + "`).click()")
	w.must(err)
}

// shot keeps a picture of the page if they are wanted.
func (w *window) shot(name string) {
	w.Helper()
	if *shots == "" {
		return
	}
	b, err := chromedp.Run(w.ctx, chromedp.CaptureScreenshot())
	w.must(err)
	w.must(os.WriteFile(filepath.Join(*shots, name+".png"), b, 0o644))
}

// quiet checks that the console complained about nothing: the policy of the
// page forbids nothing that is in it.
func (w *window) quiet() {
	w.Helper()
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, c := range w.complaints {
		if !strings.Contains(c, "favicon.ico") {
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
	w.wait(`document.querySelector("#text").value === "I am typing a lo"`) // nothing is lost when news come
	w.write("#text", "ng answer.")
	w.click("form.write button")
	w.there("main li.operator")
	w.wait(`[...document.querySelectorAll("main li.visitor")].some(li => li.innerText.includes("I am typing a long answer."))`)
	w.shot("talk")
	w.wait(`document.documentElement.scrollWidth <= innerWidth`) // not wider than the phone
	w.click("form.end button")
	w.wait(`!document.querySelector("form.end") && !!document.querySelector("main .state")`)
	w.shot("end")
	if c := s.conversation(opened{Number: 1}); c.State != bridge.Closed {
		t.Errorf("state %s, want closed", c.State)
	}
	w.quiet()
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
