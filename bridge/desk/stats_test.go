package desk_test

import (
	"context"
	"log/slog"
	"strings"
	"testing"
	"time"

	"porchlight/bridge"
	"porchlight/bridge/access"
	"porchlight/bridge/archive"
	"porchlight/bridge/desk"
	"porchlight/bridge/hook"
	"porchlight/bridge/links"
	"porchlight/bridge/onsite"
	"porchlight/bridge/report"
)

// counting lets an office count, and keep the index of what was said, until the test ends.
func (o *office) counting() {
	r := report.New(o.db, report.Options{Clock: o.clock, Log: slog.New(slog.DiscardHandler), Zone: func() *time.Location { return time.UTC }, Missed: o.bridge.Missed,
		Mailing: &report.Mailing{Bridge: o.bridge, URL: "https://chat.example.org/live", Weekly: func(ctx context.Context, s report.Subscription, week, before bridge.Range) (bridge.StatisticsDraft, error) {
			return o.Weekly(ctx, s, week, before)
		}}})
	a := archive.New(o.db, archive.Options{Bridge: o.bridge, Log: slog.New(slog.DiscardHandler), Keep: r.Keep})
	leave, leaveToo := o.bridge.Join(r), o.bridge.Join(a)
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		r.Run(ctx)
	}()
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		a.Run(ctx)
	}()
	o.t.Cleanup(func() {
		cancel()
		<-done
		<-ended
		leave()
		leaveToo()
	})
	o.must(a.CatchUp(ctx))
	o.report = r
	o.Desk = desk.New(o.bridge, desk.AnswerFiles(answerLists()), desk.Statistics(r), desk.Archive(a), desk.Charts(func(p desk.Picture) ([]byte, error) { return []byte(p.Title + ", " + p.Range), nil }))
	desk.Keys(access.New(o.db, o.bridge))(o.Desk)
	desk.Links(links.New(o.db, o.bridge))(o.Desk)
	o.site = onsite.New(o.db, onsite.For(o.bridge, slog.New(slog.DiscardHandler)))
	desk.OnSite(o.site)(o.Desk)
	desk.Webhooks(hook.New(o.db, hook.Options{Bridge: o.bridge, Carrier: receiver{}, Log: slog.New(slog.DiscardHandler)}))(o.Desk)
}

// must stops a test in which something failed.
func (o *office) must(errs ...error) {
	o.t.Helper()
	for _, err := range errs {
		if err != nil {
			o.t.Fatal(err)
		}
	}
}

// helped is a conversation that Xavi helps in: he answers after a minute, and again after 30 s.
func (o *office) helped() {
	o.t.Helper()
	ctx := context.Background()
	answer := func(id string) error {
		c, _ := o.bridge.ByVisitor(ctx, o.latest(xavi))
		_, err := o.bridge.OperatorWrites(ctx, xavi, c.Visitor, bridge.Said{ID: id, Text: "Hello"})
		return err
	}
	c := o.ask() // 40 s
	_, err := o.bridge.Take(ctx, xavi, c.Number)
	o.must(err)
	o.clock.move(20 * time.Second)
	o.must(answer("a"))
	o.clock.move(10 * time.Second)
	_, _, err = o.bridge.VisitorWrites(ctx, c.Number, "a client id of 16", "And?")
	o.must(err)
	o.clock.move(30 * time.Second)
	o.must(answer("b"))
	o.clock.move(64 * time.Second)
	_, err = o.bridge.Close(ctx, xavi, c.Visitor, "")
	o.must(err, o.bridge.VisitorVotes(ctx, c.Number, 4, ""))
}

// latest is the visitor of an operator's conversation.
func (o *office) latest(who bridge.OperatorJID) bridge.VisitorJID {
	o.t.Helper()
	cards, err := o.bridge.Concerns(context.Background(), who)
	if err != nil || len(cards) == 0 {
		o.t.Fatalf("no conversation: %v", err)
	}
	return cards[len(cards)-1].Visitor
}

