package desk_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"porchlight/bridge"
)

// Junk counts nowhere, and counts again when it is taken back.
func TestJunk_CountsNowhere(t *testing.T) {
	o := newOffice(t)
	o.counting()
	o.helped()
	counted := func() string {
		t.Helper()
		return o.say(xavi, "", "stats all 7d text")
	}
	before := counted()
	c := o.ask()
	o.say(xavi, "", "take 2")
	o.clock.move(20 * time.Second)
	if _, err := o.bridge.OperatorWrites(context.Background(), xavi, c.Visitor, bridge.Said{ID: "x", Text: "What?"}); err != nil {
		t.Fatal(err)
	}
	if counted() == before {
		t.Fatal("the second conversation is not counted")
	}
	if got := o.say(xavi, c.Visitor, "junk"); got != "#2 is closed as junk and is not counted.\nBack: !junk off" {
		t.Error(got)
	}
	if got := numbers(counted()); got != numbers(before) {
		t.Errorf("with junk\n%s\nwant\n%s", got, numbers(before))
	}
	if got := o.say(xavi, c.Visitor, "junk"); got != "error: #2 is closed." {
		t.Error(got)
	}
	if got := o.say(xavi, c.Visitor, "junk off"); got != "#2 is open again, and yours.\nBack: !junk" {
		t.Error(got)
	}
	if got := counted(); !strings.Contains(got, "2 conversations") {
		t.Errorf("no junk: %s", got)
	}
}

// numbers are statistics without the time that was given to conversations, which counts in any case, and without links.
func numbers(stats string) string {
	var lines []string
	for line := range strings.Lines(stats) {
		line, _, _ = strings.Cut(line, "; online ")
		line, _, _ = strings.Cut(line, "Everything: ")
		if n, _, some := strings.Cut(line, " conversation"); some {
			line = n
		}
		lines = append(lines, line)
	}
	return strings.Join(lines, "\n")
}

// Two requests of a visitor are joined, and parted again; the history shows what was said in the other one.
func TestMerge_AtTheDesk(t *testing.T) {
	o := newOffice(t)
	c, other := o.ask(), o.ask()
	o.say(xavi, "", "take 1")
	for _, s := range [][2]string{
		{"merge 1", "error: #1 is this one. Nothing was changed."},
		{"merge 9", "error: There is no #9. Send queue to see what waits. Nothing was changed."},
		{"merge 2 yes", "#1 and #2 have only an email address in common, and nothing proves it: anybody can type it. What you write goes to whoever has the page of #1.\nSend within 5 minutes: !merge 2 yes"},
		{"merge 2", "#1 and #2 have only an email address in common, and nothing proves it: anybody can type it. What you write goes to whoever has the page of #1.\nSend within 5 minutes: !merge 2 yes"},
		{"merge 2 yes", "#1 goes on here. #2 is closed, and !history 2 shows what was said there.\nThey have no more in common than an address that was typed, which proves nothing: further mail about #2 becomes a request of its own.\nBack: !merge 2 off"},
		{"merge 2", "error: #2 is closed already, and stays what it is."},
		{"merge 2 off", "#2 is open again, and yours.\nBack: !merge 2"},
		{"merge 2 off", "error: #2 was not joined with #1."},
		{"merge 2", "#1 and #2 have only an email address in common, and nothing proves it: anybody can type it. What you write goes to whoever has the page of #1.\nSend within 5 minutes: !merge 2 yes"},
		{"merge 2 yes", "#1 goes on here. #2 is closed, and !history 2 shows what was said there.\nThey have no more in common than an address that was typed, which proves nothing: further mail about #2 becomes a request of its own.\nBack: !merge 2 off"},
	} {
		if got := o.say(xavi, c.Visitor, s[0]); got != s[1] {
			t.Errorf("%s: %s\nwant %s", s[0], got, s[1])
		}
	}
	if got := o.say(xavi, c.Visitor, "history 2"); !strings.Contains(got, "Xavi joined this with #1, where it goes on._") || !strings.Contains(got, "Xavi parted this from #1: it goes on by itself again._") || strings.Contains(got, "Xavi ended") {
		t.Errorf("history 2: %s", got)
	}
	if got := o.say(xavi, c.Visitor, "history 2"); !strings.Contains(got, "How can I edit?") || !strings.Contains(got, "Xavi joined this with #1, where it goes on.") {
		t.Errorf("history 2: %s", got)
	}
	if got := o.say(xavi, other.Visitor, "note two accounts"); got != "Noted, for operators only." {
		t.Error(got)
	}
}

// A guest can't join what is a colleague's, and is not told to take it.
func TestMerge_ByAGuest(t *testing.T) {
	o := newOffice(t)
	one, other := o.ask(), o.ask()
	o.say(xavi, "", "take 1")
	o.say(xavi, one.Visitor, "invite olga")
	if got := o.say(olga, one.Visitor, "merge 2"); !strings.HasPrefix(got, "error: #1 is a colleague's. Only who has both joins them.") {
		t.Errorf("#1 is Xavi's, #%d is free: %s", other.Number, got)
	}
}
