package ui_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// slowly opens a chat whose page says that the line is slow.
func slowly(t *testing.T) (*fake, tab) {
	t.Helper()
	f := newFake(t)
	f.update(func() { f.team = team(2) })
	b := newTab(t)
	b.talk(f, `data-link="slow"`, "Hello")
	return f, b
}

// wanted says whether a part of the widget, or what its path has in it, was asked for.
func (f *fake) wanted(part string) bool {
	return slices.ContainsFunc(f.paths(), func(path string) bool { return strings.Contains(path, part) })
}

// Over a slow line nothing is fetched that was not asked for: no panel for a pointer that passes by, no faces.
func TestSlow_FetchesOnlyWhatIsWanted(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.update(func() { f.team = team(2) })
	b := newTab(t)
	b.open(newSite(t, f, `data-link="slow" data-plan="pro"`, "").URL)
	b.wait(`shown(B("button"))`)
	x, y := b.place(`B("button")`)
	b.js(`B("button").addEventListener("pointerenter", () => (globalThis.passed = true)), 0`)
	b.do(chromedp.MouseEvent("mouseMoved", x, y))
	b.wait(`globalThis.passed`)
	if f.wanted("/widget/" + manifest().Panel) {
		t.Error("the panel was fetched when the pointer passed")
	}
	b.openPanel()
	b.request("Anna", "", "Hello")
	sent := f.awaitCall(t, "POST /v1/conversations", 1)
	if got := sent.body["attributes"]; len(got.(object)) != 1 {
		t.Errorf("operators see %v, want the plan alone", got)
	}
	f.join("Olga")
	b.wait(`P("h2").textContent === "Olga"`)
	f.say("Hello")
	b.wait(`texts().at(-1) === "Hello" && P(".them .who")`)
	if f.wanted("/widget/faces-") || f.wanted("/v1/team") || f.wanted("/faces/") {
		t.Error("faces were fetched")
	}
	f.emit(object{"type": "operator", "name": "Olga", "avatar": "", "whatsapp": "https://wa.me/34600000000", "action": "joined"})
	b.wait(`shown(P("header a")) && P("header a").href === "https://wa.me/34600000000" && P("header small").textContent === "#12 WhatsApp"`)
	f.join("Olga")
	b.wait(`!shown(P("header a"))`)
	b.noViolations()
}

// Over a slow line small notes are joined: several messages are told as seen at once, and a message by itself tells that the
// visitor writes no more.
func TestSlow_JoinsNotes(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	b := newTab(t)
	b.before(`{ const real = setTimeout; globalThis.due = []; globalThis.setTimeout = (f, ms, ...rest) => (ms === 9000 ? 1e9 + due.push(f) : real(f, ms, ...rest)) }`)
	b.talk(f, `data-link="slow"`, "Hello")
	last := 0
	for _, word := range []string{"one", "two", "three"} {
		last = f.say(word)
		b.wait(fmt.Sprintf(`texts().at(-1) === %q`, word))
	}
	b.fill(`P("[name=text]")`, "Some words"+kb.Enter)
	f.awaitSeq(t, "Some words")
	b.fill(`P("[name=text]")`, "and more"+kb.Enter)
	f.awaitSeq(t, "and more")
	b.want(`due.length`, "1")
	b.js(`due[0](), 0`)
	if seen := f.awaitCall(t, "/seen", 1).body["seq"]; seen != float64(last) {
		t.Errorf("seen up to %v, want %d", seen, last)
	}
	if n := f.count("/seen"); n != 1 {
		t.Errorf("%d notes of what was seen, want one", n)
	}
	if active := f.awaitCall(t, "/typing", 1).body["active"]; active != true {
		t.Errorf("active = %v, want true", active)
	}
	if n := f.count("/typing"); n != 1 {
		t.Errorf("%d notes that the visitor writes, want one", n)
	}
}

