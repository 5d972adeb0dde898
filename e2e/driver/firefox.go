package driver

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
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
	context string // the window's browsing context
	last    int    // the id of the last command
}

// StartFirefox starts Firefox with a new profile in dir. The preferences, as name and JSON value, win over the usual ones.
func StartFirefox(ctx context.Context, dir string, more map[string]string) (*Firefox, error) {
	user := prefs
	for name, value := range more {
		user += fmt.Sprintf("user_pref(%q, %s);\n", name, value)
	}
	if err := os.WriteFile(filepath.Join(dir, "user.js"), []byte(user), 0o600); err != nil {
		return nil, fmt.Errorf("write preferences: %w", err)
	}
	r, w, err := os.Pipe()
	if err != nil {
		return nil, fmt.Errorf("make pipe: %w", err)
	}
	defer w.Close()
	const origin = "http://localhost"
	p, err := run([]string{"HOME=" + dir, "MOZ_HEADLESS=1"}, w, nil, "firefox-esr", "--headless", "--no-remote", "--profile", dir,
		"--remote-debugging-port", "0", "--remote-allow-origins", origin)
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

// begin opens the session and finds the window.
func (f *Firefox) begin(ctx context.Context) error {
	if err := f.command(ctx, "session.new", object{"capabilities": object{}}, nil); err != nil {
		return err
	}
	var tree struct{ Contexts []struct{ Context string } }
	if err := f.command(ctx, "browsingContext.getTree", object{}, &tree); err != nil {
		return err
	}
	if len(tree.Contexts) == 0 {
		return errors.New("it has no window")
	}
	f.context = tree.Contexts[0].Context
	return nil
}

// object is a JSON object.
type object map[string]any

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
	var r struct {
		Result           struct{ Value string }
		ExceptionDetails struct{ Text string }
	}
	err := f.command(ctx, "script.evaluate", object{"expression": encoded(expression), "target": object{"context": f.context}, "awaitPromise": true}, &r)
	if err == nil && r.ExceptionDetails.Text != "" {
		err = errors.New(r.ExceptionDetails.Text)
	}
	return json.RawMessage(r.Result.Value), err
}

// encoded is the expression for the JSON of a value, or of null for what JSON has no words for.
func encoded(expression string) string {
	return "Promise.resolve(" + expression + ").then((v) => JSON.stringify(v) ?? 'null')"
}

// Click presses and releases the mouse's main button.
func (f *Firefox) Click(ctx context.Context, x, y float64) error {
	return f.perform(ctx, click(x, y))
}

// Type types a text where the focus is.
func (f *Firefox) Type(ctx context.Context, text string) error { return f.perform(ctx, typed(text)) }

// Press presses and releases a key: Enter or ArrowUp.
func (f *Firefox) Press(ctx context.Context, key string) error {
	return f.perform(ctx, typed(keys[key]))
}

func (f *Firefox) perform(ctx context.Context, a object) error {
	return f.command(ctx, "input.performActions", object{"context": f.context, "actions": []object{a}}, nil)
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

// keys are the characters that stand for keys without a character (WebDriver §17.4.2).
var keys = map[string]string{"Enter": "\uE007", "ArrowUp": "\uE013"}

// click is a click by the mouse (WebDriver §17.4.3).
func click(x, y float64) object {
	at := object{"type": "pointerMove", "x": math.Round(x), "y": math.Round(y)}
	return object{"type": "pointer", "id": "mouse", "parameters": object{"pointerType": "mouse"},
		"actions": []object{at, {"type": "pointerDown", "button": 0}, {"type": "pointerUp", "button": 0}}}
}

// typed presses and releases a key for each character.
func typed(text string) object {
	var keys []object
	for _, r := range text {
		keys = append(keys, object{"type": "keyDown", "value": string(r)}, object{"type": "keyUp", "value": string(r)})
	}
	return object{"type": "key", "id": "keyboard", "actions": keys}
}
