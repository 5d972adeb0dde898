package desk_test

import (
	"context"
	"database/sql"
	"log/slog"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"
	"unicode"

	"porchlight/bridge"
	"porchlight/bridge/desk"
	"porchlight/bridge/onsite"
	"porchlight/bridge/phrase"
	"porchlight/bridge/report"
	"porchlight/bridge/voice"
	"porchlight/db/sqlite"
	"porchlight/db/sqlite/sqlitetest"
)

const (
	xavi = bridge.OperatorJID("xavi@example.org")
	olga = bridge.OperatorJID("olga@example.org")
)

// clock is a clock that a test moves; any goroutine may look at it.
type clock struct{ passed atomic.Int64 }

// noon is when each clock begins, on a Saturday.
func noon() time.Time { return time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC) }

func (c *clock) Now() time.Time { return noon().Add(time.Duration(c.passed.Load())) }

// set sets the clock.
func (c *clock) set(at time.Time) { c.passed.Store(int64(at.Sub(noon()))) }

// move sets the clock forward.
func (c *clock) move(d time.Duration) { c.passed.Add(int64(d)) }

// office is a desk over a real store, with the operators Xavi and Olga; Olga is away.
type office struct {
	*desk.Desk
	t      testing.TB
	bridge *bridge.Bridge
	clock  *clock
	store  *faulty
	db     *sqlite.DB
	report *report.Report  // nil: nothing is counted
	site   *onsite.Site    // nil: who is on the site is not known
	log    strings.Builder // the log of the bridge
}

// newOffice has the department Support and the given ones; each name is followed by its title.
func newOffice(t testing.TB, departments ...string) *office {
	t.Helper()
	return newOfficeBy(t, nil, departments...)
}

// newMailOffice is newOffice with a mail channel.
func newMailOffice(t testing.TB) *office {
	t.Helper()
	return newOfficeOn(t, bridge.Options{Mail: bridge.MailOptions{Post: letters{}, Addresses: bridge.Addresses{Support: "support@example.org", Separator: "+"}}})
}

// newOfficeBy is newOffice with channels for notices.
func newOfficeBy(t testing.TB, channels []bridge.Channel, departments ...string) *office {
	t.Helper()
	return newOfficeOn(t, bridge.Options{Channels: channels}, departments...)
}

// newOfficeOn is newOffice with channels for notices, or a mail channel.
func newOfficeOn(t testing.TB, with bridge.Options, departments ...string) *office {
	t.Helper()
	o := &office{t: t, clock: new(clock)}
	quiet := slog.New(slog.DiscardHandler)
	path := sqlitetest.New(t)
	store, err := sqlite.Open(t.Context(), path, sqlite.Options{Clock: o.clock, Log: quiet})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { store.Close() })
	o.store, o.db = &faulty{Store: store}, store
	raw, err := sql.Open("sqlite3", path)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i+1 < len(departments); i += 2 {
		if _, err := raw.Exec("INSERT INTO departments (name, title) VALUES (?, ?)", departments[i], departments[i+1]); err != nil {
			t.Fatal(err)
		}
	}
	raw.Close()
	o.bridge, err = bridge.Open(t.Context(), o.store, bridge.Options{Domain: "support.example.org", PublicURL: "https://chat.example.org/live", KeepAddresses: true, Channels: with.Channels, Mail: with.Mail, SuperOperators: []bridge.OperatorJID{xavi},
		Timing: bridge.Timing{Reopen: time.Hour, Offer: 30 * time.Second}, Clock: o.clock, Log: slog.New(slog.NewTextHandler(&o.log, nil)),
		Limits: bridge.Limits{Message: 1000, Name: 80, Email: 254, Reason: 1000, URL: 2048, Waiting: 100}})
	if err != nil {
		t.Fatal(err)
	}
	ctx := t.Context()
	o.bridge.Link.Up()
	for _, err := range []error{
		o.bridge.Team.Add(ctx, bridge.Operator{JID: olga, Name: "Olga", Enabled: true, Departments: []string{"support"}}),
		o.bridge.Reach.Presence(ctx, xavi, "phone", bridge.ShowAvailable),
		o.bridge.Reach.Presence(ctx, olga, "phone", bridge.ShowAway),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	o.Desk = desk.New(o.bridge)
	return o
}

