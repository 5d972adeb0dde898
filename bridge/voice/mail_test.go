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
