package desk_test

import (
	"context"
	"log/slog"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"porchlight/bridge"
	"porchlight/bridge/desk"
	"porchlight/db"
)

const (
	xavi = bridge.OperatorJID("xavi@example.org")
	olga = bridge.OperatorJID("olga@example.org")
)

type clock struct{ now time.Time }

func (c *clock) Now() time.Time { return c.now }

// move is for when nothing runs.
func (c *clock) move(d time.Duration) { c.now = c.now.Add(d) }

type office struct {
	*desk.Desk
	t      *testing.T
	bridge *bridge.Bridge
	clock  *clock
}

func newOffice(t *testing.T) *office {
	t.Helper()
	o := &office{t: t, clock: &clock{time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)}}
	quiet := slog.New(slog.DiscardHandler)
	store, err := db.Open(t.Context(), filepath.Join(t.TempDir(), "p.db"), db.Options{Clock: o.clock, Log: quiet})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { store.Close() })
	o.bridge, err = bridge.Open(t.Context(), store, bridge.Options{Domain: "support.example.org", SuperOperators: []bridge.OperatorJID{xavi},
		Timing: bridge.Timing{Reopen: time.Hour, Offer: 30 * time.Second}, Clock: o.clock, Log: quiet,
		Limits: bridge.Limits{Message: 1000, Name: 80, Email: 254, Reason: 1000, URL: 2048, Waiting: 100}})
	if err != nil {
		t.Fatal(err)
	}
	ctx := t.Context()
	o.bridge.LinkUp()
	for _, err := range []error{
		o.bridge.AddOperator(ctx, bridge.Operator{JID: olga, Name: "Olga", Enabled: true, Departments: []string{"support"}}),
		o.bridge.Presence(ctx, xavi, "phone", bridge.ShowAvailable),
		o.bridge.Presence(ctx, olga, "phone", bridge.ShowAway),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	o.Desk = desk.New(o.bridge)
	return o
}

func (o *office) ask() bridge.Opened {
	o.t.Helper()
	c, err := o.bridge.Ask(context.Background(), bridge.Inquiry{Request: bridge.Request{Name: "Anna", Email: "anna@example.org", Reason: "How can I edit?",
		Page: bridge.Page{URL: "https://shop.example/pricing", Title: "Prices", Referrer: "https://search.example/"}, Language: "de", Browser: "Firefox"}})
	if err != nil {
		o.t.Fatal(err)
	}
	o.clock.now = o.clock.now.Add(40 * time.Second)
	return c
}

// say says a line as an operator, at the desk or in a conversation, and returns
// the answer or what is wrong.
func (o *office) say(who bridge.OperatorJID, v bridge.VisitorJID, line string) string {
	o.t.Helper()
	op, _ := o.bridge.Operator(who)
	answer, err := o.Line(context.Background(), desk.Call{Operator: op, Visitor: v}, line)
	if err != nil {
		if bridge.ErrorCode(err) == bridge.CodeInternal {
			o.t.Fatal(err)
		}
		return "error: " + bridge.ErrorMessage(err)
	}
	return answer
}

