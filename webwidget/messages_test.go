package webwidget_test

import (
	"encoding/json"
	"net/http"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"porchlight/bridge"
)

func TestWrite_SameClientIDIsStoredOnce(t *testing.T) {
	s := start(t).online()
	o := s.ask("")
	body := `{"client_id":"m1-client-id-0000","text":"Hello"}`
	first := s.call(o, "POST", "/messages", body)
	again := s.call(o, "POST", "/messages", body)
	first.want(t, http.StatusCreated)
	again.want(t, http.StatusOK)
	if first.body != again.body {
		t.Errorf("answers differ:\n%s\n%s", first.body, again.body)
	}
	if !regexp.MustCompile(`^{"seq":3,"client_id":"m1-client-id-0000","at":"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z"}$`).MatchString(first.body) {
		t.Errorf("answer %s", first.body)
	}
}

func TestWrite_SameClientIDAtOnceIsStoredOnce(t *testing.T) {
	s := start(t).online()
	o := s.ask("")
	var mu sync.Mutex
	statuses, bodies := map[int]int{}, map[string]bool{}
	var wg sync.WaitGroup
	for range 20 {
		wg.Go(func() {
			r := s.call(o, "POST", "/messages", `{"client_id":"m1-client-id-0000","text":"Hello"}`)
			mu.Lock()
			defer mu.Unlock()
			statuses[r.status]++
			bodies[r.body] = true
		})
	}
	wg.Wait()
	if statuses[201] != 1 || statuses[200] != 19 || len(bodies) != 1 {
		t.Errorf("statuses %v, answers %v; want one 201, the others 200, one answer", statuses, bodies)
	}
}

func TestWrite_Refused(t *testing.T) {
	s := start(t).online()
	o := s.ask("")
	for _, c := range []struct {
		name, body, headers string
		status              int
		code                string
	}{
		{"no text", `{"client_id":"a-client-id-0000"}`, "", 422, "invalid"},
		{"blank", `{"client_id":"a-client-id-0000","text":" \n\t"}`, "", 422, "invalid"},
		{"long", `{"client_id":"a-client-id-0000","text":"` + strings.Repeat("x", 8193) + `"}`, "", 413, "too-large"},
		{"long id", `{"client_id":"` + strings.Repeat("x", 129) + `","text":"x"}`, "", 413, "too-large"},
		{"longer than a body", `{"text":"x","unknown":"` + strings.Repeat("x", 70_000) + `"}`, "", 413, "too-large"},
		{"no JSON", `text`, "", 400, "malformed"},
		{"text is a number", `{"text":1}`, "", 422, "invalid"},
		{"form", `text=x`, "Content-Type: application/x-www-form-urlencoded", 415, "unsupported-media-type"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var headers []string
			if c.headers != "" {
				headers = append(headers, c.headers)
			}
			s.call(o, "POST", "/messages", c.body, headers...).refused(t, c.status, c.code)
		})
	}
	if got := len(s.poll(o, "?after=0").Events); got != 2 {
		t.Errorf("%d events, want the 2 of the beginning", got)
	}
}

func TestWrite_AfterTheEnd(t *testing.T) {
	s := start(t, func(o *setup) { o.timing.Reopen = time.Hour }).online()
	o := s.ask("")
	s.call(o, "POST", "/close", "").want(t, http.StatusNoContent)
	s.write(o, "m1-client-id-0000", "One more thing")
	var now struct{ State string }
	s.call(o, "GET", "", "").into(t, 200, &now)
	if now.State != "waiting" {
		t.Errorf("state %q, want waiting again", now.State)
	}
}

func TestWrite_LongAfterTheEnd(t *testing.T) {
	s := start(t, func(o *setup) { o.timing.Reopen = time.Nanosecond }).online()
	o := s.ask("")
	s.call(o, "POST", "/close", `{}`).want(t, http.StatusNoContent)
	s.soon("the time to reopen is over", func() bool {
		return s.call(o, "POST", "/messages", `{"client_id":"m1-client-id-0000","text":"x"}`).status == http.StatusConflict
	})
}

// listener is a side that remembers the changes that it is told.
type listener struct {
	mu      sync.Mutex
	changes []bridge.Change
}

func (w *listener) Changed(c bridge.Change) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.changes = append(w.changes, c)
}

func (w *listener) all() []bridge.Change {
	w.mu.Lock()
	defer w.mu.Unlock()
	return append([]bridge.Change(nil), w.changes...)
}

