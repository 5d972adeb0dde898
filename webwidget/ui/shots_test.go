package ui_test

import (
	"os"
	"path/filepath"

	"github.com/chromedp/chromedp"
)

// shoot takes a picture of the page if PORCHLIGHT_SHOTS names a folder for it.
func (b tab) shoot(name string) {
	b.Helper()
	dir := os.Getenv("PORCHLIGHT_SHOTS")
	if dir == "" {
		return
	}
	b.still()
	png, err := chromedp.Run(b.ctx, chromedp.CaptureScreenshot())
	if err == nil {
		err = os.MkdirAll(dir, 0o755)
	}
	if err == nil {
		err = os.WriteFile(filepath.Join(dir, name+".png"), png, 0o644)
	}
	if err != nil {
		b.Fatal(err)
	}
}

// still waits until nothing of the widget moves any more.
func (b tab) still() {
	b.Helper()
	b.wait(`[...document.querySelectorAll("porchlight-panel,porchlight-teaser")].every((host) => host.shadowRoot.getAnimations().every((a) => a.playState === "finished"))`)
}
