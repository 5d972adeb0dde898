package ui_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/chromedp/kb"
)

// The panel opens and a request goes through, whatever the storage holds under any of the keys. Each piece of garbage comes under
// each of them once.
func TestKept_WhatCantBeReadIsForgotten(t *testing.T) {
	t.Parallel()
	garbage := []string{`{broken`, ``, `null`, `"x"`, `5`, `true`, `[]`, `[null]`, `{}`, `[[]]`, `{"id":7,"token":{},"seq":"x","done":false}`,
		`{"id":"../x","token":"secret1","done":false}`, `{"id":"c9","token":"ü\n","done":false,"page":{}}`,
		`[{"conversation":"c1"},{"conversation":"c1","client_id":{},"text":5},7]`}
	f := newFake(t)
	b := newTab(t)
	url := newSite(t, f, "", "").URL
	for n := range garbage {
		b.open(url + "/favicon.ico") // has the same storage, but no widget
		b.js(`localStorage.clear(), sessionStorage.clear(), 0`)
		for i, key := range []string{"localStorage ", "localStorage :unsent", "sessionStorage :draft", "sessionStorage :open", "sessionStorage :poll"} {
			area, name, _ := strings.Cut(key, " ")
			b.js(fmt.Sprintf(`%s[%q] = %q, 0`, area, "porchlight:"+f.URL+name, garbage[(n+3*i)%len(garbage)]))
		}
		b.open(url)
		b.wait(`shown(B("button"))`)
		b.js(`B("button").click(), 0`)
		b.wait(`shown(P("form.ask"))`)
		b.js(`P("[name=reason]").value = "", 0`)
		reason := fmt.Sprint("Question ", n)
		b.request("", "", reason)
		b.wait(fmt.Sprintf(`texts().join() === %q && shown(P(".composer"))`, reason))
		b.write("on")
		b.wait(`texts().at(-1) === "on" && all(".me").at(-1).innerText.endsWith("Sent")`)
		b.noViolations()
	}
}

// If the service does not know the conversation that the storage holds, the panel forgets it and shows the form.
func TestKept_ATornConversationEndsAtTheService(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	b := newTab(t)
	b.open(newSite(t, f, "", "").URL)
	b.js(`localStorage["porchlight:` + f.URL + `"] = '{"id":"gone","token":"x","seq":1e300,"name":5,"email":null,"done":false}', 0`)
	b.reload()
	b.openPanel()
	b.wait(`shown(P("form.ask")) && !("porchlight:` + f.URL + `" in localStorage)`)
}

// The widget makes good JSON even on a site whose old library gives all arrays and objects a toJSON.
func TestKept_JSONThatTheSiteHasSpoilt(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	b := newTab(t)
	b.before(`
Array.prototype.toJSON = function () { return "[" + [].map.call(this, (x) => JSON.stringify(x)).join(", ") + "]" };
Object.defineProperty(Object.prototype, "toJSON", {value() { return "spoilt" }, enumerable: false});
String.prototype.toJSON = function () { return '"' + this + '"' };`)
	b.open(newSite(t, f, `data-plan="pro"`, "").URL)
	b.openPanel()
	b.request("Anna", "", "Hello")
	b.wait(`texts().join() === "Hello"`)
	if got := text(f.awaitCall(t, "POST /v1/conversations", 1).body["attributes"]); got != `{"plan":"pro"}` {
		t.Errorf("attributes %s", got)
	}
	f.refuse("/messages", refusal{status: 503})
	b.write("never lost")
	f.awaitCall(t, "/messages", 1)
	b.reload()
	f.awaitSeq(t, "never lost")
	b.wait(`texts().join() === "Hello,never lost"`)
	b.noViolations()
}

// While the page is open, the widget writes again what the site clears: the conversation, messages that are not sent, and the
// text that the visitor is writing.
func TestKept_WhatTheSiteClearsIsWrittenAgain(t *testing.T) {
	t.Parallel()
	f, b := chatting(t)
	b.fill(`P("[name=text]")`, "half an answer")
	b.js(`localStorage.clear(), sessionStorage.clear(), 0`)
	b.wait(`localStorage["porchlight:` + f.URL + `"]`)
	b.js(`localStorage.clear(), sessionStorage.clear(), location.reload()`) // some sites clear all storage when a user logs out
	b.wait(`shown(P("[role=log]")) && texts().length === 1 && P("[name=text]").value === "half an answer"`)
	for range 20 {
		f.refuse("/messages", refusal{status: 503})
	}
	b.fill(`P("[name=text]")`, kb.Enter)
	f.awaitCall(t, "/messages", 1)
	b.js(`for (const key in localStorage) localStorage.removeItem(key)`)
	b.reload()
	f.update(func() { clear(f.refusals) })
	f.awaitSeq(t, "half an answer")
	b.wait(`texts().length === 2 && P("[name=text]").value === ""`)
	b.noViolations()
}

