package ui_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp/kb"
)

// snippet is what a page has before the widget's script.
const snippet = `window.porchlight ??= (...call) => new Promise((...done) => (porchlight.q ??= []).push([call, ...done]));`

// ear keeps what the page hears: the events of the window, by name.
const ear = `globalThis.heard = [];
for (const name of ["ready", "status", "opened", "closed", "chat-started", "message", "unread", "chat-ended", "operator-joined", "queue-position", "rated", "error"])
	addEventListener("porchlight:" + name, (e) => heard.push([name, e.detail]));
globalThis.names = () => heard.map(([name]) => name).join();
globalThis.said = (call) => call.then((v) => JSON.stringify(v) ?? "nothing", (e) => e.constructor.name + " " + e.message);
`

// scripted opens a page with the snippet and a script behind it, and with attributes in the widget's tag.
func scripted(t *testing.T, attributes, script string) (*fake, tab) {
	t.Helper()
	f := newFake(t)
	b := newTab(t)
	b.scripted(newSite(t, f, attributes, "").URL, script)
	return f, b
}

func (b tab) scripted(url, script string) {
	b.Helper()
	b.before("if (location.protocol === 'http:') {" + ear + snippet + script + "}")
	b.open(url)
	b.wait(`B("button") && names().startsWith("ready")`)
}

func (f *fake) fetched(part string) bool {
	return slices.ContainsFunc(f.paths(), func(p string) bool { return strings.HasPrefix(p, "GET /widget/"+part+"-") })
}

// What carries calls out is fetched with the first call, in whichever way it is made.
func TestCalls_NothingIsFetchedBeforeTheFirst(t *testing.T) {
	t.Parallel()
	for name, first := range map[string]string{
		"a call by name":              `porchlight("open")`,
		"a method":                    `porchlight.open()`,
		"a method taken from it":      `(({ open }) => open())(porchlight)`,
		"the object":                  `porchlight().then((p) => p.open())`,
		"awaited":                     `(async () => (await porchlight).open())()`,
		"what was there before it":    `before("open")`,
		"the handler of a click":      `porchlight.open(new Event("click"))`,
		"awaited and called by name":  `(async () => { await porchlight; await porchlight("open") })()`,
		"a method called with itself": `porchlight.open.call(null)`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f, b := scripted(t, "", `globalThis.before = porchlight;`)
			b.wait(`shown(B("button"))`)
			if f.fetched("calls") {
				t.Error("the calls were fetched for nobody")
			}
			b.js(first + `.then(() => 0)`)
			b.wait(`shown(P("form.ask"))`)
			b.want(`names()`, "ready,status,opened")
			b.noViolations()
		})
	}
}

// A page without the snippet can call, too, once the widget is there; and it has one global more.
func TestCalls_WithoutTheSnippet(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	b := newTab(t)
	b.open(newSite(t, f, "", "").URL)
	b.wait(`shown(B("button"))`)
	b.want(`Object.keys(globalThis).filter((k) => /porch|widget/i.test(k)).join()`, "porchlight")
	b.js(`porchlight.open()`)
	b.wait(`shown(P("form.ask"))`)
	b.noViolations()
}

// Calls that are made before the script is there are carried out, each after the one before it.
func TestCalls_MadeBeforeAreCarriedOutInOrder(t *testing.T) {
	t.Parallel()
	f, b := scripted(t, "", `
globalThis.done = [];
for (const call of [["setUser", { name: "Anna", email: "anna@example.org" }], ["setAttributes", { plan: "basic", seats: 5, beta: true }], ["setAttributes", { plan: null, tariff: "pro" }],
	["startChat", "My order is late."], ["close"], ["open"], ["toggle"], ["startChat", "Something else."], ["getStatus"]])
	porchlight(...call).then((v) => done.push(call[0] + (v ? " " + v.open : "")), (e) => done.push(e.message));`)
	b.wait(`done.length === 9`)
	b.want(`done.join()`, "setUser,setAttributes,setAttributes,startChat,close,open,toggle,startChat,getStatus true")
	b.want(`names().replaceAll("status,", "")`, "ready,opened,closed,opened,closed,opened")
	b.wait(`shown(P("form.ask"))`)
	b.want(`P("[name=name]").value + P("[name=email]").value + P("[name=reason]").value`, "Annaanna@example.orgMy order is late.")
	if n := f.count("POST /v1/conversations"); n != 0 {
		t.Error("the page sent the form, and not the visitor")
	}
	b.click(`P("form.ask button")`)
	sent := f.awaitCall(t, "POST /v1/conversations", 1).body
	if sent["name"] != "Anna" || sent["email"] != "anna@example.org" || sent["reason"] != "My order is late." || text(sent["attributes"]) != `{"beta":true,"seats":5,"tariff":"pro"}` {
		t.Errorf("sent %v", sent)
	}
	b.noViolations()
}

