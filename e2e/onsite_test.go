package e2e_test

import (
	"regexp"
	"strings"
	"testing"

	"porchlight/demo"
)

// inBubble is the expression for the first element of the invitation that a CSS selector finds.
func inBubble(selector string) string {
	return `document.querySelector("porchlight-invitation")?.shadowRoot.querySelector(` + js(selector) + `)`
}

// told waits until the page has told the service of itself.
func (p *page) told() {
	p.t.Helper()
	p.wait("the page tells of itself", `performance.getEntriesByType("resource").some((e) => e.name.endsWith("/v1/visits") && e.responseEnd)`)
}

// TestOnSite_VisitorsAreInvited: an operator sees who is on the site and invites them, and the chat is theirs. A rule invites by
// itself. Who says no is not asked again, also on the next page.
func TestOnSite_VisitorsAreInvited(t *testing.T) {
	t.Parallel()
	d := startDemo(t, t.TempDir(), "127.0.0.1:0")
	x, o := login(t, d.xmpp, "xavi", ""), login(t, d.xmpp, "olga", "")
	o.desk("visitors", "You may not use visitors.")
	x.desk("permissions olga +visitors", "Olga may now: visitors")
	o.desk("visitors", "Who is on the site is not shown")
	o.desk("operator-edit me about=Knows all about lamps", "about none → Knows all about lamps")
	x.desk("settings on-site loaded", "on-site: off → loaded.")

	p := newVisitor(t)
	p.open(d.web + "/?token=secret")
	p.told()
	list := o.desk("visitors", "1 on the site, widget open: 0\n")
	found := regexp.MustCompile(`\n  (\w+) · / `).FindStringSubmatch(list)
	if found == nil {
		t.Fatalf("the list is %q", list)
	}
	id := found[1]
	o.desk("invite-visitor "+id+" May I help you choose?", id+" is invited.")
	p.wait("the invitation", inBubble(".bubble")+`?.innerText.includes("May I help you choose?") && `+inBubble("b")+`.textContent === "Olga" && `+inBubble("small")+`.textContent === "Knows all about lamps"`)
	p.click("Answer", inBubble(".main"))
	p.wait("the form with the words", inPanel("form.ask p")+`?.firstChild.data === "May I help you choose?"`)
	p.fill("reason", "Yes, please!")
	p.send()
	p.shows("Yes, please!")
	o.hears(demo.Desk, id+" has answered your invitation: #1.")
	p.wait("Olga has the chat", inPanel("h2")+`?.textContent === "Olga"`)
	x.desk("queue", "with Olga")

	x.desk("invitation-add all text=Questions?", "all: on all pages, once a day, not over an open form, only while somebody is available.")
	q := newVisitor(t)
	q.open(d.web + "/")
	q.wait("the rule's invitation", inBubble(".bubble")+`?.innerText.includes("Questions?")`)
	q.click("Don't ask again", inBubble(".do button:last-child"))
	q.wait("the bubble is gone", `!`+inBubble(".bubble"))
	q.open(d.web + "/?again")
	q.told()
	x.desk("visitors", "does not want to be invited")
	q.wait("no bubble", `!`+inBubble(".bubble"))
	p.spoilt, q.spoilt = true, true // the service goes away while the pages are open
	demoStops(t, d)
}

// TestOnSite_AnInvitationFollowsTheVisitor: who walks on, loads the page again or goes back keeps the invitation and the name by
// which operators call them; the operator hears of the answer, and of no leaving.
func TestOnSite_AnInvitationFollowsTheVisitor(t *testing.T) {
	t.Parallel()
	d := startDemo(t, t.TempDir(), "127.0.0.1:0")
	x := login(t, d.xmpp, "xavi", "")
	x.desk("settings on-site loaded", "on-site: off → loaded.")
	p := newVisitor(t)
	p.open(d.web + "/")
	p.told()
	id := regexp.MustCompile(`\n  (\w+) · / `).FindStringSubmatch(x.desk("visitors", "1 on the site"))[1]
	x.desk("invite-visitor "+id+" May I help you choose?", id+" is invited.")
	stands := func(where string) {
		t.Helper()
		p.wait("the invitation "+where, `location.pathname === `+js(where)+` && `+inBubble(".bubble")+`?.innerText.includes("May I help you choose?")`)
	}
	stands("/")
	p.click("Prices", `document.querySelector("nav a[href='/pricing']")`)
	stands("/pricing")
	if list := x.desk("visitors", "1 on the site"); !regexp.MustCompile(`\n  ` + id + ` · /pricing .*, 2 pages · invited by Xavi`).MatchString(list) {
		t.Errorf("the list is %q", list)
	}
	p.reload()
	p.told()
	stands("/pricing")
	p.wait("go back", `setTimeout(() => history.back()) > 0`) // not within the question, which would be asked again if the page went before it is answered
	stands("/")
	eventually(t, "the list says where the visitor is again", func() bool { return strings.Contains(x.desk("visitors", "on the site"), "\n  "+id+" · / ") })
	p.wait("nothing is kept in the browser", `localStorage.length + sessionStorage.length === 0`)
	p.click("Answer", inBubble(".main"))
	p.fill("reason", "Yes, please!")
	p.send()
	if said := x.hears(demo.Desk, id); said != id+" has answered your invitation: #1." {
		t.Errorf("the operator hears %q", said)
	}
	p.spoilt = true
	demoStops(t, d)
}
