package e2e_test

import (
	"testing"

	"github.com/chromedp/cdproto/emulation"

	"porchlight/demo"
)

// TestNoScript: a visitor whose browser runs no scripts has a whole conversation on /chat: they
// ask, see the answer, reply, end the conversation and vote.
func TestNoScript(t *testing.T) {
	t.Parallel()
	s := start(t, nil)
	x := s.operators("xavi")[0]
	p := newVisitor(t)
	command(p, "switch scripts off", emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
	p.open(s.url + "/chat")
	p.wait("the form", shown(`document.querySelector("form.ask")`))
	p.picture("noscript-1-form")
	p.enter("#name", "Anna")
	p.enter("#reason", "Does it work without?")
	p.click("the form's button", `document.querySelector("form.ask button")`)
	p.reads("Does it work without?")
	p.reads("Waiting for somebody")
	p.picture("noscript-2-waiting")

	x.hears(demo.Desk, "#1 Anna, Support: Does it work without?")
	jid := s.visitorOf(x, 1)
	x.says(jid, "It does: \"<b>&amp;\"")
	p.reads("It does: \"<b>&amp;\"") // the frame shows it while the visitor writes
	p.picture("noscript-3-news")
	p.click("Look for new messages", `document.querySelector("p.look a")`)
	p.wait("the answer in the conversation", `document.querySelector("ol.log")?.innerText.includes("It does: ")`)
	p.reads("You are talking to Xavi.")
	p.enter("#text", "Thank you,\nXavi!")
	p.click("Send", `document.querySelector("form.write button")`)
	x.hears(jid, "Thank you,\nXavi!")
	p.reads("Thank you,")
	p.picture("noscript-4-chat")
	p.click("End", `document.querySelector("form.end button")`)
	p.reads("This conversation has ended.")
	x.hears(jid, "Anna ended the conversation")
	p.picture("noscript-5-ended")
	p.click("Good", `document.querySelector("form.vote input[value='4']")`)
	p.enter("#comment", "Quick, but\nthe link was wrong.")
	p.click("Vote", `document.querySelector("form.vote button")`)
	p.reads("Your vote: ★★★★☆. Thank you!")
	x.hears(demo.Desk, `★★★★☆ Anna, #1: "Quick, but the link was wrong." feedback 1`)
	p.picture("noscript-6-voted")
}

// enter types into a field of a plain page.
func (p *page) enter(selector, text string) {
	p.t.Helper()
	p.click(selector, "document.querySelector("+js(selector)+")")
	p.insert(text)
}

// reads waits for a text on a plain page or in a frame of it.
func (p *page) reads(text string) {
	p.t.Helper()
	p.wait("the text "+text, "[document, ...[...document.querySelectorAll('iframe')].map((f) => f.contentDocument)]"+
		".some((d) => d.body.innerText.includes("+js(text)+"))")
}
