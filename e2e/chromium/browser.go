package chromium

import (
	"context"
	"fmt"
	"os/exec"
	"sync"

	"github.com/chromedp/cdproto/target"
	"github.com/chromedp/chromedp"
)

// without names what Chromium leaves out. It draws the list below its address bar with a page of its own, which it loads anew in
// every window, twice, and which then lays itself out at each change of size: a third of all the work. For going back it keeps
// the process of the page that was left and starts another for the next. The first two, chromedp leaves out itself.
const without = "Translate,BlinkGenPropertyTrees,WebUIOmniboxPopup,WebUIOmniboxAimPopup,WebUIOmniboxFullPopup,BackForwardCache"

// Browser is one Chromium without a window on a screen. Its methods may be called by any goroutine.
type Browser struct {
	ctx  context.Context
	stop context.CancelFunc
	mu   sync.Mutex
	idle []target.ID // tabs that no test uses
}

// programs are what Chromium may be called: the shell is the same browser without a window, which takes a third less processor time.
var programs = [...]string{"chromium-headless-shell", "chromium"}

// find returns the first of the programs that is installed.
func find() (path string, err error) {
	for _, name := range programs {
		if path, err = exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	return "", fmt.Errorf("find Chromium: %w", err)
}

// Start starts Chromium, with a profile of its own, for somebody who reads the language (such as de-AT). It returns an error
// that wraps exec.ErrNotFound where Chromium is not installed. End ends it.
func Start(language string, options ...chromedp.ExecAllocatorOption) (*Browser, error) {
	path, err := find()
	if err != nil {
		return nil, err
	}
	all := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.Flag("disable-features", without), chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true),
		chromedp.Flag("lang", language), chromedp.Flag("accept-lang", language))
	allocator, stop := chromedp.NewExecAllocator(context.Background(), append(all, options...)...)
	ctx, _ := chromedp.NewContext(allocator)
	if err := chromedp.Do(ctx); err != nil { // the browser ends with the context of its first call, so this one has no time limit
		stop()
		return nil, fmt.Errorf("start Chromium: %w", err)
	}
	return &Browser{ctx: ctx, stop: stop}, nil
}

// Context is the browser's own tab. What chromedp.NewContext makes of it is another tab, or another visitor.
func (b *Browser) Context() context.Context { return b.ctx }

// End ends the browser, and waits until it has ended. It takes nil.
func (b *Browser) End() {
	if b == nil {
		return
	}
	_ = chromedp.Cancel(b.ctx) // nobody needs the browser any more
	b.stop()
}
