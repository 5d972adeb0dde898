package sqlite

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"porchlight/bridge"
	"porchlight/bridge/phrase"
	"porchlight/bridge/storetest"
	"porchlight/db"
)

// former is a log in the form of the schemas before step 9, with everything that an event of
// each type could hold, and with what step 9 makes of each event.
var former = []struct {
	was  string // type, sender, operator, name, text, state, reason, number, origin
	want bridge.Event
}{
	{`'message', 'visitor', '', '', 'Hi', '', '', 0, 'v:old1'`, byVisitor(bridge.Event{Type: bridge.EventMessage, Text: "Hi", Origin: "v:old1"})},
	{`'message', 'operator', 'xavi@example.org', 'Xavi', 'Large', '', '', 3, 'o:xavi@example.org s1'`,
		byXavi(bridge.Event{Type: bridge.EventMessage, Text: "Large", Data: bridge.Message{ReplyTo: 3}, Origin: "o:xavi@example.org s1"})},
	{`'message', 'system', '', '', 'Are you still there? This conversation ends soon if nobody writes.', '', '', 0, NULL`,
		says(phrase.Say("Are you still there? This conversation ends soon if nobody writes."), "")},
	{`'message', 'system', '', 'Xavi "100 %"', 'Xavi "100 %"''s device …', '', 'silent', 0, NULL`,
		says(phrase.Say("%s's device has not confirmed the last message yet.", `Xavi "100 %"`), bridge.ReasonSilent)},
	{`'file', 'visitor', '', '', 'ça "1" & <2>.png', 'image/png', 'abc.png', 512, 'v:old2'`,
		byVisitor(bridge.Event{Type: bridge.EventFile, Data: bridge.SentFile{ID: "abc.png", Name: `ça "1" & <2>.png`, Media: "image/png", Bytes: 512}, Origin: "v:old2"})},
	{`'file', 'operator', 'xavi@example.org', 'Xavi', 'https://up.example.org/a.pdf?b=1&c=2', '', '', 0, NULL`,
		byXavi(bridge.Event{Type: bridge.EventFile, Data: bridge.SentFile{URL: "https://up.example.org/a.pdf?b=1&c=2"}})},
	{`'file', 'operator', 'xavi@example.org', 'Xavi', 'https://up.example.org/a', 'application/pdf', 'terms.pdf', 12345, NULL`,
		byXavi(bridge.Event{Type: bridge.EventFile, Data: bridge.SentFile{URL: "https://up.example.org/a", Name: "terms.pdf", Media: "application/pdf", Bytes: 12345}})},
	{`'state', 'system', '', '', '', 'ticket', '', 0, NULL`, bySystem(bridge.Event{Type: bridge.EventState, Data: bridge.Turn{State: "ticket"}})},
	{`'state', 'system', 'xavi@example.org', 'Xavi', 'she knows', 'closed', 'operator-closed', 0, NULL`,
		ofXavi(bridge.Event{Type: bridge.EventState, Text: "she knows", Data: bridge.Turn{State: "closed", Reason: bridge.ReasonOperator}})},
	{`'operator', 'operator', 'xavi@example.org', 'Xavi', '', 'joined', '', 0, NULL`,
		byXavi(bridge.Event{Type: bridge.EventOperator, Data: bridge.Part{Action: bridge.Joined}})},
	{`'operator', 'operator', 'xavi@example.org', 'Xavi', '', 'left', 'transferred', 0, NULL`,
		byXavi(bridge.Event{Type: bridge.EventOperator, Data: bridge.Part{Action: bridge.Left, Reason: bridge.ReasonTransferred}})},
	{`'operator', 'system', 'xavi@example.org', 'Xavi', '', 'left', 'operator-unreachable', 7, NULL`,
		ofXavi(bridge.Event{Type: bridge.EventOperator, Data: bridge.Part{Action: bridge.Left, Reason: bridge.ReasonUnreachable, Reached: 7}})},
	{`'position', 'system', '', '', '', '', '', 4, NULL`, bySystem(bridge.Event{Type: bridge.EventPosition, Data: bridge.Place{Position: 4}})},
	{`'correction', 'visitor', '', '', 'Hello', '', '', 11, 'v:old3'`,
		byVisitor(bridge.Event{Type: bridge.EventCorrection, Text: "Hello", Data: bridge.Amended{Of: 11}, Origin: "v:old3"})},
	{`'retraction', 'operator', 'xavi@example.org', 'Xavi', '', '', '', 12, NULL`,
		byXavi(bridge.Event{Type: bridge.EventRetraction, Data: bridge.Amended{Of: 12}})},
	{`'reaction', 'operator', 'xavi@example.org', 'Xavi', '👍 ❤️', '', '', 11, NULL`,
		byXavi(bridge.Event{Type: bridge.EventReaction, Text: "👍 ❤️", Data: bridge.Reaction{To: 11}})},
	{`'note', 'operator', 'xavi@example.org', 'Xavi', 'she knows this', '', '', 0, NULL`, byXavi(bridge.Event{Type: bridge.EventNote, Text: "she knows this"})},
	{`'offer', 'operator', 'xavi@example.org', 'Xavi', '', 'declined', '', 0, NULL`,
		byXavi(bridge.Event{Type: bridge.EventOffer, Data: bridge.Answered{Action: bridge.Declined}})},
	{`'page', 'visitor', '', '', '', 'gone', '', 0, NULL`, byVisitor(bridge.Event{Type: bridge.EventPage, Data: bridge.PageVisit{Action: bridge.Gone}})},
	{`'page', 'visitor', '', '', '', 'back', '', 0, NULL`, byVisitor(bridge.Event{Type: bridge.EventPage, Data: bridge.PageVisit{Action: bridge.Back}})},
	{`'page', 'visitor', '', 'Prices, and "more"', 'https://shop.example/?a=1&b=2', 'moved', '', 0, NULL`,
		byVisitor(bridge.Event{Type: bridge.EventPage, Data: bridge.PageVisit{Action: bridge.Moved, URL: "https://shop.example/?a=1&b=2", Title: `Prices, and "more"`}})},
	{`'owner', 'system', 'olga@example.org', '', '', 'gone', '', 0, NULL`, bySystem(bridge.Event{Type: bridge.EventOwner, Operator: "olga@example.org", Data: bridge.Ownership{Action: bridge.Gone}})},
	{`'owner', 'system', 'olga@example.org', '', '', 'back', '', 0, NULL`, bySystem(bridge.Event{Type: bridge.EventOwner, Operator: "olga@example.org", Data: bridge.Ownership{Action: bridge.Back}})},
	{`'owner', 'system', 'olga@example.org', '', '', 'follows', '', 0, NULL`, bySystem(bridge.Event{Type: bridge.EventOwner, Operator: "olga@example.org", Data: bridge.Ownership{Action: bridge.Follows}})},
	{`'owner', 'system', 'olga@example.org', '', '', 'reopened', '', 0, NULL`, bySystem(bridge.Event{Type: bridge.EventOwner, Operator: "olga@example.org", Data: bridge.Ownership{Action: bridge.Reopened}})},
	{`'email', 'visitor', '', '', '', '', '', 0, NULL`, byVisitor(bridge.Event{Type: bridge.EventEmail})},
	{`'vote', 'visitor', '', '', 'Great', '', 'why', 5, NULL`, byVisitor(bridge.Event{Type: "vote", Text: "Great", Data: bridge.Unread(`{"reason":"why","number":5}`)})},
}

