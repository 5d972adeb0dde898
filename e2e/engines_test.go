package e2e_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"porchlight/component/stream"
	"porchlight/demo"
	"porchlight/e2e/driver"
	"porchlight/e2e/operator"
)

// engines are the browsers other than Chromium, in which every other test runs.
var engines = []struct {
	name  string
	start func(ctx context.Context, dir string) (engine, func(), error)
}{
	{"firefox", func(ctx context.Context, dir string) (engine, func(), error) {
		f, err := driver.StartFirefox(ctx, dir, nil)
		return f, func() { f.Close() }, err
	}},
	{"firefox without cookies", func(ctx context.Context, dir string) (engine, func(), error) {
		f, err := driver.StartFirefox(ctx, dir, map[string]string{"network.cookie.cookieBehavior": "2"})
		return f, func() { f.Close() }, err
	}},
	{"webkit", func(ctx context.Context, dir string) (engine, func(), error) {
		k, err := driver.StartWebKit(ctx, dir)
		return k, func() { k.Close() }, err
	}},
}

// TestEngines: the visitor's whole story in each browser: the button follows the operators' presence, a request is made, taken and
// answered, words go both ways, a reloaded page goes on where it was, the badge counts what was not seen, the visitor ends the chat and
// begins another. A browser that stores nothing does without what must be stored.
func TestEngines(t *testing.T) {
	for _, e := range engines {
		t.Run(e.name, func(t *testing.T) {
			t.Parallel()
			ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
			defer cancel()
			w, stop, err := e.start(ctx, t.TempDir())
			if err != nil {
				lacking(t, err)
			}
			t.Cleanup(stop)
			story(t, &page{t: t, engine: w, ctx: context.WithoutCancel(t.Context()), name: e.name + "-"}, e.name != "firefox without cookies")
		})
	}
}

// story is the visitor's whole story. A browser that stores nothing has forgotten the chat when its page is reloaded.
func story(t *testing.T, p *page, stores bool) {
	s := start(t, nil)
	p.open(s.shop)
	p.lamp("OFFLINE")
	p.picture("offline")
	x := s.operators("xavi")[0]
	p.lamp("ONLINE")
	p.picture("online")
	p.ring("Anna", "", "Do you ship to Andorra? ☕")
	jid := s.visitorOf(x, 1)
	p.title("Xavi")
	x.says(jid, "Yes, we do. https://shop.example/andorra")
	p.wait("the link", fmt.Sprintf(`!!%s`, inPanel(`.entry a[href="https://shop.example/andorra"]`)))
	p.typing("And to Malta?")
	x.expect("composing", func(el *stream.Element) bool { return el.Child(nsStates, "composing") != nil })
	p.key("Enter")
	x.hears(jid, "And to Malta?")
	p.picture("chat")
	want := []string{"me: Do you ship to Andorra? ☕", "Xavi joined the chat", "them: Yes, we do. https://shop.example/andorra", "me: And to Malta?"}
	same(t, p, want)
	if stores {
		p.reload()
		p.title("Xavi")
		p.shows("And to Malta?")
		same(t, p, want)
	}
	p.shutPanel()
	x.says(jid, "To Malta, too.")
	p.badge(1)
	p.openPanel()
	p.shows("To Malta, too.")
	p.badge(0)
	p.end()
	p.fits("Write to continue this chat…")
	p.picture("ended")
	x.hears(jid, "Anna ended the conversation")
	p.click("Start a new chat", inPanel(".banner .main"))
	p.fill("reason", "And to Gibraltar?")
	p.send()
	p.shows("And to Gibraltar?")
	x.expect("the offer", operator.Body(demo.Desk, "#2 Anna"))
}

// fits checks that the hint stands in the message box on one line, and that two lines written there need no scroll bar, which would make
// corners in a round box.
func (p *page) fits(hint string) {
	p.t.Helper()
	area := inPanel("textarea[name=text]")
	p.wait("the hint", fmt.Sprintf("%s.placeholder === %s && %[1]s.scrollHeight <= %[1]s.clientHeight", area, js(hint)))
	p.wait("two lines", fmt.Sprintf(`((e) => {
		const write = (text) => { e.value = text; e.dispatchEvent(new Event("input")) };
		write(["one", "two"].join(String.fromCharCode(10)));
		const fits = e.scrollHeight <= e.clientHeight;
		if (!fits) throw new Error(e.scrollHeight + " in " + e.clientHeight);
		write("");
		return fits;
	})(%s)`, area))
}
