package e2e_test

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"porchlight/component/stream"
	"porchlight/demo"
	"porchlight/e2e/visitor"
)

// TestHTTP_Events: a page can follow the log as a stream, which goes on where it was cut, and by
// polling. The visitor gets the public events and no others.
func TestHTTP_Events(t *testing.T) {
	t.Parallel()
	s := start(t, nil)
	x := s.operators("xavi")[0]
	c := s.ask("Anna", "Question")
	live := openStream(t, c, 0)
	x.take(c.Number, c.Visitor)
	x.Chat(c.Visitor, "note", "!note She is nice")
	x.hears(c.Visitor, "Noted")
	stored, err := c.Write(within(t), "w1-client-id-0000", "one")
	if err != nil {
		t.Fatal(err)
	}
	x.hears(c.Visitor, "one")
	x.says(c.Visitor, "two")
	x.Send(stream.New("", "message", stream.New(nsStates, "composing")).With("type", "chat", "to", c.Visitor))

	var story []string
	receipt := false
	for {
		e, err := live.Next()
		if err != nil {
			t.Fatal(err)
		}
		switch {
		case e.Type == "receipt":
			receipt = receipt || e.Seq == 0 && e.Upto == stored.Seq && e.Status == "confirmed"
		case e.Type != "typing":
			story = append(story, tell(e))
		case e.Seq != 0 || !e.Active || e.Name != "Xavi":
			t.Errorf("typing %+v", e)
		}
		if e.Type == "typing" {
			break
		}
	}
	want := []string{"state waiting", "message visitor Anna: Question", "state active", "operator Xavi joined", "message visitor Anna: one (w1-client-id-0000)", "message operator Xavi: two"}
	if got := slices.DeleteFunc(story, func(s string) bool { return strings.HasPrefix(s, "message visitor Anna: Question") }); !slices.Equal(got, slices.Delete(slices.Clone(want), 1, 2)) {
		t.Errorf("the stream tells %q", story)
	}
	if !receipt {
		_, err := live.Until(func(e visitor.Event) bool { return e.Type == "receipt" && e.Upto == stored.Seq })
		if err != nil {
			t.Errorf("no receipt: %v", err)
		}
	}
	resumed(t, c, stored.Seq)
	polled(t, x, c)
}

// tell writes an event as one line.
func tell(e visitor.Event) string {
	switch e.Type {
	case "message":
		id := ""
		if e.ClientID != "" {
			id = " (" + e.ClientID + ")"
		}
		return "message " + e.From + " " + e.Name + ": " + e.Text + id
	case "operator":
		return "operator " + e.Name + " " + e.Action
	case "position":
		return "position " + strconv.Itoa(e.Position)
	}
	return strings.TrimSpace(e.Type + " " + e.State + " " + e.Reason)
}

func openStream(t *testing.T, c *visitor.Conversation, after int64) *visitor.Stream {
	t.Helper()
	live, err := c.Stream(within(t), after)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(live.Close)
	return live
}

// resumed: a stream that is opened past an event begins with the next event, whether the header
// or the query names the event.
func resumed(t *testing.T, c *visitor.Conversation, seq int64) {
	t.Helper()
	e, err := openStream(t, c, seq).Next()
	if err != nil || e.Seq != seq+1 || e.Text != "two" {
		t.Errorf("after %d comes %+v, %v", seq, e, err)
	}
	a, err := c.Do(within(t), c.At("GET", fmt.Sprintf("/events?after=%d", seq), nil))
	if err != nil || a.Status != 200 || !strings.Contains(string(a.Body), `"two"`) || strings.Contains(string(a.Body), `"one"`) {
		t.Errorf("%d %s %v", a.Status, a.Body, err)
	}
	for _, bad := range []string{"x", "-1", "1e3"} {
		a, err := c.Do(within(t), c.At("GET", "/events?after="+bad, nil))
		if err != nil || a.Status != 400 {
			t.Errorf("after=%s: %d %v", bad, a.Status, err)
		}
	}
}

