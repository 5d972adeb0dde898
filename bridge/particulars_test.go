package bridge

import "testing"

// Each kind of particulars comes back from the store as it was stored, and particulars that no
// type knows are kept as they are.
func TestData_RoundTrip(t *testing.T) {
	for _, c := range []struct {
		event EventType
		data  Data
		text  string
	}{
		{EventMessage, nil, ""},
		{EventMessage, Message{ReplyTo: 3}, `{"reply_to":3}`},
		{EventMessage, Message{Phrase: "Are you still there?", Reason: ReasonSilent}, `{"phrase":"Are you still there?","reason":"silent"}`},
		{EventFile, SentFile{ID: "a.png", Name: `ça "1" & <2>.png`, Media: "image/png", Bytes: 5}, `{"id":"a.png","name":"ça \"1\" & <2>.png","media":"image/png","bytes":5}`},
		{EventFile, SentFile{URL: "https://x/?a&b", ReplyTo: 2}, `{"url":"https://x/?a&b","reply_to":2}`},
		{EventState, Turn{State: "closed", Reason: ReasonIdle}, `{"state":"closed","reason":"idle"}`},
		{EventOperator, Part{Action: Left, Reason: ReasonUnreachable, Reached: 7}, `{"action":"left","reason":"operator-unreachable","reached":7}`},
		{EventPosition, Place{Position: 4}, `{"position":4}`},
		{EventPosition, Place{4, 90}, `{"position":4,"wait":90}`},
		{EventCorrection, Amended{4}, `{"of":4}`},
		{EventRetraction, Amended{4}, `{"of":4}`},
		{EventReaction, Reaction{4}, `{"to":4}`},
		{EventNote, nil, ""},
		{EventOffer, Answered{Declined}, `{"action":"declined"}`},
		{EventPage, PageVisit{Moved, "https://shop.example/", "Shop"}, `{"action":"moved","url":"https://shop.example/","title":"Shop"}`},
		{EventOwner, Ownership{Action: Follows}, `{"action":"follows"}`},
		{EventEmail, nil, ""},
		{EventIdentity, Identified{"user 7", "anna@example.net", "Anna"}, `{"subject":"user 7","email":"anna@example.net","was":"Anna"}`},
		{"vote", Unread(`{"stars":5}`), `{"stars":5}`},
		{EventPosition, Unread(`{"position":"first"}`), `{"position":"first"}`},
	} {
		if got := EncodeData(c.data); got != c.text {
			t.Errorf("%s %+v is stored as %s, want %s", c.event, c.data, got, c.text)
		}
		if got := DecodeData(c.event, c.text); got != c.data {
			t.Errorf("%s %s is read as %+v, want %+v", c.event, c.text, got, c.data)
		}
	}
	if got := DecodeData(EventOffer, `{"action":"declined","why":"busy"}`); got != (Answered{Declined}) {
		t.Errorf("with a newer field: %+v", got)
	}
}

// A plain message has no particulars, which cost nothing: nearly all events are plain messages.
func TestData_NoneCostsNothing(t *testing.T) {
	if n := testing.AllocsPerRun(100, func() {
		if DecodeData(EventMessage, EncodeData(nil)) != nil {
			t.Error("something was made of nothing")
		}
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
}
