package webwidget_test

import (
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"porchlight/bridge"
	"porchlight/webwidget"
)

func message(e event) bool { return e.Type == "message" }

// eachTransport runs a test with streams that are parked, if the system can park them, and
// with streams that are not.
func eachTransport(t *testing.T, test func(*testing.T, *service)) {
	t.Run("parked", func(t *testing.T) { test(t, start(t).online()) })
	t.Run("streamed", func(t *testing.T) {
		s := start(t)
		s.Unpark()
		test(t, s.online())
	})
}

func TestStream_PastThenLive(t *testing.T) { eachTransport(t, streamPastThenLive) }

func streamPastThenLive(t *testing.T, s *service) {
	o := s.ask("")
	c := s.stream(o, 0)
	for name, want := range map[string]string{"Content-Type": "text/event-stream", "Cache-Control": "no-store", "X-Accel-Buffering": "no"} {
		if got := c.header.Get(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	for seq := int64(1); seq <= 2; seq++ {
		if e, f := c.event(); e.Seq != seq || f.id != strconv.FormatInt(seq, 10) || f.event != "" {
			t.Errorf("event %+v in frame %+v, want seq %d as its id and no name", e, f, seq)
		}
	}
	s.write(o, "m1-client-id-0000", "Are you there?")
	if e, _ := c.event(); e.Text != "Are you there?" || e.From != "visitor" || e.Name != "Anna" || e.ClientID != "m1-client-id-0000" {
		t.Errorf("event %+v", e)
	}
	s.answer(o, "I am")
	list := c.until(message)
	if e := list[len(list)-1]; e.Text != "I am" || e.From != "operator" || e.Name != "Xavi" {
		t.Errorf("event %+v", e)
	}
}

func TestStream_GoesOnAfterTheCursor(t *testing.T) { eachTransport(t, streamGoesOnAfterTheCursor) }

func streamGoesOnAfterTheCursor(t *testing.T, s *service) {
	o := s.ask("")
	s.write(o, "m1-client-id-0000", "one")
	s.write(o, "m2-client-id-0000", "two")
	auth := "Authorization: Bearer " + o.Token
	path := "/v1/conversations/" + o.ID + "/events"
	for name, c := range map[string]*client{
		"header":             s.follow(path, auth, "Last-Event-ID: 3"),
		"query":              s.follow(path+"?after=3", auth),
		"header wins":        s.follow(path+"?after=1", auth, "Last-Event-ID: 3"),
		"accepts other, too": s.follow(path+"?after=3", auth, "Accept: application/json;q=0.5, text/event-stream"),
	} {
		if e, _ := c.event(); e.Text != "two" {
			t.Errorf("%s: event %+v, want the one after the cursor", name, e)
		}
	}
	beyond := s.stream(o, 1000)
	s.write(o, "m3-client-id-0000", "three")
	if e, _ := beyond.event(); e.Text != "three" {
		t.Errorf("cursor beyond the end: event %+v, want what came after", e)
	}
}

func TestStream_BadCursor(t *testing.T) {
	s := start(t).online()
	o := s.ask("")
	for _, id := range []string{"x", "-1", "1.5", "99999999999999999999"} {
		s.call(o, "GET", "/events", "", "Accept: text/event-stream", "Last-Event-ID: "+id).refused(t, http.StatusBadRequest, "malformed")
		s.call(o, "GET", "/events?after="+id, "").refused(t, http.StatusBadRequest, "malformed")
	}
}

// A reader that is cut off at random and comes back with its last id sees each of many
// messages, which are written at the same time, once and in order.
func TestStream_ResumeIsExactlyOnce(t *testing.T) { eachTransport(t, streamResumeIsExactlyOnce) }

func streamResumeIsExactlyOnce(t *testing.T, s *service) {
	o := s.ask("")
	const writers, each = 200, 2
	var wg sync.WaitGroup
	for w := range writers {
		wg.Go(func() {
			for i := range each {
				s.call(o, "POST", "/messages", fmt.Sprintf(`{"client_id":"client-id-number-%d-%d","text":"x"}`, w, i))
			}
		})
	}
	random := rand.New(rand.NewPCG(1, 2))
	seen := map[string]bool{}
	var last int64
	for connections := 0; len(seen) < writers*each; connections++ {
		c := s.stream(o, last)
		for range 1 + random.IntN(30) {
			e, f := c.event()
			if e.Seq <= last || f.id != strconv.FormatInt(e.Seq, 10) {
				t.Fatalf("seq %d (id %s) after %d", e.Seq, f.id, last)
			}
			last = e.Seq
			if e.ClientID != "" {
				if seen[e.ClientID] {
					t.Fatalf("%s came twice", e.ClientID)
				}
				seen[e.ClientID] = true
			}
			if len(seen) == writers*each {
				break
			}
		}
		c.cancel()
	}
	wg.Wait()
	log, err := s.bridge.Events(t.Context(), o.Number, 0, 10_000)
	s.must(err)
	public := 0
	for _, e := range log {
		if e.ClientID() != "" {
			public++
		}
	}
	if public != writers*each {
		t.Errorf("%d messages in the log, want %d", public, writers*each)
	}
}

// When the bridge could not tell of everything, every page reads its log.
func TestStream_ReadsWhatNobodyTold(t *testing.T) { eachTransport(t, streamReadsWhatNobodyTold) }

func streamReadsWhatNobodyTold(t *testing.T, s *service) {
	o := s.ask("")
	one, two := s.stream(o, 2), s.stream(o, 2)
	s.write(o, "m1-client-id-0000", "told")
	polled := make(chan reply)
	for _, c := range []*client{one, two} {
		c.until(func(e event) bool { return e.Text == "told" })
	}
	go func() { polled <- s.call(o, "GET", "/events?after=1000&wait=60", "") }()
	s.soon("the poll waits", func() bool { return s.OpenStreams() == 3 })
	s.untold(o, "untold")
	s.Reread()
	for _, c := range []*client{one, two} {
		if e, _ := c.event(); e.Text != "untold" {
			t.Errorf("a page got %+v", e)
		}
	}
	if r := <-polled; r.status != http.StatusOK || !strings.Contains(r.body, "untold") {
		t.Errorf("the poll got %d %s", r.status, r.body)
	}
}

// A message that came back counts as not passed on. The page is told which message was the
// last that was passed on, and that the operator is lost.
func TestStream_WhatCameBack(t *testing.T) { eachTransport(t, streamWhatCameBack) }

func streamWhatCameBack(t *testing.T, s *service) {
	o := s.ask("")
	s.answer(o, "Hello")
	s.write(o, "first-message-id", "one")
	one, _ := s.bridge.Snapshot(t.Context(), o.Number)
	s.must(s.bridge.Reach.Seen(t.Context(), bridge.Sign{Operator: xavi, Resource: "phone"})) // proves that everything before has arrived
	s.write(o, "second-message-id", "two")
	two, _ := s.bridge.Snapshot(t.Context(), o.Number)
	s.must(s.bridge.Cursors.Prove(t.Context(), []bridge.Cursor{{Conversation: o.Number, Operator: xavi, Upto: two.Seq, Status: bridge.Confirmed}}))
	s.must(s.bridge.Reach.Failed(t.Context(), xavi, bridge.Fault{Condition: "remote-server-timeout"}, bridge.VisitorJID(o.Visitor), bridge.StanzaID(o.ID, two.Seq)))
	list := s.stream(o, two.Seq).until(func(e event) bool { return e.Type == "operator" })
	if e := list[len(list)-1]; e.Action != "left" || e.Reason != "operator-unreachable" || e.Upto != two.Seq-1 {
		t.Errorf("the page is told %+v", e)
	}
	if now, _ := s.bridge.Snapshot(t.Context(), o.Number); now.Receipts[bridge.Confirmed] != one.Seq {
		t.Errorf("passed on up to %d, want %d", now.Receipts[bridge.Confirmed], one.Seq)
	}
}

func TestStream_ReceiptsAndTypingHaveNoID(t *testing.T) {
	eachTransport(t, streamReceiptsAndTypingHaveNoID)
}

func streamReceiptsAndTypingHaveNoID(t *testing.T, s *service) {
	o := s.ask("")
	s.answer(o, "Hello")
	c := s.stream(o, 0)
	c.until(func(e event) bool { return e.Text == "Hello" })
	s.must(s.bridge.OperatorTypes(t.Context(), xavi, "phone", bridge.VisitorJID(o.Visitor), true))
	if e, f := c.event(); f.id != "" || e.Seq != 0 || e.Type != "typing" || !e.Active || e.Name != "Xavi" {
		t.Errorf("typing: %+v in %+v", e, f)
	}
	s.must(s.bridge.Cursors.Prove(t.Context(), []bridge.Cursor{{Conversation: o.Number, Operator: xavi, Upto: 5, Status: bridge.Displayed}}))
	if e, f := c.event(); f.id != "" || e.Seq != 0 || e.Type != "receipt" || e.Upto != 2 || e.Status != "seen" {
		t.Errorf("receipt: %+v in %+v", e, f)
	}
	s.call(o, "POST", "/typing", `{"active":true}`).want(t, http.StatusNoContent) // the visitor's own typing does not come back
	s.write(o, "m1-client-id-0000", "Thanks")
	if e, _ := c.event(); e.Text != "Thanks" {
		t.Errorf("event %+v, want the message", e)
	}
}

// A stream begins with the receipts that were proved while nobody listened.
func TestStream_BeginsWithReceipts(t *testing.T) { eachTransport(t, streamBeginsWithReceipts) }

func streamBeginsWithReceipts(t *testing.T, s *service) {
	o := s.ask("")
	s.answer(o, "Hello")
	s.must(s.bridge.Cursors.Prove(t.Context(), []bridge.Cursor{{Conversation: o.Number, Operator: xavi, Upto: 5, Status: bridge.Delivered}}))
	c := s.stream(o, 5)
	var got []string
	for range 2 {
		e, _ := c.event()
		got = append(got, e.Type+" "+e.Status+" "+strconv.FormatInt(e.Upto, 10))
	}
	if want := "receipt confirmed 2, receipt delivered 2"; strings.Join(got, ", ") != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestStream_CountsAsPresence(t *testing.T) { eachTransport(t, streamCountsAsPresence) }

func streamCountsAsPresence(t *testing.T, s *service) {
	o := s.ask("")
	one, two := s.stream(o, 0), s.stream(o, 0)
	one.event()
	two.event()
	if !s.conversation(o).Present {
		t.Fatal("not present with two streams")
	}
	one.cancel()
	one.ended()
	s.soon("one stream is left", func() bool { return s.OpenStreams() == 1 })
	if !s.conversation(o).Present {
		t.Error("not present with one stream left")
	}
	two.cancel()
	s.soon("gone with the last stream", func() bool { return !s.conversation(o).Present })
}

func TestStream_SilentOnesGetComments(t *testing.T) { eachTransport(t, streamSilentOnesGetComments) }

func streamSilentOnesGetComments(t *testing.T, s *service) {
	s.Quicken(time.Millisecond, 0, 0)
	o := s.ask("")
	c := s.stream(o, 2)
	for range 3 {
		if f := <-c.frames; !f.comment || f.data != "" || f.id != "" {
			t.Errorf("frame %+v, want a comment", f)
		}
	}
}

func TestStream_EndsWithTheServer(t *testing.T) { eachTransport(t, streamEndsWithTheServer) }

func streamEndsWithTheServer(t *testing.T, s *service) {
	o := s.ask("")
	c, status := s.stream(o, 0), s.follow("/v1/events")
	c.event()
	status.next()
	polled := make(chan reply)
	go func() { polled <- s.call(o, "GET", "/events?after=1000&wait=60", "") }()
	s.soon("the poll waits", func() bool { return s.OpenStreams() == 3 })
	s.Close()
	c.ended()
	status.ended()
	if r := <-polled; r.status != http.StatusOK {
		t.Errorf("waiting poll: status %d", r.status)
	}
	r := s.call(o, "GET", "/events", "", "Accept: text/event-stream")
	r.refused(t, http.StatusServiceUnavailable, "unavailable")
	if r.header.Get("Retry-After") == "" {
		t.Error("no Retry-After")
	}
	s.Close()
}

func TestStream_TooMany(t *testing.T) {
	s := start(t, func(o *setup) { o.MaxStreams = 2 }).online()
	o := s.ask("")
	c := s.stream(o, 0)
	s.stream(s.ask(""), 0).event()
	for _, r := range []reply{
		s.call(o, "GET", "/events", "", "Accept: text/event-stream"),
		s.call(o, "GET", "/events?wait=1&after=1000", ""),
		s.do("GET", "/v1/events", ""),
	} {
		r.refused(t, http.StatusTooManyRequests, "busy")
		if r.header.Get("Retry-After") == "" {
			t.Error("no Retry-After")
		}
	}
	s.poll(o, "?after=0") // this poll does not wait, so it needs no place
	c.cancel()
	s.soon("the place is free again", func() bool { return s.OpenStreams() == 1 })
	s.stream(o, 0).event()
}

// A reader that takes nothing is cut off. Nobody waits for it, and it finds everything when
// it comes back.
func TestStream_SlowReaderIsCut(t *testing.T) { eachTransport(t, streamSlowReaderIsCut) }

func streamSlowReaderIsCut(t *testing.T, s *service) {
	s.Quicken(0, 50*time.Millisecond, 0)
	o := s.ask("")
	conn, err := net.Dial("tcp", s.host)
	s.must(err)
	defer conn.Close()
	s.must(conn.(*net.TCPConn).SetReadBuffer(4 << 10))
	_, err = io.WriteString(conn, "GET /v1/conversations/"+o.ID+"/events HTTP/1.1\r\nHost: x\r\nAccept: text/event-stream\r\nAuthorization: Bearer "+o.Token+"\r\n\r\n")
	s.must(err)
	s.soon("the stream is open", func() bool { return s.OpenStreams() == 1 })
	text := strings.Repeat("x", 8000)
	written := 0
	s.soon("the stream is cut", func() bool {
		written++
		s.write(o, "client-id-number-"+strconv.Itoa(written), text)
		return s.OpenStreams() == 0
	})
	now, err := s.bridge.Snapshot(t.Context(), o.Number) // a poll could be cut as well
	s.must(err)
	if now.Seq < int64(written)+2 {
		t.Errorf("the log ends at %d, want %d messages in it", now.Seq, written)
	}
	if log := s.log.String(); strings.Contains(log, "level=ERROR") {
		t.Errorf("a slow reader is no fault of ours: %s", log)
	}
}

// The bytes that wait for a slow page are bounded. When there are more, the page is cut off,
// and finds all events in the log.
func TestStreamed_IsBounded(t *testing.T) {
	frame := []byte(strings.Repeat("x", 1000))
	if most := webwidget.Overflow(frame); most > webwidget.StreamedRoom || most < webwidget.StreamedRoom-len(frame) {
		t.Errorf("%d bytes waited, want at most %d and not much less", most, webwidget.StreamedRoom)
	}
}

// What the visitor did comes to their pages together with what follows it. Everything else
// comes at once.
func TestStream_OnlyOwnWordsWait(t *testing.T) {
	own := bridge.Event{Seq: 1, Type: bridge.EventMessage, From: bridge.FromVisitor, Text: "x"}
	words := bridge.Event{Seq: 1, Type: bridge.EventMessage, From: bridge.FromOperator, Text: "x"}
	turn := bridge.Event{Seq: 2, Type: bridge.EventState, From: bridge.FromSystem, Data: bridge.Turn{State: "active"}}
	for name, c := range map[string]struct {
		change bridge.Change
		waits  bool
	}{
		"own words":               {bridge.Change{Events: []bridge.Event{own}}, true},
		"an operator's words":     {bridge.Change{Events: []bridge.Event{words}}, false},
		"own words and what then": {bridge.Change{Events: []bridge.Event{own, turn}}, false},
		"a receipt":               {bridge.Change{Receipt: &bridge.Receipt{Upto: 1, Status: bridge.Confirmed}}, false},
		"typing":                  {bridge.Change{Typing: &bridge.Typing{From: bridge.FromOperator, Active: true}}, false},
	} {
		if got := webwidget.Held(c.change); got != c.waits {
			t.Errorf("%s: waits %v, want %v", name, got, c.waits)
		}
	}
}

// A stream sends the events in the order of the log, each once, even if changes come out of
// order, twice or with gaps.
func TestStream_OutOfOrder(t *testing.T) {
	s := start(t).online()
	o := s.ask("")
	for i := range 5 {
		s.write(o, "client-id-number-"+strconv.Itoa(i), "x")
	}
	log, err := s.bridge.Events(t.Context(), o.Number, 0, 100)
	s.must(err)
	for name, told := range map[string][]int{"backwards": {6, 5, 4, 3, 2}, "gap": {2, 5, 6}, "twice": {2, 3, 3, 2, 4, 5, 6}, "the last only": {6}} {
		t.Run(name, func(t *testing.T) {
			var batch []bridge.Event
			for _, i := range told {
				batch = append(batch, log[i])
			}
			out, err := webwidget.Hear(t.Context(), s.bridge, o.Number, 2, batch)
			s.must(err)
			var ids []string
			for _, line := range strings.Split(out, "\n") {
				if id, ok := strings.CutPrefix(line, "id: "); ok {
					ids = append(ids, id)
				}
			}
			if got := strings.Join(ids, " "); got != "3 4 5 6 7" {
				t.Errorf("sent %s, want 3 4 5 6 7", got)
			}
		})
	}
}

func TestPoll_AnswersAtOnceWhatIsThere(t *testing.T) {
	s := start(t).online()
	o := s.ask("")
	for query, want := range map[string]int{"": 2, "?after=0&wait=30": 2, "?after=1": 1, "?after=2": 0, "?after=2&wait=0": 0, "?after=1000": 0} {
		if got := len(s.poll(o, query).Events); got != want {
			t.Errorf("%q: %d events, want %d", query, got, want)
		}
	}
	var raw map[string]json.RawMessage
	s.call(o, "GET", "/events?after=1000", "", "Accept: application/json").into(t, 200, &raw)
	if len(raw) != 2 || string(raw["events"]) != "[]" {
		t.Errorf("answer %s, want an empty list and seq", raw)
	}
}

func TestPoll_WaitsForTheNext(t *testing.T) {
	s := start(t).online()
	o := s.ask("")
	after := s.poll(o, "").Seq
	polled := make(chan piece)
	go func() { polled <- s.poll(o, fmt.Sprintf("?after=%d&wait=60", after)) }()
	s.soon("the poll waits", func() bool { return s.OpenStreams() == 1 })
	s.write(o, "m1-client-id-0000", "Hello")
	p := <-polled
	if len(p.Events) != 1 || p.Events[0].Text != "Hello" || p.Seq != p.Events[0].Seq {
		t.Errorf("got %+v", p)
	}
	if c := s.conversation(o); !c.Present || c.Due.Visitor.IsZero() {
		t.Errorf("present %v, due %v; want present for the grace time", c.Present, c.Due.Visitor)
	}
}

// Events that visitors don't see, as many as there may be, keep nothing from them.
func TestPoll_LooksPastWhatVisitorsDontSee(t *testing.T) {
	s := start(t).online()
	o := s.ask("")
	s.answer(o, "Hi")
	after := s.poll(o, "").Seq
	for i := range 2 * 200 {
		if _, err := s.bridge.Note(t.Context(), xavi, bridge.VisitorJID(o.Visitor), "", fmt.Sprint("for operators only ", i)); err != nil {
			t.Fatal(err)
		}
	}
	s.write(o, "m1-client-id-0000", "Hello")
	if p := s.poll(o, fmt.Sprintf("?after=%d", after)); len(p.Events) != 1 || p.Events[0].Text != "Hello" {
		t.Errorf("got %+v", p)
	}
}

func TestPoll_GivesUp(t *testing.T) {
	s := start(t).online()
	o := s.ask("")
	after := s.poll(o, "").Seq
	began := time.Now()
	if p := s.poll(o, fmt.Sprintf("?after=%d&wait=1", after)); len(p.Events) != 0 || p.Seq < after {
		t.Errorf("got %+v", p)
	}
	if took := time.Since(began); took < time.Second {
		t.Errorf("gave up after %v, want 1 s", took)
	}
	s.call(o, "GET", "/events?wait=x", "").refused(t, http.StatusBadRequest, "malformed")
	s.call(o, "GET", "/events?wait=-1", "").refused(t, http.StatusBadRequest, "malformed")
}

// However long the log is, a stream sends all of it, and a poll the next piece.
func TestEvents_LongLog(t *testing.T) { eachTransport(t, eventsLongLog) }

func eventsLongLog(t *testing.T, s *service) {
	o := s.ask("")
	var wg sync.WaitGroup
	for w := range 5 {
		wg.Go(func() {
			for i := range 50 {
				s.call(o, "POST", "/messages", fmt.Sprintf(`{"client_id":"client-id-number-%d-%d","text":"x"}`, w, i))
			}
		})
	}
	wg.Wait()
	var seqs []int64
	for p := s.poll(o, ""); len(p.Events) > 0; p = s.poll(o, fmt.Sprintf("?after=%d", p.Seq)) {
		for _, e := range p.Events {
			if e.Type == "message" {
				seqs = append(seqs, e.Seq)
			}
		}
	}
	if len(seqs) != 251 {
		t.Errorf("%d messages, want 251", len(seqs))
	}
	c := s.stream(o, 0)
	if list := c.until(func(e event) bool { return e.Seq == seqs[250] }); len(list) != 252 { // 251 messages and the state at the beginning
		t.Errorf("%d events on the stream, want 252", len(list))
	}
}