// A wrong call is answered by a rejected promise that says what is right.
func TestCalls_WrongOnesSayWhatIsRight(t *testing.T) {
	t.Parallel()
	f, b := scripted(t, "", "")
	f.setStatus("online", object{"name": "sales", "title": "Sales", "status": "online"}, object{"name": "help", "title": "Help", "status": "offline"})
	b.wait(`shown(B("button"))`)
	b.js(`porchlight("getStatus").then(() => 0)`)
	b.wait(`heard.at(-1)[1]?.departments?.length === 2`)
	for _, c := range []struct{ call, says string }{
		{`porchlight("opn")`, "TypeError porchlight: there is no call “opn”. There are open, close, toggle, show, hide, startChat, "},
		{`porchlight.opn()`, "TypeError porchlight: there is no call “opn”."},
		{`porchlight(7)`, "TypeError porchlight: there is no call “7”."},
		{`porchlight("setScheme", "pink")`, `TypeError porchlight: setScheme is used as setScheme("light"), "dark" or "auto".`},
		{`porchlight("setUser", "anna")`, "TypeError porchlight: setUser is used as setUser({ identity })"},
		{`porchlight("on", "mesage", () => {})`, "one of " + strings.Join(declared(t, "Events"), ", ") + "."},
		{`porchlight("endChat")`, "TypeError porchlight: there is no chat to end."},
		{`porchlight().then((p) => p.setDepartment(5))`, `TypeError porchlight: setDepartment is used as setDepartment("name").`},
		{`porchlight("setDepartment", "seles")`, "TypeError porchlight: there is no department “seles”. There are sales, help."},
		{`porchlight("setDepartment", "help")`, "nothing"},
		{`porchlight("getStatus").then((s) => s.status)`, `"offline"`},
	} {
		if got := b.js(`said(` + c.call + `)`); !strings.Contains(got, c.says) {
			t.Errorf("%s: %q, want %q", c.call, got, c.says)
		}
	}
	b.noViolations()
}

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

// The page hears what happens, from when the page was opened, and never what the visitor writes.
func TestCalls_TheEventsOfAConversation(t *testing.T) {
	t.Parallel()
	f, b := scripted(t, "", `porchlight("on", "message", (m) => (globalThis.last = m)); porchlight("on", "ready", () => (globalThis.early = true));`)
	b.openPanel()
	b.request("Anna Secret", "secret@example.org", "my secret")
	b.wait(`texts().join() === "my secret"`)
	f.emit(object{"type": "position", "position": 2, "wait": 90})
	b.wait(`names().endsWith("queue-position")`)
	f.join("Olga")
	f.say("Good morning")
	b.wait(`globalThis.last?.text === "Good morning"`)
	b.write("another secret")
	b.wait(`last.from === "visitor"`)
	b.click(`P(".shut")`)
	f.say("Are you there?")
	b.wait(`names().endsWith("message,unread") || names().endsWith("unread,message")`)
	b.want(`porchlight.getStatus().then((s) => JSON.stringify(s))`, `{"status":"online","departments":[],"open":false,"hidden":false,"unread":1,"chat":{"number":12,"state":"active","operators":["Olga"]}}`)
	b.openPanel()
	b.wait(`names().endsWith("unread")`)
	b.js(`porchlight.endChat().then(() => 0)`)
	b.wait(`names().endsWith("chat-ended")`)
	b.want(`names().replace("message,unread,opened", "unread,message,opened")`, "ready,status,opened,chat-started,queue-position,operator-joined,message,message,closed,unread,message,opened,unread,chat-ended")
	b.want(`early`, "true")
	told := b.js(`JSON.stringify(heard.map(([name, d]) => d?.time ? [name, { ...d, time: d.time instanceof Date }] : [name, d]).filter(([name]) => !/ready|opened|closed|status/.test(name)))`)
	for _, part := range []string{
		`["chat-started",{"number":12,"state":"waiting"}]`, `["queue-position",{"number":12,"position":2,"wait":90}]`, `["operator-joined",{"number":12,"name":"Olga"}]`,
		`["message",{"id":6,"from":"operator","kind":"text","name":"Olga","time":true,"text":"Good morning"}]`,
		`["message",{"id":7,"from":"visitor","kind":"text","name":"Anna","time":true}]`, `["unread",{"count":1}]`, `["unread",{"count":0}]`, `["chat-ended",{"number":12,"reason":"visitor-closed"}]`,
	} {
		if !strings.Contains(told, part) {
			t.Errorf("not told: %s", part)
		}
	}
	if strings.Contains(strings.ToLower(told), "secret") {
		t.Errorf("the page was told what the visitor wrote: %s", told)
	}
	b.want(`Object.isFrozen(last)`, "true")

	b.reload()
	b.openPanel()
	b.wait(`texts().length === 4`)
	b.js(`porchlight().then(() => 0)`)
	b.want(`names().replaceAll(/status|opened|,/g, "")`, "ready") // nothing of before
	b.noViolations()
}