// ask is a visitor's request, made 40 s before it returns by the clock.
func (o *office) ask() bridge.Opened {
	o.t.Helper()
	c, err := o.bridge.Ask(context.Background(), bridge.Inquiry{Request: bridge.Request{Name: "Anna", Email: "anna@example.org", Reason: "How can I edit?",
		Page: bridge.Page{URL: "https://shop.example/pricing", Title: "Prices", Referrer: "https://search.example/"}, Language: "de", Browser: "Firefox"}})
	if err != nil {
		o.t.Fatal(err)
	}
	o.clock.move(40 * time.Second)
	return c
}

// say gives a line as an operator, at the desk or in a conversation, and returns the answer,
// or the refusal after "error: ".
func (o *office) say(who bridge.OperatorJID, v bridge.VisitorJID, line string) string {
	o.t.Helper()
	op, _ := o.bridge.Team.Operator(who)
	answer, err := o.Line(context.Background(), desk.Call{Operator: op, Visitor: v}, line)
	if err != nil {
		if phrase.CodeOf(err) == phrase.CodeInternal {
			o.t.Fatal(err)
		}
		return "error: " + phrase.Of(err).String()
	}
	return answer
}

// Each command answers what it did, or what is wrong and what would be right.
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
		{xavi, "", "take", []string{"error: Missing: NUMBER. Write: take NUMBER [!]. Nothing was changed."}},
		{xavi, "", "mail bob@example.net It is paid", []string{"error: Missing: the colon behind subject. Write: mail ADDRESS SUBJECT: TEXT. Nothing was changed."}},
		{xavi, "", "take x", []string{`error: "x" is no number of a request. Write: take NUMBER [!], for example take 12`}},
		{xavi, "", "take 1 2", []string{`error: "2" is too much. Write: take NUMBER [!]`}},
		{xavi, "", "99", []string{"error: There is no #99. Send queue to see what waits."}},
		{xavi, "", "take -1", []string{`error: "-1" is no number`}},
		{xavi, "", "close", []string{"error: close belongs into a conversation: send !close [REASON] to the visitor's address."}},
		{xavi, c.Visitor, "close", []string{"error: #1 is not yours yet. Take it first: take 1"}},
		{olga, "", "decline #1", []string{"#1 is left to the others."}},
		{xavi, "", "decline 1", []string{"#1: nobody else is here to take it, so it waits. 1 still takes it."}},
		{xavi, "", "TAKE #1", []string{"#1 is yours: Anna. Write to anna-"}},
		{xavi, "", "1", []string{"#1 is yours: Anna."}},
		{olga, "", "1", []string{"error: #1 was taken by Xavi."}},
		{olga, "", "1 !", []string{"error: "}},
		{xavi, "", "queue", []string{"Waiting: 0", "Active: 1", "with Xavi"}},
		{xavi, c.Visitor, "info", []string{"#1 Anna, Support, with Xavi", "Page: https://shop.example/pricing (Prices)", "Email: anna@example.org", "Came from: https://search.example/", "Language: de", "Browser: Firefox", "Earlier conversations: none"}},
		{xavi, c.Visitor, "note", []string{"error: Missing: TEXT. Write: !note TEXT. Nothing was changed."}},
		{xavi, c.Visitor, "note she has\ntwo accounts", []string{"Noted, for operators only."}},
		{olga, c.Visitor, "close", []string{"error: #1 was taken by Xavi."}},
		{xavi, "", "stauts", []string{`error: There is no command "stauts". Did you mean status?`}},
		{xavi, "", "bakc", []string{"Did you mean back?"}},
		{xavi, c.Visitor, "nots", []string{`error: There is no command "nots". Did you mean !note? Send !help to see all of them.`}},
		{xavi, c.Visitor, "take x", []string{"Write: !take NUMBER [!], for example !take 12. Nothing was changed."}},
		{xavi, c.Visitor, "canned-add", []string{"error: Missing: NAME. Write: !canned-add NAME TEXT. Nothing was changed."}},
		{xavi, "", "xyzzy", []string{`error: There is no command "xyzzy". Send help to see all of them.`}},
		{xavi, "", "status sleep", []string{`error: "sleep" is no setting. There are: away, back, satellite on`, ", greeting=, ", "language fr. Nothing was changed."}},
		{xavi, "", "away", []string{"Offers: stopped."}},
		{xavi, "", "who", []string{"Xavi (xavi@example.org): offers stopped", "Department Support: OFFLINE"}},
		{xavi, "", "status back", []string{"You are Xavi, xavi@example.org.", "Super operator: all departments.", "Offers: on."}},
		{olga, "", "status", []string{"Departments: support", "as soon as a client of yours is available"}},
		{olga, "", "help block", []string{"error: You may not use block. A super operator can allow it."}},
		{olga, "", "help blocks", []string{"error: You may not use blocks: only super operators may."}},
		{olga, "", "blocks", []string{"error: You may not use blocks: only super operators may."}},
		{olga, "", "blcoks", []string{`There is no command "blcoks". Send help`}},
		{xavi, "", "blcoks", []string{"Did you mean blocks?"}},
		{xavi, "", "help take", []string{"take NUMBER [!] – Take a request.", "👍"}},
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