// polled: a poll waits until there is news, or until its time is over.
func polled(t *testing.T, x *person, c *visitor.Conversation) {
	t.Helper()
	all, err := c.Poll(within(t), 0, 25)
	if err != nil || len(all.Events) != 6 || all.Seq != all.Events[5].Seq {
		t.Fatalf("%+v, %v", all, err)
	}
	began := time.Now()
	if none, err := c.Poll(within(t), all.Seq, 1); err != nil || len(none.Events) > 0 || none.Seq != all.Seq || time.Since(began) < time.Second {
		t.Errorf("%+v, %v after %v", none, err, since(began))
	}
	got := make(chan visitor.Events, 1)
	go func() {
		news, _ := c.Poll(within(t), all.Seq, 25)
		got <- news
	}()
	x.says(c.Visitor, "three")
	if news := <-got; len(news.Events) != 1 || news.Events[0].Text != "three" {
		t.Errorf("%+v", news)
	}
}

// TestHTTP_Calls: the calls without an answer give 204, and do what they are for.
func TestHTTP_Calls(t *testing.T) {
	t.Parallel()
	s := start(t, nil)
	x := s.operators("xavi")[0]
	c := s.ask("Anna", "Question")
	x.take(c.Number, c.Visitor)
	id := x.says(c.Visitor, "Answer")
	snapshot := func(state string) visitor.Snapshot {
		a := s.do(t, c.At("GET", "", nil))
		names := []string{"id", "number", "kind", "state", "reason", "seq", "receipts"}
		if state == "active" {
			names = append(names, "operator")
		}
		shape(t, a.Body, names...)
		snap, err := c.Snapshot(within(t))
		if err != nil || snap.State != state || snap.Kind != "chat" || snap.Number != 1 || snap.ID != c.ID {
			t.Errorf("%+v, %v", snap, err)
		}
		return snap
	}
	snap := snapshot("active")
	if snap.Operator == nil || snap.Operator.Name != "Xavi" {
		t.Errorf("operator %+v", snap.Operator)
	}
	post := func(path string, body any) {
		t.Helper()
		if a := s.do(t, c.At("POST", path, body)); a.Status != 204 || len(a.Body) > 0 {
			t.Errorf("%s: %d %s", path, a.Status, a.Body)
		}
	}
	post("/typing", map[string]bool{"active": true})
	x.expect("composing", func(el *stream.Element) bool { return el.Child(nsStates, "composing") != nil })
	post("/typing", map[string]bool{"active": false})
	x.expect("paused", func(el *stream.Element) bool { return el.Child(nsStates, "paused") != nil })
	post("/seen", map[string]int64{"seq": snap.Seq})
	x.expect("displayed", func(el *stream.Element) bool { return el.Child(nsMarkers, "displayed").Get("id") == id })
	ctx, leave := context.WithCancel(t.Context())
	if _, err := c.Stream(ctx, 0); err != nil { // without a stream no page could leave
		t.Fatal(err)
	}
	x.expect("the page is there", presenceOf(c.Visitor, ""))
	post("/leave", nil)
	x.expect("the page is gone", presenceOf(c.Visitor, "unavailable"))
	leave()
	post("/close", nil)
	x.hears(c.Visitor, "Anna ended the conversation")
	if snap := snapshot("closed"); snap.Reason != "visitor-closed" {
		t.Errorf("reason %s", snap.Reason)
	}
	problem(t, s.do(t, c.At("POST", "/seen", map[string]string{"seq": "x"})), 422)
	problem(t, s.do(t, c.At("POST", "/typing", []byte("{"))), 400)
}

