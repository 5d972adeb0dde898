package ui_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
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
