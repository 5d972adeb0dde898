package webwidget_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"porchlight/bridge"
	"porchlight/bridge/clocktest"
)

// timed starts a service with a clock that a test moves. An operator is online.
func timed(t *testing.T) (*service, *clocktest.Clock) {
	t.Helper()
	clock := clocktest.At(time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC))
	return start(t, func(o *setup) { o.clock = clock }).online(), clock
}

// rated is what the snapshot says of the vote, as JSON.
func (s *service) rated(o opened) string {
	s.Helper()
	var now struct{ Feedback json.RawMessage }
	s.call(o, "GET", "?with=files,feedback", "").into(s, 200, &now)
	return string(now.Feedback)
}

// A visitor votes once an operator has answered, and may change the vote for an hour. The snapshot
// says what was voted and whether that is possible; the log says nothing of it.
func TestFeedback_OnceAndForAnHour(t *testing.T) {
	s, clock := timed(t)
	o := s.ask("")
	vote := func(status int, body string) reply {
		t.Helper()
		r := s.call(o, "POST", "/feedback", body)
		r.want(t, status)
		return r
	}
	says := func(want string) {
		t.Helper()
		if got := s.rated(o); got != want {
			t.Errorf("the snapshot says %s, want %s", got, want)
		}
	}
	says("")
	vote(409, `{"score":4}`).refused(t, 409, "conflict")
	s.answer(o, "Hello")
	says(`{"open":true}`)
	vote(204, `{"score":4,"comment":"Quick, but <b>\u202Ethe link\u0000 was wrong."}`)
	says(`{"open":true,"score":4,"comment":"Quick, but \u003cb\u003ethe link was wrong.","until":"2026-11-21T13:00:00.000Z"}`)
	vote(204, `{"score":4,"comment":"Quick, but <b>the link was wrong."}`)
	clock.Move(time.Hour - time.Millisecond)
	s.call(o, "POST", "/close", "").want(t, 204)
	vote(204, `{"score":5.0}`)
	clock.Move(time.Millisecond)
	says(`{"open":false,"score":5}`)
	vote(409, `{"score":1}`).refused(t, 409, "conflict")
	if log := s.call(o, "GET", "/events", "").body; strings.Contains(log, "link") || strings.Contains(log, "feedback") {
		t.Errorf("the log tells of it: %s", log)
	}
}

// A vote that is wrong is refused with what is wrong with which field, in the visitor's language, and
// nothing is stored.
func TestFeedback_Refused(t *testing.T) {
	s := start(t).online()
	o := s.ask("")
	s.answer(o, "Hello")
	for _, c := range []struct {
		body   string
		status int
		code   string
		field  string
	}{
		{`{}`, 422, "invalid", "score"},
		{`{"score":0}`, 422, "invalid", "score"},
		{`{"score":6}`, 422, "invalid", "score"},
		{`{"score":-1}`, 422, "invalid", "score"},
		{`{"score":4.5}`, 422, "invalid", "score"},
		{`{"score":1e300}`, 422, "invalid", "score"},
		{`{"score":1e999}`, 422, "invalid", "score"},
		{`{"score":"4"}`, 422, "invalid", "score"},
		{`{"score":null}`, 422, "invalid", "score"},
		{`{"score":true,"comment":"x"}`, 422, "invalid", "score"},
		{`{"score":4,"comment":["x"]}`, 422, "invalid", "comment"},
		{toJSON(map[string]any{"score": 4, "comment": strings.Repeat("x", 8193)}), 413, "too-large", "comment"},
		{toJSON(map[string]any{"score": 4, "comment": strings.Repeat("x", 1<<20)}), 413, "too-large", ""},
		{`{"score":4`, 400, "malformed", ""},
		{`[4]`, 400, "malformed", ""},
		{"{\"score\":4,\"comment\":\"\xff\"}", 400, "malformed", ""},
	} {
		p := s.call(o, "POST", "/feedback", c.body).refused(t, c.status, c.code)
		if (p.Errors[c.field] == "") == (c.field != "") {
			t.Errorf("%.40s: %+v", c.body, p)
		}
	}
	p := s.call(o, "POST", "/feedback", `{"score":9}`, "Accept-Language: de").refused(t, 422, "invalid")
	if p.Errors["score"] != "Geben Sie eine Zahl von 1 bis 5 an." {
		t.Errorf("in German: %+v", p)
	}
	s.call(o, "POST", "/feedback", `score=4`, "Content-Type: application/x-www-form-urlencoded").refused(t, 415, "unsupported-media-type")
	s.call(opened{ID: o.ID, Token: "x"}, "POST", "/feedback", `{"score":4}`).refused(t, 404, "not-found")
	if got := s.rated(o); got != `{"open":true}` {
		t.Errorf("after all that: %s", got)
	}
	s.call(o, "POST", "/feedback", toJSON(map[string]any{"score": 4, "comment": strings.Repeat("ö", 4096)})).want(t, 204)
	s.store.set(func(g *gate) { g.fail = errUnavailable })
	s.call(o, "POST", "/feedback", `{"score":3}`).refused(t, 503, "unavailable")
}

