package desk_test

import (
	"fmt"
	"strings"
	"testing"

	"porchlight/bridge"
)

// search finds what was said by words, for those who may search, and transcript shows it.
func TestSearch(t *testing.T) {
	o := newOffice(t)
	o.counting()
	first := o.ask()
	o.say(xavi, "", "1")
	if _, err := o.bridge.OperatorWrites(t.Context(), xavi, first.Visitor, bridge.Said{ID: "a", Text: "The refund for order 4711\nis on its way."}); err != nil {
		t.Fatal(err)
	}
	o.say(xavi, first.Visitor, "note asked the bank")
	o.steps([]line{
		{xavi, "search refund order", "Found, the latest first:\n  #1 Anna, 21 Nov 12:00 UTC: The refund for order 4711 is on its way.\nEverything: https://chat.example.org/live/team/"},
		{xavi, `search "order refund"`, `Nothing that you may read has "order refund".`},
		{xavi, "search bank*", "Found, the latest first:\n  #1 Anna, 21 Nov 12:00 UTC: asked the bank"},
		{xavi, "search operator:xavi 4711", "Found, the latest first:\n  #1 Anna"},
		{xavi, "search 1999..2000 refund", "Nothing that you may read has 1999..2000 refund."},
		{xavi, "search refund 2", `error: There is no page 2. A number that is to be looked for stands in quotes: "2".`},
		{xavi, "search 4711", "Found, the latest first:\n  #1 Anna"},
		{xavi, "search ?!", "error: There is nothing to look for: a word has letters or digits."},
		{olga, "search refund", "error: You may not use search. A super operator can allow it."},
		{olga, "transcript 1", "error: You may not use transcript for #1: you took no part in it."},
		{xavi, "transcript 2", "error: There is no conversation #2."},
	})
	o.say(xavi, "", "allow olga search")
	o.steps([]line{
		{olga, "search refund", "Found, the latest first:\n  #1 Anna"},
		{xavi, "audit 7d", "21 Nov 12:00 Xavi: permissions olga +search"},
		{olga, "transcript 1", "#1 Anna"},
	})
	if got := o.say(xavi, "", "transcript 1"); !strings.Contains(got, "] Xavi: The refund for order 4711") || !strings.Contains(got, "Note by Xavi: asked the bank") || strings.Contains(got, "Everything: ") {
		t.Error(got)
	}
	if got := o.say(xavi, "", "audit 7d"); strings.Count(got, "transcript") != 1 || !strings.Contains(got, "Olga: transcript 1") {
		t.Errorf("who read others' conversations by right is not in the audit log alone:\n%s", got)
	}
	o.say(xavi, "", "operator-edit olga departments=")
	o.steps([]line{{olga, "search refund", "Nothing that you may read has refund."}})
}

// A long transcript shows its end, and where all of it is; a long list of what was found says how it goes on.
func TestSearch_Long(t *testing.T) {
	o := newOffice(t)
	o.counting()
	for i := range 17 {
		c := o.ask()
		o.say(xavi, "", fmt.Sprint("take ", c.Number))
		for k := range 12 {
			if _, err := o.bridge.OperatorWrites(t.Context(), xavi, c.Visitor, bridge.Said{ID: fmt.Sprint(i, "-", k), Text: fmt.Sprint("line ", k, strings.Repeat(" and on", 120))}); err != nil {
				t.Fatal(err)
			}
		}
	}
	got := o.say(xavi, "", "transcript 3")
	if len(got) > 8<<10 || !strings.HasPrefix(got, "#3 Anna") || !strings.Contains(got, "\n…") || !strings.Contains(got, "line 11") || strings.Contains(got, "line 0 ") || !strings.Contains(got, "\nEverything: https://chat.example.org/live/team/") {
		t.Errorf("%d bytes: %s", len(got), got)
	}
	got = o.say(xavi, "", "search line")
	if strings.Count(got, "\n  #") != 15 || !strings.Contains(got, "\nsearch line 2 shows more.\n") || !strings.Contains(got, "…") {
		t.Error(got)
	}
	if got = o.say(xavi, "", "search line 2"); strings.Count(got, "\n  #") != 2 || strings.Contains(got, "shows more") {
		t.Error(got)
	}
}
