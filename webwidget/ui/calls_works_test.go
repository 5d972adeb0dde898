package ui_test

import (
	"testing"

	"github.com/chromedp/chromedp/kb"
)

// The button is hidden as by data-hidden, and shown again; while it is hidden the panel can be opened.
func TestCalls_HideAndShow(t *testing.T) {
	t.Parallel()
	_, b := scripted(t, "data-hidden", `porchlight("open")`)
	b.wait(`shown(P("form.ask"))`)
	b.want(`shown(B("button"))`, "false")
	b.want(`porchlight.getStatus().then((s) => [s.hidden, s.open].join())`, "true,true")
	b.js(`porchlight.show().then(() => 0)`)
	b.wait(`shown(B("button"))`)
	b.js(`porchlight.hide().then(() => 0)`)
	b.want(`shown(B("button")) || shown(P(".box"))`, "false")
	b.want(`porchlight.getStatus().then((s) => [s.hidden, s.open].join())`, "true,false")
	b.noViolations()
}

// A panel that the page closes leaves the focus where it is, unless it is in the panel.
func TestCalls_CloseLeavesTheFocus(t *testing.T) {
	t.Parallel()
	_, b := scripted(t, "", "")
	b.js(`porchlight.open().then(() => 0)`)
	b.wait(`focused().name === "name"`)
	b.js(`porchlight.close().then(() => 0)`)
	b.want(`focused() === B("button")`, "true")
	b.js(`porchlight.open().then(() => document.querySelector("a").focus()).then(() => porchlight.close()).then(() => 0)`)
	b.want(`focused().localName`, "a")
	b.js(`heard = [], porchlight.close().then(() => 0)`)
	b.want(`names()`, "")
	b.noViolations()
}

func TestCalls_SetScheme(t *testing.T) {
	t.Parallel()
	f, b := scripted(t, `data-scheme="light"`, `porchlight("setScheme", "dark")`)
	back := `getComputedStyle(P(".box")).backgroundColor`
	b.openPanel()
	b.want(back, "rgb(21, 26, 40)")
	b.request("Anna", "", "Hello")
	b.wait(`shown(P("[role=log]"))`) // its styles come later
	f.join("Olga")
	b.want(back, "rgb(21, 26, 40)")
	b.js(`porchlight.setScheme("light").then(() => 0)`)
	b.want(back, "rgb(255, 255, 255)")
	b.noViolations()
}

// The language changes in the form and in a chat, before and after the panel is fetched.
func TestCalls_SetLanguage(t *testing.T) {
	t.Parallel()
	f, b := scripted(t, "", `porchlight("setLanguage", "de-AT")`)
	b.openPanel()
	b.wait(`P("form.ask .main").textContent === "Support anfragen"`)
	b.fill(`P("[name=reason]")`, "Bonjour")
	b.js(`porchlight.setLanguage("fr").then(() => 0)`)
	b.wait(`P("form.ask .main").textContent === "Demander de l’aide" || P("form.ask .main").textContent === "Demander de l'aide"`)
	b.want(`P(".box").lang + P("[name=reason]").value`, "frBonjour")
	b.click(`P("form.ask .main")`)
	if c := f.awaitCall(t, "POST /v1/conversations", 1); c.body["language"] != "fr" || c.header.Get("Accept-Language") != "fr" {
		t.Errorf("%v %v", c.body, c.header)
	}
	f.join("Olga")
	b.wait(`P("h2").textContent === "Olga"`)
	b.js(`porchlight.setLanguage("en").then(() => 0)`)
	b.wait(`P(".composer [name=text]")?.placeholder === "Write a message…" && texts().join() === "Bonjour" && P("header button").textContent === "End chat"`)
	b.write("Hello")
	b.wait(`all(".me").at(-1).innerText.endsWith("Sent")`)
	b.noViolations()
}

// A department that is chosen later counts in the button's state, in the form, and in what is sent.
func TestCalls_SetDepartment(t *testing.T) {
	t.Parallel()
	f, b := scripted(t, "", "")
	f.setStatus("online", object{"name": "sales", "title": "Sales", "status": "online"}, object{"name": "help", "title": "Help", "status": "offline"})
	b.openPanel()
	b.wait(`shown(P("select"))`)
	f.update(func() { f.calls = nil })
	b.js(`porchlight.setDepartment("help").then(() => 0)`)
	b.wait(`!shown(P("select")) && P("[name=email]").required`)
	f.awaitCall(t, "GET /v1/status", 1)
	f.awaitCall(t, "GET /v1/events", 1)
	b.request("Anna", "anna@example.org", "Hello")
	if got := f.awaitCall(t, "POST /v1/conversations", 1).body["department"]; got != "help" {
		t.Errorf("department %v", got)
	}
	b.noViolations()
}

// A signed identity that the page gives later takes the place of name and address; a name takes its place again.
func TestCalls_SetUser(t *testing.T) {
	t.Parallel()
	f, b := scripted(t, "", "")
	b.openPanel()
	b.fill(`P("[name=reason]")`, "Hello")
	b.js(`porchlight.setUser({ identity: "a.b.c" }).then(() => 0)`)
	b.want(`[shown(P("[name=name]")), P("[name=reason]").value, focused().name].join()`, "false,Hello,reason")
	b.js(`porchlight.setUser({ name: "Anna" }).then(() => 0)`)
	b.want(`P("[name=name]").value + shown(P("[name=email]"))`, "Annatrue")
	b.js(`P("[name=email]").value = "anna@example.org", porchlight.setUser({ name: "Anna" }).then(() => 0)`)
	b.want(`P("[name=email]").value`, "anna@example.org") // nothing has changed, so nothing is drawn anew
	b.js(`porchlight.setUser({ identity: "d.e.f" }).then(() => 0)`)
	b.click(`P("form.ask .main")`)
	if got := f.awaitCall(t, "POST /v1/conversations", 1).body; got["identity"] != "d.e.f" || got["name"] != "" {
		t.Errorf("sent %v", got)
	}
	b.noViolations()
}

