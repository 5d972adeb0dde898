package ui_test

import (
	"cmp"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp/kb"
)

// me answers POST /v1/me.
func (f *fake) me(w http.ResponseWriter, r *http.Request) {
	body := bodyOf(r.Context())
	held, _ := body["conversations"].([]any)
	var all []object
	f.look(func() {
		list := []object{}
		for _, c := range slices.SortedFunc(maps.Values(f.conversations), func(a, b *conversation) int { return cmp.Compare(b.id, a.id) }) {
			seen, mine := 0, c.by != "" && c.by == body["identity"]
			for _, h := range held {
				if h := h.(object); h["id"] == c.id && h["token"] == c.token {
					seen, mine = int(h["seen"].(float64)), true
				}
			}
			if mine {
				list = append(list, c.listed(seen))
			}
		}
		all = append(list, f.further...)
	})
	f.waitForStall()
	answer(w, http.StatusOK, object{"conversations": all})
}

// listed is the conversation in a list.
func (c *conversation) listed(seen int) object {
	about, with, unread := "", "", 0
	var last object
	for _, e := range c.events {
		if e["type"] == "operator" {
			with, _ = e["name"].(string)
		}
		if e["type"] != "message" {
			continue
		}
		last = object{"from": e["from"], "text": e["text"], "at": e["at"]}
		if about == "" {
			about, _ = e["text"].(string)
		}
		if e["from"] == "operator" && e["seq"].(int) > seen {
			unread++
		}
	}
	return object{"id": c.id, "token": c.token, "number": c.snapshot["number"], "kind": c.snapshot["kind"], "state": c.snapshot["state"], "about": about, "name": "Anna", "email": "",
		"with": with, "last": last, "seen": seen, "unread": unread}
}

// in is a conversation of the fake, for what is said in it.
func (f *fake) in(id string, e object) {
	f.update(func() { f.conversations[id].append(e) })
}

// twoTalks has a chat that was answered and is over, and then another one. Nothing of the list is fetched before there are two.
func twoTalks(t *testing.T) (*fake, tab) {
	t.Helper()
	f, b := chatting(t)
	f.say("Open the class, then the pencil.")
	b.wait(`texts().at(-1).startsWith("Open the class")`)
	f.state("closed", "solved")
	b.wait(`P(".banner button")`)
	if f.fetched("talks") || f.count("/v1/me") > 0 {
		t.Error("a visitor of one conversation pays for the list")
	}
	b.click(`P(".banner button")`)
	b.wait(`P("form.ask")`)
	b.request("Anna", "", "Where is my bill?")
	b.wait(`shown(P(".back")) && P("[role=log]")`)
	return f, b
}

// Who has more than one conversation sees how much is unread in all of them, and finds each of them in a list: by a button in the
// header, or at once when the newest one is over.
func TestTalks_AListOfThem(t *testing.T) {
	t.Parallel()
	f, b := twoTalks(t)
	b.click(`P(".shut")`)
	f.in("c1", object{"type": "message", "from": "operator", "name": "Olga", "text": "Did it work?"})
	f.in("c2", object{"type": "message", "from": "operator", "name": "Xavi", "text": "Here it is."})
	b.reload()
	b.wait(`B("b")?.textContent === "2" && shown(B("b"))`)
	b.openPanel()
	b.wait(`B("b").textContent === "1"`)
	b.click(`P(".back")`)
	b.wait(`all(".talk").length === 2`)
	b.shoot("talks")
	b.want(`all(".talk .row").map((e) => e.textContent).join("|")`, "Where is my bill?|Here it is.|How can I edit my students' information?|Did it work?")
	b.want(`all(".count").map((e) => e.textContent + e.ariaLabel).join()`, "1new messages: 1")
	b.want(`focused() === P(".talk")`, "true")
	b.keys(kb.Tab + kb.Enter)
	b.wait(`texts().at(-1) === "Did it work?"`)
	b.wait(`!shown(B("b"))`)
	b.want(`P("h2").textContent`, "Live support") // it is over
	b.click(`P(".back")`)
	b.wait(`all(".talk").length === 2 && !P(".count")`)
	b.click(`all(".talk")[0]`)
	b.wait(`texts().at(-1) === "Here it is."`)
	b.write("Thank you")
	b.wait(`all(".me").at(-1).innerText.endsWith("Sent")`)
	f.update(func() {
		c := f.conversations["c2"]
		c.append(object{"type": "state", "state": "closed", "reason": "solved"})
		c.snapshot["state"] = "closed"
	})
	b.wait(`P(".banner button")`)
	b.reload()
	b.openPanel()
	b.wait(`all(".talk").length === 2`)
	b.want(`all(".talk small").map((e) => e.textContent).join()`, "This chat has ended.,This chat has ended.")
	b.click(`P(".talks > .main")`)
	b.wait(`shown(P("form.ask")) && P("[name=name]").value === "Anna"`)
	b.request("Anna", "", "A third thing")
	b.wait(`texts().join() === "A third thing"`)
	if c := f.awaitCall(t, "POST /v1/conversations", 3); c.body["previous"] != nil {
		t.Errorf("sent %v", c.body)
	}
	b.click(`P(".back")`)
	b.wait(`all(".talk").length === 3`)
	b.js(`porchlight.reset().then(() => 0)`)
	b.wait(`!shown(P(".back"))`)
	b.want(`Object.keys(localStorage).filter((k) => k.startsWith("porchlight:") && localStorage[k] !== "0").join()`, "")
	b.noViolations()
}

