package ui_test

import (
	"fmt"
	"net/http"
	"slices"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// visit answers a page that tells of itself.
func (f *fake) visit(w http.ResponseWriter, _ *http.Request) {
	told := object{"next": 60}
	f.update(func() {
		switch {
		case f.invitation["token"] != nil:
			told["invitation"] = f.invitation
		case f.invitation != nil:
			told["over"] = true // it was one
		}
	})
	answer(w, http.StatusOK, told)
}

// invite invites the visitor of the one page that is open, by its stream.
func (f *fake) invite(token string) {
	f.update(func() {
		f.invitation = object{"token": token, "name": "Olga", "about": "Knows all about lamps", "text": "Hello! May I help you choose?"}
		status := object{}
		for key, value := range f.status {
			status[key] = value
		}
		status["invited"], status["for"] = true, len(f.calls) // another frame for each invitation
		f.status = status
	})
}

// shy is a page of a site whose operators see who is there; I gives a way into the invitation.
func shy(t *testing.T, onSite string) (*fake, tab, string) {
	t.Helper()
	f := newFake(t)
	f.setSettings(object{"on_site": onSite})
	f.update(func() { f.status["stream"] = "stream-1" })
	b := newTab(t)
	b.before(contrast)
	b.before(`globalThis.I = (s) => document.querySelector("porchlight-invitation")?.shadowRoot.querySelector(s)`)
	return f, b, newSite(t, f, "", "").URL
}

// A page tells of itself what the site has switched on, without what may be secret and without anything kept in the browser.
func TestVisit_TellsOfThePage(t *testing.T) {
	t.Parallel()
	f, b, url := shy(t, "loaded")
	b.open(url + "/pricing?token=secret")
	c := f.awaitCall(t, "/v1/visits", 1)
	page, _ := c.body["page"].(object)
	if page["url"] != url+"/pricing" || page["title"] != "Bulbs & Lamps" || c.body["open"] != false || c.body["refuses"] != false || len(fmt.Sprint(c.body["visit"])) < 16 {
		t.Errorf("told %v", c.body)
	}
	b.js(`history.pushState({}, "", "/cart?x=1"), 0`) // the page shows another one
	f.await(t, "the other page", func() bool {
		list := f.callsTo("/v1/visits")
		page, _ := list[len(list)-1].body["page"].(object)
		return page["url"] == url+"/cart" && list[len(list)-1].body["visit"] == c.body["visit"] && list[len(list)-1].body["stream"] == "stream-1"
	})
	b.want(`localStorage.length + sessionStorage.length`, "0")
	b.want(`document.cookie`, "")
	b.open("about:blank")
	f.await(t, "the page says that it goes", func() bool {
		list := f.callsTo("/v1/visits")
		return list[len(list)-1].body["left"] == true
	})
}

// Where only those count who have opened the panel, others tell nothing; where nothing is switched on, nobody does.
func TestVisit_OnlyWhoHasOpenedThePanel(t *testing.T) {
	t.Parallel()
	f, b, url := shy(t, "open")
	b.open(url)
	b.wait(`performance.getEntriesByType("resource").some((e) => e.name.includes("/visit-"))`)
	f.setStatus("offline") // the page has taken this once it shows it, and could have told
	b.wait(`B("span").textContent === "OFFLINE"`)
	if n := f.count("/v1/visits"); n != 0 {
		t.Errorf("told %d times before the panel was open", n)
	}
	f.setSettings(object{"on_site": "open"})
	b.openPanel()
	if c := f.awaitCall(t, "/v1/visits", 1); c.body["open"] != true {
		t.Errorf("told %v", c.body)
	}
	b.click(`P("header button:last-child")`)
	b.wait(`!shown(P(".box"))`)
	b.js(`location.href = "/cart", 0`)
	f.await(t, "the next page in the tab tells, too", func() bool {
		list := f.callsTo("/v1/visits")
		page, _ := list[len(list)-1].body["page"].(object)
		return page["url"] == url+"/cart" && list[len(list)-1].body["open"] == false
	})
	f2 := newFake(t)
	f2.setSettings(object{"colour": "#7a1fa2"})
	b.open(newSite(t, f2, "", "").URL)
	b.openPanel()
	b.want(`performance.getEntriesByType("resource").some((e) => e.name.includes("/visit-"))`, "false")
}

// An invitation is a bubble beside the button, which takes no focus. Who answers gets the form with its words; the request
// names the invitation.
func TestVisit_AnInvitationIsAnswered(t *testing.T) {
	t.Parallel()
	f, b, url := shy(t, "loaded")
	b.open(url)
	f.awaitCall(t, "/v1/visits", 1)
	for _, look := range []struct {
		name, scheme  string
		width, height int64
	}{{"invited", "light", 1280, 800}, {"invited-dark", "dark", 1280, 800}, {"invited-phone", "light", 360, 640}} {
		b.prefer("prefers-color-scheme", look.scheme)
		b.do(chromedp.EmulateViewport(look.width, look.height))
		if look.name == "invited" {
			f.invite("i-1")
		}
		b.wait(`shown(I(".bubble"))`)
		b.want(`I(".bubble").innerText.replace(/\s+/g, " ")`, "Olga Knows all about lamps Hello! May I help you choose? Reply Don't ask again")
		b.want(`(({left, right, top, bottom}) => left >= 0 && right <= innerWidth && top >= 0 && bottom < B("button").getBoundingClientRect().top)(I(".bubble").getBoundingClientRect())`, "true")
		b.want(`[...I(".bubble").querySelectorAll("button")].filter((e) => e.offsetHeight < 44 || e.offsetWidth < 44).length`, "0")
		b.want(`globalThis.all = () => [...I(".bubble").querySelectorAll("*")], faint().join()`, "")
		b.wait(`I(".bubble").getAnimations().length === 0`)
		b.shoot(look.name)
	}
	b.do(chromedp.EmulateViewport(1280, 800))
	b.want(`document.activeElement === document.body`, "true")
	if c := f.awaitCall(t, "/v1/visits", 3); c.body["invitation"] != "i-1" || c.body["outcome"] != "shown" {
		t.Errorf("told %v", c.body)
	}
	b.click(`I(".main")`)
	b.wait(`shown(P("form.ask")) && P("form.ask p").textContent === "Hello! May I help you choose?" && !I(".bubble")`)
	b.shoot("invited-form")
	b.request("Anna", "", "Yes, please!")
	if c := f.awaitCall(t, "/v1/conversations", 1); c.body["invitation"] != "i-1" {
		t.Errorf("asked %v", c.body)
	}
	b.noViolations()
}

// The words of an invitation stand in the form that answers it until the request is sent, however often the panel is closed. The
// next form has the site's greeting, as has one that is opened after the bubble was closed.
func TestVisit_OnlyTheAnswerHasTheWordsOfTheInvitation(t *testing.T) {
	t.Parallel()
	f, b, url := shy(t, "loaded")
	f.setSettings(object{"on_site": "loaded", "texts": object{"greeting": object{"": "Good day!"}}})
	b.open(url)
	f.awaitCall(t, "/v1/visits", 1)
	f.invite("i-1")
	b.wait(`shown(I(".bubble"))`)
	b.click(`I(".main")`)
	const words = `P("form.ask p")?.textContent`
	b.wait(words + ` === "Hello! May I help you choose?"`)
	b.click(`P("header button:last-child")`)
	b.wait(`!shown(P(".box"))`)
	b.openPanel()
	f.setSettings(object{"on_site": "loaded", "texts": object{"greeting": object{"": "Good evening!"}}}) // the form is painted anew
	b.js(`new Promise((done) => setTimeout(done, 300))`)
	b.want(words, "Hello! May I help you choose?")
	b.request("Anna", "", "Yes, please!")
	b.wait(`texts().length === 1`)
	f.join("Olga")
	f.state("closed", "solved")
	b.click(`P(".banner > button")`)
	b.wait(words + ` === "Good evening!"`)
	b.request("", "", "Again")
	b.wait(`texts().join() === "Again"`)
	var list []call
	f.look(func() { list = f.callsTo("/v1/conversations") })
	if last := list[len(list)-1]; last.body["reason"] != "Again" || last.body["invitation"] != nil {
		t.Errorf("asked %v", last.body)
	}

	f, b, url = shy(t, "loaded")
	b.open(url)
	f.awaitCall(t, "/v1/visits", 1)
	b.openPanel()
	b.wait(`!!P("form.ask p")?.textContent`)
	usual := b.js(words)
	b.click(`P("header button:last-child")`)
	b.wait(`!shown(P(".box"))`)
	f.invite("i-2")
	b.wait(`shown(I(".bubble"))`)
	b.click(`I(".x")`)
	b.wait(`!I(".bubble")`)
	b.openPanel()
	b.want(words, usual)
}

// An invitation never comes over an open panel or while the visitor writes in the page, and never twice. One click refuses it
// for good, also on later pages; × and Escape do for a day.
func TestVisit_NeverOverAFormNeverTwiceNeverAfterANo(t *testing.T) {
	t.Parallel()
	f, b, url := shy(t, "loaded")
	b.open(url)
	f.awaitCall(t, "/v1/visits", 1)
	b.openPanel()
	n := f.count("/v1/visits")
	f.invite("i-1")
	f.awaitCall(t, "/v1/visits", n+1)
	b.want(`!!I(".bubble")`, "false")
	b.js(`document.body.append(document.createElement("input")), document.querySelector("input").focus()`)
	// In one task, so that the page does not look between the two.
	b.js(`P("header button:last-child").click(), document.querySelector("input").focus()`)
	b.wait(`!shown(P(".box"))`)
	b.js(`new Promise((done) => setTimeout(done, 1200))`) // the page looks each second
	b.want(`!!I(".bubble")`, "false")
	b.js(`document.querySelector("input").blur()`)
	b.wait(`shown(I(".bubble"))`)
	b.do(chromedp.KeyEvent(kb.Escape))
	b.wait(`!I(".bubble")`)
	f.await(t, "the visitor closes it", func() bool {
		return slices.ContainsFunc(f.callsTo("/v1/visits"), func(c call) bool { return c.body["outcome"] == "closed" && c.body["refuses"] == true })
	})
	b.want(`JSON.parse(Object.entries(localStorage).find(([k]) => k.endsWith(":uninvited"))[1]) - Date.now() <= 86400000`, "true")
	for round, stored := range []string{"", "0"} { // the same invitation again, and another after a day
		n = f.count("/v1/visits")
		if stored != "" {
			b.js(`Object.keys(localStorage).filter((k) => k.endsWith(":uninvited")).forEach((k) => localStorage.setItem(k, "0"))`)
			b.reload()
		}
		f.invite(fmt.Sprint("i-", round+1))
		f.awaitCall(t, "/v1/visits", n+1)
		if stored == "" {
			b.js(`new Promise((done) => setTimeout(done, 1200))`)
			b.want(`!!I(".bubble")`, "false")
		}
	}
	b.click(`I(".do button:last-child")`)
	f.await(t, "the visitor refuses", func() bool {
		return slices.ContainsFunc(f.callsTo("/v1/visits"), func(c call) bool { return c.body["outcome"] == "refused" })
	})
	n = f.count("/v1/visits")
	b.reload()
	if c := f.awaitCall(t, "/v1/visits", n+2); c.body["refuses"] != true { // n+1: the page goes
		t.Errorf("after the refusal: %v", c.body)
	}
	f.invite("i-3")
	b.js(`new Promise((done) => setTimeout(done, 1200))`)
	b.want(`!!I(".bubble")`, "false")
	b.noViolations()
}

// By what a page says of how it was opened, the service knows the next page of a visit; there the bubble stands again. A page says
// when it is in the background, and tells nothing then; it takes the bubble away when the invitation is over.
func TestVisit_GoesOnOverPages(t *testing.T) {
	t.Parallel()
	f, b, url := shy(t, "loaded")
	told := func(what string, says func(body object) bool) {
		t.Helper()
		f.await(t, what, func() bool {
			list := f.callsTo("/v1/visits")
			return len(list) > 0 && says(list[len(list)-1].body)
		})
	}
	opened := func(navigation, path, from string) {
		t.Helper()
		told(navigation, func(body object) bool {
			page, _ := body["page"].(object)
			return body["navigation"] == navigation && page["url"] == url+path && page["referrer"] == from && body["left"] == nil
		})
	}
	b.open(url + "/pricing")
	opened("navigate", "/pricing", "")
	f.invite("i-1")
	b.wait(`shown(I(".bubble"))`)
	told("the bubble is shown", func(body object) bool { return body["invitation"] == "i-1" && body["outcome"] == "shown" })
	b.js(`location.href = "/cart", 0`)
	opened("navigate", "/cart", url+"/pricing")
	b.wait(`shown(I(".bubble"))`)
	b.reload()
	opened("reload", "/cart", url+"/pricing")
	b.wait(`shown(I(".bubble"))`)
	told("the bubble is shown again", func(body object) bool { return body["outcome"] == "shown" })

	b.js(`Object.defineProperty(document, "hidden", { get: () => globalThis.away, configurable: true }), 0`)
	see := func(away string) {
		b.js(`globalThis.away = ` + away + `, document.dispatchEvent(new Event("visibilitychange"))`)
	}
	see("true")
	told("the page is in the background", func(body object) bool { return body["hidden"] == true && body["outcome"] == "shown" })
	n := f.count("/v1/visits")
	b.js(`history.pushState({}, "", "/other"), new Promise((done) => setTimeout(done, 2200))`) // the page looks each second
	if more := f.count("/v1/visits"); more != n {
		t.Errorf("told %d times in the background", more-n)
	}
	f.update(func() { f.invitation = object{} })
	see("false")
	told("the page is seen", func(body object) bool { return body["hidden"] == nil && body["outcome"] == "shown" })
	b.wait(`!I(".bubble")`)
	b.want(`localStorage.length + sessionStorage.length`, "0")
	b.noViolations()
}