func TestTypingAndSeen_ReachTheOperators(t *testing.T) {
	s := start(t).online()
	o := s.ask("")
	s.answer(o, "Hello")
	w := &listener{}
	defer s.bridge.Join(w)()
	s.call(o, "POST", "/typing", `{"active":true}`).want(t, http.StatusNoContent)
	s.call(o, "POST", "/seen", `{"seq":5}`).want(t, http.StatusNoContent)
	s.call(o, "POST", "/seen", `{"seq":500}`).want(t, http.StatusNoContent) // beyond the end of the log, so it means nothing
	var typing, seen int
	for _, c := range w.all() {
		if c.Typing != nil && c.Typing.Active && c.Typing.From == bridge.FromVisitor {
			typing++
		}
		if c.Seen == 5 {
			seen++
		} else if c.Seen != 0 {
			t.Errorf("seen up to %d", c.Seen)
		}
	}
	if typing != 1 || seen != 1 {
		t.Errorf("typing %d, seen %d times; want once each", typing, seen)
	}
	for _, body := range []string{`{"seq":0}`, `{"seq":-1}`, `{}`, `{"seq":"5"}`, `{"seq":1.5}`} {
		s.call(o, "POST", "/seen", body).refused(t, http.StatusUnprocessableEntity, "invalid")
	}
	s.call(o, "POST", "/typing", `{"active":"yes"}`).refused(t, http.StatusUnprocessableEntity, "invalid")
}

func TestLeave_BeginsTheGraceTime(t *testing.T) {
	s := start(t).online()
	o := s.ask("")
	s.poll(o, "") // is a sign of life
	if c := s.conversation(o); !c.Present {
		t.Fatal("who polls is not present")
	}
	s.call(o, "POST", "/leave", `{}`).want(t, http.StatusNoContent)
	if c := s.conversation(o); c.Present || c.Due.Visitor.IsZero() {
		t.Errorf("present %v, due %v; want gone and a time set", c.Present, c.Due.Visitor)
	}
}

func TestEmail_TurnsWaitingIntoATicketWhenNobodyIsThere(t *testing.T) {
	s := start(t).online()
	o := s.ask(`{"reason":"x"}`)
	for _, body := range []string{`{}`, `{"email":"anna"}`, `{"email":"a@b@c"}`, `{"email":5}`} {
		s.call(o, "POST", "/email", body).refused(t, http.StatusUnprocessableEntity, "invalid")
	}
	s.must(s.bridge.Reach.Presence(t.Context(), xavi, "phone", bridge.ShowOffline))
	s.call(o, "POST", "/email", `{"email":"anna@example.org"}`).want(t, http.StatusNoContent)
	if c := s.conversation(o); c.Kind != bridge.Ticket || c.Email != "anna@example.org" {
		t.Errorf("kind %s, email %s; want a ticket with the address", c.Kind, c.Email)
	}
}

// conversation reads a conversation from the bridge.
func (s *service) conversation(o opened) bridge.Conversation {
	s.Helper()
	now, err := s.bridge.Snapshot(s.Context(), o.Number)
	s.must(err)
	return now.Conversation
}

// piece is the answer to a poll.
type piece struct {
	Events []event
	Seq    int64
}

func (s *service) poll(o opened, query string) piece {
	s.Helper()
	var p piece
	s.call(o, "GET", "/events"+query, "").into(s, http.StatusOK, &p)
	return p
}

// Every public event has the fields of the contract and no others.
func TestEvents_HaveTheContractsShape(t *testing.T) {
	s := start(t, func(o *setup) { o.timing.OperatorGrace = time.Nanosecond }).online()
	o := s.ask(`{"client_id":"c1-client-id-0000","name":"Anna","reason":"<b>Help</b>"}`)
	s.write(o, "m1-client-id-0000", "line\nbreak")
	s.answer(o, "Hello")
	_, err := s.bridge.Note(t.Context(), xavi, bridge.VisitorJID(o.Visitor), "", "for operators only")
	s.must(err)
	_, err = s.bridge.Close(t.Context(), xavi, bridge.VisitorJID(o.Visitor), "a private reason")
	s.must(err)
	r := s.call(o, "GET", "/events?after=0", "")
	var got struct{ Events []json.RawMessage }
	r.into(t, 200, &got)
	want := []string{
		`{"seq":1,"type":"state","at":"T","state":"waiting","reason":""}`,
		`{"seq":2,"type":"message","at":"T","from":"visitor","name":"Anna","text":"\u003cb\u003eHelp\u003c/b\u003e"}`,
		`{"seq":3,"type":"message","at":"T","from":"visitor","name":"Anna","text":"line\nbreak","client_id":"m1-client-id-0000"}`,
		`{"seq":4,"type":"state","at":"T","state":"active","reason":""}`,
		`{"seq":5,"type":"operator","at":"T","name":"Xavi","avatar":"","action":"joined"}`,
		`{"seq":6,"type":"message","at":"T","from":"operator","name":"Xavi","text":"Hello"}`,
		`{"seq":8,"type":"state","at":"T","state":"closed","reason":"operator-closed"}`,
	}
	at := regexp.MustCompile(`"at":"[^"]*"`)
	if len(got.Events) != len(want) {
		t.Fatalf("%d events, want %d: %s", len(got.Events), len(want), r.body)
	}
	for i, w := range want {
		if e := at.ReplaceAllString(string(got.Events[i]), `"at":"T"`); e != w {
			t.Errorf("event %d:\n%s, want\n%s", i, e, w)
		}
	}
	for _, secret := range []string{"operators only", "private reason", "xavi@"} {
		if strings.Contains(r.body, secret) {
			t.Errorf("%q left by HTTP", secret)
		}
	}
}
