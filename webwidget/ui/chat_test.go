package ui_test

import (
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// chatting opens a page, sends a request and lets an operator take it.
func chatting(t *testing.T) (*fake, tab) {
	t.Helper()
	f := newFake(t)
	b := newTab(t)
	b.talk(f, "", "How can I edit my students' information?")
	return f, b
}

// talk opens a page whose script has the attributes, sends a request and lets an operator take it.
func (b tab) talk(f *fake, attributes, request string) {
	b.Helper()
	b.open(newSite(b.T, f, attributes, "").URL)
	b.openPanel()
	b.request("Anna", "", request)
	b.wait(`P("[role=log]")`)
	f.join("Olga")
	b.wait(`P("h2").textContent === "Olga"`)
}

func TestChat_WaitsThenGoesBothWays(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	b := newTab(t)
	b.open(newSite(t, f, "", "").URL)
	b.openPanel()
	b.request("Anna", "", "How can I edit my students' information?")
	b.wait(`texts().join() === "How can I edit my students' information?"`)
	f.emit(object{"type": "position", "position": 3})
	b.wait(`P(".banner small").textContent === "Your place in the queue: 3"`)
	f.emit(object{"type": "position", "position": 2, "wait": 170})
	b.wait(`P(".banner small").textContent === "Your place in the queue: 2; about 3 minutes"`)
	b.shoot("waiting")
	f.emit(object{"type": "position", "position": 1, "wait": 20})
	b.wait(`P(".banner small").textContent === "Your place in the queue: 1; about one minute"`)
	f.join("Olga")
	b.wait(`P("h2").textContent === "Olga" && !shown(P(".banner"))`)
	b.wait(`all(".note").at(-1).textContent === "Olga joined the chat"`)
	f.say("Good morning! https://example.org/a?b=1.")
	b.wait(`P(".them a")?.href === "https://example.org/a?b=1"`)
	b.want(`P(".them .hide").textContent`, "Olga: ")
	b.write("Hello")
	b.wait(`texts().at(-1) === "Hello"`)
	b.want(`all(".me .hide").at(-1).textContent`, "You: ")
	b.want(`P("[role=log]").ariaLive`, "polite")
	f.emit(object{"type": "message", "from": "system", "name": "", "text": "Olga asks Xavi"})
	b.wait(`all(".note").at(-1).textContent === "Olga asks Xavi"`)
	b.noViolations()
}

func TestChat_TextIsNeverMarkup(t *testing.T) {
	t.Parallel()
	f, b := chatting(t)
	f.say(`<img src=x onerror="violations.push('xss')"><b>bold</b>`)
	b.wait(`texts().at(-1).startsWith("<img src=x")`)
	b.want(`all(".entry img, .entry b").length`, "0")
	b.noViolations()
}

func TestChat_ShowsHowFarTheLastMessageHasCome(t *testing.T) {
	t.Parallel()
	f, b := chatting(t)
	b.write("Hello")
	mine := f.awaitSeq(t, "Hello")
	b.wait(`all(".me").at(-1).innerText.endsWith("Sent")`)
	for _, step := range []struct{ status, text string }{{"confirmed", "Passed on"}, {"delivered", "Delivered"}, {"seen", "Seen"}} {
		f.emit(object{"type": "receipt", "upto": mine - 1, "status": step.status})
		f.emit(object{"type": "typing", "active": true, "name": "Olga"})
		b.wait(`P(".typing").textContent === "Olga is typing…"`)
		b.want(`all(".me").at(-1).innerText.includes("`+step.text+`")`, "false")
		f.emit(object{"type": "receipt", "upto": mine, "status": step.status})
		b.wait(`all(".me").at(-1).innerText.endsWith("` + step.text + `")`)
		f.emit(object{"type": "typing", "active": false, "name": "Olga"})
		b.wait(`P(".typing").textContent === ""`)
	}
	b.want(`all(".me").filter((e) => e.innerText.includes("Seen")).length`, "1")
}

func TestChat_TellsThatTheVisitorWritesSparingly(t *testing.T) {
	t.Parallel()
	f, b := chatting(t)
	b.fill(`P("[name=text]")`, "Some words, many keys")
	if active := f.awaitCall(t, "/typing", 1).body["active"]; active != true {
		t.Errorf("active = %v, want true", active)
	}
	b.keys(kb.Enter)
	if active := f.awaitCall(t, "/typing", 2).body["active"]; active != false {
		t.Errorf("active = %v, want false", active)
	}
	f.awaitSeq(t, "Some words, many keys")
	if n := f.count("/typing"); n != 2 {
		t.Errorf("%d calls, want 2", n)
	}
}

func TestChat_RestIsNoTyping(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	b := newTab(t)
	b.hasten(5000, 300)
	b.open(newSite(t, f, "", "").URL)
	b.openPanel()
	b.request("Anna", "", "Hello")
	b.wait(`P("[role=log]")`)
	f.join("Olga")
	b.wait(`P("h2").textContent === "Olga"`)
	b.fill(`P("[name=text]")`, "x")
	for n, want := range []bool{true, false} {
		if active := f.awaitCall(t, "/typing", n+1).body["active"]; active != want {
			t.Errorf("call %d: active = %v, want %v", n+1, active, want)
		}
	}
}

func TestChat_ShowsPicturesOfTheServiceOnly(t *testing.T) {
	t.Parallel()
	f, b := chatting(t)
	f.emit(object{"type": "operator", "name": "Olga", "avatar": "/faces/olga.png", "action": "joined"})
	b.wait(`P("header img")?.src === "` + f.URL + `/faces/olga.png"`)
	f.emit(object{"type": "operator", "name": "Olga", "avatar": "https://tracker.example/olga.png", "action": "joined"})
	b.wait(`!P("header img") && P("header .one").textContent === "O"`)
	f.emit(object{"type": "operator", "name": "Olga", "avatar": "//tracker.example/olga.png", "action": "joined"})
	f.emit(object{"type": "operator", "name": "Ina Ost", "avatar": "/faces/gone.png", "action": "joined"}) // its picture was taken away meanwhile
	b.wait(`!P("header img") && all("header .one").map((e) => e.textContent).join() === "O,I"`)
	b.want(`performance.getEntriesByType("resource").some((r) => new URL(r.name).host.includes("tracker"))`, "false")
}

func TestChat_CorrectsAndRetracts(t *testing.T) {
	t.Parallel()
	f, b := chatting(t)
	one, two := f.say("Helo"), f.say("wrong window")
	b.wait(`texts().at(-1) === "wrong window"`)
	again := f.emit(object{"type": "correction", "replaces": one, "text": "Hello"})
	f.emit(object{"type": "correction", "replaces": again, "text": "Hello!"})
	f.emit(object{"type": "retraction", "replaces": two})
	b.wait(`texts().slice(-2).join() === "Hello! (edited),This message was deleted."`)
	b.want(`P("[role=log]").innerText.includes("wrong window")`, "false")
}

func TestChat_AsksForAnAddressWhenNobodyIsFree(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	b := newTab(t)
	b.open(newSite(t, f, "", "").URL)
	b.openPanel()
	b.request("Anna", "", "Anybody?")
	b.wait(`P("[role=log]")`)
	f.state("waiting", "email-wanted")
	b.wait(`shown(P(".banner [name=email]"))`)
	b.reload()
	b.wait(`shown(P(".banner [name=email]"))`)
	f.cutStreams(t)
	f.awaitCall(t, "c1/events", 3)
	b.wait(`shown(P(".banner [name=email]"))`)
	b.shoot("email-wanted")
	b.fill(`P(".banner [name=email]")`, "anna"+kb.Enter)
	b.wait(`P(".banner .wrong").textContent === "Please give a complete email address."`)
	b.fill(`P(".banner [name=email]")`, "@example.org"+kb.Enter)
	if got := f.awaitCall(t, "/email", 1).body["email"]; got != "anna@example.org" {
		t.Errorf("email = %v, want anna@example.org", got)
	}
	b.wait(`P(".banner p").textContent === "We will answer by email to anna@example.org."`)
	b.noViolations()
}

func TestChat_EndsAndStartsAnew(t *testing.T) {
	t.Parallel()
	f, b := chatting(t)
	b.click(`P("header button")`)
	b.want(`focused().textContent`, "End chat")
	b.shoot("sure")
	b.click(`all(".sure button").at(-1)`)
	b.want(`shown(P(".sure"))`, "false")
	b.click(`P("header button")`)
	b.click(`P(".sure button")`)
	b.wait(`P(".banner p").textContent === "This chat has ended."`)
	b.want(`shown(P("header button"))`, "false")
	b.shoot("closed")
	f.awaitCall(t, "/close", 1)
	b.click(`P(".banner > button")`)
	b.wait(`P("[name=name]").value === "Anna" && focused() === P("[name=reason]")`)
	b.request("", "", "One more thing")
	second := f.awaitCall(t, "POST /v1/conversations", 2)
	if got := second.header.Get("Authorization"); got != "Bearer secret1" || second.body["previous"] != "c1" {
		t.Errorf("token %q of %v, want the earlier conversation's", got, second.body["previous"])
	}
	b.wait(`texts().join() === "One more thing"`)
}

func TestChat_SaysWhyItWasClosedAndGoesOnByWriting(t *testing.T) {
	t.Parallel()
	f, b := chatting(t)
	f.state("closed", "idle")
	b.wait(`P(".banner p").textContent === "This chat was closed because nobody wrote for a while."`)
	b.want(`P("[name=text]").placeholder`, "Write to continue this chat…")
	b.write("I am back")
	f.awaitSeq(t, "I am back")
	f.state("waiting", "reopened")
	b.wait(`P(".banner p").textContent === "We are asking our operators…"`)
}

func TestKeyboard_EscapeClosesAndGivesTheFocusBack(t *testing.T) {
	t.Parallel()
	f, b := chatting(t)
	b.click(`P("[name=text]")`)
	b.keys("a")
	b.enter(chromedp.ModifierShift)
	b.keys("b")
	b.want(`P("[name=text]").value`, "a\nb")
	b.js(`P("[name=text]").dispatchEvent(new KeyboardEvent("keydown", {key: "Enter", isComposing: true, bubbles: true}))`)
	b.want(`P("[name=text]").value`, "a\nb")
	b.keys(kb.Enter)
	f.awaitSeq(t, "a\nb")
	b.keys(kb.Escape)
	b.wait(`!shown(P(".box")) && focused() === B("button")`)
	b.want(`B("button").getAttribute("aria-expanded")`, "false")
	b.keys(kb.Enter)
	b.wait(`shown(P(".box")) && focused() === P("[name=text]")`)
	b.want(`P(".box").role + P(".box").ariaLabel`, "dialogLive support")
}

// When an operator is lost, a message that did not reach them is no longer marked as passed on until another operator has it.
func TestChat_WhatCameBackIsNotPassedOn(t *testing.T) {
	t.Parallel()
	f, b := chatting(t)
	b.write("Are you there?")
	seq := f.awaitSeq(t, "Are you there?")
	f.emit(object{"type": "receipt", "upto": seq, "status": "confirmed"})
	b.wait(`P(".log").textContent.includes("Passed on")`)
	f.emit(object{"type": "operator", "name": "Olga", "avatar": "", "action": "left", "reason": "operator-unreachable", "upto": seq - 1})
	b.wait(`P(".log").textContent.includes("Sent")`)
	b.wait(`all(".note").at(-1).textContent === "Olga can't be reached, somebody else is looked for"`)
	f.state("waiting", "operator-unreachable")
	f.join("Xavi")
	f.emit(object{"type": "receipt", "upto": seq, "status": "confirmed"})
	b.wait(`P(".log").textContent.includes("Passed on")`)
	f.update(func() { f.only().snapshot["receipts"] = object{"confirmed": seq} })
	b.reload()
	b.wait(`P(".log")?.textContent.includes("Passed on")`)
}

// The visitor reads to whom they are passed on, and while they wait who is asked; then who has ended the chat.
func TestChat_SaysWhatHappens(t *testing.T) {
	t.Parallel()
	f, b := chatting(t)
	f.emit(object{"type": "operator", "name": "Olga", "avatar": "", "action": "left", "reason": "transferred", "passed_to": "Xavi"})
	f.state("waiting", "transferred")
	b.wait(`P(".banner p").textContent === "We are asking Xavi…"`)
	b.wait(`all(".note").at(-1).textContent === "Olga is passing you on to Xavi"`)
	b.shoot("says-passing")
	f.emit(object{"type": "position", "position": 1})
	b.wait(`P(".banner small").textContent === "Your place in the queue: 1"`)
	b.want(`P(".banner p").textContent`, "We are asking Xavi…")
	f.state("active", "")
	f.join("Xavi")
	f.state("closed", "operator-closed")
	b.wait(`P(".banner small").textContent === "Xavi has ended it."`)
	b.want(`P(".banner p").textContent`, "This chat has ended.")
	b.shoot("says-ended")
}