// TestHTTP_Limits: a client that asks too often is told when to come back, and nothing of its
// request is stored.
func TestHTTP_Limits(t *testing.T) {
	t.Parallel()
	s := start(t, settings{"limits.waiting": "2", "limits.conversations_per_minute": "5", "limits.messages_per_minute": "3"})
	s.operators("xavi")
	busy := func(a visitor.Answer) {
		t.Helper()
		problem(t, a, 429)
		if n, err := strconv.Atoi(a.Header.Get("Retry-After")); err != nil || n < 1 {
			t.Errorf("Retry-After %q", a.Header.Get("Retry-After"))
		}
	}
	c := s.ask("Anna", "1")
	for _, text := range numbered("", 3) {
		if _, err := c.Write(within(t), "", text); err != nil {
			t.Error(err)
		}
	}
	busy(s.do(t, c.At("POST", "/messages", map[string]string{"text": "4"})))
	if log, err := c.Poll(within(t), c.Seq, 0); err != nil || len(log.Events) != 3 {
		t.Errorf("%d messages are stored, %v", len(log.Events), err)
	}
	ask := visitor.Request{Method: "POST", Path: "/v1/conversations", Body: visitor.Inquiry{Reason: "3"}}
	s.ask("Ben", "2")
	busy(s.do(t, ask)) // refused because two conversations wait
	c.Post(within(t), "/close", nil)
	s.ask("Carla", "3")
	s.do(t, ask)
	busy(s.do(t, ask)) // refused because it is the sixth within a minute
	if a := s.do(t, visitor.Request{Method: "GET", Path: "/v1/status"}); a.Status != 200 {
		t.Errorf("the status: %d", a.Status)
	}
}

// TestHTTP_Health: the health checks say what is wrong.
func TestHTTP_Health(t *testing.T) {
	t.Parallel()
	s := start(t, nil)
	for _, path := range []string{"/healthz", "/readyz"} {
		if a := s.do(t, visitor.Request{Method: "GET", Path: path}); a.Status != 200 {
			t.Errorf("%s: %d %s", path, a.Status, a.Body)
		}
	}
	s.server.Stop()
	eventually(t, "not ready", func() bool {
		a := s.do(t, visitor.Request{Method: "GET", Path: "/readyz"})
		return a.Status == 503 && strings.Contains(string(a.Body), "XMPP link is down")
	})
	if a := s.do(t, visitor.Request{Method: "GET", Path: "/healthz"}); a.Status != 200 {
		t.Errorf("healthz: %d", a.Status)
	}
}

// TestHTTP_Identity: a signed identity is believed, an identity with another signature is not.
func TestHTTP_Identity(t *testing.T) {
	t.Parallel()
	s := start(t, settings{"identity.secret": `"0123456789abcdef0123456789abcdef"`})
	x := s.operators("xavi")[0]
	sign := func(key string, expires time.Time) string {
		text := base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"HS256","typ":"JWT"}`)) + "." + base64.RawURLEncoding.EncodeToString(
			[]byte(fmt.Sprintf(`{"sub":"u1","name":"Anna Signed","email":"anna@example.org","exp":%d}`, expires.Unix())))
		mac := hmac.New(sha256.New, []byte(key))
		mac.Write([]byte(text))
		return text + "." + base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
	}
	ask := func(identity string) visitor.Answer {
		return s.do(t, visitor.Request{Method: "POST", Path: "/v1/conversations", Body: visitor.Inquiry{Name: "Somebody", Reason: "It is me", Identity: identity}})
	}
	hour := time.Now().Add(time.Hour)
	if a := ask(sign("0123456789abcdef0123456789abcdef", hour)); a.Status != 201 {
		t.Fatalf("status %d: %s", a.Status, a.Body)
	}
	if offer := x.hears(demo.Desk, "#1 Anna Signed, Support: It is me"); !strings.Contains(offer, "Email: anna@example.org (verified)") {
		t.Errorf("the offer is %s", offer)
	}
	for _, bad := range []string{sign("another key of thirty-two bytes!", hour), sign("0123456789abcdef0123456789abcdef", time.Now().Add(-time.Hour))} {
		if p := problem(t, ask(bad), 422); p.Errors["identity"] == "" {
			t.Errorf("%+v", p)
		}
	}
}
