package e2e_test

import (
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

// calls makes the page's script call the widget, and waits until the call is carried out.
func (p *page) calls(call string) {
	p.t.Helper()
	if _, err := eval[bool](p, `(globalThis.called = "", `+call+`.then(() => (called = "done"), (e) => (called = e.message)), true)`); err != nil {
		p.t.Fatalf("%s: %v", call, err)
	}
	p.wait(call+" is carried out", `globalThis.called === "done"`)
}

// TestCalls: the site's page says who is logged in, begins a chat for them, hears what the operator writes, and ends the chat;
// when the visitor logs out, the operator reads that they left, and the next one in this browser finds an empty form.
func TestCalls(t *testing.T) {
	t.Parallel()
	const secret = "0123456789abcdef0123456789abcdef"
	s := start(t, settings{"identity.secret": `"` + secret + `"`, "timing.visitor_grace": `"3s"`})
	token, err := jwt.NewWithClaims(jwt.SigningMethodHS256, jwt.MapClaims{"sub": "u42", "name": "Anna", "exp": time.Now().Add(time.Hour).Unix()}).SignedString([]byte(secret))
	if err != nil {
		t.Fatal(err)
	}
	x := s.operators("xavi")[0]
	p := newVisitor(t)
	p.open(s.shop)
	p.lamp("ONLINE")
	p.calls(`(globalThis.told = [], ["chat-started", "operator-joined", "message", "chat-ended"].forEach((name) => addEventListener("porchlight:" + name, (e) => told.push(name + " " + (e.detail.text ?? e.detail.name ?? "")))), porchlight())`)
	p.calls(`(porchlight.setUser({ identity: ` + js(token) + ` }), porchlight.setAttributes({ plan: "gold" }), porchlight.startChat("My order is late"))`)
	p.wait("the page's words stand in the form", inPanel("[name=reason]")+`?.value === "My order is late" && !`+shown(inPanel("[name=name]")))
	p.send()
	p.shows("My order is late")
	jid := s.visitorOf(x, 1)
	x.says(jid, "!info")
	x.hears(jid, "gold")
	x.says(jid, "It comes tomorrow")
	p.wait("the page hears it", `told.join() === "chat-started ,operator-joined Xavi,message It comes tomorrow"`)
	p.calls(`porchlight.endChat()`)
	x.hears(jid, "Anna ended the conversation")
	p.wait("the page hears the end", `told.at(-1) === "chat-ended "`)

	p.calls(`porchlight.startChat("One thing more")`)
	p.send()
	p.shows("One thing more")
	if again := s.visitorOf(x, 2); again != jid {
		t.Errorf("the visitor is %s now, and was %s", again, jid)
	}
	p.calls(`porchlight.reset()`)
	x.hears(jid, "left")
	p.calls(`porchlight.open()`)
	p.wait("the form is empty", shown(inPanel("[name=name]"))+` && !`+inPanel("[name=name]")+`.value && !`+inPanel("[name=reason]")+`.value`)
}
