package ui_test

import (
	"fmt"
	"testing"

	"github.com/chromedp/chromedp/kb"
)

// over makes the only chat end, after which the service says what can be done with it.
func (f *fake) over(possible object) {
	f.update(func() {
		for key, value := range possible {
			f.only().snapshot[key] = value
		}
	})
	f.state("closed", "operator-closed")
}

// When a chat is over the visitor says how it was, by five stars and words, and may change it.
func TestVote_ByStarsAndWords(t *testing.T) {
	t.Parallel()
	f, b := chatting(t)
	b.js(`globalThis.rated = [], addEventListener("porchlight:rated", (e) => rated.push(e.detail)), porchlight().then(() => 0)`)
	f.over(object{"feedback": object{"open": true}})
	b.wait(`all(".star").length === 5`)
	b.want(`P(".vote legend").textContent + shown(P(".vote .main"))`, "How was this chat?false")
	b.want(`!!P(".transcript")`, "false")
	b.click(`all(".star")[3]`)
	b.wait(`P(".vote legend").textContent === "Good" && all(".star.on").length === 4`)
	b.js(`P("[name=comment]").focus(), 0`)
	b.keys("Quick and kind.")
	b.shoot("vote")
	f.refuse("/feedback", refusal{status: 409, problem: object{"type": "conflict", "detail": "You voted more than an hour ago."}})
	b.click(`P(".vote .main")`)
	b.wait(`P(".vote [role=alert]").textContent === "You voted more than an hour ago."`)
	b.click(`P(".vote .main")`)
	b.wait(`P(".vote [role=status]").textContent === "Thank you!" && !P(".vote [role=alert]").textContent`)
	if got := fmt.Sprint(f.awaitCall(t, "/feedback", 2).body); got != "map[comment:Quick and kind. score:4]" {
		t.Errorf("sent %s", got)
	}
	b.want(`JSON.stringify(rated)`, `[{"number":12,"score":4}]`) // the page hears of what was taken, and not what was said with it
	b.noViolations()
}

// The stars are a group of radio buttons: one stop of Tab, and arrows choose.
func TestVote_ByKeyboard(t *testing.T) {
	t.Parallel()
	f, b := chatting(t)
	f.over(object{"feedback": object{"open": true}})
	b.wait(`all(".star").length === 5`)
	b.js(`P("[name=score]").focus(), 0`)
	b.keys(kb.ArrowRight + kb.ArrowRight)
	b.wait(`all(".star.on").length === 3 && focused().ariaLabel === "Neither good nor bad"`)
	b.keys(kb.ArrowRight + kb.Enter)
	if got := fmt.Sprint(f.awaitCall(t, "/feedback", 1).body); got != "map[comment: score:4]" {
		t.Errorf("sent %s", got)
	}
}

// A vote that can't be changed any more is shown. A chat that goes on takes it away.
func TestVote_IsShownAndGoes(t *testing.T) {
	t.Parallel()
	f, b := chatting(t)
	f.over(object{"feedback": object{"open": false, "score": 5}})
	b.wait(`all(".star.on").length === 5`)
	b.want(`P(".vote legend").textContent + shown(P(".vote .main")) + P("[name=score]").disabled`, "Very goodfalsetrue")
	f.state("waiting", "reopened")
	b.wait(`!P(".after")`)
}

// The chat is sent by mail to an address that the visitor gives, if there was an answer in it and the service sends mail.
func TestVote_TranscriptByMail(t *testing.T) {
	t.Parallel()
	f, b := chatting(t)
	f.say("Here is how.")
	b.wait(`texts().at(-1) === "Here is how."`)
	f.over(object{"mail": true})
	b.wait(`P(".transcript button")`)
	b.click(`P(".transcript button")`)
	b.wait(`focused() === P(".transcript input")`)
	b.keys("anna@" + kb.Enter)
	b.wait(`P(".transcript .wrong").textContent === "Please give a complete email address."`)
	b.keys("example.org" + kb.Enter)
	b.wait(`P(".transcript [role=status]").textContent === "Sent to anna@example.org."`)
	b.shoot("transcript")
	if got := fmt.Sprint(f.awaitCall(t, "/transcript", 1).body); got != "map[email:anna@example.org]" {
		t.Errorf("sent %s", got)
	}
}

// That a chat can be sent by mail doesn't hang on whether the service says so before the messages come, as after a reload.
func TestVote_TranscriptAfterAReload(t *testing.T) {
	t.Parallel()
	f, b := chatting(t)
	f.over(object{"mail": true})
	b.wait(`P(".transcript button")`)
	b.want(`shown(P(".transcript button"))`, "false") // nobody has answered
	f.say("Here is how.")
	b.wait(`shown(P(".transcript button"))`)
	f.update(func() { f.held = true })
	b.reload()
	b.openPanel()
	b.wait(`P(".transcript button")`)
	f.update(func() { f.held = false })
	b.wait(`shown(P(".transcript button"))`)
}

// Who is asked whether the chat shall end can go on by mail instead: the address is asked for once, and only where the service sends mail.
func TestEnd_GoesOnByMail(t *testing.T) {
	t.Parallel()
	f, b := chatting(t)
	end := `all("header button").find((e) => e.textContent === "End chat")`
	const place = `JSON.stringify(P(".sure .main").getBoundingClientRect())`
	b.js(`P(".box").style.width = "900px"`) // there is room beside the two buttons
	b.click(end)
	f.awaitCall(t, "GET /v1/conversations/c1", 1)
	b.wait(`all(".sure button").length === 2`)
	before := b.js(place)
	b.keys(kb.Escape)
	b.wait(`!P(".sure") && shown(P(".box")) && focused() === P("[name=text]")`) // Escape closes the innermost
	b.click(end)
	f.update(func() { f.only().snapshot["mail"] = true })
	b.click(end)
	b.wait(`all(".sure button").length === 3`)
	b.want(place, before)
	b.js(`P(".box").style.width = ""`)
	b.shoot("go-on-by-mail")
	b.click(`all(".sure button")[2]`)
	b.wait(`focused().name === "email"`)
	b.keys("anna@example.org\r")
	if c := f.awaitCall(t, "/email", 1); c.body["email"] != "anna@example.org" {
		t.Errorf("sent %v", c.body)
	}
	const told = "Answers come here, and by email to anna@example.org when this page is closed."
	b.wait(`P(".sure [role=status]")?.textContent === "` + told + `"`)
	b.click(`P(".sure button")`)
	b.click(end)
	b.wait(`all(".sure button").length === 3`)
	b.click(`all(".sure button")[2]`)
	b.wait(`P(".sure [role=status]")?.textContent === "` + told + `"`)
	if n := f.count("/email"); n != 1 {
		t.Errorf("the address was sent %d times", n)
	}
	b.noViolations()
}