// Another tab hears what happens, but not that the chat has begun there.
func TestCalls_TheEventsInAnotherTab(t *testing.T) {
	t.Parallel()
	f, b := scripted(t, "", `porchlight();`)
	other := b.beside()
	other.scripted(b.js(`location.href`), `porchlight();`)
	other.openPanel()
	other.wait(`shown(P("form.ask"))`)
	b.toFront()
	b.openPanel()
	b.request("Anna", "", "Hello")
	b.wait(`names().endsWith("chat-started")`)
	other.wait(`texts().join() === "Hello"`)
	f.join("Olga")
	f.say("Good morning")
	other.wait(`names().includes("operator-joined") && names().includes("message")`)
	other.want(`names().includes("chat-started")`, "false")
}

// What a listener of the page throws is reported as any error of the page, and neither the widget nor another listener cares.
func TestCalls_AListenerThatThrows(t *testing.T) {
	t.Parallel()
	f, b := scripted(t, "", `
const bad = () => { throw new Error("mine") };
for (const event of ["ready", "status", "opened", "message", "chat-started", "unread"]) { porchlight("on", event, bad); addEventListener("porchlight:" + event, bad); }
porchlight("on", "message", (m) => { globalThis.got = m.id; m.id = 7; m.extra = 1; });
porchlight("on", "message", async () => { throw new Error("mine") });
`)
	b.openPanel()
	b.request("Anna", "", "Hello")
	b.wait(`texts().join() === "Hello"`)
	f.join("Olga")
	f.say("Good morning")
	b.wait(`texts().at(-1) === "Good morning" && globalThis.got === 5`)
	b.write("on")
	b.wait(`all(".me").at(-1).innerText.endsWith("Sent")`)
	b.want(`JSON.stringify(violations.filter((v) => !v.includes("mine")))`, "[]")
}

func TestCalls_OffEndsWhatOnBegan(t *testing.T) {
	t.Parallel()
	_, b := scripted(t, "", `globalThis.n = 0; globalThis.count = () => n++; porchlight("on", "opened", count); porchlight("on", "opened", count);`)
	b.js(`porchlight.open().then(() => 0)`)
	b.want(`n`, "1")
	b.js(`porchlight.off("opened", count).then(() => porchlight.toggle()).then(() => porchlight.toggle()).then(() => 0)`)
	b.want(`n`, "1")
	b.want(`shown(P(".box"))`, "true")
	b.noViolations()
}

// The errors that the console tells of come as events.
func TestCalls_Errors(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.update(func() { f.foreign = true })
	b := newTab(t)
	b.scripted(newSite(t, f, "", "").URL, `porchlight();`)
	b.wait(`heard.some(([name, d]) => name === "error" && d.code === "foreign" && d.about === "")`)
}