func TestCommands_RightAndWrong(t *testing.T) {
	o := newOffice(t)
	c := o.ask()
	for _, step := range []struct {
		who     bridge.OperatorJID
		visitor bridge.VisitorJID
		line    string
		want    []string
	}{
		{xavi, "", "queue", []string{"Waiting: 1", "#1 Anna, Support: How can I edit? (40 s)", "Active: 0"}},
		{xavi, "", "who", []string{"Xavi (xavi@example.org): available, all departments, 0 active", "Olga (olga@example.org): away, support", "Department Support: ONLINE"}},
		{xavi, "", "take", []string{"error: The request's number is missing. Write: take NUMBER"}},
		{xavi, "", "take x", []string{`error: "x" is no number of a request. Write: take NUMBER, for example take 12`}},
		{xavi, "", "take 1 2", []string{`error: "2" is too much. Write: take NUMBER`}},
		{xavi, "", "99", []string{"error: There is no #99. Send queue to see what waits."}},
		{xavi, "", "take -1", []string{`error: "-1" is no number`}},
		{xavi, "", "close", []string{"error: close belongs into a conversation: send !close [REASON] to the visitor's address."}},
		{xavi, c.Visitor, "close", []string{"error: #1 is not yours yet. Take it first: take 1"}},
		{olga, "", "decline #1", []string{"#1 is left to the others."}},
		{xavi, "", "TAKE #1", []string{"#1 is yours. Write to anna-"}},
		{xavi, "", "1", []string{"#1 is yours."}},
		{olga, "", "1", []string{"error: #1 was taken by Xavi."}},
		{xavi, "", "queue", []string{"Waiting: 0", "Active: 1", "with Xavi"}},
		{xavi, c.Visitor, "info", []string{"#1 Anna, Support, with Xavi", "Page: https://shop.example/pricing (Prices)", "Email: anna@example.org", "Came from: https://search.example/", "Language: de", "Browser: Firefox", "Earlier conversations: none"}},
		{xavi, c.Visitor, "note", []string{"error: The note is missing. Write: note TEXT"}},
		{xavi, c.Visitor, "note she has\ntwo accounts", []string{"Noted, for operators only."}},
		{olga, c.Visitor, "close", []string{"error: #1 was taken by Xavi."}},
		{xavi, "", "stauts", []string{`error: There is no command "stauts". Did you mean status?`}},
		{xavi, "", "xyzzy", []string{`error: There is no command "xyzzy". Send help to see all of them.`}},
		{xavi, "", "status sleep", []string{`error: "sleep" is none of away, back. Write: status [away|back]`}},
		{xavi, "", "away", []string{"Offers: stopped."}},
		{xavi, "", "who", []string{"Xavi (xavi@example.org): offers stopped", "Department Support: OFFLINE"}},
		{xavi, "", "status back", []string{"You are Xavi, xavi@example.org.", "Super operator: all departments.", "Offers: on."}},
		{olga, "", "status", []string{"Departments: support", "as soon as a client of yours is available"}},
		{xavi, "", "help take", []string{"take NUMBER – Take a request.", "👍"}},
		{xavi, "", "help nothing", []string{"error: There is no command"}},
		{xavi, c.Visitor, "close  solved by reading the docs", []string{"#1 is closed."}},
		{xavi, c.Visitor, "close", []string{"error: #1 is closed."}},
		{xavi, "", "queue", []string{"Nobody waits and nobody is being served."}},
	} {
		got := o.say(step.who, step.visitor, step.line)
		for _, want := range step.want {
			if !strings.Contains(got, want) {
				t.Errorf("%s: %q gives %q, which lacks %q", step.who, step.line, got, want)
			}
		}
	}
}

func TestCommands_AreDeclaredWhole(t *testing.T) {
	o := newOffice(t)
	help := o.say(xavi, "", "help")
	seen := map[string]bool{}
	for _, c := range o.Commands() {
		if seen[c.Name] || c.Title == "" || c.Run == nil || c.Name != strings.ToLower(c.Name) {
			t.Errorf("%s is declared badly", c.Name)
		}
		seen[c.Name] = true
		if !strings.Contains(help, c.Usage()+" – "+c.Title) {
			t.Errorf("help does not list %s", c.Name)
		}
		for i, f := range c.Fields {
			if f.Label == "" || f.Kind == desk.Rest && i != len(c.Fields)-1 || f.Kind == desk.OneOf && len(f.Options) == 0 {
				t.Errorf("%s: field %s is declared badly", c.Name, f.Name)
			}
		}
		if got := o.say(xavi, "", "help "+c.Name); !strings.Contains(got, c.Usage()) {
			t.Errorf("help %s: %q", c.Name, got)
		}
	}
}

