package desk_test

import (
	"strings"
	"testing"
	"time"

	"porchlight/bridge"
	"porchlight/bridge/report"
)

// posted are the words of the mails that are to go, by address, which count as sent then.
func (o *office) posted() map[string]string {
	o.t.Helper()
	list, err := o.bridge.Mail.Outgoing(o.t.Context(), 500)
	o.must(err)
	mails := make(map[string]string)
	for _, m := range list {
		mails[m.To] += string(m.Raw)
		o.must(o.bridge.Mail.Sent(o.t.Context(), m.ID))
	}
	return mails
}

func newCountingOffice(t *testing.T) *office {
	t.Helper()
	o := newMailOffice(t)
	o.counting()
	return o
}

// A mail says what stats says, of chats and of tickets if there were some.
func TestStatsMail_SaysWhatStatsSays(t *testing.T) {
	o := newCountingOffice(t)
	o.helped()
	if got, want := o.say(xavi, "", "stats-mail boss@example.org"), "Sent to boss@example.org."; got != want {
		t.Errorf("got %q", got)
	}
	lines := strings.Split(o.say(xavi, "", "stats"), "\n")
	mail := strings.Join(lines[:6], "\n")
	if got, want := o.posted()["boss@example.org"], mail+"\nXavi has sent you this.\n"; got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	o.must(o.bridge.Reach.Presence(t.Context(), xavi, "phone", bridge.ShowOffline))
	o.ask()
	o.must(o.bridge.Reach.Presence(t.Context(), xavi, "phone", bridge.ShowAvailable))
	o.say(xavi, "", "stats-mail Boss@Example.org, other@example.org all today")
	got := o.posted()
	if got["boss@example.org"] != got["other@example.org"] || !strings.Contains(got["boss@example.org"], "All, 21 Nov, chats:\n  1 conversations") || !strings.Contains(got["boss@example.org"], "\nAll, 21 Nov, tickets:\n  1 new, 0 solved") {
		t.Errorf("got %q", got)
	}
}

// The weekly mail compares, medians first, in the language of who has ordered it; its picture is told in words.
func TestStatsMail_Weekly(t *testing.T) {
	o := newCountingOffice(t)
	o.helped() // on Saturday, 21 November
	if _, err := o.report.Counted(t.Context()); err != nil {
		t.Fatal(err)
	}
	week := bridge.Range{From: time.Date(2026, 11, 16, 0, 0, 0, 0, time.UTC), Until: time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC)}
	before := bridge.Range{From: week.From.AddDate(0, 0, -7), Until: week.From}
	d, err := o.Weekly(t.Context(), report.Subscription{Operator: xavi, Of: report.Whose{Operator: xavi}}, week, before)
	o.must(err)
	want := []string{
		"Xavi, 16–22 Nov (in brackets: 9–15 Nov):\n  First answer, median 1 min (–)\n  Answers, median 45 s (–)\n  1 conversations (0), missed 0 (0)\n  Vote 4.0 of 5 (–)",
		"Xavi, 16–22 Nov, chats:\n  1 conversations, 2 min 4 s of support (2 min 4 s merged)\n  First answer 1 min, median 1 min; answers 45 s (n 2)\n  Waited 40 s before being taken\n  Missed 0, abandoned 0\n  Vote 4.0 of 5 (1); online 2 min 44 s",
		"Xavi has this sent to you each Monday.",
	}
	if got := strings.Join(d.Parts, "\n\n"); got != strings.Join(want, "\n\n") || d.Subject != "Statistics: Xavi, 16–22 Nov" {
		t.Errorf("%s\n%s", d.Subject, got)
	}
	if string(d.Picture) != "Xavi, chats, 16–22 Nov" || d.Alt != "Xavi, chats, 16–22 Nov. Conversations (First answer): Mon 16: 0; Tue 17: 0; Wed 18: 0; Thu 19: 0; Fri 20: 0; Sat 21: 1 (1 min); Sun 22: 0" {
		t.Errorf("picture %q: %s", d.Picture, d.Alt)
	}
	o.say(xavi, "", "status language es")
	d, err = o.Weekly(t.Context(), report.Subscription{Operator: xavi}, week, before)
	if err != nil || !strings.HasPrefix(d.Subject, "Estadística") || !strings.Contains(strings.Join(d.Parts, "\n"), "mediana") {
		t.Errorf("in Spanish: %s %q, %v", d.Subject, d.Parts, err)
	}
}

