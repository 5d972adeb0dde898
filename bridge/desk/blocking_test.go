package desk_test

import (
	"fmt"
	"strings"
	"testing"

	"porchlight/bridge"
	"porchlight/bridge/phrase"
)

// What the desk says of a block's end is so: the visitor is served and can be answered after
// it, or the desk names the block that still stands.
func TestUnblock_SaysWhatIsSo(t *testing.T) {
	o := newOffice(t)
	c, err := o.bridge.Ask(t.Context(), bridge.Inquiry{Request: bridge.Request{Name: "Anna", Reason: "How?", Address: "192.0.2.7"}})
	if err != nil {
		t.Fatal(err)
	}
	o.say(xavi, "", "1")
	if err := o.bridge.Attach(t.Context(), c.Number); err != nil {
		t.Fatal(err)
	}
	served := func(id string) bool {
		_, _, err := o.bridge.VisitorWrites(t.Context(), c.Number, id, "Hello?")
		return err == nil
	}
	answers := func() error {
		_, err := o.bridge.OperatorWrites(t.Context(), xavi, c.Visitor, bridge.Said{Text: "Sorry"})
		return err
	}
	for i, step := range []struct {
		visitor bridge.VisitorJID
		line    string
		want    []string
		served  bool
	}{
		{c.Visitor, "unblock", []string{"error: This visitor is not blocked."}, true},
		{c.Visitor, "block-range 2h", []string{"Anna is blocked until", "So is everybody from 192.0.2.0/24."}, false},
		{"", "unblock " + string(c.Visitor), []string{string(c.Visitor) + " (Anna) is not", "Everybody from 192.0.2.0/24 still is: unblock 192.0.2.0/24"}, false},
		{c.Visitor, "unblock", []string{"192.0.2.0/24 (Anna) is not"}, true},
		{c.Visitor, "block-range", []string{"So is everybody"}, false},
		{c.Visitor, "unblock", []string{string(c.Visitor) + " (Anna) is not blocked any more.", "192.0.2.0/24 (Anna) is not blocked any more."}, true},
	} {
		got := o.say(xavi, step.visitor, step.line)
		for _, want := range step.want {
			if !strings.Contains(got, want) {
				t.Errorf("%q gives %q, which lacks %q", step.line, got, want)
			}
		}
		err := answers()
		if (err == nil) != step.served {
			t.Errorf("after %q an answer: %v", step.line, err)
		}
		if err != nil && (!strings.Contains(phrase.Of(err).String(), "its visitor is blocked") || strings.Contains(phrase.Of(err).String(), "not delivered")) {
			t.Errorf("an answer is refused by %q", phrase.Of(err).String())
		}
		if served(fmt.Sprint("m", i)) != step.served {
			t.Errorf("after %q the visitor is served: %v", step.line, !step.served)
		}
	}
}

// A word that is meant as a time and can't be read is refused: it does not become the reason
// of a block for good.
func TestBlock_RefusesWhatIsNoTime(t *testing.T) {
	for line, want := range map[string]string{
		"block -1h": `"-1h" is no time such as 30m`, "block 0h spam": `"0h" is no time`, "block +2d": `"+2d" is no time`, "block −3w": "is no time",
		"block 1x": `"1x" is no time`, "block 5": `"5" is no time`, "block - rude": "is blocked for good", "block rude words": "is blocked for good", "block 1h": "is blocked until",
	} {
		o := newOffice(t)
		c := o.ask()
		o.say(xavi, "", "1")
		if got := o.say(xavi, c.Visitor, line); !strings.Contains(got, want) {
			t.Errorf("%q gives %q, want %q in it", line, got, want)
		}
	}
}