func byVisitor(e bridge.Event) bridge.Event {
	e.From = bridge.FromVisitor
	return e
}

func bySystem(e bridge.Event) bridge.Event {
	e.From = bridge.FromSystem
	return e
}

// says returns an event by which the system says a phrase.
func says(p phrase.Phrase, reason string) bridge.Event {
	return bySystem(bridge.Event{Type: bridge.EventMessage, Data: bridge.Message{Phrase: p.Encode(), Reason: reason}})
}

func byXavi(e bridge.Event) bridge.Event {
	e.From, e.Operator, e.Name = bridge.FromOperator, "xavi@example.org", "Xavi"
	return e
}

func ofXavi(e bridge.Event) bridge.Event {
	e = byXavi(e)
	e.From = bridge.FromSystem
	return e
}

func TestMigrate_Particulars(t *testing.T) {
	path := unpack(t, "testdata/released/schema8.db.gz")
	const number, before = 1, 10
	rows := make([]string, len(former))
	want := make([]bridge.Event, len(former))
	for i, c := range former {
		c.want.Conversation, c.want.Seq, c.want.At = number, int64(before+1+i), stored(at(i))
		rows[i], want[i] = fmt.Sprintf("(%d, %d, %d, %s)", number, c.want.Seq, c.want.At.UnixMilli(), c.was), c.want
	}
	change(t, path, `INSERT INTO events (conversation, seq, created_at, type, sender, operator, name, text, state, reason, number, origin) VALUES `+strings.Join(rows, ","))
	change(t, path, fmt.Sprintf(`UPDATE conversations SET seq = %d WHERE number = %d`, before+len(former), number))
	d := openAt(t, path)
	view(t, d, func(r bridge.Reader) error {
		got, err := r.Events(number, before, 1000)
		if err != nil || len(got) != len(want) {
			t.Fatalf("%d events, want %d; %v", len(got), len(want), err)
		}
		for i := range want {
			if got[i] != want[i] {
				t.Errorf("%s became\n%+v, want\n%+v", former[i].was, got[i], want[i])
			}
		}
		return nil
	})
	for i, row := range ask(t, d, fmt.Sprintf(`SELECT data FROM events WHERE conversation = %d AND seq > %d ORDER BY seq`, number, before)) {
		if new := bridge.EncodeData(want[i].Data); fmt.Sprint(row) != fmt.Sprint(db.Row{new}) {
			t.Errorf("%s became %s, and a new event has %s", former[i].was, row, new)
		}
	}
}

