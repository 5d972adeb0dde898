package voice_test

import (
	"strings"
	"testing"

	"porchlight/bridge"
	"porchlight/bridge/voice"
)

// Below a mail stands what of it is not shown, in words that people know and in the reader's language.
func TestSays_WhatOfAMailIsNotShown(t *testing.T) {
	b := newOffice(t).bridge
	for _, c := range []struct {
		heading bridge.Heading
		tag     string
		want    string
	}{
		{bridge.Heading{Came: true}, "en", ""},
		{bridge.Heading{Hidden: 1}, "en", "_… 1 line that looks like a quote or a signature is not shown, but is in the file below_"},
		{bridge.Heading{Hidden: 12}, "en", "_… 12 lines that look like a quote or a signature are not shown, but are in the file below_"},
		{bridge.Heading{Left: "a.exe", Lacks: "depth parts"}, "en", "_Not shown: a.exe, parts that were nested too deep, parts beyond the 200th_"},
		{bridge.Heading{Lacks: "signature"}, "de", "_Nicht gezeigt: eine Signatur (nicht geprüft)_"},
	} {
		e := bridge.Event{Type: bridge.EventMessage, From: bridge.FromVisitor, Text: "Hello", Data: bridge.Message{Mail: c.heading}}
		_, got, _ := strings.Cut(voice.In(b, c.tag).Says(e, xavi, "Ann"), "Hello")
		if got = strings.TrimPrefix(got, "\n"); got != c.want {
			t.Errorf("%s: %q, should be %q", c.tag, got, c.want)
		}
	}
	for _, l := range []bridge.Lack{bridge.LongText, bridge.ManyParts, bridge.DeepParts, bridge.MailEnd, bridge.BrokenParts, bridge.Encryption, bridge.Signature} {
		e := bridge.Event{Type: bridge.EventMessage, From: bridge.FromVisitor, Data: bridge.Message{Mail: bridge.Heading{Lacks: string(l)}}}
		if got := voice.In(b, "en").Says(e, xavi, "Ann"); strings.HasSuffix(got, ": "+string(l)+"_") {
			t.Errorf("%s has no words", l)
		}
	}
}

// What happened to a mail is told with how it ends, and another address is told as such.
func TestSays_WhichMail(t *testing.T) {
	v := voice.In(newOffice(t).bridge, "en")
	mail := func(p bridge.Posted, said string) bridge.Event {
		return bridge.Event{Type: bridge.EventMail, Text: "550 no", Data: bridge.Posting{Action: p, To: "ann@example.net", Said: said}}
	}
	for _, c := range []struct {
		event bridge.Event
		want  string
	}{
		{mail(bridge.PostSent, ""), "_✉ Sent by mail to ann@example.net._"},
		{mail(bridge.PostSent, "And here is the drawing."), `_✉ Sent by mail to ann@example.net ("And here is the drawing.")._`},
		{mail(bridge.PostFailed, strings.Repeat("x", 50)), `_✉ The mail to ann@example.net ("` + strings.Repeat("x", 40) + `…") was NOT sent: 550 no_`},
		{mail(bridge.PostBlocked, ""), "_✉ The visitor is blocked: what was to go by mail to ann@example.net was NOT sent._"},
		{bridge.Event{Type: bridge.EventEmail}, "_Ann left an email address: see !info_"},
		{bridge.Event{Type: bridge.EventEmail, Data: bridge.Contact{Instead: true}}, "_Ann gave another email address, which counts from now on: see !info_"},
	} {
		if got := v.Says(c.event, xavi, "Ann"); got != c.want {
			t.Errorf("%q, should be %q", got, c.want)
		}
	}
}

// An offer says whether its sender may be forged.
func TestOffer_OfADoubtfulMail(t *testing.T) {
	o := newOffice(t)
	card, err := o.bridge.Card(t.Context(), o.ask().Number)
	if err != nil {
		t.Fatal(err)
	}
	card.Subject, card.Letter = "Course", bridge.Heading{Doubtful: true, AnswerTo: "eve@example.com"}
	got := voice.In(o.bridge, "en").Offer(card, bridge.WhyOffered{}, false)
	if !strings.Contains(got, "✉ Course\n_Its sender may be FORGED: your mail server could not confirm it._\n_Its sender wants answers at eve@example.com._\n") {
		t.Errorf("offered is %q", got)
	}
}
