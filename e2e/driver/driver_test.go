package driver

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"image/png"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"
)

// browser is what both have.
type browser interface {
	Open(context.Context, string) error
	Reload(context.Context) error
	Eval(context.Context, string) (json.RawMessage, error)
	Click(context.Context, float64, float64) error
	Type(context.Context, string) error
	Press(context.Context, string) error
	Choose(context.Context, string, string) error
	Cover(context.Context) error
	Uncover(context.Context) error
	Resize(context.Context, int, int) error
	Picture(context.Context) ([]byte, error)
	Close()
}

// Each browser opens a page with a strict policy, clicks, types, presses, chooses a file, evaluates, goes to the background and back, reloads and takes a
// picture.
func TestBrowsers(t *testing.T) {
	for name, start := range map[string]func(context.Context) (browser, error){
		"firefox": func(ctx context.Context) (browser, error) { return StartFirefox(ctx, t.TempDir()) },
		"webkit":  func(ctx context.Context) (browser, error) { return StartWebKit(ctx, t.TempDir()) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var loads atomic.Int32
			site := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if r.URL.Path != "/" {
					return
				}
				loads.Add(1)
				w.Header().Set("Content-Type", "text/html; charset=utf-8")
				w.Header().Set("Content-Security-Policy", "default-src 'none'; script-src 'nonce-a'; require-trusted-types-for 'script'")
				fmt.Fprint(w, `<!doctype html><title>new</title><body><form><input><button type="button">?</button></form><input type="file" hidden><script nonce="a">
					document.querySelector("button").onclick = () => (document.title = "pressed");
					document.forms[0].onsubmit = (e) => { e.preventDefault(); document.title = "sent " + document.querySelector("input").value }</script>`)
			}))
			defer site.Close()
			ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
			defer cancel()
			b, err := start(ctx)
			if errors.Is(err, exec.ErrNotFound) && os.Getenv("CI") != "true" {
				t.Skipf("\n*** SKIPPED, NOT TESTED: %v ***", err)
			}
			if err != nil {
				t.Fatal(err)
			}
			defer b.Close()
			must := func(err error) {
				t.Helper()
				if err != nil {
					t.Fatal(err)
				}
			}
			want := func(expression, want string) {
				t.Helper()
				if got, err := b.Eval(ctx, expression); err != nil || string(got) != want {
					t.Errorf("%s is %s, %v; want %s", expression, got, err, want)
				}
			}
			path := filepath.Join(t.TempDir(), "a.txt")
			must(os.WriteFile(path, []byte("words"), 0o600))
			must(b.Resize(ctx, 700, 500))
			must(b.Open(ctx, site.URL))
			raw, err := b.Eval(ctx, `(({ x, y, width, height }) => [x + width / 2, y + height / 2])(document.querySelector("input").getBoundingClientRect())`)
			must(err)
			var at [2]float64
			must(json.Unmarshal(raw, &at))
			must(b.Click(ctx, at[0], at[1]))
			must(b.Type(ctx, `"Grüße" ☕`))
			must(b.Press(ctx, "Enter"))
			want(`document.title`, `"sent \"Grüße\" ☕"`)
			want(`document.activeElement.localName`, `"input"`)
			must(b.Press(ctx, "Tab"))
			want(`document.activeElement.localName`, `"button"`)
			must(b.Press(ctx, "Enter"))
			want(`document.title`, `"pressed"`)
			must(b.Press(ctx, "Shift+Tab"))
			want(`document.activeElement.localName`, `"input"`)
			must(b.Choose(ctx, `document.querySelector("[type=file]")`, path))
			want(`document.querySelector("[type=file]").files[0].text()`, `"words"`)
			must(b.Cover(ctx))
			want(`new Promise((done) => setInterval(() => document.hidden && done(true), 10))`, `true`)
			must(b.Uncover(ctx))
			want(`new Promise((done) => setInterval(() => document.hidden || done(innerWidth), 10))`, `700`)
			want(`new Promise((done) => setTimeout(() => done([1, { a: null }]), 10))`, `[1,{"a":null}]`)
			want(`undefined`, `null`)
			want(`navigator.language`, `"en-US"`)
			if v, err := b.Eval(ctx, `missing.thing`); err == nil {
				t.Errorf("what throws has the value %s", v)
			}
			shot, err := b.Picture(ctx)
			must(err)
			if _, err := png.Decode(bytes.NewReader(shot)); err != nil {
				t.Errorf("%d bytes of screenshot: %v", len(shot), err)
			}
			must(b.Reload(ctx))
			want(`document.title`, `"new"`)
			if n := loads.Load(); n != 2 {
				t.Errorf("the page was loaded %d times", n)
			}
		})
	}
}
