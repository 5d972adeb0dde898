package ui_test

import (
	"slices"
	"testing"

	"github.com/chromedp/chromedp/kb"
)

// awaitSeq waits until the log holds a text, and returns the number of its event.
func (f *fake) awaitSeq(t *testing.T, message string) (seq int) {
	t.Helper()
	f.await(t, "message "+message, func() bool {
		for _, e := range f.only().events {
			if e["text"] == message {
				seq = e["seq"].(int)
			}
		}
		return seq > 0
	})
	return seq
}

func TestSend_RetriesWithTheSameIDAndKeepsTheOrder(t *testing.T) {
	t.Parallel()
	f, b := chatting(t)
	f.refuse("/messages", refusal{status: 503})
	f.refuse("/messages", refusal{status: 502, stored: true})
	b.write("one")
	b.write("two")
	f.awaitSeq(t, "two")
	b.wait(`texts().slice(-2).join() === "one,two" && all(".me").at(-1).innerText.endsWith("Sent")`)
	for n := range 2 {
		first, next := f.awaitCall(t, "/messages", n+1), f.awaitCall(t, "/messages", n+2)
		if first.body["client_id"] != next.body["client_id"] {
			t.Errorf("try %d has another id than try %d", n+2, n+1)
		}
	}
	if n := f.count("/messages"); n != 4 {
		t.Errorf("%d calls, want 4", n)
	}
	b.wait(`!Object.keys(localStorage).some((k) => k.endsWith("unsent"))`)
}

func TestSend_SurvivesAReload(t *testing.T) {
	t.Parallel()
	f, b := chatting(t)
	for range 20 {
		f.refuse("/messages", refusal{status: 503})
	}
	b.write("do not lose me")
	first := f.awaitCall(t, "/messages", 1)
	b.wait(`all(".me").at(-1).innerText.endsWith("Not sent yet, trying again…")`)
	b.reload()
	b.wait(`texts().includes("do not lose me")`)
	f.update(func() { clear(f.refusals) })
	f.awaitSeq(t, "do not lose me")
	last := f.awaitCall(t, "/messages", f.count("/messages"))
	if first.body["client_id"] != last.body["client_id"] {
		t.Error("another id after the reload")
	}
	b.wait(`texts().filter((t) => t === "do not lose me").length === 1`)
}

func TestSend_WaitsAsLongAsTheServiceAsks(t *testing.T) {
	t.Parallel()
	f, b := chatting(t)
	f.refuse("/messages", refusal{status: 429, header: map[string]string{"Retry-After": "2"}})
	b.write("too fast")
	b.wait(`all(".me").at(-1).innerText.endsWith("Sending again in 2 s.")`)
	f.awaitSeq(t, "too fast")
	b.wait(`all(".me").at(-1).innerText.endsWith("Sent")`)
}

func TestSend_GivesARefusedTextBack(t *testing.T) {
	t.Parallel()
	f, b := chatting(t)
	f.refuse("/messages", refusal{status: 413, problem: object{"detail": "At most 8192 bytes."}})
	b.write("long")
	b.wait(`P("[name=text]").value === "long" && P(".chat > [role=alert]").textContent === "At most 8192 bytes."`)
	b.want(`texts().includes("long")`, "false")
	b.wait(`all(".me").length === 1 && P(".me").innerText.endsWith("Sent")`) // the mark is at the message before
	b.keys("er" + kb.Enter)
	f.awaitSeq(t, "longer")
	b.wait(`all(".me").at(-1).innerText.endsWith("Sent")`)
	b.want(`P(".chat > [role=alert]").textContent`, "")
}

// An error of our own, while the widget takes one answer in, does not keep the next messages back.
func TestSend_AFaultHoldsUpNothing(t *testing.T) {
	t.Parallel()
	f, b := chatting(t)
	b.js(`{ const real = Element.prototype.remove; Element.prototype.remove = function () { if (this.matches(".me")) throw new Error("torn"); real.call(this) } } 0`)
	f.refuse("/messages", refusal{status: 413})
	b.write("long")
	b.wait(`violations.join().includes("torn")`)
	b.write("and on")
	f.awaitSeq(t, "and on")
}

func TestLine_ComesBackWithItsLastEvent(t *testing.T) {
	t.Parallel()
	f, b := chatting(t)
	f.say("before")
	b.wait(`texts().at(-1) === "before"`)
	f.refuse("c1/events", refusal{status: 503})
	f.cutStreams(t)
	f.say("meanwhile")
	b.wait(`texts().at(-1) === "meanwhile"`)
	streams := f.count("c1/events")
	if got := f.awaitCall(t, "c1/events", streams).header.Get("Last-Event-ID"); got != "5" {
		t.Errorf("Last-Event-ID = %q, want 5", got)
	}
	f.emit(object{"type": "message", "from": "operator", "name": "Olga", "text": "after"})
	b.wait(`texts().slice(-3).join() === "before,meanwhile,after"`)
}

func TestLine_ShowsWhatComesTwiceOnce(t *testing.T) {
	t.Parallel()
	f, b := chatting(t)
	f.update(func() { f.twice = true })
	f.say("once")
	f.say("last")
	b.wait(`texts().at(-1) === "last"`)
	b.want(`texts().filter((t) => t === "once").length`, "1")
}

func TestLine_SaysWhenItIsDown(t *testing.T) {
	t.Parallel()
	f, b := chatting(t)
	for range 10 {
		f.refuse("c1/events", refusal{status: 503})
	}
	f.cutStreams(t)
	b.wait(`P(".outage").textContent === "No connection. Trying again…"`)
	b.shoot("down")
	f.update(func() { clear(f.refusals) })
	b.js(`dispatchEvent(new Event("online"))`)
	b.wait(`P(".outage").textContent === ""`)
}

// When the browser says that its network is gone, the line is down at once and not when it has been silent for long.
func TestLine_HearsThatTheNetworkIsGone(t *testing.T) {
	t.Parallel()
	f, b := chatting(t)
	f.await(t, "a stream", func() bool { return f.opened == 1 })
	f.update(func() { f.refusals["c1"] = slices.Repeat([]refusal{{status: 503}}, 50) })
	b.js(`dispatchEvent(new Event("offline")), 0`)
	f.await(t, "end of the stream", func() bool { return f.ended == 1 })
	b.wait(`P(".outage").textContent === "No connection. Trying again…"`)
	f.update(func() { clear(f.refusals) })
	f.say("Are you there?")
	b.js(`dispatchEvent(new Event("online")), 0`)
	b.wait(`texts().at(-1) === "Are you there?" && !P(".outage").textContent`)
}

func TestLine_ForgetsADeadToken(t *testing.T) {
	t.Parallel()
	f, b := chatting(t)
	f.update(func() { clear(f.conversations) })
	f.cutStreams(t)
	b.wait(`shown(P("form.ask"))`)
	b.want(`P("[name=name]").value`, "Anna")
	b.want(`localStorage.length`, "0")
}

func TestLine_ReopensWhenItIsSilent(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	b := newTab(t)
	b.hasten(45000, 300)
	b.open(newSite(t, f, "", "").URL)
	b.openPanel()
	b.request("Anna", "", "Hello")
	f.await(t, "a second stream", func() bool { return f.opened >= 2 && f.ended >= 1 })
	f.join("Olga")
	b.wait(`P("h2").textContent === "Olga"`)
}