// startChat shows the chat that is under way, or begins another one after the end, with the page's words if there are none.
func TestCalls_StartChat(t *testing.T) {
	t.Parallel()
	f, b := scripted(t, "", "")
	b.openPanel()
	b.fill(`P("[name=reason]")`, "My own words")
	b.js(`porchlight.startChat("Words of the page").then(() => 0)`)
	b.want(`P("[name=reason]").value`, "My own words")
	b.click(`P("form.ask .main")`)
	b.wait(`texts().join() === "My own words"`)
	b.click(`P(".shut")`)
	b.js(`porchlight.startChat("Words of the page").then(() => 0)`)
	b.want(`shown(P("[role=log]"))`, "true")
	f.state("closed", "solved")
	b.wait(`names().endsWith("chat-ended")`)
	b.js(`porchlight.startChat("Words of the page").then(() => 0)`)
	b.want(`shown(P("form.ask")) && P("[name=reason]").value`, "Words of the page")
	b.keys(kb.Tab)
	b.click(`P("form.ask .main")`)
	if got := f.awaitCall(t, "POST /v1/conversations", 2).body["previous"]; got != "c1" {
		t.Errorf("previous %v", got)
	}
	b.noViolations()
}

// While the button is hidden, neither unseen words nor an invitation stand where it was.
func TestCalls_NothingStandsBesideAHiddenButton(t *testing.T) {
	t.Parallel()
	f, b := chatting(t)
	teased := `document.querySelector("porchlight-teaser")?.shadowRoot.querySelector(".on")`
	b.click(`P(".shut")`)
	f.say("Are you there?")
	b.wait(teased)
	b.js(`porchlight.hide().then(() => 0)`)
	b.wait(`!` + teased)
	f.say("Hello?")
	b.wait(`B("b").textContent === "2"`)
	b.want(`!!`+teased, "false")
	b.js(`porchlight.show().then(() => 0)`)
	b.wait(teased)
	b.noViolations()

	f = newFake(t)
	f.update(func() {
		f.status["settings"] = object{"on_site": "loaded"}
		f.invitation = object{"token": "t", "name": "Olga", "text": "May I help?"}
	})
	b = newTab(t)
	b.before(`globalThis.looks = 0; { const real = setInterval; globalThis.setInterval = (f, ...rest) => real(() => { f(); looks++ }, ...rest) }`)
	b.open(newSite(t, f, "data-hidden", "").URL)
	f.awaitCall(t, "POST /v1/visits", 1)
	bubble := `document.querySelector("porchlight-invitation")?.shadowRoot.querySelector(".bubble")`
	b.js(`looks = 0`)
	b.wait(`looks >= 2`)
	b.want(`!!`+bubble, "false")
	b.js(`porchlight.show().then(() => 0)`)
	b.wait(bubble)
	b.js(`porchlight.hide().then(() => 0)`)
	b.wait(`!` + bubble)
	b.js(`porchlight.show().then(() => 0)`)
	b.wait(bubble)
	b.noViolations()
}

// What the visitor has typed and chosen stays in a form that a call makes anew, and so does the focus; but the page's word about
// the visitor goes into its field.
func TestCalls_AFormMadeAnewKeepsWhatIsTyped(t *testing.T) {
	t.Parallel()
	f, b := scripted(t, "", "")
	f.setStatus("online", object{"name": "support", "title": "Support", "status": "online"}, object{"name": "sales", "title": "Sales", "status": "online"})
	form := `["department", "name", "email", "reason"].map((name) => P("[name=" + name + "]").value).join() + " " + focused().name`
	b.openPanel()
	b.wait(`shown(P("select"))`)
	b.js(`P("select").value = "sales", P("select").dispatchEvent(new Event("change")), 0`)
	b.fill(`P("[name=name]")`, "Anna")
	b.fill(`P("[name=email]")`, "anna@example.org")
	b.js(`porchlight.startChat("Which plan?").then(() => 0)`)
	b.want(form, "sales,Anna,anna@example.org,Which plan? email")
	b.js(`porchlight.setLanguage("de").then(() => 0)`)
	b.wait(`P("form.ask .main").textContent === "Support anfragen"`)
	b.want(form, "sales,Anna,anna@example.org,Which plan? email")
	b.js(`porchlight.setUser({ email: "a@example.net" }).then(() => 0)`)
	b.want(form, "sales,Anna,a@example.net,Which plan? email")
	b.fill(`P("[name=email]")`, "b")
	b.js(`porchlight.setLanguage("fr").then(() => 0)`)
	b.wait(`P(".box").lang === "fr"`)
	b.want(form, "sales,Anna,a@example.netb,Which plan? email")
	b.js(`porchlight.reset().then(() => porchlight.open()).then(() => 0)`)
	b.want(form, "support,,, name")
	b.noViolations()
}
