package driver

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"golang.org/x/net/websocket"
)

// prefs keep Firefox from everything that it does by itself: looking for updates, telling of itself, first pages.
const prefs = `user_pref("app.update.disabledForTesting", true);
user_pref("app.normandy.enabled", false);
user_pref("browser.aboutwelcome.enabled", false);
user_pref("browser.region.network.url", "");
user_pref("browser.safebrowsing.downloads.enabled", false);
user_pref("browser.safebrowsing.malware.enabled", false);
user_pref("browser.safebrowsing.phishing.enabled", false);
user_pref("browser.shell.checkDefaultBrowser", false);
user_pref("browser.startup.homepage_override.mstone", "ignore");
user_pref("datareporting.policy.dataSubmissionEnabled", false);
user_pref("extensions.getAddons.cache.enabled", false);
user_pref("extensions.update.enabled", false);
user_pref("intl.locale.requested", "en-US");
user_pref("media.gmp-manager.updateEnabled", false);
user_pref("network.captive-portal-service.enabled", false);
user_pref("network.connectivity-service.enabled", false);
user_pref("services.settings.server", "data:,#remote-settings-dummy/v1");
user_pref("toolkit.telemetry.reportingpolicy.firstRun", false);
user_pref("toolkit.telemetry.server", "");
`

// Firefox is a Firefox with one window (WebDriver BiDi, W3C working draft).
type Firefox struct {
	program *process
	link    *websocket.Conn
	context string // the page's browsing context
	chrome  string // that of the window around it
	front   string // that of an empty page in front of it, or ""
	last    int    // the id of the last command
}

// StartFirefox starts Firefox with a new profile in dir.
func StartFirefox(ctx context.Context, dir string) (*Firefox, error) {
	if err := os.WriteFile(filepath.Join(dir, "user.js"), []byte(prefs), 0o600); err != nil {
		return nil, fmt.Errorf("write preferences: %w", err)
	}
	r, w, err := os.Pipe()
	if err != nil {
		return nil, fmt.Errorf("make pipe: %w", err)
	}
	defer w.Close()
	const origin = "http://localhost"
	p, err := run([]string{"HOME=" + dir, "MOZ_HEADLESS=1"}, w, nil, "firefox-esr", "--headless", "--no-remote", "--profile", dir,
		"--remote-debugging-port", "0", "--remote-allow-origins", origin,
		"--remote-allow-system-access")
	if err != nil {
		r.Close()
		return nil, err
	}
	f := &Firefox{program: p}
	address, err := line(ctx, r, func(s string) (string, bool) {
		_, address, ok := strings.Cut(s, "WebDriver BiDi listening on ")
		return address, ok
	})
	if err == nil {
		f.link, err = websocket.Dial(address+"/session", "", origin)
	}
	if err == nil {
		f.link.MaxPayloadBytes = 64 << 20
		err = f.begin(ctx)
	}
	if err != nil {
		f.Close()
		return nil, fmt.Errorf("start Firefox: %w", err)
	}
	return f, nil
}

// begin opens the session and finds the window and its page.
func (f *Firefox) begin(ctx context.Context) error {
	if err := f.command(ctx, "session.new", object{"capabilities": object{}}, nil); err != nil {
		return err
	}
	for scope, context := range map[string]*string{"content": &f.context, "chrome": &f.chrome} {
		var tree struct{ Contexts []struct{ Context string } }
		if err := f.command(ctx, "browsingContext.getTree", object{"moz:scope": scope}, &tree); err != nil {
			return err
		}
		if len(tree.Contexts) == 0 {
			return fmt.Errorf("it has no %s", scope)
		}
		*context = tree.Contexts[0].Context
	}
	return f.focus(ctx)
}

// focus puts the focus into the page. Firefox leaves it in the window around it, and buttons of the page take no keys then.
func (f *Firefox) focus(ctx context.Context) error {
	_, err := f.evaluate(ctx, f.chrome, `String(gBrowser.selectedBrowser.focus())`)
	return err
}

// command sends a command, waits for its answer and decodes the result into out, unless out is nil. Events are dropped.
func (f *Firefox) command(ctx context.Context, method string, params object, out any) error {
	f.last++
	end, ok := ctx.Deadline()
	if !ok {
		end = time.Now().Add(time.Minute)
	}
	f.link.SetDeadline(end)
	if err := websocket.JSON.Send(f.link, object{"id": f.last, "method": method, "params": params}); err != nil {
		return fmt.Errorf("send %s: %w", method, err)
	}
	for {
		var a struct {
			ID             int
			Error, Message string
			Result         json.RawMessage
		}
		switch err := websocket.JSON.Receive(f.link, &a); {
		case err != nil:
			return fmt.Errorf("wait for the answer to %s: %w", method, err)
		case a.ID != f.last:
			continue
		case a.Error != "":
			return fmt.Errorf("%s: %s: %s", method, a.Error, a.Message)
		case out == nil:
			return nil
		}
		return json.Unmarshal(a.Result, out)
	}
}