// Any space ends the name of a command, and invisible characters in front do not hide it.
func TestCommands_WrittenByAnyKeyboard(t *testing.T) {
	for _, line := range []string{"take 1", "take\u00a01", "take\t1", "take\u20091", "take\n1", "\u200btake 1", "\ufeff take 1", " \u200e1\u00a0", "TAKE\u3000#1"} {
		o := newOffice(t)
		o.ask()
		if got := o.say(xavi, "", line); !strings.Contains(got, "#1 is yours") {
			t.Errorf("%q gives %q", line, got)
		}
	}
}

// Each command is declared with all that the help and the forms need.
func TestCommands_AreDeclaredWhole(t *testing.T) {
	o := newOffice(t)
	help := o.say(xavi, "", "help")
	seen := map[string]bool{}
	for _, c := range o.Commands() {
		if seen[c.Name] || c.Title == "" || c.Run == nil && c.Record == nil || c.Name != strings.ToLower(c.Name) {
			t.Errorf("%s is declared badly", c.Name)
		}
		seen[c.Name] = true
		if c.Group == "" || !slices.Contains(words(help), c.Name) || !slices.Contains(words(o.say(xavi, "", "help "+string(c.Group))), c.Name) {
			t.Errorf("help does not list %s, which is in the group %s", c.Name, c.Group)
		}
		for i, f := range c.Fields {
			more := slices.ContainsFunc(c.Fields[i+1:], func(f desk.Field) bool { return !f.Form }) // a line goes on
			if f.Label == "" || f.Kind == desk.Rest && more || f.Kind == desk.OneOf && len(f.Options) == 0 {
				t.Errorf("%s: field %s is declared badly", c.Name, f.Name)
			}
		}
		if got := o.say(xavi, "", "help "+c.Name); !strings.Contains(got, c.Usage()) {
			t.Errorf("help %s: %q", c.Name, got)
		}
	}
}

// words cuts a text into words of letters and hyphens.
func words(text string) []string {
	return strings.FieldsFunc(text, func(r rune) bool { return r != '-' && !unicode.IsLetter(r) })
}