// When one tab is cleared, the others keep their conversation. When the service has forgotten it, no tab brings it back.
func TestKept_AClearedTabLeavesTheOthersTheirs(t *testing.T) {
	t.Parallel()
	f, one := chatting(t)
	two := one.twin()
	two.js(`localStorage.clear(), 0`)
	f.say("to both")
	for _, b := range []tab{one, two} {
		b.wait(`texts().at(-1) === "to both" && localStorage["porchlight:` + f.URL + `"]`)
	}
	f.update(func() { clear(f.conversations) })
	f.cutStreams(t)
	for _, b := range []tab{one, two} {
		b.wait(`shown(P("form.ask")) && !("porchlight:` + f.URL + `" in localStorage)`)
	}
}

// Words that are not sent stay when the visitor goes to another page, both in the form and in the chat. Once they are sent
// nothing is left of them.
func TestKept_WordsThatAreNotSentStayOverPages(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	b := newTab(t)
	b.open(newSite(t, f, "", "").URL)
	b.openPanel()
	b.fill(`P("[name=reason]")`, "My long question")
	b.want(`localStorage.length`, "0") // before the form is sent nothing outlives the tab
	b.click(`document.querySelector("a")`)
	b.wait(`location.pathname === "/two"`)
	b.openPanel()
	b.wait(`P("[name=reason]").value === "My long question"`)
	b.click(`P("form.ask button")`)
	b.wait(`texts().join() === "My long question"`)
	b.want(`P("[name=text]").value`, "")
	b.fill(`P("[name=text]")`, "Half of")
	b.reload()
	b.wait(`P("[name=text]")?.value === "Half of"`)
	b.fill(`P("[name=text]")`, kb.Enter)
	f.awaitSeq(t, "Half of")
	b.reload()
	b.wait(`texts().length === 2 && P("[name=text]").value === ""`)
}

// The widget does without anything that the browser forbids: each thing alone, and all together, which is what Firefox forbids
// when all cookies are blocked.
func TestForbidden_WhatTheBrowserForbidsIsDoneWithout(t *testing.T) {
	t.Parallel()
	no := `throw new DOMException("no", "SecurityError")`
	ways := map[string]string{
		"localStorage":       `Object.defineProperty(window, "localStorage", {get() { ` + no + ` }});`,
		"sessionStorage":     `Object.defineProperty(window, "sessionStorage", {get() { ` + no + ` }});`,
		"a full storage":     `Storage.prototype.setItem = () => { ` + no + ` };`,
		"reading":            `Storage.prototype.getItem = () => { ` + no + ` };`,
		"channels":           `globalThis.BroadcastChannel = class { constructor() { ` + no + ` } };`,
		"no channels":        `delete globalThis.BroadcastChannel;`,
		"telling":            `BroadcastChannel.prototype.postMessage = () => { ` + no + ` };`,
		"locks, later":       `navigator.locks.request = () => Promise.reject(new DOMException("no", "SecurityError"));`,
		"locks, at once":     `navigator.locks.request = () => { ` + no + ` };`,
		"locks, even a look": `Object.defineProperty(navigator, "locks", {get() { ` + no + ` }});`,
		"no locks":           `Object.defineProperty(navigator, "locks", {value: undefined});`,
	}
	ways["everything"] = ways["localStorage"] + ways["sessionStorage"] + ways["channels"] + ways["locks, later"]
	for name, script := range ways {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newFake(t)
			b := newTab(t)
			b.before(script)
			b.open(newSite(t, f, "", "").URL)
			b.openPanel()
			b.request("Anna", "", "Hello")
			b.wait(`texts().length === 1`)
			f.join("Olga")
			f.say("the answer")
			b.wait(`texts().at(-1) === "the answer" && P("h2").textContent === "Olga"`)
			f.refuse("/messages", refusal{status: 503})
			b.write("kept in memory")
			f.awaitSeq(t, "kept in memory")
			b.wait(`all(".me").at(-1).innerText.endsWith("Sent")`)
			b.click(`P(".shut")`)
			b.openPanel()
			b.noViolations()
		})
	}
}

// What the visitor is writing is kept only once there is something, and no longer than the chat lasts. The words stay where they stand. What is written
// to continue the chat is kept again.
func TestKept_WhatIsWrittenGoesWithTheChat(t *testing.T) {
	t.Parallel()
	f, b := chatting(t)
	draft := `sessionStorage["porchlight:` + f.URL + `:draft"]`
	b.want(draft+` ?? "nothing"`, "nothing")
	b.fill(`P("[name=text]")`, "Half of")
	b.want(draft, `"Half of"`)
	f.state("closed", "solved")
	b.wait(`shown(P(".banner")) && !` + draft)
	b.want(`P("[name=text]").value`, "Half of")
	b.reload()
	b.openPanel()
	b.wait(`P("[name=text]")?.value === ""`)
	b.fill(`P("[name=text]")`, "One more")
	b.reload()
	b.openPanel()
	b.wait(`P("[name=text]")?.value === "One more"`)
	b.noViolations()
}