// What stats-mail answers: to whom it goes, what goes each week, how that ends and how that is taken back.
func TestStatsMail_Answers(t *testing.T) {
	o := newCountingOffice(t)
	const none = `error: "boss" is no email address such as boss@example.org. Nothing was changed.`
	for _, c := range []struct {
		who        bridge.OperatorJID
		line, want string
	}{
		{xavi, "stats-mail", "No statistics go by mail each week. stats-mail ADDRESS weekly sends them."},
		{xavi, "stats-mail boss@example.org 30d weekly", "Sent to boss@example.org; from now on each Monday 7:00. stats-mail boss@example.org off ends it."},
		{xavi, "stats-mail boss@example.org, other@example.org all weekly", "Sent to boss@example.org, other@example.org; from now on each Monday 7:00. stats-mail boss@example.org, other@example.org all off ends it."},
		{xavi, "stats-mail boss@example.org olga today", "Sent to boss@example.org."},
		{olga, "stats-mail boss@example.org me weekly", "Sent to boss@example.org; from now on each Monday 7:00. stats-mail boss@example.org olga off ends it."},
		{olga, "stats-mail boss@example.org xavi", "error: You may see your own numbers: stats. For others a super operator must allow you stats. Nothing was changed."},
		{olga, "stats-mail boss@example.org all weekly", "error: You may see your own numbers: stats. For others a super operator must allow you stats. Nothing was changed."},
		{olga, "stats-mail", "Each Monday 7:00 (1):\n  boss@example.org – Olga\nstats-mail ADDRESS off ends one."},
		{xavi, "stats-mail", "Each Monday 7:00 (4):\n  boss@example.org – All\n  boss@example.org – Xavi\n  other@example.org – All\n  boss@example.org – Olga, ordered by Olga\nstats-mail ADDRESS off ends one."},
		{olga, "stats-mail other@example.org off", "error: No weekly statistics go to other@example.org. stats-mail lists what goes. Nothing was changed."},
		{xavi, "stats-mail boss@example.org nobody@example.org off", "error: No weekly statistics go to nobody@example.org. stats-mail lists what goes. Nothing was changed."},
		{xavi, "stats-mail boss@example.org other@example.org off", "Ended: boss@example.org – All; boss@example.org – Xavi; other@example.org – All\nBack: stats-mail boss@example.org, other@example.org all weekly\nBack: stats-mail boss@example.org weekly"},
		{xavi, "stats-mail boss@example.org me off", "error: No weekly statistics go to boss@example.org. stats-mail lists what goes. Nothing was changed."},
		{xavi, "stats-mail boss@example.org off", "Ended: boss@example.org – Olga, ordered by Olga\nBack: stats-mail boss@example.org olga weekly"},
		{olga, "stats-mail", "No statistics go by mail each week. stats-mail ADDRESS weekly sends them."},
		{xavi, "stats-mail boss", none},
		{xavi, "stats-mail boss weekly", none},
		{xavi, "stats-mail weekly", `error: "weekly" is no email address such as boss@example.org. Nothing was changed.`},
		{xavi, "stats-mail boss@example.org, b@@example.org", `error: "b@@example.org" is no email address such as boss@example.org. Nothing was changed.`},
		{xavi, "stats-mail boss@example.org nobody", `error: There is no operator or department "nobody". There are: all, Support, Olga, Xavi. Nothing was changed.`},
		{xavi, "stats-mail boss@example.org 2026-13", `error: "2026-13" is no range: today, yesterday, 7d, 30d, 2026-10, 2026, 2026-11-01..2026-11-15. Nothing was changed.`},
		{xavi, "stats-mail boss@example.org weekly now", `error: "now" is too much. Write: stats-mail [ADDRESS …] [WHO|DEPARTMENT|all] [RANGE] [weekly|off]. Nothing was changed.`},
		{xavi, "stats-mail" + strings.Repeat(" a@example.org b@example.org c@example.org d@example.org e@example.org f@example.org", 2), "error: boss"},
	} {
		got := o.say(c.who, "", c.line)
		if c.want == "error: boss" {
			c.want = "Sent to a@example.org, b@example.org, c@example.org, d@example.org, e@example.org, f@example.org." // the same twice counts once
		}
		if got != c.want {
			t.Errorf("%s: %s\n%s\nwant\n%s", c.who, c.line, got, c.want)
		}
	}
	if got := o.say(xavi, "", "stats-mail"+strings.Repeat(" x", 0)+" a@a.org b@a.org c@a.org d@a.org e@a.org f@a.org g@a.org h@a.org i@a.org j@a.org k@a.org"); got != "error: These are 11 addresses. Up to 10 are possible at once. Nothing was changed." {
		t.Errorf("got %q", got)
	}
	if got := o.say(xavi, "", "audit 7d"); !strings.Contains(got, "Xavi: stats-mail boss@example.org xavi 30d weekly") || !strings.Contains(got, "Xavi: stats-mail boss@example.org off") {
		t.Errorf("audit:\n%s", got)
	}
}

// Where mail is off, stats-mail says who turns it on.
func TestStatsMail_Off(t *testing.T) {
	o := newOffice(t)
	o.counting()
	if got := o.say(xavi, "", "stats-mail boss@example.org"); got != "error: Mail is off here. An administrator turns it on in the section [email] of the config." {
		t.Errorf("got %q", got)
	}
}
