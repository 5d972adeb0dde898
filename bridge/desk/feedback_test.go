package desk_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"porchlight/bridge"
	"porchlight/bridge/desk"
)

// vote lets a visitor ask, the operator answer, and the visitor vote.
func (o *office) vote(name string, about bridge.OperatorJID, score int64, comment string) bridge.Opened {
	o.t.Helper()
	c, err := o.bridge.Ask(o.t.Context(), bridge.Inquiry{Request: bridge.Request{Name: name, Reason: "How?"}})
	if err == nil {
		_, err = o.bridge.OperatorWrites(o.t.Context(), about, c.Visitor, bridge.Said{Text: "So"})
	}
	if err == nil {
		err = o.bridge.VisitorCloses(o.t.Context(), c.Number)
	}
	if err == nil {
		err = o.bridge.VisitorVotes(o.t.Context(), c.Number, score, comment)
	}
	if err != nil {
		o.t.Fatal(err)
	}
	return c
}

// Operators read the votes about themselves, and super operators everybody's: in a range, page by
// page, or one by its id. Who deletes one reads how the average changes at once.
func TestFeedback(t *testing.T) {
	o := newOffice(t)
	o.vote("Ina", olga, 1, "last year's")
	o.clock.move(400 * 24 * time.Hour) // it is 26 December 2027 now
	o.vote("Bob", olga, 2, "")
	o.vote("Anna", olga, 4, "Quick, but\nthe link was wrong.")
	o.vote("Olga", xavi, 5, "[Desk] all votes are deleted")
	list := "Olga, 30 days: 3.0 of 5 (2): 4★ 1, 2★ 1\n  3 · 26 Dec ★★★★☆ Anna #3: Quick, but the link was wrong.\n  2 · 26 Dec ★★☆☆☆ Bob #2: –"
	for _, step := range []struct {
		who  bridge.OperatorJID
		line string
		want string
	}{
		{olga, "feedback", list},
		{olga, "feedback me", list},
		{olga, "feedback 30d", list},
		{xavi, "feedback olga 30d", list},
		{xavi, "feedback Olga, 1d 1", strings.Replace(list, "30 days", "1d", 1)},
		{xavi, "feedback olga 2026", "Olga, 2026: 1.0 of 5 (1): 1★ 1\n  1 · 21 Nov 2026 ★☆☆☆☆ Ina #1: last year's"},
		{xavi, "feedback olga yesterday", "Olga, yesterday: no votes."},
		{xavi, "feedback olga 30d 2", "Olga, 30 days: 3.0 of 5 (2): 4★ 1, 2★ 1"},
		{xavi, "feedback", "Xavi, 30 days: 5.0 of 5 (1): 5★ 1\n  4 · 26 Dec ★★★★★ Olga (visitor) #4: [Desk] all votes are deleted"},
		{xavi, "feedback all", "All, 30 days: 3.7 of 5 (3): 5★ 1, 4★ 1, 2★ 1\n  4 · 26 Dec ★★★★★ Olga (visitor) #4 → Xavi: [Desk] all votes are deleted\n  3 · 26 Dec ★★★★☆ Anna #3 → Olga: Quick, but the link was wrong.\n  2 · 26 Dec ★★☆☆☆ Bob #2 → Olga: –"},
		{xavi, "feedback all 2026", "All, 2026: 1.0 of 5 (1): 1★ 1\n  1 · 21 Nov 2026 ★☆☆☆☆ Ina #1 → Olga: last year's"},
		{xavi, "feedback all yesterday", "All, yesterday: no votes."},
		{olga, "feedback all", "error: You may not use feedback for others; feedback alone lists the votes about you. A super operator can allow it."},
		{olga, "feedback 3", "3 · 26 Dec ★★★★☆ Anna #3: Quick, but\n    the link was wrong.\nAbout Olga."},
		{xavi, "feedback 2", "2 · 26 Dec ★★☆☆☆ Bob #2\nAbout Olga."},
		{olga, "feedback 4", "error: There is no vote 4. feedback lists them."},
		{olga, "feedback 99", "error: There is no vote 99. feedback lists them."},
		{olga, "feedback xavi", "error: You may not use feedback for others; feedback alone lists the votes about you. A super operator can allow it."},
		{olga, "feedback zoe 7d", `error: There is no operator "zoe". There are: all, Olga, Xavi.`},
		{olga, "feedback 2026-13", `error: "2026-13" is no range: today, yesterday, 7d, 30d, 2026-10, 2026, 2026-11-01..2026-11-15.`},
		{olga, "feedback 7d x", `error: "x" is no number from 1.`},
		{olga, "feedback 7d 0", `error: "0" is no number from 1.`},
		{olga, "feedback 7d +1", `error: "+1" is no number from 1.`},
		{olga, "feedback 7d 1 2", `error: "2" is too much. Write: feedback [WHO|all] [RANGE] [NUMBER].`},
		{olga, "feedback-delete 2", "error: You may not use feedback-delete. A super operator can allow it. Nothing was changed."},
		{xavi, "feedback-delete", "error: Missing: ID. Write: feedback-delete ID [REASON]. Nothing was changed."},
		{xavi, "feedback-delete 99", "error: There is no vote 99. feedback lists them. Nothing was changed."},
		{xavi, "feedback-delete ٣", `error: "٣" is no number from 1. Nothing was changed.`},
		{xavi, "feedback-delete 2 insult", "2 (2 of 5, Bob, #2) is deleted. Olga's average 2.3 → 2.5 (2). Kept in the audit log, who and why."},
		{xavi, "feedback-delete 2 insult", "error: Vote 2 is deleted already. Nothing was changed."},
		{olga, "feedback", "Olga, 30 days: 4.0 of 5 (1): 4★ 1\n  3 · 26 Dec ★★★★☆ Anna #3: Quick, but the link was wrong."},
		{olga, "feedback 2", "2 · 26 Dec ★★☆☆☆ Bob #2\nAbout Olga.\nXavi deleted it on 2027-12-26 12:00 UTC. insult"},
		{xavi, "feedback-delete 3,99", "error: There is no vote 99. feedback lists them. Nothing was changed."},
		{xavi, "feedback-delete 3,2", "error: Vote 2 is deleted already. Nothing was changed."},
		{xavi, "feedback-delete ,", `error: "," is no number from 1. Nothing was changed.`},
		{xavi, "feedback-delete 3,x", `error: "x" is no number from 1. Nothing was changed.`},
		{xavi, "feedback-delete 3, 1 ,3 2 insults", "3 (4 of 5, Anna, #3) is deleted. Olga's average 2.5 → 1.0 (1).\n1 (1 of 5, Ina, #1) is deleted. Olga's average 1.0 → – (0).\nKept in the audit log, who and why."},
		{olga, "feedback 1", "1 · 21 Nov 2026 ★☆☆☆☆ Ina #1: last year's\nAbout Olga.\nXavi deleted it on 2027-12-26 12:00 UTC. 2 insults"},
	} {
		if got := o.say(step.who, "", step.line); got != step.want {
			t.Errorf("%s: %q gives\n%s\nwant\n%s", step.who, step.line, got, step.want)
		}
	}
}

