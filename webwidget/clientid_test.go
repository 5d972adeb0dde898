package webwidget_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"porchlight/bridge"
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

// Other particulars under a used client_id are refused, and leave no trace; what the page tells by itself may differ.
func TestAsk_OtherContentUnderAClientID(t *testing.T) {
	s := start(t).online()
	s.set("phone", "optional", "fields", "Order")
	s.must(s.bridge.Team.Administer(t.Context(), func(tx bridge.Tx) error {
		return tx.SaveDepartment(bridge.Department{Name: "sales", Title: "Sales"})
	}))
	ask := func(changes ...string) reply {
		body := map[string]any{"client_id": "c1-client-id-0000", "name": "Anna", "email": "anna@example.org", "reason": "Help", "department": "support",
			"phone": "+34 600 000 000", "fields": map[string]string{"Order": "17"}, "attributes": map[string]string{"cart": "3"}, "page": map[string]string{"url": "https://a.example/"}}
		for i := 0; i < len(changes); i += 2 {
			body[changes[i]] = json.RawMessage(changes[i+1])
		}
		return s.do("POST", "/v1/conversations", toJSON(body))
	}
	first := ask()
	first.want(t, http.StatusCreated)
	for _, same := range [][]string{nil, {"attributes", `{"cart":"4"}`}, {"page", `{"url":"https://a.example/b"}`}, {"fields", `{"Order":"17","Gone":""}`}} {
		if again := ask(same...); again.status != http.StatusOK || again.body != first.body {
			t.Errorf("%v: %d %s, want %s", same, again.status, again.body, first.body)
		}
	}
	for field, other := range map[string]string{"name": `"Eve"`, "email": `"eve@example.org"`, "reason": `"Mine?"`, "department": `"sales"`, "phone": `"+34 600 000 001"`, "fields": `{"Order":"18"}`} {
		p := ask(field, other).refused(t, http.StatusConflict, "conflict")
		if p.Errors["client_id"] == "" {
			t.Errorf("%s: nothing is said of client_id: %v", field, p)
		}
	}
	if list, err := s.bridge.OpenFor(t.Context(), bridge.Operator{Super: true}, 10); err != nil || len(list) != 1 {
		t.Errorf("%d conversations, %v", len(list), err)
	}
}