func TestOffer_SaysWhatIsNeeded(t *testing.T) {
	o := newOffice(t)
	c := o.ask()
	card, err := o.bridge.Card(t.Context(), c.Number)
	if err != nil {
		t.Fatal(err)
	}
	want := "#1 Anna, Support: How can I edit?\nPage: https://shop.example/pricing (Prices)\nEmail: anna@example.org\nWaiting: 40 s\n" +
		"To take it send 1 here, react with 👍, or write to " + string(c.Visitor)
	if got := o.Offer(card); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestTranscript_HasAllThatPeopleSaid(t *testing.T) {
	o := newOffice(t)
	c := o.ask()
	o.say(xavi, c.Visitor, "note careful")
	o.bridge.VisitorWrites(t.Context(), c.Number, "m", "Anybody?")
	o.say(xavi, "", "1")
	card, _ := o.bridge.Card(t.Context(), c.Number)
	events, _ := o.bridge.Events(t.Context(), c.Number, 0, 100)
	got := strings.Join(o.Transcript(card, events), "\n")
	for _, want := range []string{"#1 Anna, Support", "[12:00] Anna: How can I edit?", "[12:00] Note by Xavi: careful", "Anna: Anybody?", "Xavi joined", "What you write here goes to Anna"} {
		if !strings.Contains(got, want) {
			t.Errorf("the transcript lacks %q:\n%s", want, got)
		}
	}
}

func FuzzLine(f *testing.F) {
	for _, s := range []string{"help", "take 1", "#1", "status away", "!", "", "note \x00", "take 99999999999999999999", "\u202etake 1", "take\n1"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, line string) {
		o := newOffice(t)
		op, _ := o.bridge.Operator(xavi)
		answer, err := o.Line(t.Context(), desk.Call{Operator: op}, line)
		if (answer == "") == (err == nil) {
			t.Fatalf("%q gives %q, %v", line, answer, err)
		}
		if err != nil && bridge.ErrorCode(err) == bridge.CodeInternal {
			t.Fatalf("%q: %v", line, err)
		}
	})
}

func TestTranscript_LongOnesComeInParts(t *testing.T) {
	o := newOffice(t)
	c := o.ask()
	card, _ := o.bridge.Card(t.Context(), c.Number)
	var events []bridge.Event
	for i := range 100 {
		events = append(events, bridge.Event{Seq: int64(i + 1), Type: bridge.EventMessage, From: bridge.FromVisitor, Text: strings.Repeat("x", 1000)})
	}
	parts := o.Transcript(card, events)
	if n := strings.Count(strings.Join(parts, ""), "Anna: xxx"); n != 100 || len(parts) < 3 {
		t.Errorf("%d of 100 messages in %d parts", n, len(parts))
	}
	for _, p := range parts {
		if len(p) > 40<<10 {
			t.Errorf("a part has %d bytes", len(p))
		}
	}
}

func TestOffer_VisitorsCantImitateOurLines(t *testing.T) {
	o := newOffice(t)
	c, err := o.bridge.Ask(t.Context(), bridge.Inquiry{Request: bridge.Request{Name: "Eve", Reason: "Hi\nEmail: boss@example.org (verified)"}})
	if err != nil {
		t.Fatal(err)
	}
	card, _ := o.bridge.Card(t.Context(), c.Number)
	events, _ := o.bridge.Events(t.Context(), c.Number, 0, 10)
	for _, text := range append(o.Transcript(card, events), o.Offer(card)) {
		for line := range strings.Lines(text) {
			if strings.HasPrefix(line, "Email:") {
				t.Errorf("a line of the visitor's stands like ours:\n%s", text)
			}
		}
	}
}

func TestInvite_BothTakePartUntilOneLeaves(t *testing.T) {
	o := newOffice(t)
	c := o.ask()
	wants := func(who bridge.OperatorJID, line, words string) {
		t.Helper()
		if got := o.say(who, c.Visitor, line); !strings.Contains(got, words) {
			t.Errorf("%s says %q: %q, want %q in it", who, line, got, words)
		}
	}
	writes := func(who bridge.OperatorJID, text string) error {
		_, err := o.bridge.OperatorWrites(t.Context(), who, c.Visitor, text, text)
		return err
	}
	wants(xavi, "invite olga", "is not yours yet")
	wants(xavi, "take 1", "is yours")
	wants(olga, "invite olga", "was taken by")
	wants(xavi, "invite nobody", "There are: ")
	wants(xavi, "invite", "is missing")
	if writes(olga, "too early") == nil {
		t.Error("one who takes no part can write")
	}
	wants(xavi, "invite OLGA", "Olga takes part in #1 now")
	wants(xavi, "invite olga@example.org", "takes part in #1 already")
	wants(olga, "invite xavi", "takes part in #1 already")
	if err := writes(olga, "Hello from me too"); err != nil {
		t.Error(err)
	}
	wants(xavi, "leave", "#1 is yours")
	wants(olga, "close", "was taken by")
	wants(olga, "leave", "You take no part in #1 any more")
	wants(olga, "leave", "You take no part in #1.")
	if writes(olga, "gone") == nil {
		t.Error("one who has left can write")
	}
	log, err := o.bridge.Events(t.Context(), c.Number, 0, 100)
	if err != nil {
		t.Fatal(err)
	}
	var told []string
	for _, e := range log {
		if e.Type == bridge.EventOperator || e.Type == bridge.EventMessage && e.From == bridge.FromOperator {
			told = append(told, e.Name+" "+e.State+e.Text)
		}
	}
	if got := strings.Join(told, ", "); got != "Xavi joined, Olga joined, Olga Hello from me too, Olga left" {
		t.Errorf("the log has %q", got)
	}
	notices, err := o.bridge.DeskEntries(t.Context(), olga, 0, 100)
	if err != nil || len(notices) == 0 || !strings.Contains(notices[len(notices)-1].Text, "Xavi invited you to #1") {
		t.Errorf("Olga's desk has %+v, %v", notices, err)
	}
}