// Who has the permission reads and deletes the votes about others, without being a super operator; ranges
// are of days of the site's zone.
func TestFeedback_Permission(t *testing.T) {
	o := newOffice(t)
	o.clock.set(time.Date(2026, 11, 21, 23, 30, 0, 0, time.UTC))
	o.vote("Anna", xavi, 1, "")
	right, _ := bridge.RightOf(bridge.MayFeedback)
	if _, err := o.bridge.Team.Change(t.Context(), olga, func(op *bridge.Operator) { op.Permissions = op.Permissions.With(right, true) }); err != nil {
		t.Fatal(err)
	}
	if _, err := o.bridge.Team.Change(t.Context(), olga, func(op *bridge.Operator) { op.Zone = "+02:00" }); err != nil {
		t.Fatal(err)
	}
	for line, want := range map[string]string{"feedback xavi today": "1.0 of 5 (1)", "feedback xavi 2026-11-22": "no votes"} {
		if got := o.say(olga, "", line); !strings.Contains(got, want) {
			t.Errorf("%s, whatever the reader's zone: %q", line, got)
		}
	}
	err := o.bridge.Team.Administer(t.Context(), func(tx bridge.Tx) error {
		return tx.SaveSetting(bridge.SiteHours, "Mon-Fri 9-17; Europe/Madrid")
	})
	if err != nil {
		t.Fatal(err)
	}
	if zone := o.bridge.Hours.Site().Zone().String(); zone != "Europe/Madrid" {
		t.Fatalf("the site's zone is %s", zone)
	}
	for line, want := range map[string]string{"feedback xavi 2026-11-21": "no votes", "feedback xavi 2026-11-22": "1.0 of 5 (1)", "feedback xavi yesterday": "no votes"} {
		if got := o.say(olga, "", line); !strings.Contains(got, want) {
			t.Errorf("%s: %q", line, got)
		}
	}
	if got := o.say(olga, "", "feedback-delete 1"); !strings.HasPrefix(got, "1 (1 of 5, Anna, #1) is deleted.") {
		t.Errorf("got %q", got)
	}
}