// The visitor who logs out is forgotten in all tabs: conversation, words, name. The service hears that they have left, and the
// next request has nothing of theirs.
func TestCalls_Reset(t *testing.T) {
	t.Parallel()
	f, b := scripted(t, `data-plan="pro"`, `porchlight("setUser", { name: "Anna", email: "anna@example.org" }); porchlight("setAttributes", { plan: "gold", debts: 5 });`)
	b.openPanel()
	b.request("", "", "Hello")
	b.wait(`texts().join() === "Hello"`)
	f.join("Olga")
	other := b.beside()
	other.scripted(b.js(`location.href`), "")
	other.wait(`texts().join() === "Hello"`)
	b.toFront()
	b.fill(`P("[name=text]")`, "half a")
	b.js(`porchlight.reset().then(() => 0)`)
	b.want(`shown(P(".box"))`, "false")
	b.want(`JSON.stringify({ ...localStorage }) + JSON.stringify({ ...sessionStorage })`, fmt.Sprintf(`{"porchlight:%s":"0"}{}`, f.URL))
	f.awaitCall(t, "/leave", 1)
	for _, tab := range []tab{b, other} {
		tab.wait(`P("form.ask") && !P("[role=log]")`)
		tab.want(`P("[name=name]").value + P("[name=reason]").value`, "")
	}
	b.want(`localStorage["porchlight:`+f.URL+`"]`, "0")
	b.openPanel()
	b.request("Ben", "", "Good evening")
	sent := f.awaitCall(t, "POST /v1/conversations", 2)
	if sent.body["name"] != "Ben" || sent.body["email"] != "" || sent.body["previous"] != nil || text(sent.body["attributes"]) != `{"plan":"pro"}` || sent.header.Get("Authorization") != "" {
		t.Errorf("sent %v, %v", sent.body, sent.header)
	}
	b.wait(`texts().join() === "Good evening"`)
	b.want(`names().split("chat-started").length`, "3")
	b.noViolations()
}

// Where nothing is kept yet, reset keeps nothing; where the conversation is still on its way, it does not come any more.
func TestCalls_ResetAtOnce(t *testing.T) {
	t.Parallel()
	_, b := scripted(t, "", `porchlight("reset");`)
	b.js(`porchlight.getStatus().then(() => 0)`)
	b.want(`localStorage.length + sessionStorage.length`, "0")
	b.openPanel()
	b.request("Anna", "", "Hello")
	b.wait(`texts().join() === "Hello"`)
	b.reload()
	b.wait(`names().startsWith("ready")`)
	b.js(`porchlight.getStatus().then(() => 0)`)
	b.openPanel()
	b.wait(`shown(P("form.ask"))`)
	b.want(`!!P("[role=log]")`, "false")
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

// A call that needs the service says so when it does not answer.
func TestCalls_TheServiceIsSilent(t *testing.T) {
	t.Parallel()
	f, b := scripted(t, "", "")
	b.openPanel()
	b.request("Anna", "", "Hello")
	b.wait(`texts().join() === "Hello"`)
	f.refuse("/close", refusal{status: http.StatusServiceUnavailable})
	f.refuse("/close", refusal{status: http.StatusConflict, problem: object{"detail": "It is over already."}})
	b.want(`said(porchlight.endChat())`, "TypeError porchlight: the service does not answer.")
	b.want(`said(porchlight.endChat())`, "TypeError porchlight: It is over already.")
	b.want(`said(porchlight.endChat())`, "nothing")
	quiet := b.beside()
	quiet.hasten(20000, 10)
	quiet.before(`globalThis.EventSource = class { addEventListener() {} close() {} }; { const real = fetch; globalThis.fetch = (url, ...more) => (String(url).includes("/v1/status") ? new Promise(() => {}) : real(url, ...more)) }`)
	quiet.scripted(b.js(`location.href`), "")
	quiet.want(`said(porchlight.getStatus())`, "TypeError porchlight: the service does not answer.")
}

// The names of the calls and of what the page gets survive the build, which gives short names to what is ours.
func TestCalls_NamesAreWhole(t *testing.T) {
	t.Parallel()
	_, b := scripted(t, "", "")
	var names []string
	if err := json.Unmarshal([]byte(b.js(`porchlight().then((p) => JSON.stringify(Object.keys(p)))`)), &names); err != nil {
		t.Fatal(err)
	}
	if want := declared(t, "Calls"); !slices.Equal(names, want) {
		t.Errorf("calls %q, want %q", names, want)
	}
	var state object
	if err := json.Unmarshal([]byte(b.js(`porchlight.getStatus().then(JSON.stringify)`)), &state); err != nil {
		t.Fatal(err)
	}
	for _, name := range declared(t, "State") {
		if _, ok := state[name]; !ok && name != "chat" {
			t.Errorf("the state has no %s", name)
		}
	}
}
