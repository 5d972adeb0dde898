package chromium_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/target"
	"github.com/chromedp/chromedp"

	"porchlight/e2e/chromium"
)

// start starts a browser that ends with the test.
func start(t *testing.T) *chromium.Browser {
	t.Helper()
	b, err := chromium.Start("de-AT")
	if errors.Is(err, exec.ErrNotFound) && os.Getenv("CI") != "true" {
		t.Skip("SKIPPED, NOTHING TESTED: chromium is missing")
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(b.End)
	return b
}

func id(ctx context.Context) target.ID { return chromedp.FromContext(ctx).Target.TargetID }

// tell evaluates an expression and returns its value as a text.
func tell(t *testing.T, ctx context.Context, expression string) string {
	t.Helper()
	value, err := chromedp.Run(ctx, chromedp.Evaluate[string]("String("+expression+")", chromedp.EvalAwaitPromise))
	if err != nil {
		t.Fatal(err)
	}
	return value
}

// spoil does to a tab what tests do: another size, another look, a script for pages to come, a page with a history that opens another tab.
func spoil(t *testing.T, ctx context.Context, url string) {
	t.Helper()
	emulate := chromedp.Func(func(ctx context.Context, tab *chromedp.Target) error {
		dark := []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: "dark"}}
		_, err := cdp.Call(ctx, tab, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: dark})
		if err == nil {
			_, err = cdp.Call(ctx, tab, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: "globalThis.spoilt = 1"})
		}
		return err
	})
	if err := chromedp.Do(ctx, emulate, chromedp.EmulateViewport(320, 200), chromedp.Navigate(url)); err != nil {
		t.Fatal(err)
	}
	tell(t, ctx, `new Promise((done) => { history.pushState(0, "", "/two"); open("/three").onload = done })`)
	if got := tell(t, ctx, look); got != "320, dark, 1, true" && got != "320, dark, 1, false" { // without windows no tab hides another
		t.Fatalf("the tab is not spoilt: %s", got)
	}
}

const look = `[innerWidth, matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light", globalThis.spoilt, document.hidden].join(", ")`

// What one test did to its tab, the next one does not find: it has the same tab as if it were new.
func TestTab_IsAsNew(t *testing.T) {
	b := start(t)
	site := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		_, _ = fmt.Fprint(w, "<!doctype html><title>Lamps</title>")
	}))
	t.Cleanup(site.Close)
	var first target.ID
	var fresh string
	t.Run("new", func(t *testing.T) { fresh = tell(t, b.Tab(t), look) })
	t.Run("first", func(t *testing.T) {
		ctx := b.Tab(t)
		first = id(ctx)
		spoil(t, ctx, site.URL)
	})
	t.Run("second", func(t *testing.T) {
		ctx := b.Tab(t)
		if id(ctx) != first {
			t.Error("the tab was not lent again")
		}
		if got := tell(t, ctx, `location.href + history.length`); got != "about:blank1" {
			t.Errorf("the tab has %s", got)
		}
		if err := chromedp.Do(ctx, chromedp.Navigate(site.URL)); err != nil {
			t.Fatal(err)
		}
		if got := tell(t, ctx, look); got != fresh {
			t.Errorf("the tab is %s, not %s", got, fresh)
		}
		if got := tell(t, ctx, `navigator.language`); got != "de-AT" {
			t.Errorf("somebody reads %s", got)
		}
	})
}

// broken is a test that has failed.
type broken struct{ testing.TB }

func (broken) Failed() bool { return true }

// A failed test may have left its tab in any state: nobody gets that one again. Two tests at once have two tabs.
func TestTab_OfAFailedTestIsClosed(t *testing.T) {
	b := start(t)
	var first target.ID
	t.Run("fails", func(t *testing.T) { first = id(b.Tab(broken{t})) })
	t.Run("next", func(t *testing.T) {
		one, two := b.Tab(t), b.Tab(t)
		if id(one) == first || id(one) == id(two) {
			t.Errorf("lent %s, then %s and %s", first, id(one), id(two))
		}
	})
}

// The browser tells of pages and consoles, and not of each element, style sheet and request: that would cost as much as the pages.
func TestTab_TellsLittle(t *testing.T) {
	b := start(t)
	site := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		_, _ = fmt.Fprint(w, "<!doctype html><style>b { color: red }</style><b>Lamps</b>")
	}))
	t.Cleanup(site.Close)
	for kind, ctx := range map[string]context.Context{"a tab": b.Tab(t), "a window": b.Private(t)} {
		var told []string // written before the command returns whose events they are
		if err := chromedp.Listen(ctx, func(event any) { told = append(told, fmt.Sprintf("%T", event)) }); err != nil {
			t.Fatal(err)
		}
		if err := chromedp.Do(ctx, chromedp.Navigate(site.URL)); err != nil {
			t.Fatal(err)
		}
		tell(t, ctx, `document.body.append("more"), fetch("/more").then(() => 0)`)
		if !slices.Contains(told, "*page.EventLoadEventFired") {
			t.Errorf("%s does not tell of its page: %q", kind, told)
		}
		for _, event := range told {
			if strings.HasPrefix(event, "*dom.") || strings.HasPrefix(event, "*css.") || strings.HasPrefix(event, "*network.") {
				t.Errorf("%s tells %s", kind, event)
			}
		}
	}
}

// Two private windows share no storage, although they show the same origin.
func TestPrivate(t *testing.T) {
	b := start(t)
	site := httptest.NewServer(http.NotFoundHandler())
	t.Cleanup(site.Close)
	for range 2 {
		ctx := b.Private(t)
		if err := chromedp.Do(ctx, chromedp.Navigate(site.URL)); err != nil {
			t.Fatal(err)
		}
		if had := tell(t, ctx, `[localStorage.length, localStorage.mine = 1][0]`); had != "0" {
			t.Errorf("the window had %s", had)
		}
	}
}