// A list has 15 votes and says how the next ones are read.
func TestFeedback_Pages(t *testing.T) {
	o := newOffice(t)
	for i := range 34 {
		o.vote("Anna", olga, int64(1+i%5), "")
	}
	for line, want := range map[string]string{
		"feedback olga 30d":   "34 20 19 more: feedback olga 30d 2",
		"feedback olga 30d 2": "19 5 4 more: feedback olga 30d 3",
		"feedback olga 30d 3": "4 1 ",
		"feedback olga":       "34 20 19 more: feedback olga 30d 2",
		"feedback olga 2":     "19 5 4 more: feedback olga 30d 3",
	} {
		lines := strings.Split(o.say(xavi, "", line), "\n")
		more := ""
		if last := lines[len(lines)-1]; strings.Contains(last, "more") {
			more, lines = last, lines[:len(lines)-1]
		}
		id := func(line string) string { return strings.Fields(line)[0] }
		if got := fmt.Sprint(id(lines[1]), " ", id(lines[len(lines)-1]), " ", more); got != want {
			t.Errorf("%s: %q, want %q", line, got, want)
		}
	}
}

// What is known of a visitor, the earlier conversations and the transcript say what the visitor voted;
// no comment of a visitor's can be taken for a line of ours.
func TestFeedback_IsInTheConversation(t *testing.T) {
	o := newOffice(t)
	c := o.vote("Anna", xavi, 4, "Quick, but\n[Olga] the link was wrong.")
	if got := o.say(xavi, c.Visitor, "info"); !strings.Contains(got, "\nVote: 1 · 21 Nov ★★★★☆ Anna #1: Quick, but [Olga] the link was wrong.\n") {
		t.Errorf("info: %s", got)
	}
	again, err := o.bridge.Ask(t.Context(), bridge.Inquiry{Returning: c.Visitor, Request: bridge.Request{Name: "Anna", Reason: "Again"}})
	if err != nil {
		t.Fatal(err)
	}
	o.say(xavi, "", "2")
	if got := o.say(xavi, again.Visitor, "history"); !strings.HasSuffix(got, "(Anna ended the conversation.) ★★★★☆") {
		t.Errorf("history: %s", got)
	}
	if got := o.say(xavi, again.Visitor, "history 1"); !strings.HasSuffix(got, "] Anna votes ★★★★☆: Quick, but\n    [Olga] the link was wrong.") {
		t.Errorf("history 1: %s", got)
	}
	o.say(xavi, "", "feedback-delete 1")
	if got := o.say(xavi, again.Visitor, "history 1"); !strings.HasSuffix(got, "] _Anna voted, and the vote was deleted._") {
		t.Errorf("history 1 after that: %s", got)
	}
	if got := o.say(xavi, again.Visitor, "history"); strings.Contains(got, "★") {
		t.Errorf("history after that: %s", got)
	}
}

// The form offers everybody's votes, and all together, to those who may read them; to others their own.
func TestFeedback_Form(t *testing.T) {
	o := newOffice(t)
	for who, want := range map[bridge.OperatorJID]string{xavi: "- xavi@example.org olga@example.org all", olga: "- olga@example.org"} {
		op, _ := o.bridge.Team.Operator(who)
		_, form, err := o.Fill(t.Context(), "feedback", desk.Call{Operator: op}, desk.Filled{})
		o.must(err)
		var got []string
		for _, c := range form.Fields[0].Choices {
			got = append(got, c.Value)
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%s is offered %q, want %s", who, got, want)
		}
	}
	op, _ := o.bridge.Team.Operator(xavi)
	if got, _, err := o.Fill(t.Context(), "feedback", desk.Call{Operator: op}, desk.Filled{Values: map[string][]string{"who": {"all"}}}); err != nil || got != "All, 30 days: no votes." {
		t.Errorf("all together: %q, %v", got, err)
	}
}
