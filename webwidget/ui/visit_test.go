package ui_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

func TestVisit_ReloadAndNavigationGoOn(t *testing.T) {
	t.Parallel()
	f, b := chatting(t)
	b.write("Hello")
	f.awaitSeq(t, "Hello")
	b.reload()
	b.wait(`shown(P("[role=log]")) && texts().length === 2 && P("h2").textContent === "Olga"`)
	leave := f.awaitCall(t, "/leave", 1)
	if got := leave.header.Get("Authorization"); got != "Bearer secret1" {
		t.Errorf("leave came with %q", got)
	}
	b.want(`focused() === document.body`, "true") // the panel does not take the focus of a new page
	b.click(`document.querySelector("a")`)
	b.wait(`location.pathname === "/two" && texts().length === 2`)
	f.say("On every page")
	b.wait(`texts().at(-1) === "On every page"`)
	b.noViolations()
}

// After a reload the panel names everybody who takes part, and nobody who took part before the conversation was opened again.
func TestVisit_KnowsWhoElseTakesPartAfterAReload(t *testing.T) {
	t.Parallel()
	f, b := chatting(t)
	f.state("closed", "solved")
	f.state("waiting", "reopened")
	f.join("Vera")
	f.emit(object{"type": "operator", "name": "Xavi", "avatar": "", "action": "joined"})
	b.wait(`P("h2").textContent === "Vera, Xavi"`)
	b.reload()
	b.wait(`P("h2")?.textContent === "Vera, Xavi"`)
	f.emit(object{"type": "operator", "name": "Vera", "avatar": "", "action": "left"})
	b.wait(`all(".note").at(-1).textContent === "Vera left the chat"`)
	b.want(`P("h2").textContent`, "Xavi")
}

func TestVisit_BadgeCountsWhatWasNotSeen(t *testing.T) {
	t.Parallel()
	f, b := chatting(t)
	f.say("seen")
	b.wait(`texts().at(-1) === "seen"`)
	if seq := f.awaitCall(t, "/seen", 1).body["seq"]; seq != 5.0 {
		t.Errorf("seen up to %v, want 5", seq)
	}
	b.do(chromedp.KeyEvent(kb.Escape))
	b.wait(`!shown(P(".box"))`)
	f.say("one")
	last := f.say("two")
	b.wait(`B("b").textContent === "2" && shown(B("b"))`)
	b.want(`B("button").getAttribute("aria-label")`, "Chat with us: ONLINE, new messages: 2")
	b.shoot("badge")
	b.reload()
	b.wait(`shown(B("b")) && B("b").textContent === "2"`)
	b.want(`shown(P(".box"))`, "false")
	if n := f.count("/seen"); n != 1 {
		t.Errorf("%d calls of seen while nothing was shown", n-1)
	}
	b.openPanel()
	b.wait(`!shown(B("b"))`)
	if seq := f.awaitCall(t, "/seen", 2).body["seq"]; seq != float64(last) {
		t.Errorf("seen up to %v, want %d", seq, last)
	}
	b.want(`B("button").getAttribute("aria-label")`, "Chat with us: ONLINE")
}

func TestVisit_ScrolledUpIsNotSeen(t *testing.T) {
	t.Parallel()
	f, b := chatting(t)
	for range 30 {
		f.say("line")
	}
	b.wait(`texts().length === 31`)
	f.await(t, "all seen", func() bool { // any call may be the last, since calls may overtake each other
		return slices.ContainsFunc(f.callsTo("/seen"), func(c call) bool { return c.body["seq"] == 34.0 })
	})
	b.js(`P("[role=log]").scrollTop = 0`)
	b.wait(`P("[role=log]").scrollTop === 0`)
	f.say("below")
	b.wait(`B("b").textContent === "1"`)
	b.want(`P("[role=log]").scrollTop`, "0")
	b.js(`P("[role=log]").scrollTop = 1e6`)
	b.wait(`!shown(B("b"))`)
}

// The newest message stays in view when the log shrinks, even if the browser reports a scroll before the new size.
func TestVisit_TheNewestStaysInViewWhenTheLogShrinks(t *testing.T) {
	t.Parallel()
	f, b := chatting(t)
	for range 30 {
		f.say("line")
	}
	b.wait(`texts().length === 31 && P(".log").scrollTop > 0`)
	b.js(`P(".log").scrollTop -= 1, P(".composer").style.paddingBottom = "200px", 0`)
	b.wait(`P(".log").scrollHeight - P(".log").scrollTop - P(".log").clientHeight < 1`)
}

