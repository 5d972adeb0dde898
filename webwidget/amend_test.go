package webwidget_test

import (
	"fmt"
	"net/http"
	"testing"

	"porchlight/bridge"
)

// An event about an earlier message is told with the seq of that message. A message that was
// taken back meanwhile is told without its text.
func TestAmend_Events(t *testing.T) {
	s := start(t).online()
	o := s.ask("")
	s.answer(o, "Helo")
	says := func(said bridge.Said) {
		t.Helper()
		_, err := s.bridge.OperatorWrites(t.Context(), xavi, bridge.VisitorJID(o.Visitor), said)
		s.must(err)
	}
	says(bridge.Said{ID: "m", Text: "Wrong link"})
	asked := bridge.StanzaID(o.ID, 2)
	says(bridge.Said{ID: "c", Type: bridge.EventCorrection, About: "m", Text: "Right link"})
	says(bridge.Said{ID: "r", Type: bridge.EventRetraction, About: "m"})
	says(bridge.Said{ID: "e", Type: bridge.EventReaction, About: asked, Text: "👍"})
	says(bridge.Said{ID: "a", Text: "Yes", About: asked})
	list := s.stream(o, 0).until(func(e event) bool { return e.Text == "Yes" })
	at := map[string]event{}
	for _, e := range list {
		at[e.Type+e.Text] = e
	}
	wrong := at["message"].Seq
	for _, want := range []struct {
		key                   string
		replaces, to, replyTo int64
	}{{"correction", wrong, 0, 0}, {"retraction", wrong, 0, 0}, {"reaction👍", 0, 2, 0}, {"messageYes", 0, 0, 2}} {
		e, ok := at[want.key]
		if !ok || e.Replaces != want.replaces || e.To != want.to || e.ReplyTo != want.replyTo || e.From != "operator" || e.Name != "Xavi" {
			t.Errorf("%s: %+v", want.key, e)
		}
	}
}

// A visitor can correct their last message, and no other.
func TestAmend_VisitorsLastMessage(t *testing.T) {
	s := start(t).online()
	o := s.ask("")
	s.answer(o, "Hello")
	s.write(o, "m1-client-id-0000", "one")
	s.write(o, "m2-client-id-0000", "two")
	last := s.conversation(o).Seq
	s.call(o, "POST", "/messages", fmt.Sprintf(`{"client_id":"c1-client-id-0000","text":"2","replaces":%d}`, last)).want(t, http.StatusCreated)
	s.call(o, "POST", "/messages", fmt.Sprintf(`{"client_id":"c1-client-id-0000","text":"2","replaces":%d}`, last)).want(t, http.StatusOK)
	s.call(o, "POST", "/messages", fmt.Sprintf(`{"client_id":"c2-client-id-0000","text":"1","replaces":%d}`, last-1)).refused(t, http.StatusConflict, "conflict")
	s.call(o, "POST", "/messages", `{"client_id":"c3-client-id-0000","text":"1","replaces":1}`).refused(t, http.StatusConflict, "conflict")
	s.call(o, "POST", "/messages", fmt.Sprintf(`{"client_id":"c4-client-id-0000","text":" ","replaces":%d}`, last)).refused(t, http.StatusUnprocessableEntity, "invalid")
	c := s.stream(o, last)
	if e, _ := c.event(); e.Type != "correction" || e.Replaces != last || e.Text != "2" || e.From != "visitor" || e.ClientID != "c1-client-id-0000" {
		t.Errorf("event %+v", e)
	}
}