// A message to a guest that comes back ends their part, and the owner stays.
func TestInvite_AGuestWhoCannotBeReached(t *testing.T) {
	o := newOffice(t)
	c := o.ask()
	o.say(xavi, "", "1")
	o.say(xavi, c.Visitor, "invite olga")
	if err := o.bridge.Unreachable(t.Context(), olga, c.Number); err != nil {
		t.Fatal(err)
	}
	now, err := o.bridge.Snapshot(t.Context(), c.Number)
	parts, err2 := o.bridge.Participants(t.Context(), c.Number)
	if err != nil || err2 != nil || now.Owner != xavi || len(parts) != 1 {
		t.Errorf("%+v, %v, %v, %v", now, parts, err, err2)
	}
	notices, err := o.bridge.DeskEntries(t.Context(), olga, 0, 100)
	if err != nil || !strings.Contains(notices[len(notices)-1].Text, "Your part in #1 has ended, because a message to you came back") {
		t.Errorf("Olga's desk has %+v, %v", notices, err)
	}
}

func TestTransfer_ToAColleague(t *testing.T) {
	o := newOffice(t)
	c := o.ask()
	o.say(xavi, "", "1")
	wants := func(who bridge.OperatorJID, line, words string) {
		t.Helper()
		if got := o.say(who, c.Visitor, line); !strings.Contains(got, words) {
			t.Errorf("%s says %q: %q, want %q in it", who, line, got, words)
		}
	}
	wants(xavi, "transfer", "To whom is missing")
	wants(xavi, "transfer nobody", "There are: ")
	wants(xavi, "transfer xavi", "is yours already")
	wants(olga, "transfer olga", "was taken by")
	wants(xavi, "transfer olga she knows", "Olga is not on duty")
	if err := o.bridge.Presence(t.Context(), olga, "phone", bridge.ShowAvailable); err != nil {
		t.Fatal(err)
	}
	before := o.offers(xavi)
	wants(xavi, "transfer olga she knows this", "#1 is offered to Olga now")
	if now, err := o.bridge.Snapshot(t.Context(), c.Number); err != nil || now.State != bridge.Waiting || now.Owner != "" {
		t.Errorf("%+v, %v", now, err)
	}
	if o.offers(olga) != 1 || o.offers(xavi) != before {
		t.Errorf("offers: Olga %d, Xavi %d", o.offers(olga), o.offers(xavi))
	}
	wants(olga, "take 1", "#1 is yours")
	log, err := o.bridge.Events(t.Context(), c.Number, 0, 100)
	if err != nil {
		t.Fatal(err)
	}
	var private, public []string
	for _, e := range log {
		switch {
		case e.Type == bridge.EventNote:
			private = append(private, e.Text)
		case e.Type == bridge.EventOperator:
			public = append(public, e.Name+" "+e.State)
		}
	}
	if strings.Join(private, ",") != "she knows this" || strings.Join(public, ", ") != "Xavi joined, Xavi left, Olga joined" {
		t.Errorf("notes %q, public %q", private, public)
	}
}

