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

// value evaluates an expression in the page.
func (w *window) value(expression string) string {
	w.Helper()
	ctx, cancel := context.WithTimeout(w.ctx, time.Minute)
	defer cancel()
	v, err := chromedp.Run(ctx, chromedp.Evaluate[string](expression))
	w.must(err)
	return v
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
	w.do(chromedp.Navigate(s.url+"/chat"), chromedp.WaitVisible("#reason"))
	w.shot("form")
	w.do(chromedp.SendKeys("#name", "Anna"), chromedp.SendKeys("#reason", "How can I edit my students' information?"),
		chromedp.Click("form.ask button"), chromedp.WaitVisible("#text"))
	w.shot("waiting")
	w.do(chromedp.SendKeys("#text", "I am typing a lo"))
	s.answer(opened{Visitor: string(s.conversation(opened{Number: 1}).Visitor)}, "Hello Anna, which of your schools is it about?")
	w.soon("the news show it", func() bool {
		return strings.Contains(w.value(`document.querySelector("iframe.news").contentDocument?.body?.innerText ?? ""`), "Hello Anna")
	})
	w.shot("news")
	if draft := w.value(`document.querySelector("#text").value`); draft != "I am typing a lo" {
		t.Errorf("what was typed became %q when news came", draft)
	}
	w.do(chromedp.SendKeys("#text", "ng answer."), chromedp.Click("form.write button"), chromedp.WaitVisible("li.operator"))
	w.shot("talk")
	if wide := w.value(`document.documentElement.scrollWidth > innerWidth ? "wider than the phone" : ""`); wide != "" {
		t.Error(wide)
	}
	w.do(chromedp.Click("form.end button"), chromedp.WaitNotPresent("form.end"))
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
	w.do(chromedp.Navigate(s.url+"/chat"), chromedp.WaitVisible("porchlight-panel"))
	w.shot("widget")
	w.quiet()
}