// What comes in the other conversations is counted on the button and in the list while the page is in view, and takes no focus from a row.
func TestTalks_CountsWhatComes(t *testing.T) {
	t.Parallel()
	f, b := twoTalks(t)
	b.before(`const real = setInterval; globalThis.setInterval = (f, ms) => real(f, ms === 30000 ? 50 : ms)`)
	b.reload()
	b.wait(`shown(P(".back")) && P("[role=log]")`)
	b.click(`P(".shut")`)
	say := func(text string) {
		f.in("c1", object{"type": "message", "from": "operator", "name": "Olga", "text": text})
	}
	say("Did it work?")
	b.wait(`B("b")?.textContent === "1" && shown(B("b"))`)
	b.openPanel()
	b.click(`P(".back")`)
	b.wait(`P(".count")?.textContent === "1"`)
	b.keys(kb.Tab)
	b.wait(`focused() === all(".talk")[1]`)
	say("Tell me.")
	b.wait(`P(".count")?.textContent === "2" && B("b").textContent === "2"`)
	b.want(`focused() === all(".talk")[1] && focused().textContent.includes("Tell me.")`, "true")
	b.js(`P(".talks > .main").focus(), 0`)
	say("Well?")
	b.wait(`P(".count")?.textContent === "3"`)
	b.want(`P(".talks").contains(focused())`, "true")
	b.keys(kb.Escape)
	f.awaitCall(t, "/v1/me", f.count("/v1/me")+1)
	b.noViolations()
}

// With a signed identity the list is the service's: another browser shows what is open, and lists all when it comes to more.
func TestTalks_OfASignedIdentity(t *testing.T) {
	t.Parallel()
	f, b := chatting(t)
	f.update(func() { f.conversations["c1"].by = identityOf("42") })
	b.js(`localStorage.clear(), 0`)
	site := newSite(t, f, `data-identity="`+identityOf("42")+`"`, "").URL
	b.open(site)
	b.openPanel()
	b.wait(`texts()[0]?.startsWith("How can I edit")`)
	b.want(`shown(P(".back"))`, "false")
	f.update(func() {
		c := *f.conversations["c1"]
		c.id, c.token, c.snapshot, c.events = "c2", "secret2", maps.Clone(c.snapshot), nil
		c.snapshot["state"], c.snapshot["kind"], c.snapshot["number"] = "ticket", "ticket", 13
		c.append(object{"type": "message", "from": "visitor", "text": "My bill?"})
		f.conversations["c2"] = &c
	})
	b.js(`localStorage.clear(), sessionStorage.clear(), 0`)
	b.open(site)
	b.js(`localStorage.clear(), 0`)
	b.reload()
	f.refuse("/v1/me", refusal{status: 503, problem: object{}})
	asked := f.count("/v1/me")
	b.openPanel()
	b.wait(`shown(P("form.ask"))`)
	f.awaitCall(t, "/v1/me", asked+1)
	b.want(`shown(P(".back"))`, "false")
	b.reload()
	b.openPanel()
	b.wait(`all(".talk").length === 2`)
	b.want(`P(".talk small").textContent`, "We will answer by email.")
	b.noViolations()
}

// A visitor who writes in the form already is left there.
func TestTalks_NobodyIsInterrupted(t *testing.T) {
	t.Parallel()
	f, b := twoTalks(t)
	f.update(func() {
		c := f.conversations["c2"]
		c.append(object{"type": "state", "state": "closed", "reason": "solved"})
		c.snapshot["state"] = "closed"
	})
	b.wait(`P(".banner button")`)
	b.click(`P(".banner button")`)
	b.fill(`P("[name=reason]")`, "A half-written question")
	b.reload()
	b.openPanel()
	b.wait(`shown(P(".back"))`)
	if got := b.js(`String(!P(".talks"))`); !strings.Contains(got, "true") {
		t.Error("the list has taken the place of what the visitor writes")
	}
	b.noViolations()
}

// The list follows the language, with the focus in its place; and a chat that is begun takes its place.
func TestTalks_CallsWhileTheListIsShown(t *testing.T) {
	t.Parallel()
	_, b := twoTalks(t)
	b.click(`P(".back")`)
	b.wait(`all(".talk").length === 2 && focused() === all(".talk")[0]`)
	b.keys(kb.Tab)
	b.js(snippet + `porchlight("setLanguage", "de").then(() => 0)`)
	b.wait(`P(".talks h3")?.textContent === "Ihre Unterhaltungen"`)
	b.want(`focused() === all(".talk")[1]`, "true")
	b.js(`porchlight("startChat").then(() => 0)`)
	b.want(`shown(P("form.ask"))`, "true")
	b.noViolations()
}
