package ui_test

import (
	"strconv"
	"testing"
)

// heard records the sounds and the notifications of a page, whose visitor allows them.
const heard = `
globalThis.rings = 0; globalThis.notes = []; globalThis.asked = 0;
globalThis.AudioContext = class { constructor() { rings++; throw new Error("no sound here") } };
globalThis.Notification = class { static permission = "default"; static async requestPermission() { asked++; return (Notification.permission = "granted") }
	constructor(title, more) { Object.assign(this, more, {title}); notes.push(this) } close() { this.closed = true } };
globalThis.hide = (is) => { Object.defineProperty(document, "hidden", {value: is, configurable: true}); document.dispatchEvent(new Event("visibilitychange")) };`

// The page's title counts what is unread while the visitor looks elsewhere. Operators see the page's own title.
func TestBell_TheTitleCounts(t *testing.T) {
	t.Parallel()
	f, b := teased(t, "", func(b tab) { b.before(heard) })
	b.js(`hide(true), 0`)
	f.say("One")
	b.wait(`document.title === "(1) Bulbs & Lamps"`)
	f.say("Two")
	b.wait(`document.title === "(2) Bulbs & Lamps"`)
	f.await(t, "the page", func() bool {
		list := f.callsTo("/page")
		return len(list) > 0 && list[len(list)-1].body["hidden"] == true && list[len(list)-1].body["title"] == "Bulbs & Lamps"
	})
	b.js(`hide(false), 0`)
	b.wait(`document.title === "Bulbs & Lamps"`)
	b.want(`rings + notes.length + asked`, "0") // nobody has switched the bell on
	b.noViolations()
}

// Who has switched the bell on gets a sound and a notification, which leads to the chat. The switch is remembered.
func TestBell_CallsWhoWantsIt(t *testing.T) {
	t.Parallel()
	f, b := teased(t, "", func(b tab) { b.before(heard) })
	b.click(`P(".shut")`)
	f.say("One")
	b.wait(`P(".bell")?.ariaPressed === "false"`)
	b.click(`B("button")`)
	b.click(`P(".bell")`)
	b.wait(`P(".bell").ariaPressed === "true" && rings === 1 && asked === 1`)
	b.shoot("bell-on")
	b.click(`P(".shut")`)
	b.js(`hide(true), 0`)
	f.say("Your students are here.")
	b.wait(`notes.length === 1 && rings === 2`)
	b.want(`notes[0].title + ": " + notes[0].body`, "Olga: Your students are here.")
	b.js(`hide(false), notes[0].onclick(), 0`)
	b.wait(`shown(P(".box")) && notes[0].closed`)
	b.reload()
	b.wait(`texts().at(-1) === "Your students are here."`) // what comes from now on is new
	b.click(`P(".shut")`)
	f.say("Three")
	b.wait(`rings === 1 && notes.length === 0`) // the page is in view
	b.click(`P(".bell") && B("button")`)
	b.click(`P(".bell")`)
	b.wait(`P(".bell").ariaPressed === "false"`)
	b.click(`P(".shut")`)
	f.say("Four")
	b.wait(`B("b").textContent === "1"`)
	b.want(`rings`, "1")
	b.noViolations()
}

// A site may have the bell on from the beginning, for who has not switched it.
func TestBell_IsOnWhereTheSiteWantsIt(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.setSettings(object{"sounds": true})
	b := newTab(t)
	b.before(heard + teaser)
	b.talk(f, "", "Hello")
	b.click(`P(".shut")`)
	f.say("One")
	b.wait(`rings === 1 && P(".bell").ariaPressed === "true"`)
	b.want(`asked`, "0") // permission is asked for only on a click
}

// What another tab shows calls nobody.
func TestBell_NotWhenAnotherTabShowsIt(t *testing.T) {
	t.Parallel()
	f, b := teased(t, "", func(b tab) { b.before(heard) })
	b.js(`localStorage.setItem([...Object.keys(localStorage)].find((k) => k.startsWith("porchlight:")).replace(":unsent", "") + ":bell", "true"), 0`)
	b.reload()
	b.wait(`shown(P(".log"))`)
	b.js(`hide(true), 0`)
	seq := f.say("One")
	b.wait(`document.title.startsWith("(1)")`)
	b.js(`(() => { const key = Object.keys(localStorage).find((k) => /^porchlight:[^ ]*\d$/.test(k)); const kept = JSON.parse(localStorage.getItem(key)); kept.seq = ` + strconv.Itoa(seq) + `; localStorage.setItem(key, JSON.stringify(kept)); dispatchEvent(new StorageEvent("storage", {key})) })(), 0`)
	b.wait(`document.title === "Bulbs & Lamps"`)
	f.say("Two")
	b.wait(`rings === 1`)
	b.want(`notes.length`, "0") // the browser was not asked
}

// Who waits in the queue can switch the bell on before there is a message.
func TestBell_InTheQueue(t *testing.T) {
	t.Parallel()
	f, b := chatting(t)
	f.state("waiting", "transferred")
	f.emit(object{"type": "position", "position": 2})
	b.wait(`P(".bell")`)
	b.noViolations()
}

// What the visitor has been called for is no news when the conversation is drawn anew, in another language or on the next page.
func TestBell_CallsOnce(t *testing.T) {
	t.Parallel()
	f, b := teased(t, "", func(b tab) { b.before(heard + snippet) })
	b.click(`P(".shut")`)
	f.say("One")
	b.wait(`P(".bell")`)
	b.click(`B("button")`)
	b.click(`P(".bell")`)
	b.wait(`rings === 1`)
	b.click(`P(".shut")`)
	f.say("Two")
	b.wait(`rings === 2 && document.title.startsWith("(1)")`)
	quiet := `(async () => { while ((await navigator.locks.query()).held.some((l) => l.name.endsWith(":bell"))) await new Promise((done) => later(done, 50)) })().then(() => 0)`
	b.js(quiet) // for a while after a call there is no other one
	b.js(`porchlight("setLanguage", "de").then(() => 0)`)
	b.wait(`P(".box").lang === "de" && document.title.startsWith("(1)") && texts().at(-1) === "Two"`)
	b.js(`hide(true), 0`)
	f.say("Three")
	b.wait(`document.title.startsWith("(2)")`)
	b.wait(`notes.length`) // of all calls the first one is carried out
	b.want(`rings + notes[0].body`, "3Three")
}
