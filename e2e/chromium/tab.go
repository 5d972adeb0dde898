package chromium

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/css"
	"github.com/chromedp/cdproto/dom"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/target"
	"github.com/chromedp/chromedp"
)

// leaving is how long a page may take to go. One that asks its visitor to stay never goes.
const leaving = 10 * time.Second

// Tab lends a tab, at about:blank and without a history, until the test ends. What was set over its connection has gone with that:
// scripts for pages to come, the size, what is emulated. All tabs have one profile, so a test's pages need an origin that no
// other test has, or they find what that one has stored.
func (b *Browser) Tab(t testing.TB) context.Context {
	t.Helper()
	options := []chromedp.ContextOption{chromedp.WithDetachOnCancel()}
	if id := b.take(); id != "" {
		options = append(options, chromedp.WithTargetID(id))
	}
	ctx, cancel := chromedp.NewContext(b.ctx, options...)
	if err := Bind(ctx); err != nil {
		cancel()
		t.Fatalf("open a tab: %v", err)
	}
	id := chromedp.FromContext(ctx).Target.TargetID
	t.Cleanup(func() {
		err := leave(ctx)
		cancel()
		b.put(id, err == nil && !t.Failed())
	})
	return ctx
}

// Private opens a window that shares nothing with others, as a visitor with a browser of their own has it. It closes when the test ends.
func (b *Browser) Private(t testing.TB) context.Context {
	t.Helper()
	ctx, cancel := chromedp.NewContext(b.ctx, chromedp.WithNewBrowserContext())
	t.Cleanup(cancel)
	if err := Bind(ctx); err != nil {
		t.Fatalf("open a window: %v", err)
	}
	return ctx
}

// Bind opens the tab of a context of chromedp.NewContext. It ends what chromedp has the browser tell of each tab, and which no test
// reads: each change of an element, each style sheet, each request and all that comes back. ctx must have no time limit, since its first
// use binds the tab to it.
func Bind(ctx context.Context) error {
	return chromedp.Do(ctx, chromedp.Func(func(ctx context.Context, tab *chromedp.Target) error {
		for _, domain := range []cdp.Command[cdp.Empty, cdp.Empty]{css.Disable, dom.Disable, network.Disable} {
			if _, err := cdp.Call(ctx, tab, domain, cdp.Empty{}); err != nil {
				return fmt.Errorf("%s: %w", domain.Method, err)
			}
		}
		return nil
	}))
}

// Insert puts a text at once where the tab has the focus, as a page sees it from an input method: there are no keys. Three messages to
// the browser for each letter take more processor time than what a page does with them.
func Insert(ctx context.Context, text string) error {
	return chromedp.Do(ctx, chromedp.Func(func(ctx context.Context, tab *chromedp.Target) error {
		_, err := cdp.Call(ctx, tab, input.InsertText, input.InsertTextParams{Text: text})
		return err
	}))
}

// leave ends the tab's page, so that nothing of it goes on, forgets the way back to it, and closes the tabs that it has opened,
// which stand before it and hide it.
func leave(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, leaving)
	defer cancel()
	if err := chromedp.Do(ctx, chromedp.Navigate("about:blank"), chromedp.Func(forget), chromedp.Func(shutOpened)); err != nil {
		return err
	}
	const seen = `document.hidden && new Promise((seen) => document.addEventListener("visibilitychange", () => seen(false)))`
	if _, err := chromedp.Run(ctx, chromedp.Evaluate[bool](seen, chromedp.EvalAwaitPromise)); err != nil {
		return fmt.Errorf("see the tab again: %w", err)
	}
	return nil
}

func forget(ctx context.Context, tab *chromedp.Target) error {
	if _, err := cdp.Call(ctx, tab, page.ResetNavigationHistory, cdp.Empty{}); err != nil {
		return fmt.Errorf("forget the history: %w", err)
	}
	return nil
}

func shutOpened(ctx context.Context, tab *chromedp.Target) error {
	browser := chromedp.FromContext(ctx).Browser
	all, err := cdp.Call(ctx, browser, target.GetTargets, target.GetTargetsParams{})
	if err != nil {
		return fmt.Errorf("list the tabs: %w", err)
	}
	for _, other := range all.TargetInfos {
		if other.OpenerID != tab.TargetID {
			continue
		}
		if _, err := cdp.Call(ctx, browser, target.CloseTarget, target.CloseTargetParams{TargetID: other.TargetID}); err != nil {
			return fmt.Errorf("shut a tab that the page has opened: %w", err)
		}
	}
	return nil
}

// take returns an idle tab, or "".
func (b *Browser) take() target.ID {
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.idle) == 0 {
		return ""
	}
	id := b.idle[len(b.idle)-1]
	b.idle = b.idle[:len(b.idle)-1]
	return id
}

// put keeps a tab for the next test if it is good, or else closes it.
func (b *Browser) put(id target.ID, good bool) {
	if !good {
		// An error means that the browser or the tab is gone already.
		_, _ = cdp.Call(b.ctx, chromedp.FromContext(b.ctx).Browser, target.CloseTarget, target.CloseTargetParams{TargetID: id})
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.idle = append(b.idle, id)
}
