package ui_test

import (
	"strings"
	"testing"
)

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
