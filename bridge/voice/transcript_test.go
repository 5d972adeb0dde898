package voice_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"porchlight/bridge"
	"porchlight/bridge/voice"
)

// A long transcript comes in parts that a phone can show, and in the same parts when it is
// sent again later, whatever is known of the visitor by then.
func TestTranscript_LongOnesComeInParts(t *testing.T) {
	o := newOffice(t)
	c := o.ask()
	card, _ := o.bridge.Card(t.Context(), c.Number)
	var events []bridge.Event
	for i := range 100 {
		text := fmt.Sprint(i) + strings.Repeat("x", 200)
		if i%10 == 0 {
			text += strings.Repeat("\n"+strings.Repeat("y", 300), 5)
		}
		events = append(events, bridge.Event{Seq: int64(i + 1), At: card.OpenedAt.Add(time.Duration(i) * time.Hour), Type: bridge.EventMessage, From: bridge.FromVisitor, Text: text})
	}
	parts := voice.In(o.bridge, "").Transcript(card, events, voice.Reader{})
	if all := strings.Join(parts, "\n"); strings.Count(all, "Anna: ") != 100 || strings.Count(all, "\n    yyy") != 50 || len(parts) < 5 {
		t.Errorf("%d messages of 100, %d further lines of 50, in %d parts", strings.Count(all, "Anna: "), strings.Count(all, "\n    yyy"), len(parts))
	}
	for i, p := range parts {
		if len(p) > 8<<10 {
			t.Errorf("part %d has %d bytes", i, len(p))
		}
		if last := p[strings.LastIndexByte(p, '\n')+1:]; i < len(parts)-1 && !strings.HasSuffix(last, "xx") && !strings.HasSuffix(last, "yy") {
			t.Errorf("part %d ends in %q", i, last)
		}
	}
	o.clock.move(30 * time.Hour)
	card.Email, card.State = "anna.with.a.long.address@mail.example.org", bridge.Closed
	again := voice.In(o.bridge, "").Transcript(card, events, voice.Reader{})
	if len(again) != len(parts) || !slices.Equal(again[1:len(again)-1], parts[1:len(parts)-1]) {
		t.Errorf("sent again in %d other parts", len(again))
	}
}

// post lets mail be on; nothing is sent by it.
type post struct{ bridge.Post }

// Who takes a conversation is told that nobody is on the page only once a page was there and has gone. A visitor who has just
// asked, as one who was invited has, connects in a moment.
func TestTranscript_SomebodyWhoHasJustAskedIsThere(t *testing.T) {
	o := newOfficeWith(t, bridge.MailOptions{Post: post{}, Addresses: bridge.Addresses{Support: "support@example.org"}})
	c := o.ask()
	says := func() string {
		card, err := o.bridge.Card(t.Context(), c.Number)
		if err != nil {
			t.Fatal(err)
		}
		return strings.Join(voice.In(o.bridge, "").Transcript(card, nil, voice.Reader{}), "\n")
	}
	const gone = "Nobody is on the page: what you write goes by mail to anna@example.org."
	if said := says(); strings.Contains(said, gone) {
		t.Errorf("before the page has connected: %q", said)
	}
	if err := o.bridge.Attach(t.Context(), c.Number); err != nil {
		t.Fatal(err)
	}
	o.bridge.Detach(c.Number)
	if said := says(); !strings.Contains(said, gone) {
		t.Errorf("after the page has gone: %q", said)
	}
}

// Times are in UTC, which the first day line says, and each day is named where it begins.
func TestTranscript_NamesTheDays(t *testing.T) {
	o := newOffice(t)
	c := o.ask()
	card, _ := o.bridge.Card(t.Context(), c.Number)
	at := func(day, hour, minute int, text string) bridge.Event {
		cet := time.FixedZone("CET", 3600)
		return bridge.Event{At: time.Date(2026, 11, day, hour, minute, 0, 0, cet), Type: bridge.EventMessage, From: bridge.FromVisitor, Text: text}
	}
	got := voice.In(o.bridge, "").Transcript(card, []bridge.Event{at(20, 13, 5, "one"), at(21, 0, 30, "two"), at(21, 9, 0, "three"), at(30, 9, 1, "four"), at(30, 9, 2, "five")}, voice.Reader{})
	want := "\n— 2026-11-20 UTC —\n[12:05] Anna: one\n[23:30] Anna: two\n— 2026-11-21 —\n[08:00] Anna: three\n— 2026-11-30 —\n[08:01] Anna: four\n[08:02] Anna: five"
	if len(got) != 1 || !strings.HasSuffix(got[0], want) {
		t.Errorf("got %q, want %q in it", got, want)
	}
}

// An operator who was lost is not told of as having left.
func TestTranscript_HowSomebodyWent(t *testing.T) {
	o := newOffice(t)
	c := o.ask()
	card, err := o.bridge.Card(t.Context(), c.Number)
	if err != nil {
		t.Fatal(err)
	}
	for reason, want := range map[string]string{
		"":                       "_Olga left._",
		bridge.ReasonTransferred: "_Olga left._",
		bridge.ReasonOwnerLeft:   "_Olga went offline._",
		bridge.ReasonUnreachable: "_Olga can't be reached._",
		bridge.ReasonGuestLost:   "_Olga can't be reached._",
	} {
		left := bridge.Event{Seq: 2, Type: bridge.EventOperator, Name: "Olga", Data: bridge.Part{Action: bridge.Left, Reason: reason}}
		if got := strings.Join(voice.In(o.bridge, "").Transcript(card, []bridge.Event{left}, voice.Reader{}), "\n"); !strings.HasSuffix(got, want) {
			t.Errorf("%q: got %q, want %q at its end", reason, got, want)
		}
	}
}

// Operators read beside what a server of the site told the visitor by which key it did, so that nobody takes it for the
// visitor's words or a colleague's.
func TestTranscript_WhatTheSiteSays(t *testing.T) {
	o := newOffice(t)
	card, err := o.bridge.Card(t.Context(), o.ask().Number)
	if err != nil {
		t.Fatal(err)
	}
	e := bridge.Event{Seq: 2, Type: bridge.EventMessage, From: bridge.FromSystem, Text: "Order 17 has left.", Data: bridge.Message{Key: "shop"}}
	v := voice.In(o.bridge, "")
	if got := v.Says(e, "olga@example.org", "Anna"); got != "_The site (shop) told the visitor:_ Order 17 has left." {
		t.Errorf("told as %q", got)
	}
	if got := strings.Join(v.Transcript(card, []bridge.Event{e}, voice.Reader{}), "\n"); !strings.HasSuffix(got, "_The site (shop):_ Order 17 has left.") {
		t.Errorf("the transcript is %q", got)
	}
}

// Who gives a conversation to themselves is not told of as if somebody else had.
func TestSays_WhoHasItNow(t *testing.T) {
	v := voice.In(newOffice(t).bridge, "")
	for by, want := range map[string]string{"Xavi": "_Xavi has this now._", "Olga": "_Olga gave this to Xavi._"} {
		e := bridge.Event{Type: bridge.EventOwner, From: bridge.FromSystem, Operator: xavi, Name: "Xavi", Data: bridge.Ownership{Action: bridge.Assigned, By: by}}
		if got := v.Says(e, "vera@example.org", "Anna"); got != want {
			t.Errorf("by %s: %q, want %q", by, got, want)
		}
	}
}
