package hostiletest

import (
	"strings"
	"testing"
)

func TestTexts(t *testing.T) {
	texts := Texts()
	if len(texts) < 300 {
		t.Errorf("%d texts, want 300", len(texts))
	}
	for _, text := range texts {
		if harmless := Harmless(text); strings.ContainsAny(harmless, "<>&\"'`{}\u202e\x00") || len(strings.Fields(harmless)) < 1 && text != "" {
			t.Errorf("%q is as hostile as %q", harmless, text)
		}
	}
	if got := Harmless("https://evil.test/<a b>"); got != "https://xxxxxxxxxxxx xx" {
		t.Errorf("an address: %q", got)
	}
}