// Open goes to an address and waits until the page has loaded.
func (f *Firefox) Open(ctx context.Context, url string) error {
	return f.command(ctx, "browsingContext.navigate", object{"context": f.context, "url": url, "wait": "complete"}, nil)
}

// Reload loads the page again.
func (f *Firefox) Reload(ctx context.Context) error {
	return f.command(ctx, "browsingContext.reload", object{"context": f.context, "wait": "complete"}, nil)
}

// Eval returns the value of a JavaScript expression, a promise's once it is settled, as JSON.
func (f *Firefox) Eval(ctx context.Context, expression string) (json.RawMessage, error) {
	r, err := f.evaluate(ctx, f.context, encoded(expression))
	value, _ := r.Value.(string)
	return json.RawMessage(value), err
}

// result is what an expression is: a text, or an element by its id.
type result struct {
	Value    any
	SharedID string
}

func (f *Firefox) evaluate(ctx context.Context, where, expression string) (result, error) {
	var r struct {
		Result           result
		ExceptionDetails struct{ Text string }
	}
	err := f.command(ctx, "script.evaluate", object{"expression": expression, "target": object{"context": where}, "awaitPromise": true}, &r)
	if err == nil && r.ExceptionDetails.Text != "" {
		err = errors.New(r.ExceptionDetails.Text)
	}
	return r.Result, err
}

// Prefer sets a preference of Firefox from now on, as its page about:config does: a whole number, or true or false.
func (f *Firefox) Prefer(ctx context.Context, name string, value any) error {
	kind := "Bool"
	if _, ok := value.(int); ok {
		kind = "Int"
	}
	_, err := f.evaluate(ctx, f.chrome, fmt.Sprintf("String(Services.prefs.set%sPref(%q, %v))", kind, name, value))
	return err
}

// Click presses and releases the mouse's main button.
func (f *Firefox) Click(ctx context.Context, x, y float64) error { return f.perform(ctx, click(x, y)) }

// Type types a text where the focus is.
func (f *Firefox) Type(ctx context.Context, text string) error { return f.perform(ctx, typed(text)) }

// Press presses and releases a key, as Enter or Shift+Tab.
func (f *Firefox) Press(ctx context.Context, key string) error { return f.perform(ctx, pressed(key)) }

func (f *Firefox) perform(ctx context.Context, a object) error {
	return f.command(ctx, "input.performActions", object{"context": f.context, "actions": []object{a}}, nil)
}

// Choose chooses a file of this machine in a field for files, which a JavaScript expression finds.
func (f *Firefox) Choose(ctx context.Context, field, path string) error {
	r, err := f.evaluate(ctx, f.context, field)
	if err != nil {
		return err
	}
	return f.command(ctx, "input.setFiles", object{"context": f.context, "element": object{"sharedId": r.SharedID}, "files": []string{path}}, nil)
}

// Cover puts another page before the page, which is in the background then.
func (f *Firefox) Cover(ctx context.Context) error {
	var made struct{ Context string }
	err := f.command(ctx, "browsingContext.create", object{"type": "tab"}, &made)
	f.front = made.Context
	return err
}

// Uncover takes that page away.
func (f *Firefox) Uncover(ctx context.Context) error {
	err := f.command(ctx, "browsingContext.close", object{"context": f.front}, nil)
	return errors.Join(err, f.command(ctx, "browsingContext.activate", object{"context": f.context}, nil), f.focus(ctx))
}

// Resize gives the page a size.
func (f *Firefox) Resize(ctx context.Context, width, height int) error {
	return f.command(ctx, "browsingContext.setViewport", object{"context": f.context, "viewport": object{"width": width, "height": height}}, nil)
}

// Picture is a screenshot of what is seen of the page, as PNG.
func (f *Firefox) Picture(ctx context.Context) ([]byte, error) {
	var shot struct{ Data []byte }
	err := f.command(ctx, "browsingContext.captureScreenshot", object{"context": f.context}, &shot)
	return shot.Data, err
}

// Close ends Firefox.
func (f *Firefox) Close() {
	if f.link != nil {
		f.link.Close()
	}
	f.program.end()
}
