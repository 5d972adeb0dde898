package e2e_test

import (
	"strings"
	"testing"
)

// TestSettings_FromTheDeskToThePage: what a super operator sets at the desk is on the site's page when that is loaded next,
// without script too, and after a restart; what the visitor fills in is in the offer.
func TestSettings_FromTheDeskToThePage(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	d := startDemo(t, dir, "127.0.0.1:0")
	x := login(t, d.xmpp, "xavi", "")
	for _, step := range [][2]string{
		{"settings colour #7a1fa2", "colour: #27336b → #7a1fa2.\nBack: settings-reset colour"},
		{"settings side left", "side: right → left."},
		{"settings launcher Ask us", `launcher: – → "Ask us".`},
		{"settings greeting.en Hello from the desk!", "greeting.en: – → "},
		{"settings notice Payments are down, we know.", "notice: – → "},
		{"settings fields Order number!", "fields: – → "},
		{"settings consent I agree.", "consent: – → "},
		{"settings colour lime", `"lime" is no colour such as #1a73e8 with enough contrast (4.5:1) on white. Nothing was changed.`},
	} {
		x.desk(step[0], step[1])
	}
	look := func(p *page) {
		t.Helper()
		p.wait("the button has the site's words", theButton+`?.querySelector("strong").textContent === "Ask us"`)
		p.wait("the button has the site's colour", `getComputedStyle(`+theButton+`).backgroundColor === "rgb(122, 31, 162)"`)
		p.wait("the button is at the left", theButton+`.getBoundingClientRect().left < 100`)
	}
	p := newVisitor(t)
	p.open(d.web + "/")
	look(p)
	p.openPanel()
	p.wait("the notice", inPanel(".told")+`?.textContent === "Payments are down, we know."`)
	p.wait("the greeting", inPanel(".ask p")+`?.firstChild.data === "Hello from the desk!"`)
	p.wait("the fields", `[`+inPanel("#own0")+`, `+inPanel("#consent")+`].every((e) => e?.required)`)
	p.wait("the request", `(() => {
		for (const [id, value] of [["#own0", "4711"], ["[name=reason]", "Where is it?"]]) `+thePanel+`.shadowRoot.querySelector(id).value = value;
		`+inPanel("#consent")+`.click();
		`+inPanel("form.ask button")+`.click();
		return true;
	})()`)
	x.hears("desk@support.localhost", "Order number: 4711")
	p.wait("the conversation", inPanel("[role=log]"))
	x.desk("settings-reset notice", "notice: ")
	p.wait("the notice is gone from the open page", `!`+shown(inPanel(".told")))
	demoStops(t, d)

	again := startDemo(t, dir, strings.TrimPrefix(d.web, "http://"))
	p.spoilt = true                  // the server was away
	login(t, again.xmpp, "xavi", "") // somebody is there
	other := newVisitor(t)
	other.open(again.web + "/")
	look(other)
	other.spoilt = true
	demoStops(t, again)
}