// Whoever is asked alone and declines, or does not answer in time, leaves it to
// the others; the one who passed it on is not asked again.
func TestTransfer_NotTakenGoesToAll(t *testing.T) {
	for name, then := range map[string]func(*office){
		"declined": func(o *office) { o.say(olga, "", "decline 1") },
		"too late": func(o *office) {
			o.clock.move(31 * time.Second)
			ctx, stop := context.WithTimeout(context.Background(), 400*time.Millisecond) // the timers are looked at four times a second
			defer stop()
			o.bridge.Run(ctx)
		},
	} {
		t.Run(name, func(t *testing.T) {
			o := newOffice(t)
			const vera = bridge.OperatorJID("vera@example.org")
			ctx := t.Context()
			if err := o.bridge.AddOperator(ctx, bridge.Operator{JID: vera, Name: "Vera", Enabled: true, Departments: []string{"support"}}); err != nil {
				t.Fatal(err)
			}
			c := o.ask()
			o.say(xavi, "", "1")
			for _, who := range []bridge.OperatorJID{olga, vera} {
				if err := o.bridge.Presence(ctx, who, "phone", bridge.ShowAvailable); err != nil {
					t.Fatal(err)
				}
			}
			before := o.offers(xavi)
			o.say(xavi, c.Visitor, "transfer olga")
			if o.offers(vera) != 0 {
				t.Error("others are asked at once")
			}
			then(o)
			if o.offers(vera) != 1 || o.offers(xavi) != before {
				t.Errorf("offers: Vera %d, Xavi %d more", o.offers(vera), o.offers(xavi)-before)
			}
		})
	}
}

func TestTransfer_ToADepartment(t *testing.T) {
	o := newOffice(t)
	c := o.ask()
	o.say(xavi, "", "1")
	if got := o.say(xavi, c.Visitor, "transfer support"); !strings.Contains(got, "Support is not on duty") {
		t.Errorf("got %q, though nobody else is there", got)
	}
	if err := o.bridge.Presence(t.Context(), olga, "phone", bridge.ShowAvailable); err != nil {
		t.Fatal(err)
	}
	if got := o.say(xavi, c.Visitor, "transfer support"); !strings.Contains(got, "#1 is offered to Support now") {
		t.Errorf("got %q", got)
	}
}

// offers counts what an operator was offered.
func (o *office) offers(who bridge.OperatorJID) int {
	o.t.Helper()
	entries, err := o.bridge.DeskEntries(context.Background(), who, 0, 100)
	if err != nil {
		o.t.Fatal(err)
	}
	n := 0
	for _, e := range entries {
		if e.Kind == bridge.DeskOffer {
			n++
		}
	}
	return n
}

// One of another department may be invited, and only then may see it.
func TestInvite_FromAnotherDepartment(t *testing.T) {
	o := newOffice(t)
	const sam = bridge.OperatorJID("sam@example.org")
	if err := o.bridge.AddOperator(t.Context(), bridge.Operator{JID: sam, Name: "Sam", Enabled: true}); err != nil {
		t.Fatal(err)
	}
	c := o.ask()
	o.say(xavi, "", "1")
	if got := o.say(sam, c.Visitor, "note hm"); !strings.Contains(got, "not yours") {
		t.Errorf("got %q", got)
	}
	o.say(xavi, c.Visitor, "invite sam")
	if got := o.say(sam, c.Visitor, "note hm"); !strings.Contains(got, "Noted") {
		t.Errorf("got %q", got)
	}
}

func TestHistory(t *testing.T) {
	o := newOffice(t)
	first := o.ask()
	if got := o.say(xavi, first.Visitor, "history"); got != "This is the visitor's first conversation." {
		t.Errorf("got %q", got)
	}
	o.say(xavi, "", "1")
	if _, err := o.bridge.OperatorWrites(t.Context(), xavi, first.Visitor, "m", "Like this."); err != nil {
		t.Fatal(err)
	}
	o.say(xavi, first.Visitor, "close")
	again, err := o.bridge.Ask(t.Context(), bridge.Inquiry{Returning: first.Visitor, Request: bridge.Request{Name: "Anna", Reason: "And now?"}})
	if err != nil || again.Visitor != first.Visitor {
		t.Fatal(again, err)
	}
	for line, words := range map[string][]string{
		"history":    {"#1 2026-11-21 12:00, Support: How can I edit? (ended by the operator)"},
		"history 1":  {"Anna: How can I edit?", "Xavi: Like this.", "ended by the operator"},
		"history #1": {"Xavi: Like this."},
		"history 2":  {"#2 is no earlier conversation of this visitor"},
		"history x":  {"is no number"},
	} {
		got := o.say(xavi, first.Visitor, line)
		for _, w := range words {
			if !strings.Contains(got, w) {
				t.Errorf("%s: %q, want %q in it", line, got, w)
			}
		}
	}
}
