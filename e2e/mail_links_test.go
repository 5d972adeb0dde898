package e2e_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"

	"porchlight/demo"
	"porchlight/email/smtp/smtptest"
)

// linkIn finds the link for a use in the text of a mail.
func linkIn(t *testing.T, m smtptest.Mail, use string) string {
	t.Helper()
	text := strings.ReplaceAll(string(m.Raw), "=\r\n", "") // lines that quoted-printable has cut (RFC 2045 §6.7)
	found := regexp.MustCompile(`(?m)^http\S+/chat/` + use + `/[\w-]+`).FindString(text)
	if found == "" {
		t.Fatalf("no link for %s in %s", use, text)
	}
	return found
}

// mailed is an installation whose operator has answered Anna's mail by mail, once.
func mailed(t *testing.T, more settings) (p *post, x *person, jid string, m smtptest.Mail) {
	t.Helper()
	s, p := startMail(t, more)
	x = s.operators("xavi")[0]
	p.comes("Anna <anna@example.net>", "Course dates", "When does the course begin?")
	x.hears(demo.Desk, "#1 Anna")
	jid, _ = s.takes(x, 1)
	p.acknowledged(1, "anna@example.net")
	x.says(jid, "!email On Monday.")
	m, _ = p.sent(2)
	return p, x, jid, m
}

// TestMail_Resume: the link in a mail brings the visitor back into the conversation on the page. While the
// page is open it is a chat; when it is closed, answers go by mail again.
func TestMail_Resume(t *testing.T) {
	t.Parallel()
	p, x, jid, m := mailed(t, settings{"timing.visitor_grace": `"5s"`}) // a page that is loaded again has not gone
	link := linkIn(t, m, "resume")

	v := newVisitor(t)
	v.open(link)
	v.picture("resume-1-button")
	v.click("Continue", `document.querySelector("form button")`)
	v.shows("When does the course begin?")
	v.shows("On Monday.")
	v.wait("the address without the link", `location.pathname === "/chat"`)
	x.hears(demo.Desk, "#1: its page is open again")
	v.write("Which Monday?")
	x.hears(jid, "Which Monday?")
	id := x.says(jid, "The next one.")
	v.shows("The next one.")
	x.expect("displayed", displayed(id)) // what a page has not told to be seen goes by mail when it is left
	v.banner("Answers come here, and by email to anna@example.net when this page is closed.")
	v.picture("resume-2-live")
	at, _, _ := strings.Cut(link, "/resume/")
	v.open(at) // the browser still has it
	v.shows("The next one.")
	if n := len(p.relay.Mails()); n != 2 {
		t.Errorf("%d mails were sent while the page was open", n)
	}
	v.shut()
	x.hears(demo.Desk, "#1: its page is closed now")
	x.says(jid, "Bring a pen.")
	if again, _ := p.sent(3); !strings.Contains(string(again.Raw), "Bring a pen.") || linkIn(t, again, "resume") == "" {
		t.Errorf("the mail after the page was closed: %s", again.Raw)
	}
}

// TestMail_ResumeWithoutScript: the link does the same for a browser that runs no scripts.
func TestMail_ResumeWithoutScript(t *testing.T) {
	t.Parallel()
	p, x, jid, m := mailed(t, settings{"timing.visitor_grace": `"1m"`}) // the page without script asks for news every 5 s
	v := newVisitor(t)
	command(v, "switch scripts off", emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
	v.open(linkIn(t, m, "resume"))
	v.click("Continue", `document.querySelector("form button")`)
	v.wait("the log", `document.querySelector("ol.log")?.innerText.includes("On Monday.")`)
	x.hears(demo.Desk, "#1: its page is open again")
	v.enter("#text", "And where?")
	v.click("Send", `document.querySelector("form.write button")`)
	x.hears(jid, "And where?")
	x.says(jid, "In the hall.")
	v.reads("In the hall.")
	v.reads("Answers come here, and by email to anna@example.net when this page is closed.")
	v.picture("resume-3-noscript")
	if n := len(p.relay.Mails()); n != 2 {
		t.Errorf("%d mails were sent while the page was open", n)
	}
}

// TestMail_Vote: the link in a mail leads to a form, and the operator is told of the vote that is sent with
// it.
func TestMail_Vote(t *testing.T) {
	t.Parallel()
	p, x, jid, m := mailed(t, nil)
	v := newVisitor(t)
	v.open(linkIn(t, m, "vote"))
	v.picture("vote-1-form")
	v.click("Good", `document.querySelector("form.vote input[value='4']")`)
	v.enter("#comment", "Quick.")
	v.click("Vote", `document.querySelector("form.vote button")`)
	v.reads("Your vote: ★★★★☆. Thank you!")
	v.picture("vote-2-thanks")
	x.hears(demo.Desk, `★★★★☆ Anna, #1: "Quick." feedback 1`)
	x.says(jid, "!email You are welcome.")
	if again, _ := p.sent(3); strings.Contains(string(again.Raw), "/chat/vote/") {
		t.Errorf("the next mail asks for a vote again: %s", again.Raw)
	}
}

// TestMail_TranscriptToAVisitorWithoutAnAddress: who gave no address has the chat sent to one that they give when it is over. It is the
// chat's from then on, so an operator can go on by mail.
func TestMail_TranscriptToAVisitorWithoutAnAddress(t *testing.T) {
	t.Parallel()
	s, p := startMail(t, nil)
	x := s.operators("xavi")[0]
	v := newVisitor(t)
	v.open(s.url + "/chat")
	v.fill("name", "Anna")
	v.fill("reason", "How?")
	v.send()
	v.shows("How?")
	jid := s.visitorOf(x, 1)
	x.says(jid, "Like this.")
	v.shows("Like this.")
	v.end()
	v.click("Send me this chat by email", inPanel(".transcript button"))
	v.wait("the focus is at the address", inPanel(".transcript input")+"?.matches(':focus')")
	v.picture("transcript-1-address")
	v.insert("anna@example.net")
	v.key("Enter")
	v.wait("it is sent", inPanel(".transcript [role=status]")+`.textContent === "Sent to anna@example.net."`)
	v.picture("transcript-2-sent")
	m, _ := p.sent(1)
	if m.To != "anna@example.net" || !strings.Contains(string(m.Raw), "Like this.") {
		t.Errorf("to %s: %s", m.To, m.Raw)
	}
	x.hears(jid, "had this conversation sent to anna@example.net")
	v.open("about:blank")
	x.says(jid, "!email One thing more.")
	if m, _ := p.sent(2); m.To != "anna@example.net" || !strings.Contains(string(m.Raw), "One thing more.") {
		t.Errorf("to %s: %s", m.To, m.Raw)
	}
}