// change runs SQL on a database that is not open.
func change(t testing.TB, path, query string) {
	t.Helper()
	c, err := open(path, writing)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.Exec(query, nil); err != nil {
		t.Fatal(err)
	}
	if err := c.close(); err != nil {
		t.Fatal(err)
	}
}

// A field that a newer porchlight has added to an event stays in the store while this one
// runs.
func TestEvents_OfANewerVersion(t *testing.T) {
	d := openNew(t)
	number := create(t, d, storetest.Sample(1)).Number
	const field, kind = `{"action":"left","mood":"cross"}`, `{"stars":5}`
	path := d.path
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	change(t, path, fmt.Sprintf(`INSERT INTO events (conversation, seq, type, created_at, sender, operator, name, text, data)
		VALUES (%d, 1, 'operator', 0, 'operator', 'xavi@example.org', 'Xavi', '', '%s'), (%d, 2, 'vote', 0, 'visitor', '', '', '', '%s')`, number, field, number, kind))
	change(t, path, fmt.Sprintf(`UPDATE conversations SET seq = 2 WHERE number = %d`, number))
	d = openAt(t, path)
	update(t, d, storetest.Say(number, "v:1", "Hello", nil))
	view(t, d, func(r bridge.Reader) error {
		events, err := r.Events(number, 0, 10)
		if err != nil || len(events) != 3 || events[0].Data != (bridge.Part{Action: bridge.Left}) || events[1].Data != bridge.Unread(kind) || events[2].Data != nil {
			t.Errorf("%+v, %v", events, err)
		}
		return err
	})
	if got := fmt.Sprint(ask(t, d, `SELECT data FROM events ORDER BY seq`)); got != fmt.Sprint([]db.Row{{field}, {kind}, {""}}) {
		t.Errorf("the store has %s", got)
	}
}

// This measures step 9 on a database with a million events:
//
//	go test ./db/sqlite -run XXX -bench Million -benchtime 1x
func BenchmarkMigrate_AMillionEvents(b *testing.B) {
	const events = 1_000_000
	for range b.N {
		b.StopTimer()
		path := unpack(b, "testdata/released/schema8.db.gz")
		change(b, path, fmt.Sprintf(`WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < %d - 1)
			INSERT INTO events (conversation, seq, created_at, type, sender, operator, name, text, state, reason, number, origin)
			SELECT 1 + i %% 40, 1000 + i / 40, 1800000000000 + i,
				CASE i / 40 %% 10 WHEN 0 THEN 'state' WHEN 1 THEN 'operator' WHEN 2 THEN 'page' WHEN 3 THEN 'file' ELSE 'message' END,
				'visitor', 'xavi@example.org', 'Xavi', 'How can I edit my students'' information?',
				CASE i / 40 %% 10 WHEN 0 THEN 'active' WHEN 1 THEN 'joined' WHEN 2 THEN 'moved' WHEN 3 THEN 'image/png' ELSE '' END,
				CASE i / 40 %% 10 WHEN 3 THEN 'abcdefghijklmnopqrstuvwxyz.png' ELSE '' END,
				CASE i / 40 %% 10 WHEN 3 THEN 123456 WHEN 4 THEN 7 ELSE 0 END, 'v:old' || i FROM n`, events))
		change(b, path, fmt.Sprintf(`UPDATE conversations SET seq = 1000 + %d / 40`, events))
		b.StartTimer()
		d := openAt(b, path)
		b.StopTimer()
		if err := errors.Join(d.Close(), os.RemoveAll(filepath.Dir(path))); err != nil { // it is large
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(events*b.N)/b.Elapsed().Seconds(), "events/s")
}
