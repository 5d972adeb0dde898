package driver

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"time"
)

// WebKit is a WebKitGTK with one window (WebDriver, W3C recommendation).
type WebKit struct {
	screen, program *process
	base            string // the driver's URL, then the session's
}

// desktop is what GTK knows of somebody who has dark windows in which nothing moves. GTK reads it once.
const desktop = "[Settings]\ngtk-theme-name=Adwaita-dark\ngtk-enable-animations=0\n"

// StartWebKit starts WebKit's small browser on a screen that nobody sees. What it keeps is in dir. Its user wants dark windows, and
// motion reduced.
func StartWebKit(ctx context.Context, dir string) (*WebKit, error) {
	browsers, _ := filepath.Glob("/usr/lib/*/webkit2gtk-4.*/MiniBrowser") // the pattern is constant
	if len(browsers) == 0 {
		return nil, fmt.Errorf("find MiniBrowser of webkit2gtk: %w", exec.ErrNotFound)
	}
	k := &WebKit{}
	err := k.start(ctx, dir, browsers[0])
	if err != nil {
		k.Close()
		return nil, fmt.Errorf("start WebKit: %w", err)
	}
	return k, nil
}

func (k *WebKit) start(ctx context.Context, dir, browser string) error {
	own := filepath.Join(dir, "gtk-3.0")
	if err := errors.Join(os.Mkdir(own, 0o700), os.WriteFile(filepath.Join(own, "settings.ini"), []byte(desktop), 0o600)); err != nil {
		return fmt.Errorf("write what GTK reads: %w", err)
	}
	display, err := k.startScreen(ctx)
	if err != nil {
		return err
	}
	// The driver takes only a port that it is told.
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return fmt.Errorf("find a free port: %w", err)
	}
	_, port, err := net.SplitHostPort(free.Addr().String())
	if err := errors.Join(err, free.Close()); err != nil {
		return fmt.Errorf("find a free port: %w", err)
	}
	env := []string{"DISPLAY=" + display, "HOME=" + dir, "XDG_DATA_HOME=" + dir, "XDG_CACHE_HOME=" + dir, "XDG_RUNTIME_DIR=" + dir, "XDG_CONFIG_HOME=" + dir, "LANG=en_US.UTF-8",
		"NO_AT_BRIDGE=1", "WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS=1"} // its sandbox needs what root in a container lacks
	if k.program, err = run(env, nil, nil, "WebKitWebDriver", "--host=127.0.0.1", "--port="+port); err != nil {
		return err
	}
	k.base = "http://127.0.0.1:" + port
	if err := k.await(ctx); err != nil {
		return err
	}
	var session struct{ SessionID string }
	options := object{"binary": browser, "args": []string{"--automation"}}
	if err := k.call(ctx, "POST", "/session", object{"capabilities": object{"alwaysMatch": object{"webkitgtk:browserOptions": options}}}, &session); err != nil {
		return err
	}
	k.base += "/session/" + session.SessionID
	return nil
}

// startScreen starts an X server without a screen, and returns its display.
func (k *WebKit) startScreen(ctx context.Context) (string, error) {
	r, w, err := os.Pipe()
	if err != nil {
		return "", fmt.Errorf("make pipe: %w", err)
	}
	k.screen, err = run(nil, nil, []*os.File{w}, "Xvfb", "-displayfd", "3", "-screen", "0", "1280x1024x24", "-nolisten", "tcp")
	w.Close()
	if err != nil {
		r.Close()
		return "", err
	}
	number, err := line(ctx, r, func(s string) (string, bool) { return s, s != "" })
	return ":" + number, err
}

// await waits until the driver listens.
func (k *WebKit) await(ctx context.Context) error {
	for {
		err := k.call(ctx, "GET", "/status", nil, nil)
		if err == nil {
			return nil
		}
		select {
		case <-ctx.Done():
			return err
		case <-time.After(50 * time.Millisecond):
		}
	}
}

// call makes one call and decodes the value of the answer into out, unless out is nil.
func (k *WebKit) call(ctx context.Context, method, path string, params object, out any) error {
	body, err := json.Marshal(params)
	if err != nil {
		return fmt.Errorf("encode %s: %w", path, err)
	}
	var sent io.Reader
	if method == "POST" {
		sent = bytes.NewReader(body)
	}
	r, err := http.NewRequestWithContext(ctx, method, k.base+path, sent)
	if err != nil {
		return fmt.Errorf("make request: %w", err)
	}
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	var a struct{ Value json.RawMessage }
	if err := json.NewDecoder(resp.Body).Decode(&a); err != nil {
		return fmt.Errorf("read the answer to %s: %w", path, err)
	}
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("%s: %s", path, a.Value)
	}
	if out == nil {
		return nil
	}
	return json.Unmarshal(a.Value, out)
}

// Open goes to an address and waits until the page has loaded.
func (k *WebKit) Open(ctx context.Context, url string) error {
	return k.call(ctx, "POST", "/url", object{"url": url}, nil)
}

// Reload loads the page again.
func (k *WebKit) Reload(ctx context.Context) error {
	return k.call(ctx, "POST", "/refresh", object{}, nil)
}

// Eval returns the value of a JavaScript expression, a promise's once it is settled, as JSON.
func (k *WebKit) Eval(ctx context.Context, expression string) (json.RawMessage, error) {
	var value string
	err := k.call(ctx, "POST", "/execute/sync", object{"script": "return " + encoded(expression), "args": []any{}}, &value)
	return json.RawMessage(value), err
}

// Click presses and releases the mouse's main button.
func (k *WebKit) Click(ctx context.Context, x, y float64) error { return k.perform(ctx, click(x, y)) }

// Type types a text where the focus is.
func (k *WebKit) Type(ctx context.Context, text string) error { return k.perform(ctx, typed(text)) }

// Press presses and releases a key, as Enter or Shift+Tab.
func (k *WebKit) Press(ctx context.Context, key string) error { return k.perform(ctx, pressed(key)) }

func (k *WebKit) perform(ctx context.Context, a object) error {
	return k.call(ctx, "POST", "/actions", object{"actions": []object{a}}, nil)
}

// Choose chooses a file of this machine in a field for files, which a JavaScript expression finds.
func (k *WebKit) Choose(ctx context.Context, field, path string) error {
	var element map[string]string
	if err := k.call(ctx, "POST", "/execute/sync", object{"script": "return " + field, "args": []any{}}, &element); err != nil {
		return err
	}
	return k.call(ctx, "POST", "/element/"+element["element-6066-11e4-a52e-4f735466cecf"]+"/value", object{"text": path}, nil) // WebDriver §12.1 names the key
}

// Cover puts the page into the background: it minimises the window.
func (k *WebKit) Cover(ctx context.Context) error {
	return k.call(ctx, "POST", "/window/minimize", object{}, nil)
}

// Uncover shows the window again, as it was.
func (k *WebKit) Uncover(ctx context.Context) error {
	return k.call(ctx, "POST", "/window/rect", object{}, nil)
}

// Resize gives the window a size; the page has a little less.
func (k *WebKit) Resize(ctx context.Context, width, height int) error {
	return k.call(ctx, "POST", "/window/rect", object{"width": width, "height": height}, nil)
}

// Picture is a screenshot of what is seen of the page, as PNG.
func (k *WebKit) Picture(ctx context.Context) (png []byte, err error) {
	err = k.call(ctx, "GET", "/screenshot", nil, &png)
	return png, err
}

// Close ends WebKit and its screen.
func (k *WebKit) Close() {
	for _, p := range []*process{k.program, k.screen} {
		if p != nil {
			p.end()
		}
	}
}
