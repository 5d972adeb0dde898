package webwidget_test

import (
	"strings"
	"testing"

	"porchlight/bridge"
)

// The visitor is shown where the operator who answers is reached by WhatsApp, by scripts and without them, and
// nobody else's number.
func TestWhatsApp_OfTheOperatorWhoAnswers(t *testing.T) {
	s := start(t).online()
	_, err := s.bridge.Team.Change(t.Context(), xavi, func(o *bridge.Operator) { o.WhatsApp = "+34600000000" })
	s.must(err)
	b := s.browser()
	b.open("/chat").send("/chat", map[string]string{"name": "Anna", "reason": "Hello"}).shows(200, "!wa.me")
	visitor := s.conversation(opened{Number: 1}).Visitor
	s.answer(opened{Visitor: string(visitor)}, "Hello")
	b.open("/chat").shows(200, `<a href="https://wa.me/34600000000" target="_blank" rel="noopener noreferrer">WhatsApp</a>`)

	o := s.ask("")
	const link = `"whatsapp":"https://wa.me/34600000000"`
	if r := s.call(o, "GET", "", ""); strings.Contains(r.body, link) {
		t.Errorf("nobody answers yet: %s", r.body)
	}
	s.answer(o, "Hello")
	if r := s.call(o, "GET", "", ""); !strings.Contains(r.body, `"operator":{"name":"Xavi","avatar":"",`+link+`}`) {
		t.Errorf("the snapshot is %s", r.body)
	}
	if r := s.call(o, "GET", "/events", "", "Accept: application/json"); !strings.Contains(r.body, link+`,"action":"joined"`) {
		t.Errorf("the log is %s", r.body)
	}
}