// The help has a line for each group, and at most twelve lines for a group; it names what the operator may use, and nothing
// else.
func TestHelp_InGroups(t *testing.T) {
	o := newOffice(t)
	lines := strings.Split(o.say(xavi, "", "help"), "\n")
	if len(lines) > 12 || lines[0] != "At the desk (in a conversation put ! in front):" || lines[1] != "  requests: queue, take, decline, who, mine, next, assign, watch, unwatch, answer, clients, search, transcript, mail, visitors, invite-visitor, invitations, invitation-add, invitation-delete" || !strings.HasPrefix(lines[2], "  chat: !close, !note, !invite") {
		t.Errorf("got %q", lines)
	}
	for _, who := range []bridge.OperatorJID{xavi, olga} {
		op, _ := o.bridge.Team.Operator(who)
		all := o.say(who, "", "help")
		for _, c := range o.Commands() {
			group := o.say(who, "", "help "+string(c.Group))
			if n := strings.Count(group, "\n") + 1; n > 20 {
				t.Errorf("%s: %d lines about %s:\n%s", who, n, c.Group, group)
			}
			may := op.May(c.Permission)
			_, listed, _ := strings.Cut(group, "\n")
			if may != slices.Contains(words(all), c.Name) || may != strings.Contains(listed+"\n", c.Written()) || !may && strings.Contains(listed, c.Title) {
				t.Errorf("%s may use %s: %v, help says\n%s\n%s", who, c.Name, may, all, group)
			}
		}
	}
	if got := o.say(xavi, "", "help chat"); !strings.HasPrefix(got, "Conversation:\n  !close [REASON], !junk [off] – End the conversation, or close it as no request\n") || !strings.Contains(got, "  !block [DURATION] [REASON], !block-range [DURATION] [REASON], unblock [WHO] – Block the visitor, or ") {
		t.Errorf("help chat says\n%s", got)
	}
	if got := o.say(olga, "", "help site"); got != "Site:\n  departments [DEPARTMENT] [PAGE] – The departments" {
		t.Errorf("help site says\n%s", got)
	}
}

// A line of the help that several commands share has words that are about all of them, and nobody may use a part of the line
// only: else a newcomer would read that !tag ends a conversation.
func TestHelp_SharedLines(t *testing.T) {
	all := desk.New(nil).Commands()
	for _, c := range all {
		i := slices.IndexFunc(all, func(o desk.Command) bool { return o.Name == c.With })
		shared := slices.ContainsFunc(all, func(o desk.Command) bool { return o.With == c.Name })
		switch {
		case shared != (c.Together != ""), shared && (c.Together == c.Title || c.With != ""):
			t.Errorf("%s: others share its line: %v; the line says %q", c.Name, shared, c.Together)
		case c.With != "" && (i < 0 || all[i].Permission != c.Permission || all[i].Group != c.Group || (c.Visitor || c.Both) && !(all[i].Visitor || all[i].Both)):
			t.Errorf("%s can't share the line of %s", c.Name, c.With)
		}
	}
}

// The help in a conversation lists what works there, and fits a phone even for an operator
// who may do everything.
func TestHelp_InAConversation(t *testing.T) {
	o := newOffice(t)
	c := o.ask()
	for _, who := range []bridge.OperatorJID{xavi, olga} {
		help := o.say(who, c.Visitor, "help")
		if n := strings.Count(help, "\n") + 1; n > 18 {
			t.Errorf("%s: %d lines:\n%s", who, n, help)
		}
		op, _ := o.bridge.Team.Operator(who)
		for _, cmd := range o.Commands() {
			works := (cmd.Visitor || cmd.Both) && op.May(cmd.Permission)
			if strings.Contains(help, "!"+cmd.Usage()+" –") != works && strings.Contains(help, "!"+cmd.Usage()+",") != works {
				t.Errorf("%s: %s works there: %v, the help says\n%s", who, cmd.Name, works, help)
			}
		}
	}
	if got := o.say(xavi, c.Visitor, "help close"); !strings.Contains(got, "!close [REASON] – End") {
		t.Errorf("got %q", got)
	}
}