func TestStats_Chats(t *testing.T) {
	o := newOffice(t)
	o.counting()
	o.helped()
	own := strings.Join([]string{
		"Xavi, 15–21 Nov, chats:",
		"  1 conversations, 2 min 4 s of support (2 min 4 s merged)",
		"  First answer 1 min, median 1 min; answers 45 s (n 2)",
		"  Waited 40 s before being taken",
		"  Missed 0, abandoned 0",
		"  Vote 4.0 of 5 (1); online 2 min 44 s",
		"Tickets: stats xavi 7d tickets. Everything: <link>",
	}, "\n")
	withTeam := strings.Replace(own, "Tickets: ", "Team: 1 conversations, vote 4.0 (1)\nTickets: ", 1)
	none := strings.Join([]string{
		"Olga, 21 Nov, chats:",
		"  0 conversations, 0 s of support (0 s merged)",
		"  First answer –, median –; answers – (n 0)",
		"  Waited – before being taken",
		"  Missed 0, abandoned 0",
		"  Vote –; online 2 min 44 s",
		"Tickets: stats olga today tickets. Everything: <link>",
	}, "\n")
	others := "error: You may see your own numbers: stats. For others a super operator must allow you stats."
	for _, c := range []struct {
		who  bridge.OperatorJID
		line string
		want string
	}{
		{xavi, "stats", withTeam},
		{xavi, "stats xavi", own},
		{xavi, "stats 7d chats", withTeam},
		{xavi, "stats chats text", withTeam},
		{xavi, "stats me 7d chats text", own},
		{xavi, "stats olga today", none},
		{olga, "stats today", none},
		{olga, "stats me today chats", none},
		{olga, "stats xavi", others},
		{olga, "stats all", others},
		{olga, "stats support", others},
		{xavi, "stats support", strings.NewReplacer("Xavi", "Support", "xavi", "support", "; online 2 min 44 s", "").Replace(own)},
		{xavi, "stats all", strings.NewReplacer("Xavi", "All", "xavi", "all", "2 min 44 s", "5 min 28 s").Replace(own)},
		{xavi, "stats 2026-13", `error: "2026-13" is no range: today, yesterday, 7d, 30d, 2026-10, 2026, 2026-11-01..2026-11-15.`},
		{xavi, "stats nobody", `error: There is no operator or department "nobody". There are: all, Support, Olga, Xavi.`},
		{olga, "stats-rebuild", "error: You may not use stats-rebuild: only super operators may. Nothing was changed."},
		{xavi, "stats-rebuild", "The statistics were counted anew."},
		{xavi, "stats", withTeam},
	} {
		if got := linked(o.say(c.who, "", c.line)); got != c.want {
			t.Errorf("%s: %s\n%s\nwant\n%s", c.who, c.line, got, c.want)
		}
	}
	o.must(o.bridge.Team.Add(t.Context(), bridge.Operator{JID: olga, Name: "Olga", Enabled: true, Permissions: bridge.Permissions{bridge.MayStats}}))
	if got := linked(o.say(olga, "", "stats xavi")); got != own {
		t.Errorf("with the permission:\n%s", got)
	}
}

func TestStats_Tickets(t *testing.T) {
	o := newOffice(t)
	o.counting()
	o.must(o.bridge.Reach.Presence(t.Context(), xavi, "phone", bridge.ShowOffline))
	o.ask()
	o.clock.move(26 * time.Hour)
	c := o.ask() // 40 s
	o.must(o.bridge.Reach.Presence(t.Context(), xavi, "phone", bridge.ShowAvailable))
	_, err := o.bridge.Take(t.Context(), xavi, c.Number)
	o.must(err)
	o.clock.move(20 * time.Second)
	_, err = o.bridge.OperatorWrites(t.Context(), xavi, c.Visitor, bridge.Said{ID: "a", Text: "Hello"})
	o.must(err)
	o.clock.move(time.Hour)
	_, err = o.bridge.Close(t.Context(), xavi, c.Visitor, "")
	o.must(err)
	want := strings.Join([]string{
		"All, 21–22 Nov, tickets:",
		"  2 new, 1 solved, 0 reopened",
		"  First answer to new ones 1 min; still unanswered: 1, oldest 27 h 1 min",
		"  Answers in general 1 min (n 1)",
		"  New → solved 1 h 1 min (first time), 1 h 1 min with reopening",
		"Everything: <link>",
	}, "\n")
	if got := linked(o.say(xavi, "", "stats all 2026-11-21..2026-11-22 tickets")); got != want {
		t.Errorf("%s\nwant\n%s", got, want)
	}
	if got := o.say(xavi, "", "stats tickets"); !strings.HasPrefix(got, "Xavi, 16–22 Nov, tickets:\n  1 new, 1 solved") {
		t.Errorf("own tickets:\n%s", got)
	}
}
