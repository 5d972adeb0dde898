package storetest

import (
	"fmt"
	"slices"
	"strings"

	"porchlight/bridge"
)

var textRules = []rule{
	{"that is odd comes back, and is found again", oddText},
	{"is sorted by its bytes", sortedByBytes},
	{"is told apart by case and form, except by ASCII letters where case does not matter", textApart},
}

// oddTexts are what a store might trip over.
var oddTexts = []string{"'; DROP TABLE events; --", `\\x00 \'`, "? $1 %s ?", "e\u0301 é", "\u202ertl \u2066", "🦊👩‍👩‍👧", "\uFFFD\uFEFF\uFFFF", "\x01\x7f\r\n\t",
	strings.Repeat("long 🦊 ", 50_000), "a\x00b", "\x00", "bad \xff\xc3( utf-8"}

// whatIsLeft is a text in which an engine that can't keep U+0000, or bytes that are no UTF-8, has put the replacement character in
// their place.
func whatIsLeft(s string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\x00", "\uFFFD")
}

func oddText(t *trial) {
	number := t.conversation()
	for i, text := range oddTexts {
		origin := fmt.Sprintf("v:%d %.100s", i, text)
		t.update(Say(number, origin, text, nil))
		t.update(Say(number, origin, "it came twice", nil)) // and is known
		t.update(func(tx bridge.Tx) error { return tx.SaveSetting(fmt.Sprintf("%d %.100s", i, text), text) })
	}
	t.view(func(r bridge.Reader) error {
		events, err := r.Events(number, 0, 1000)
		if err != nil || len(events) != len(oddTexts) {
			t.Fatalf("%d events, want %d, error %v", len(events), len(oddTexts), err)
		}
		for i, text := range oddTexts {
			value, err := r.Setting(fmt.Sprintf("%d %.100s", i, text))
			for _, got := range []string{events[i].Text, value} {
				if err != nil || got != text && got != whatIsLeft(text) {
					t.Errorf("%.40q comes back as %.40q, error %v", text, got, err)
				}
			}
		}
		return nil
	})
}

func sortedByBytes(t *trial) {
	names := []string{"é@x", "b@x", "B@x", "a b@x", "a-b@x", "aB@x", "ab@x", "z@x", "🦊@x", "_@x", "10@x", "9@x"}
	for _, name := range names {
		t.hire(bridge.OperatorJID(name))
		t.update(func(tx bridge.Tx) error { return tx.SaveDepartment(bridge.Department{Name: name, Title: name}) })
	}
	slices.Sort(names)
	t.view(func(r bridge.Reader) error {
		operators, err := r.Operators()
		for i, o := range operators {
			expect(t, names[i])(string(o.JID), err)
		}
		departments, err := r.Departments()
		departments = slices.DeleteFunc(departments, func(d bridge.Department) bool { return d.Name == "support" })
		for i, d := range departments {
			expect(t, names[i])(d.Name, err)
		}
		expect(t, 2*len(names))(len(operators)+len(departments), nil)
		return nil
	})
}

func textApart(t *trial) {
	t.update(func(tx bridge.Tx) error { return tx.SaveSetting("é", "one character") })
	t.view(func(r bridge.Reader) error {
		expect(t, "one character")(r.Setting("é"))
		expect(t, "")(r.Setting("e\u0301"))
		expect(t, "")(r.Setting("É"))
		expect(t, "")(r.Setting("é "))
		return nil
	})
	c := Sample(1)
	t.update(func(tx bridge.Tx) error {
		if err := tx.CreateVisitor(bridge.Visitor{JID: c.Visitor, Name: "ÄNNA"}); err != nil {
			return err
		}
		return tx.CreateConversation(&c, bridge.Request{Name: "ÄNNA"}, "key", nil)
	})
	t.view(func(r bridge.Reader) error {
		expect(t, []int{0})(r.Namesakes("Änna", "other@x"))
		return nil
	})
}
