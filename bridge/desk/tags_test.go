package desk_test

import (
	"fmt"
	"strings"
	"testing"

	"porchlight/bridge"
)

// Tags are given, taken away and listed, ten at most, in any letters, and counted in the statistics.
func TestTags(t *testing.T) {
	o := newOffice(t)
	o.counting()
	c := o.ask()
	o.say(xavi, "", "take 1")
	for _, s := range [][2]string{
		{"tag", "#1 has no tags.\nNo tags are used yet. !tag refund in a conversation gives it one."},
		{"tag #Refund Größe", "#1: #größe #refund\nBack: !tag -größe -refund"},
		{"tag +客服 -refund", "#1: #größe #客服\nBack: !tag -客服 +refund"},
		{"tag -refund", "#1: #größe #客服"},
		{"tag vip a/b", `error: "a/b" is no tag: a tag is one word of letters and digits, as refund. Nothing was changed.`},
		{"tag 12", `error: "12" is no tag: a tag is one word of letters and digits, as refund. Nothing was changed.`},
		{"tag a b c d e f g h i", "error: #1 would have 11 tags: 10 at most."},
		{"tags", "#1: #größe #客服\nTags of the last year: #größe 1, #客服 1"},
		{"close #vip#refund: paid", `error: "#vip#refund:" is no tag: a tag is one word of letters and digits, as refund. Nothing was changed.`},
		{"close #vip, #refund: paid", "#1 is closed. #vip #refund"},
	} {
		if got := o.say(xavi, c.Visitor, s[0]); got != s[1] {
			t.Errorf("%s: %s\nwant %s", s[0], got, s[1])
		}
	}
	if got := o.say(olga, c.Visitor, "tag x"); !strings.HasPrefix(got, "error: ") {
		t.Error(got)
	}
	c = o.ask()
	o.say(xavi, "", "take 2")
	for _, s := range [][2]string{
		{"close #vip #refund: #1 again", "#2 is closed. #vip #refund"},
		{"tag -vip", "#2: #refund\nBack: !tag +vip"},
	} {
		if got := o.say(xavi, c.Visitor, s[0]); got != s[1] {
			t.Errorf("%s: %s\nwant %s", s[0], got, s[1])
		}
	}
	if got := o.say(xavi, "", "stats me 7d text"); !strings.Contains(got, "\nTags: #refund 2, #größe 1, #vip 1, #客服 1\n") {
		t.Error(got)
	}
}

// Where a department wants tags, whoever ends a conversation without one is asked once.
func TestTags_AskedFor(t *testing.T) {
	o := newOffice(t)
	if got := o.say(xavi, "", "department-edit support tags=on"); !strings.Contains(got, "tags off → on") && !strings.Contains(got, "tags ") {
		t.Fatal(got)
	}
	c := o.ask()
	o.say(xavi, "", "take 1")
	o.say(xavi, c.Visitor, "tag bug")
	if got := o.say(xavi, c.Visitor, "close"); got != "#1 is closed." {
		t.Errorf("with a tag: %s", got)
	}
	for _, end := range []string{"close thanks", "close -", "close #bug: done"} {
		c := o.ask()
		o.say(xavi, "", "take "+fmt.Sprint(c.Number))
		if end == "close thanks" {
			if got := o.say(xavi, c.Visitor, end); got != "#"+fmt.Sprint(c.Number)+" is still open: which tags? Write !close #refund: reason.\nUsed most: #bug 1\n!close - closes it without." {
				t.Errorf("%s: %s", end, got)
			}
		}
		if got := o.say(xavi, c.Visitor, end); !strings.HasPrefix(got, "#"+fmt.Sprint(c.Number)+" is closed.") {
			t.Errorf("%s: %s", end, got)
		}
	}
}

// What operators keep about a visitor is answered with what it was and the line that takes it back, and stands in the
// info.
func TestSet(t *testing.T) {
	o := newOffice(t)
	c := o.ask()
	o.say(xavi, "", "take 1")
	for _, s := range [][2]string{
		{"set name Anna Puig", "name: Anna → Anna Puig\nBack: !set name"},
		{"set phone 600 000 000", `error: "600 000 000" is no phone number: write it with +, as +34600000000. Nothing was changed.`},
		{"set phone +34 600 000 000", "phone: – → +34600000000\nBack: !set phone"},
		{"set remark She pays late", "remark: – → She pays late\nBack: !set remark"},
		{"set email nobody", ""},
		{"set name \u202eevil", "name: Anna Puig → evil\nBack: !set name Anna Puig"},
		{"set name", "name: evil → Anna\nBack: !set name evil"},
		{"set name", "error: name: that is how it was. Nothing was changed."},
		{"set name Anna Puig", "name: Anna → Anna Puig\nBack: !set name"},
		{"set colour blue", `error: "colour" is none of name, email, phone, remark. Write: !set name|email|phone|remark [VALUE]. Nothing was changed.`},
	} {
		if got := o.say(xavi, c.Visitor, s[0]); got != s[1] && (s[1] != "" || !strings.HasPrefix(got, "error: ")) {
			t.Errorf("%s: %s\nwant %s", s[0], got, s[1])
		}
	}
	if got := o.say(xavi, c.Visitor, "info"); !strings.Contains(got, "#1 Anna Puig") || !strings.Contains(got, "Phone: +34600000000\nRemark: She pays late") {
		t.Error(got)
	}
}

// Who was asked for tags is asked again when they close the visitor's next conversation.
func TestTags_AskedInEachConversation(t *testing.T) {
	o := newOffice(t)
	c := o.ask()
	o.say(xavi, "", "department-edit support tags=on")
	o.say(xavi, "", "1")
	for _, line := range []string{"close", "close #refund: done"} {
		if got := o.say(xavi, c.Visitor, line); strings.Contains(got, "which tags?") != (line == "close") {
			t.Errorf("%s: %s", line, got)
		}
	}
	d, err := o.bridge.Ask(t.Context(), bridge.Inquiry{Returning: c.Visitor, Request: bridge.Request{Name: "Anna", Email: "anna@example.org", Reason: "And now?"}})
	if err != nil {
		t.Fatal(err)
	}
	o.say(xavi, "", fmt.Sprint(d.Number))
	if got := o.say(xavi, d.Visitor, "close"); !strings.HasPrefix(got, fmt.Sprintf("#%d is still open: which tags?", d.Number)) {
		t.Errorf("the next conversation: %s", got)
	}
}

// A tag that is written twice is one tag: against the limit, and in the log.
func TestTags_WrittenTwice(t *testing.T) {
	o := newOffice(t)
	c := o.ask()
	o.say(xavi, "", "1")
	o.say(xavi, c.Visitor, "tag a b c d e f g h i")
	if got := o.say(xavi, c.Visitor, "tag refund Refund"); strings.HasPrefix(got, "error: ") || strings.Count(got, "#refund") != 1 {
		t.Errorf("the tenth: %s", got)
	}
	events, err := o.bridge.Events(t.Context(), c.Number, 0, 100)
	if tagged, _ := events[len(events)-1].Data.(bridge.Tagged); err != nil || tagged.Added != "refund" {
		t.Errorf("the log has %+v, %v", tagged, err)
	}
}
