package webwidget_test

import (
	"net/http"
	"strings"
	"testing"
)

// Every call refuses a client_id that could be guessed, and names the field. The server
// makes an id if there is none. It refuses to store another message under a used id.
func TestClientID(t *testing.T) {
	s := start(t).online()
	o := s.ask("")
	for _, id := range []string{"1", "123456789012345", strings.Repeat("é", 15), "with\nline breaks in it"} {
		for name, r := range map[string]reply{
			"a request": s.do("POST", "/v1/conversations", toJSON(map[string]string{"client_id": id, "reason": "Help"})),
			"a message": s.call(o, "POST", "/messages", toJSON(map[string]string{"client_id": id, "text": "Hello"})),
			"a file":    s.send(o, id, "a.png", pixel),
		} {
			r.refused(t, http.StatusUnprocessableEntity, "invalid")
			if !strings.Contains(r.body, `"errors":{"client_id":`) {
				t.Errorf("%s under %q: %s", name, id, r.body)
			}
		}
	}
	s.do("POST", "/v1/conversations", `{"reason":"Help"}`).want(t, http.StatusCreated)
	s.call(o, "POST", "/messages", `{"text":"Hello"}`).want(t, http.StatusCreated)
	const id = "0123456789abcdef"
	first := s.call(o, "POST", "/messages", `{"client_id":"`+id+`","text":"one"}`)
	first.want(t, http.StatusCreated)
	if again := s.call(o, "POST", "/messages", `{"client_id":"`+id+`","text":"one"}`); again.status != http.StatusOK || again.body != first.body {
		t.Errorf("%s and %s", first.body, again.body)
	}
	before := s.conversation(o).Seq
	for _, r := range []reply{s.call(o, "POST", "/messages", `{"client_id":"`+id+`","text":"two"}`), s.send(o, id, "a.png", pixel)} {
		r.refused(t, http.StatusConflict, "conflict")
		if !strings.Contains(r.body, "not stored") {
			t.Errorf("%s", r.body)
		}
	}
	if after := s.conversation(o).Seq; after != before {
		t.Errorf("%d events were stored of what was refused", after-before)
	}
}
