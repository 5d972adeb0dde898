package webwidget_test

import (
	"net/http"
	"strings"
	"testing"

	"porchlight/bridge"
)

// An operator's /me (XEP-0245) and its correction read as what the operator does, live and
// after a reload. A visitor's own words stay as they are.
func TestMessages_ActionsOfOperators(t *testing.T) {
	s := start(t).online()
	o := s.ask("")
	for _, said := range []bridge.Said{{ID: "m", Text: "/me waves"}, {ID: "c", Type: bridge.EventCorrection, About: "m", Text: "/me nods"}, {ID: "n", Text: "see /me, /menu"}} {
		_, err := s.bridge.OperatorWrites(t.Context(), xavi, bridge.VisitorJID(o.Visitor), said)
		s.must(err)
	}
	s.write(o, "visitors-own-message", "/me waves back")
	var texts []string
	for _, e := range s.stream(o, 0).until(func(e event) bool { return strings.Contains(e.Text, "back") }) {
		if e.Type == "message" || e.Type == "correction" {
			texts = append(texts, e.Text)
		}
	}
	if got := strings.Join(texts[1:], "|"); got != "Xavi waves|Xavi nods|see /me, /menu|/me waves back" {
		t.Errorf("the visitor reads %q", got)
	}
	if r := s.call(o, "GET", "/events?after=0", "", "Accept: application/json"); r.status != http.StatusOK || strings.Contains(r.body, "/me nods") || !strings.Contains(r.body, "Xavi nods") {
		t.Errorf("after a reload: %s", r.body)
	}
}