func TestTabs_ShareOneLine(t *testing.T) {
	t.Parallel()
	f, one := chatting(t)
	two := one.twin()
	f.await(t, "one stream", func() bool { return f.opened-f.ended == 1 })
	f.say("to both")
	for _, b := range []tab{one, two} {
		b.wait(`texts().at(-1) === "to both"`)
	}
	two.write("from two")
	f.emit(object{"type": "typing", "active": true, "name": "Olga"})
	for _, b := range []tab{one, two} {
		b.wait(`texts().at(-1) === "from two" && P(".typing").textContent`)
	}
	one.toFront()
	one.write("from one")
	for _, b := range []tab{one, two} {
		b.wait(`texts().at(-1) === "from one"`)
	}
	f.await(t, "one stream", func() bool { return f.opened-f.ended == 1 })
	two.open("about:blank")
	f.say("to who is left")
	one.wait(`texts().at(-1) === "to who is left"`)
}

func TestTabs_WhoMissedSomethingLeads(t *testing.T) {
	t.Parallel()
	f, one := chatting(t)
	two := one.twin()
	f.await(t, "two to lead", func() bool { return f.opened == 2 && f.ended == 1 })
	two.js(`new BroadcastChannel("porchlight:` + f.URL + `:c1").postMessage({e: {type: "typing"}, before: 99}), 0`)
	f.await(t, "one to lead", func() bool { return f.opened == 3 && f.ended == 2 })
	f.say("to both")
	for _, b := range []tab{one, two} {
		b.wait(`texts().at(-1) === "to both"`)
	}
}

func TestTabs_PlainHTTPHasNoLocks(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	site := newSite(t, f, "", "")
	one := newTab(t)
	one.open(strings.Replace(site.URL, "127.0.0.1", "shop.test", 1))
	one.want(`isSecureContext || "randomUUID" in crypto || "locks" in navigator`, "false")
	one.openPanel()
	one.request("Anna", "", "Hello")
	one.wait(`texts().length === 1`)
	two := one.twin()
	f.join("Olga")
	f.say("to both")
	for _, b := range []tab{one, two} {
		b.wait(`texts().at(-1) === "to both"`)
		b.noViolations()
	}
}

func TestTabs_EndOfOneIsSeenInTheOther(t *testing.T) {
	t.Parallel()
	f, one := chatting(t)
	two := one.twin()
	f.state("closed", "solved")
	two.wait(`P(".banner p").textContent === "This request has been solved."`)
	two.click(`P(".banner > button")`)
	two.request("", "", "Again")
	two.wait(`texts().join() === "Again"`)
	one.wait(`texts().join() === "Again"`)
}

func TestVisit_BackFromTheBrowsersCacheGoesOn(t *testing.T) {
	t.Parallel()
	f, b := chatting(t)
	b.js(`dispatchEvent(new PageTransitionEvent("pagehide", {persisted: true}))`)
	f.awaitCall(t, "/leave", 1)
	f.await(t, "end of the stream", func() bool { return f.opened == f.ended })
	f.say("while asleep")
	b.js(`dispatchEvent(new PageTransitionEvent("pageshow", {persisted: true}))`)
	b.wait(`texts().at(-1) === "while asleep"`)
	b.write("awake")
	f.awaitSeq(t, "awake")
	b.wait(`texts().at(-1) === "awake"`)
}

func TestVisit_WorksWhereStorageIsForbidden(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	b := newTab(t)
	b.before(`
for (const area of ["localStorage", "sessionStorage"]) Object.defineProperty(window, area, {get() { throw new DOMException("no", "SecurityError") }});
navigator.locks.request = () => Promise.reject(new DOMException("no", "SecurityError"));`)
	b.open(newSite(t, f, "", "").URL)
	b.openPanel()
	b.request("Anna", "", "Hello")
	b.wait(`texts().length === 1`)
	f.join("Olga")
	f.refuse("/messages", refusal{status: 503})
	b.write("kept in memory")
	f.awaitSeq(t, "kept in memory")
	b.wait(`all(".me").at(-1).innerText.endsWith("Sent") && P("h2").textContent === "Olga"`)
	b.noViolations()
}

func TestVisit_AnotherTabSendsWhatAClosedOneLeft(t *testing.T) {
	t.Parallel()
	f, one := chatting(t)
	two := one.beside()
	two.open(one.js(`location.href`))
	two.openPanel()
	two.wait(`P("h2").textContent === "Olga"`)
	f.update(func() { f.refusals["/messages"] = slices.Repeat([]refusal{{status: 503}}, 50) })
	two.write("left behind")
	f.awaitCall(t, "/messages", 1)
	two.open("about:blank")
	f.update(func() { clear(f.refusals) })
	f.awaitSeq(t, "left behind")
	one.wait(`texts().at(-1) === "left behind"`)
	one.write("and on")
	f.awaitSeq(t, "and on")
	one.noViolations()
}
