package ui_test

import (
	"slices"
	"testing"

	"github.com/chromedp/chromedp/kb"
)

// restless opens a chat whose pauses between tries never end by themselves; of all timers these alone have fractions.
func restless(t *testing.T) (*fake, tab) {
	t.Helper()
	f := newFake(t)
	b := newTab(t)
	b.before(`{ const real = setTimeout; globalThis.setTimeout = (f, ms, ...rest) => real(f, Number.isInteger(ms ?? 0) ? ms : 900000, ...rest) }`)
	b.talk(f, "", "Hello")
	f.await(t, "a stream", func() bool { return f.opened == 1 })
	return f, b
}

// When the browser says that its network is back, what waits is sent at once, and the line is made at once.
func TestOnline_EndsEveryPause(t *testing.T) {
	t.Parallel()
	f, b := restless(t)
	f.refuse("/messages", refusal{status: 503})
	b.fill(`P("[name=text]")`, "Are you there?"+kb.Enter)
	b.wait(`all(".me").at(-1).innerText.endsWith("Not sent yet, trying again…")`)
	f.cutStreams(t)
	b.wait(`P(".outage").textContent === "No connection. Trying again…"`)
	b.js(`dispatchEvent(new Event("online")), 0`)
	f.awaitSeq(t, "Are you there?")
	f.await(t, "another stream", func() bool { return f.opened == 2 })
	b.wait(`P(".outage").textContent === ""`)
}

// A line that seems to be up may be dead when the network has changed, so a new one takes its place.
func TestOnline_MakesANewLine(t *testing.T) {
	t.Parallel()
	f, b := restless(t)
	b.js(`dispatchEvent(new Event("online")), 0`)
	f.await(t, "another stream", func() bool { return f.opened == 2 && f.ended == 1 })
	f.say("Here")
	b.wait(`texts().at(-1) === "Here"`)
}

// The visitor's first words stand there with their tick before any stream or poll has come through.
func TestOnline_OwnWordsNeedNoStream(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.update(func() { f.refusals["c1/events"] = slices.Repeat([]refusal{{status: 503}}, 100) })
	b := newTab(t)
	b.open(newSite(t, f, "", "").URL)
	b.openPanel()
	b.request("Anna", "", "Hello")
	b.wait(`texts().join() === "Hello" && P(".me").innerText.endsWith("Sent")`)
	f.look(func() {
		if f.opened+f.polls > 0 {
			t.Errorf("%d streams and %d polls", f.opened, f.polls)
		}
	})
}

// A page that is opened behind others asks nothing before it is shown.
func TestOnline_APageBehindOthersAsksNothing(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	b := newTab(t)
	b.before(`globalThis.asleep = true; Object.defineProperty(document, "hidden", {get: () => asleep, configurable: true})`)
	b.open(newSite(t, f, "", "").URL)
	b.wait(`customElements.get("porchlight-chat")`) // then the button has come to life
	if n := f.count("GET /v1/status") + f.count("GET /v1/events"); n != 0 {
		t.Errorf("%d calls while nobody sees the page", n)
	}
	b.js(`asleep = false, document.dispatchEvent(new Event("visibilitychange"))`)
	b.wait(`B("button.lit")`)
	f.await(t, "a stream", func() bool { return f.watching == 1 })
	if n := f.count("GET /v1/status"); n != 1 {
		t.Errorf("%d calls for the state", n)
	}
}