// What waits to be told as seen is told when the visitor leaves the page.
func TestSlow_TellsWhatWasSeenBeforeItGoes(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	b := newTab(t)
	b.before(`{ const real = setTimeout; globalThis.setTimeout = (f, ms, ...rest) => real(f, ms === 9000 ? 900000 : ms, ...rest) }`)
	b.talk(f, `data-link="slow"`, "Hello")
	last := f.say("one")
	b.wait(`texts().at(-1) === "one"`)
	b.wait(`JSON.parse(localStorage[Object.keys(localStorage)[0]]).seq === ` + text(last))
	b.js(`dispatchEvent(new PageTransitionEvent("pagehide", {persisted: true})), 0`)
	if seen := f.awaitCall(t, "/seen", 1).body["seq"]; seen != float64(last) {
		t.Errorf("seen up to %v, want %d", seen, last)
	}
}

// Over a slow line a picture comes when the visitor taps its name.
func TestSlow_PicturesWhenTapped(t *testing.T) {
	t.Parallel()
	f, b := slowly(t)
	f.emit(object{"type": "message", "from": "operator", "name": "Olga", "file": object{"name": "lamp.png", "type": "image/png", "size": 2000, "url": "/v1/conversations/c1/files/f1"}})
	b.wait(`P(".them a")?.download === "lamp.png"`)
	b.want(`all(".them a img").length`, "0")
	if f.wanted("/files/f1") {
		t.Error("the picture was fetched")
	}
	b.click(`P(".them a")`)
	b.wait(`P(".them a img")?.src.endsWith("/files/f1")`)
	b.noViolations()
}

// Over a slow line a stream may take 20 s to its first byte before it counts as held back.
func TestSlow_WaitsLongerForTheStream(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	b := newTab(t)
	b.before(`{ const real = setTimeout; globalThis.limits = []; globalThis.setTimeout = (f, ms, ...rest) => (limits.push(ms), real(f, ms, ...rest)) }`)
	b.before(`{ const real = AbortSignal.timeout; AbortSignal.timeout = (ms) => (limits.push(ms), real.call(AbortSignal, ms)) }`)
	b.talk(f, `data-link="slow"`, "Hello")
	b.want(`limits.includes(20000) + " " + limits.includes(5000) + " " + limits.includes(120000) + " " + limits.includes(30000)`, "true false true false")
}

// Without a word of the page's, the line is slow if the browser says so, or if the first question took long.
func TestSlow_IsNoticed(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, attributes, script string
		late                     time.Duration
		slow                     bool
	}{
		{name: "a usual line"},
		{name: "2g", script: `Object.defineProperty(navigator, "connection", { value: { effectiveType: "slow-2g", saveData: false } })`, slow: true},
		{name: "the visitor saves data", script: `Object.defineProperty(navigator, "connection", { value: { effectiveType: "4g", saveData: true } })`, slow: true},
		{name: "the page knows better", attributes: `data-link="fast"`, script: `Object.defineProperty(navigator, "connection", { value: { effectiveType: "2g", saveData: true } })`},
		{name: "a late answer", script: `delete performance.getEntriesByName`, late: 2100 * time.Millisecond, slow: true},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			f := newFake(t)
			f.update(func() { f.team = team(2) })
			b := newTab(t)
			b.before(c.script)
			direct := f.URL
			f.URL = between(t, f, func(r *http.Response) error {
				if r.Request.URL.Path == "/v1/status" || r.Request.URL.Path == "/v1/events" {
					<-time.After(c.late)
				}
				return nil
			})
			address := newSite(t, f, c.attributes, "").URL
			f.URL = direct
			b.open(address)
			b.openPanel()
			if !c.slow {
				b.wait(`P(".greet img")`)
				return
			}
			b.request("Anna", "", "Hello")
			b.wait(`P("[role=log]")`)
			f.join("Olga")
			b.wait(`P("h2").textContent === "Olga"`)
			if f.wanted("/v1/team") {
				t.Error("faces were fetched")
			}
		})
	}
}
