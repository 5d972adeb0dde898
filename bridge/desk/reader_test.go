package desk_test

import (
	"strings"
	"testing"
	"time"

	"porchlight/bridge"
	"porchlight/bridge/voice"
)

// Times are told in the zone that the operator's client named, and with the zone.
func TestTimes_AreInTheOperatorsZone(t *testing.T) {
	for tzo, want := range map[string]string{"": "13:00 UTC", "Z": "13:00 UTC", "+02:00": "15:00 UTC+2", "-03:30": "09:30 UTC-3:30", "+14:00": "2026-11-22 03:00 UTC+14"} {
		o := newOffice(t)
		c := o.ask()
		zone, _ := bridge.ZoneOf(tzo)
		if _, err := o.bridge.Team.Change(t.Context(), xavi, func(op *bridge.Operator) { op.Zone = zone }); err != nil {
			t.Fatal(err)
		}
		o.say(xavi, "", "1")
		o.clock.set(time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC))
		if got := o.say(xavi, c.Visitor, "block 1h"); !strings.Contains(got, want) {
			t.Errorf("%s: %q", tzo, got)
		}
	}
	o := newOffice(t)
	if got := o.say(xavi, "", "status"); !strings.HasSuffix(got, "\nTimes are told in UTC.") {
		t.Errorf("got %q", got)
	}
	for _, bad := range []string{"", "UTC", "+25:00", "+2", "02:00", "-15:00", "+02:00 "} {
		if zone, ok := bridge.ZoneOf(bad); ok {
			t.Errorf("%q is the zone %q", bad, zone)
		}
	}
}

// An operator who had a conversation before reads only what has come since. An event counts as unread
// if a copy of it came back.
func TestTranscript_OnlyWhatIsNew(t *testing.T) {
	o := newOffice(t)
	c := o.ask()
	says := func(id, text string) {
		t.Helper()
		if _, _, err := o.bridge.VisitorWrites(t.Context(), c.Number, id, text); err != nil {
			t.Fatal(err)
		}
	}
	part := func() (r voice.Reader, joined int64) {
		t.Helper()
		parts, err := o.bridge.Participants(t.Context(), c.Number)
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range parts {
			if p.Operator == xavi {
				r.Operator, r.Known, joined = xavi, p.Known, p.Joined
			}
		}
		return r, joined
	}
	reads := func() string {
		t.Helper()
		r, joined := part()
		card, err := o.bridge.Card(t.Context(), c.Number)
		events, err2 := o.bridge.Events(t.Context(), c.Number, 0, int(joined)-1)
		if err != nil || err2 != nil {
			t.Fatal(err, err2)
		}
		return strings.Join(voice.In(o.bridge, "").Transcript(card, events, r), "\n")
	}
	prove := func() {
		t.Helper()
		card, _ := o.bridge.Card(t.Context(), c.Number)
		if err := o.bridge.Cursors.Prove(t.Context(), []bridge.Cursor{{Conversation: c.Number, Operator: xavi, Upto: card.Seq, Status: bridge.Confirmed}}); err != nil {
			t.Fatal(err)
		}
	}
	if err := o.bridge.Reach.Presence(t.Context(), olga, "phone", bridge.ShowAvailable); err != nil {
		t.Fatal(err)
	}
	o.say(xavi, "", "1")
	if got := reads(); !strings.Contains(got, "Page: ") || !strings.HasSuffix(got, "Anna: How can I edit?") {
		t.Errorf("at first: %q", got)
	}
	says("m1", "proved")
	prove()
	says("m2", "not proved")
	o.say(xavi, c.Visitor, "transfer olga")
	o.say(olga, "", "1")
	says("m3", "to Olga")
	o.say(olga, c.Visitor, "transfer xavi")
	o.say(xavi, "", "1")
	want := "#1 Anna, Support\nSince you left:\n— 2026-11-21 UTC —\n[12:00] Anna: not proved\n[12:00] _Olga joined._\n[12:00] Anna: to Olga\n[12:00] _Olga left._"
	if got := reads(); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	prove()
	o.say(xavi, c.Visitor, "transfer olga")
	o.say(olga, "", "decline 1")
	o.say(xavi, "", "1")
	if got := reads(); got != "#1 Anna, Support\nNothing was said since you left." {
		t.Errorf("after nothing: %q", got)
	}
	says("m4", "came back")
	prove()
	if err := o.bridge.Reach.Unreachable(t.Context(), xavi, c.Number, 0); err != nil {
		t.Fatal(err)
	}
	o.say(xavi, "", "1")
	if got := reads(); !strings.Contains(got, "came back") || !strings.Contains(got, "How can I edit?") || !strings.HasSuffix(got, "\n[12:00] _Xavi can't be reached._") {
		t.Errorf("after what came back: %q", got)
	}
}

// A visitor whose name another open conversation has is told apart by a number, which stays
// as long as the conversation does.
func TestNamesakes(t *testing.T) {
	o := newOffice(t)
	first, second := o.ask(), o.ask()
	other, err := o.bridge.Ask(t.Context(), bridge.Inquiry{Request: bridge.Request{Name: "aNNA", Reason: "Me too"}})
	if err != nil {
		t.Fatal(err)
	}
	if got := o.say(xavi, "", "queue"); !strings.Contains(got, "#1 Anna, ") || !strings.Contains(got, "#2 Anna (2), ") || !strings.Contains(got, "#3 aNNA (3), ") {
		t.Errorf("got %q", got)
	}
	o.say(xavi, "", "1")
	o.say(xavi, first.Visitor, "close")
	if got := o.say(xavi, "", "2"); !strings.HasPrefix(got, "#2 is yours: Anna (2).") {
		t.Errorf("got %q", got)
	}
	o.say(xavi, second.Visitor, "canned-add hi Hello {visitor}!")
	if got := o.say(xavi, second.Visitor, "hi"); got != "Sent: Hello Anna!" {
		t.Errorf("the visitor reads %q", got)
	}
	o.say(xavi, second.Visitor, "close")
	o.say(xavi, "", "3")
	o.say(xavi, other.Visitor, "close")
	o.ask()
	if got := o.say(xavi, "", "queue"); !strings.Contains(got, "#4 Anna, ") {
		t.Errorf("alone again: %q", got)
	}
}
