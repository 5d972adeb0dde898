package ui_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

func TestButton_ShowsTheStateAndItsChanges(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	b := newTab(t)
	b.open(newSite(t, f, `data-department="sales"`, "").URL)
	b.wait(`B("button.lit span")?.textContent === "ONLINE"`)
	b.want(`B("button").getAttribute("aria-label")`, "Chat with us: ONLINE")
	b.want(`getComputedStyle(document.querySelector("porchlight-button")).position`, "fixed")
	b.shoot("button-online")
	f.setStatus("offline")
	b.wait(`B("button:not(.lit) span")?.textContent === "OFFLINE"`)
	b.want(`B("button").getAttribute("aria-label")`, "Leave a message: OFFLINE")
	b.shoot("button-offline")
	f.setStatus("online")
	b.wait(`B("button.lit")`)
	if n := f.count("GET /v1/status"); n != 1 {
		t.Errorf("asked for the state %d times, want once", n)
	}
	b.noViolations()
}

func TestButton_FetchesThePanelOnlyWhenWanted(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	b := newTab(t)
	b.open(newSite(t, f, "", "").URL)
	b.wait(`shown(B("button"))`)
	if n := f.count("/widget/" + manifest().Panel); n != 0 {
		t.Error("the panel was fetched before anybody wanted it")
	}
	b.wait(`shown(B("button"))`)
	x, y := b.place(`B("button")`)
	b.do(chromedp.MouseEvent("mouseMoved", x, y))
	f.awaitCall(t, "/widget/"+manifest().Panel, 1)
	b.want(`shown(P(".box"))`, "false")
	b.want(`document.querySelectorAll("link, iframe, style").length`, "0")
	b.want(`localStorage.length + sessionStorage.length + document.cookie.length`, "0")
}

func TestButton_SurvivesASwappedBody(t *testing.T) {
	t.Parallel()
	f, b := chatting(t)
	b.js(`document.body = Object.assign(document.createElement("body"), {textContent: "another page"}), 0`)
	b.wait(`document.contains(document.querySelector("porchlight-button")) && shown(P("[role=log]"))`)
	f.say("still there?")
	b.wait(`texts().at(-1) === "still there?"`)
	b.want(`document.querySelectorAll("porchlight-button, porchlight-panel").length`, "2")
	b.noViolations()
}

func TestButton_IsLeftAloneByTheSitesStyles(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	b := newTab(t)
	b.open(newSite(t, f, "", "").URL)
	b.js(`document.head.append(Object.assign(document.createElement("style"), {textContent: "* { position: static; color: red; font-size: 40px } button { display: none }"})), 0`)
	b.wait(`shown(B("button"))`)
	b.want(`getComputedStyle(document.querySelector("porchlight-button")).position`, "fixed")
	b.want(`getComputedStyle(B("button")).fontSize`, "11px")
}

func TestButton_HoldsNoConnectionWhileHidden(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	b := newTab(t)
	b.open(newSite(t, f, "", "").URL)
	f.await(t, "a stream", func() bool { return f.watching == 1 })
	b.js(`Object.defineProperty(document, "hidden", {get: () => globalThis.asleep, configurable: true}), 0`)
	b.js(`globalThis.asleep = true, document.dispatchEvent(new Event("visibilitychange"))`)
	f.await(t, "end of the stream", func() bool { return f.watching == 0 })
	f.setStatus("offline")
	b.js(`globalThis.asleep = false, document.dispatchEvent(new Event("visibilitychange"))`)
	b.wait(`B("button:not(.lit)")`)
}

// The button hears that the browser has lost its network, and that it is back.
func TestButton_HearsThatTheNetworkIsGone(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	b := newTab(t)
	b.open(newSite(t, f, "", "").URL)
	for _, state := range []string{"offline", "online"} { // so that the stream has told all that it has to tell
		f.await(t, "a stream", func() bool { return f.watching == 1 })
		f.setStatus(state)
		b.wait(fmt.Sprintf(`B("span")?.textContent === %q`, strings.ToUpper(state)))
	}
	b.js(`dispatchEvent(new Event("offline")), 0`)
	b.wait(`B("span").textContent === "OFFLINE"`)
	asked := f.count("GET /v1/events")
	b.js(`dispatchEvent(new Event("online")), 0`)
	b.wait(`B("span").textContent === "ONLINE"`)
	f.awaitCall(t, "GET /v1/events", asked+1)
	b.noViolations()
}

// Browsers don't keep a page with an open stream for the way back.
func TestButton_HoldsNoConnectionWhenThePageIsLeft(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	b := newTab(t)
	b.open(newSite(t, f, "", "").URL)
	f.await(t, "a stream", func() bool { return f.watching == 1 })
	b.js(`dispatchEvent(new PageTransitionEvent("pagehide", {persisted: true})), 0`)
	f.await(t, "end of the stream", func() bool { return f.watching == 0 })
	f.setStatus("offline")
	b.js(`dispatchEvent(new PageTransitionEvent("pageshow", {persisted: true})), 0`)
	b.wait(`B("button:not(.lit)")`)
}

// Where something holds the stream of the state back, the button asks once a minute.
func TestButton_AsksWhereTheStreamIsSilent(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	b := behind(t, f, between(t, f, whole), 60000)
	b.wait(`B("button.lit")`)
	f.setStatus("offline")
	b.wait(`B("button:not(.lit)")`)
}

// Words that don't come keep the button back for three seconds only.
func TestButton_WaitsForNoWords(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	b := newTab(t)
	b.hasten(3000, 50)
	b.before(`{ const real = fetch; globalThis.fetch = (url, ...rest) => (String(url).includes("/button-") ? new Promise(() => {}) : real(url, ...rest)) }`)
	b.open(newSite(t, f, "", "").URL)
	b.wait(`shown(B("button")) && B("span").textContent === "ONLINE"`)
	b.want(`B("button").ariaLabel`, "Support: ONLINE")
	b.noViolations()
}