// An offer that is not the first says why it comes again, and what the visitor asks now.
func TestOffer_SaysWhyItComesAgain(t *testing.T) {
	o := newOffice(t)
	c := o.ask()
	ctx := t.Context()
	offer := func() string {
		t.Helper()
		card, err := o.bridge.Card(ctx, c.Number)
		w, err2 := o.bridge.WhyOffered(ctx, card.Conversation)
		if err != nil || err2 != nil {
			t.Fatal(err, err2)
		}
		return voice.In(o.bridge, "").Offer(card, w, false)
	}
	has := func(parts ...string) {
		t.Helper()
		for _, p := range parts {
			if got := offer(); !strings.Contains(got, p) {
				t.Errorf("lacks %q:\n%s", p, got)
			}
		}
	}
	has("#1 Anna, Support: How can I edit?\nPage", "Waiting: 40 s")
	o.say(xavi, "", "1")
	if err := o.bridge.Reach.Presence(ctx, olga, "phone", bridge.ShowAvailable); err != nil {
		t.Fatal(err)
	}
	o.clock.move(time.Minute)
	o.say(xavi, c.Visitor, "transfer olga she knows\nPage: forged")
	has("How can I edit?\nPassed on by Xavi: she knows\n    Page: forged\nPage: https")
	o.say(olga, "", "1")
	o.say(olga, c.Visitor, "transfer xavi")
	has("\nPassed on by Olga.\n")
	o.say(xavi, "", "1")
	if err := o.bridge.Reach.Unreachable(ctx, xavi, c.Number, 0); err != nil {
		t.Fatal(err)
	}
	has("\nXavi had it and can't be reached.\n")
	o.say(xavi, "", "1")
	o.say(xavi, c.Visitor, "close")
	o.clock.move(10 * time.Minute)
	if _, _, err := o.bridge.VisitorWrites(ctx, c.Number, "m2", "Do you ship to Norway?"); err != nil {
		t.Fatal(err)
	}
	has("#1 Anna, Support: Do you ship to Norway?\nThe visitor goes on after the end.\n", "\nAnna asks: Do you ship to Norway?")
}

// A transcript has everything that people said, also for operators only.
func TestTranscript_HasAllThatPeopleSaid(t *testing.T) {
	o := newOffice(t)
	c := o.ask()
	o.bridge.VisitorWrites(t.Context(), c.Number, "m", "Anybody?")
	o.say(xavi, "", "1")
	o.say(xavi, c.Visitor, "note careful")
	card, _ := o.bridge.Card(t.Context(), c.Number)
	events, _ := o.bridge.Events(t.Context(), c.Number, 0, 100)
	got := strings.Join(voice.In(o.bridge, "").Transcript(card, events, voice.Reader{Operator: xavi, Novice: true}), "\n")
	for _, want := range []string{"#1 Anna, Support", "[12:00] Anna: How can I edit?", "[12:00] Note by Xavi: careful", "Anna: Anybody?", "Xavi joined", "What you write here goes to Anna"} {
		if !strings.Contains(got, want) {
			t.Errorf("the transcript lacks %q:\n%s", want, got)
		}
	}
}

// Whatever line is given, the desk answers or refuses it, and never fails.
func FuzzLine(f *testing.F) {
	for _, s := range []string{"help", "take 1", "#1", "status away", "!", "", "note \x00", "take 99999999999999999999", "\u202etake 1", "take\n1"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, line string) {
		o := newOffice(t)
		op, _ := o.bridge.Team.Operator(xavi)
		answer, err := o.Line(t.Context(), desk.Call{Operator: op}, line)
		if (answer == "") == (err == nil) {
			t.Fatalf("%q gives %q, %v", line, answer, err)
		}
		if err != nil && phrase.CodeOf(err) == phrase.CodeInternal {
			t.Fatalf("%q: %v", line, err)
		}
	})
}

// letters is a bridge.Post that writes nothing.
type letters struct{}

// Compose implements bridge.Post.
func (letters) Subject(bridge.Conversation, bridge.Request) string { return "" }

func (letters) Compose(bridge.Draft) ([]byte, error) { return []byte("mail"), nil }

// Notify implements bridge.Post.
func (letters) Notify(bridge.NoticeDraft) ([]byte, error) { return []byte("notice"), nil }

// Statistics implements bridge.Post.
func (letters) Statistics(d bridge.StatisticsDraft) ([]byte, error) {
	return []byte(strings.Join(append(d.Parts, d.Unsubscribe), "\n")), nil
}
