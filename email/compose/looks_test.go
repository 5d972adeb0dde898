package compose_test

import (
	"context"
	"encoding/base64"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"porchlight/e2e/chromium"
	"porchlight/email/compose"
)

var shots = flag.String("shots", "", "folder for pictures of the mails")

// wrong lists what can't be read well: texts whose contrast to the background is less than 4.5 to 1 (WCAG 2.2 §1.4.3), a
// page that is wider than its window, and links of less than 24 pixels' height (§2.5.8, which spares links in a sentence).
const wrong = `(() => {
  const parse = (text) => text.match(/[\d.]+/g).map(Number);
  const opaque = (c) => c.length === 3 || c[3] === 1;
  const behind = (e) => { for (; e instanceof Element; e = e.parentNode) { const c = parse(getComputedStyle(e).backgroundColor); if (opaque(c)) return c } };
  const light = (c) => { const [r, g, b] = c.slice(0, 3).map((v) => v / 255).map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)); return 0.2126 * r + 0.7152 * g + 0.0722 * b + 0.05 };
  const faint = [...document.querySelectorAll("body *")].filter((e) => [...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim())).flatMap((e) => {
    const [a, b] = [light(parse(getComputedStyle(e).color)), light(behind(e))].sort((a, b) => a - b);
    return b / a < 4.5 ? [e.textContent + " " + b / a] : [];
  });
  const wide = document.documentElement.scrollWidth > innerWidth ? ["the page is " + document.documentElement.scrollWidth + " wide"] : [];
  const low = [...document.querySelectorAll(".button")].filter((e) => e.getBoundingClientRect().height < 24).map((e) => e.textContent + " is low");
  return [...faint, ...wide, ...low].join("; ");
})()`

// crowded is an answer with what makes pages wide.
func crowded() compose.Mail {
	m := answer("de")
	m.Lines = append(m.Lines, compose.Line{Own: true, Text: "https://example.org/" + strings.Repeat("long/", 40) + "\n" + strings.Repeat("w", 200) + "\nשלום עולם, this is a line that begins in Hebrew."})
	m.Quoted = append(m.Quoted, compose.Line{From: strings.Repeat("n", 90), At: when, Text: strings.Repeat("q", 200)})
	return m
}

// Mails can be read well in a narrow and in a wide window, in light and in dark.
func TestLooks(t *testing.T) {
	browser, err := chromium.Start("en-US")
	if errors.Is(err, exec.ErrNotFound) && os.Getenv("CI") != "true" {
		t.Skip("SKIPPED: chromium is missing, the mails were seen by no browser")
	}
	if err != nil {
		t.Fatal(err)
	}
	defer browser.End()
	ctx, done := context.WithTimeout(browser.Context(), 3*time.Minute)
	defer done()
	list := mails()
	list["crowded"] = crowded()
	chart, err := os.ReadFile("../../docs/stats-chart.png") // as the mails of statistics have it
	if err != nil {
		t.Fatal(err)
	}
	picture := base64.StdEncoding.EncodeToString(chart)
	for name, m := range list {
		_, parts := write(t, m)
		html := strings.ReplaceAll(parts[1].body, "cid:picture@porchlight.invalid", "data:image/png;base64,"+picture)
		file := filepath.Join(t.TempDir(), name+".html")
		if err := os.WriteFile(file, []byte(html), 0o600); err != nil {
			t.Fatal(err)
		}
		for _, scheme := range []string{"light", "dark"} {
			for _, width := range []int64{360, 800} {
				look(ctx, t, "file://"+file, scheme, width, fmt.Sprintf("%s-%s-%d", name, scheme, width))
			}
		}
	}
}

// look shows a page in one way, takes a picture of it if -shots names a folder, and says what is wrong with it.
func look(ctx context.Context, t *testing.T, url, scheme string, width int64, name string) {
	t.Helper()
	prefer := chromedp.Func(func(ctx context.Context, tab *chromedp.Target) error {
		_, err := cdp.Call(ctx, tab, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
			Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}})
		return err
	})
	if err := chromedp.Do(ctx, chromedp.EmulateViewport(width, 700), prefer, chromedp.Navigate(url)); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	said, err := chromedp.Run(ctx, chromedp.Evaluate[string](wrong))
	if err != nil || said != "" {
		t.Errorf("%s: %s, %v", name, said, err)
	}
	if *shots == "" {
		return
	}
	b, err := chromedp.Run(ctx, chromedp.FullScreenshot(100))
	if err == nil {
		err = os.WriteFile(filepath.Join(*shots, name+".png"), b, 0o644)
	}
	if err != nil {
		t.Fatal(err)
	}
}
