package main

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"path/filepath"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/performance"
	"github.com/chromedp/chromedp"
)

// slowDown is how much slower than this machine the browser computes, as Lighthouse does it for a phone.
const slowDown = 4

// pages are what the browser opens in turn: each has the same words.
var pages = map[string]string{
	"/empty":  "",
	"/widget": `<script async src="/widget.js"></script>`,
}

// scriptTime prints how long a slow browser is busy with the widget: on load, and when the panel opens, beside a page that
// is empty. The figures are medians over the rounds.
func scriptTime(ctx context.Context, bin, dir string, rounds int) error {
	site, err := newSite(ctx, bin, filepath.Join(dir, "widget"))
	if err != nil {
		return err
	}
	defer site.close()
	shop := httptest.NewServer(shopOf(site.program.Web))
	defer shop.Close()
	browser, end, err := newBrowser(ctx)
	if err != nil {
		return err
	}
	defer end()
	var empty, load, open busy
	for range rounds {
		for _, step := range []struct {
			page string
			do   func(tab context.Context) error
		}{
			{"/empty", func(tab context.Context) error { return empty.add(tab) }},
			{"/widget", func(tab context.Context) error {
				if err := load.add(tab); err != nil {
					return err
				}
				const click = `document.querySelector("porchlight-button").shadowRoot.querySelector("button").click(), 0`
				if _, err := chromedp.Run(tab, chromedp.Evaluate[int](click)); err != nil {
					return err
				}
				return open.addAfter(tab, `document.querySelector("porchlight-panel")?.shadowRoot.querySelector("form.ask")?.checkVisibility()`)
			}},
		} {
			if err := visit(browser, shop.URL+step.page, step.do); err != nil {
				return fmt.Errorf("%s: %w", step.page, err)
			}
		}
	}
	fmt.Printf("a browser %d times as slow is busy, in ms (script alone): an empty page %s; with the widget, until the button is there %s; until the form is open %s\n",
		slowDown, empty, load, open)
	return nil
}

// newBrowser starts Chromium, which end ends.
func newBrowser(ctx context.Context) (browser context.Context, end func(), err error) {
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath("/usr/bin/chromium"), chromedp.NoSandbox, chromedp.DisableGPU)
	allocator, stop := chromedp.NewExecAllocator(ctx, options...)
	browser, cancel := chromedp.NewContext(allocator)
	end = func() {
		cancel()
		stop()
	}
	if err := chromedp.Do(browser); err != nil {
		end()
		return nil, nil, fmt.Errorf("start browser: %w", err)
	}
	return browser, end, nil
}

// shopOf serves the pages, and the program's own below the same address, so that it knows the pages' origin.
func shopOf(web string) http.Handler {
	program := httputil.NewSingleHostReverseProxy(&url.URL{Scheme: "http", Host: web})
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		script, ours := pages[r.URL.Path]
		if !ours {
			program.ServeHTTP(w, r)
			return
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		fmt.Fprintf(w, `<!doctype html><html lang="en"><title>Lamps</title>%s<h1>Lamps</h1><p>Warm light for every porch.</p>`, script)
	})
}

// busy are the times that pages took, in seconds: all of the browser's, and of scripts alone.
type busy struct{ all, script []float64 }

// String is the medians in milliseconds.
func (b busy) String() string {
	return fmt.Sprintf("%.0f (%.0f)", 1000*middle(b.all), 1000*middle(b.script))
}

// add notes the times of a page that has loaded.
func (b *busy) add(tab context.Context) error {
	return b.addAfter(tab, `document.readyState === "complete"`)
}

// addAfter notes the times of a page as soon as an expression is true.
func (b *busy) addAfter(tab context.Context, expression string) error {
	if _, err := chromedp.Run(tab, chromedp.Poll[bool](expression)); err != nil {
		return err
	}
	var r performance.GetMetricsResult
	err := chromedp.Do(tab, chromedp.Func(func(ctx context.Context, target *chromedp.Target) (err error) {
		r, err = cdp.Call(ctx, target, performance.GetMetrics, cdp.Empty{})
		return err
	}))
	if err != nil {
		return err
	}
	for _, m := range r.Metrics {
		switch m.Name {
		case "TaskDuration":
			b.all = append(b.all, m.Value)
		case "ScriptDuration":
			b.script = append(b.script, m.Value)
		}
	}
	return nil
}

// visit opens a page in a tab of its own, whose processor is slow, and lets it come to rest.
func visit(browser context.Context, address string, do func(context.Context) error) error {
	tab, done := chromedp.NewContext(browser, chromedp.WithNewBrowserContext())
	defer done()
	prepare := chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		if _, err := cdp.Call(ctx, target, performance.Enable, performance.EnableParams{}); err != nil {
			return err
		}
		_, err := cdp.Call(ctx, target, emulation.SetCPUThrottlingRate, emulation.SetCPUThrottlingRateParams{Rate: slowDown})
		return err
	})
	if err := chromedp.Do(tab, prepare, chromedp.Navigate(address)); err != nil {
		return err
	}
	time.Sleep(time.Second) // for what a page goes on with after its load; a measurement, no test
	return do(tab)
}