// At the end of a conversation the page without script asks for a vote, in the visitor's language, and
// shows it. A refused form keeps what was typed.
func TestChat_Vote(t *testing.T) {
	for language, words := range map[string]struct{ ask, best, again, wrong string }{
		"en": {"How was the help that you got?", "Very good", "Change your vote", "Give a number from 1 to 5."},
		"de": {"Wie war die Hilfe, die Sie bekommen haben?", "Sehr gut", "Bewertung ändern", "Geben Sie eine Zahl von 1 bis 5 an."},
		"es": {"¿Qué le ha parecido la ayuda?", "Muy buena", "Cambiar la valoración", "Indique un número del 1 al 5."},
		"fr": {"Comment était l’aide reçue ?", "Très bonne", "Modifier votre avis", "Indiquez un nombre de 1 à 5."},
	} {
		s, clock := timed(t)
		b := s.browser()
		b.language = language
		b.open("/chat").send("/chat", map[string]string{"name": "Anna", "reason": "Help"})
		b.shows(200, "!/chat/feedback")
		s.answer(opened{Visitor: string(s.conversation(opened{Number: 1}).Visitor)}, "Hello")
		b.open("/chat").shows(200, "!/chat/feedback")
		b.send("/chat/close", nil).shows(200, "<legend>"+words.ask+"</legend>", `<label><input type="radio" name="score" value="5" required> <span aria-hidden="true">★★★★★</span> `+words.best+"</label>", "!checked")
		b.send("/chat/feedback", map[string]string{"score": "9", "comment": "</textarea><script>1 > 0"})
		b.shows(422, `<p class="wrong" id="wrong-score">`+words.wrong, `aria-describedby="wrong-score"`, "&lt;/textarea&gt;&lt;script&gt;1 &gt; 0</textarea>", "!checked")
		b.send("/chat/feedback", map[string]string{"score": "2", "comment": strings.Repeat("x", 9000)})
		b.shows(413, `id="wrong-comment"`, `value="2" required checked`)
		b.send("/chat/feedback", map[string]string{"score": "2", "comment": "No & never"})
		b.shows(200, "★★☆☆☆", "<legend>"+words.again+"</legend>", `value="2" required checked`, "No &amp; never</textarea>")
		b.send("/chat/feedback", map[string]string{"score": "5", "comment": ""}).shows(200, "★★★★★", `value="5" required checked`, "!never")
		form := *b
		clock.Move(time.Hour)
		b.open("/chat").shows(200, "★★★★★", "!<legend>")
		form.send("/chat/feedback", map[string]string{"score": "1"}).shows(409, `role="alert"`)
		if f := s.voted(1); f.Score != 5 || f.Comment != "" {
			t.Errorf("stored: %+v", f)
		}
	}
}

// voted is the vote in a conversation.
func (s *service) voted(number int64) bridge.Feedback {
	s.Helper()
	f, err := s.bridge.Votes.In(s.Context(), number)
	s.must(err)
	return f
}

// A conversation that nobody answered asks for no vote.
func TestChat_NoVoteWithoutAnAnswer(t *testing.T) {
	s := start(t).online()
	b := s.browser()
	b.open("/chat").send("/chat", map[string]string{"reason": "Help"})
	b.send("/chat/close", nil).shows(200, "!/chat/feedback", "!<fieldset")
}
