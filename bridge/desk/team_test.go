package desk_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"porchlight/bridge"
)

// A guest writes and leaves like the owner, but can't close; before and after, they can't
// write.
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
		_, err := o.bridge.OperatorWrites(t.Context(), who, c.Visitor, bridge.Said{ID: text, Text: text})
		return err
	}
	wants(xavi, "invite olga", "is not yours yet")
	wants(xavi, "take 1", "is yours")
	wants(olga, "invite olga", "was taken by")
	wants(xavi, "invite nobody", "There are: ")
	wants(xavi, "invite", "Missing: OPERATOR. Write: !invite OPERATOR. Nothing was changed.")
	if writes(olga, "too early") == nil {
		t.Error("one who takes no part can write")
	}
	wants(xavi, "invite OLGA", "Olga takes part in #1 now")
	wants(xavi, "invite olga@example.org", "takes part in #1 already")
	wants(olga, "invite xavi", "takes part in #1 already")
	if err := writes(olga, "Hello from me too"); err != nil {
		t.Error(err)
	}
	wants(olga, "close", "was taken by")
	wants(olga, "leave", "You take no part in #1 any more")
	wants(olga, "leave", "You take no part in #1.")
	wants(xavi, "leave", "nobody else is here")
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
			part, _ := e.Data.(bridge.Part)
			told = append(told, e.Name+" "+string(part.Action)+e.Text)
		}
	}
	if got := strings.Join(told, ", "); got != "Xavi joined, Olga joined, Olga Hello from me too, Olga left" {
		t.Errorf("the log has %q", got)
	}
	notices, err := o.bridge.DeskEntries(t.Context(), olga, 0, 100)
	if err != nil || len(notices) == 0 || !strings.Contains(notices[len(notices)-1].Phrase.String(), "Xavi invited you to #1") {
		t.Errorf("Olga's desk has %+v, %v", notices, err)
	}
}

// When the owner leaves, a guest goes on with the conversation.
func TestLeave_AGuestFollowsTheOwner(t *testing.T) {
	o := newOffice(t)
	c := o.ask()
	o.say(xavi, "", "1")
	o.say(xavi, c.Visitor, "invite olga")
	if got := o.say(xavi, c.Visitor, "leave"); got != "You take no part in #1 any more." {
		t.Errorf("got %q", got)
	}
	now, err := o.bridge.Snapshot(t.Context(), c.Number)
	if err != nil || now.Owner != olga || now.State != bridge.Active {
		t.Errorf("%+v, %v", now, err)
	}
	notices, err := o.bridge.DeskEntries(t.Context(), olga, 0, 100)
	if err != nil || !strings.Contains(notices[len(notices)-1].Phrase.String(), "#1 is yours now: Xavi has left it.") {
		t.Errorf("Olga's desk has %+v, %v", notices, err)
	}
	if got := o.say(xavi, c.Visitor, "close"); !strings.Contains(got, "was taken by Olga") {
		t.Errorf("who left closes: %q", got)
	}
	if got := o.say(olga, c.Visitor, "close"); got != "#1 is closed." {
		t.Errorf("who follows closes: %q", got)
	}
}

// Only operators who take part read and keep what is for operators. As long as nobody takes
// part, every operator who may take the conversation can look at it.
func TestParticipants_OthersLearnNothing(t *testing.T) {
	o := newOffice(t)
	c := o.ask()
	says := func(who bridge.OperatorJID, line, want string) {
		t.Helper()
		if got := o.say(who, c.Visitor, line); !strings.Contains(got, want) {
			t.Errorf("%s says %q: %q, want %q", who, line, got, want)
		}
	}
	says(olga, "info", "#1 Anna")
	says(olga, "note early", "Take it first")
	says(olga, "leave", "You take no part in #1.")
	says(xavi, "take 1", "is yours")
	says(xavi, "decline 1", "is yours already")
	for _, line := range []string{"info", "history", "note sneaky", "leave"} {
		says(olga, line, "You take no part in #1.")
	}
	says(xavi, "close", "is closed")
	says(olga, "note late", "You take no part in #1.")
	says(xavi, "note done", "Noted")
}

// When a message to a guest comes back, their part ends, and the owner stays.
func TestInvite_AGuestWhoCannotBeReached(t *testing.T) {
	o := newOffice(t)
	c := o.ask()
	o.say(xavi, "", "1")
	o.say(xavi, c.Visitor, "invite olga")
	if err := o.bridge.Reach.Unreachable(t.Context(), olga, c.Number, 0); err != nil {
		t.Fatal(err)
	}
	now, err := o.bridge.Snapshot(t.Context(), c.Number)
	parts, err2 := o.bridge.Participants(t.Context(), c.Number)
	if err != nil || err2 != nil || now.Owner != xavi || len(parts) != 1 {
		t.Errorf("%+v, %v, %v, %v", now, parts, err, err2)
	}
	notices, err := o.bridge.DeskEntries(t.Context(), olga, 0, 100)
	if err != nil || !strings.Contains(notices[len(notices)-1].Phrase.String(), "Your part in #1 has ended, because a message to you came back") {
		t.Errorf("Olga's desk has %+v, %v", notices, err)
	}
}

// A conversation that is passed on to a colleague is offered to them alone; the note is for
// operators only.
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
	wants(xavi, "transfer", "Missing: OPERATOR-or-DEPARTMENT. Write: !transfer OPERATOR-or-DEPARTMENT [NOTE]. Nothing was changed.")
	wants(xavi, "transfer nobody", "There are: ")
	wants(xavi, "transfer xavi", "is yours already")
	wants(olga, "transfer olga", "was taken by")
	wants(xavi, "transfer olga she knows", "Olga is not on duty")
	if err := o.bridge.Reach.Presence(t.Context(), olga, "phone", bridge.ShowAvailable); err != nil {
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
			public = append(public, e.Name+" "+string(e.Data.(bridge.Part).Action))
		}
	}
	if strings.Join(private, ",") != "she knows this" || strings.Join(public, ", ") != "Xavi joined, Xavi left, Olga joined" {
		t.Errorf("notes %q, public %q", private, public)
	}
}

// When a colleague who is asked alone declines or does not answer in time, the others are
// asked, except the operator who passed the conversation on.
func TestTransfer_NotTakenGoesToAll(t *testing.T) {
	for name, then := range map[string]func(*office){
		"declined": func(o *office) { o.say(olga, "", "decline 1") },
		"too late": func(o *office) {
			o.clock.move(31 * time.Second)
			ctx, stop := context.WithTimeout(context.Background(), 400*time.Millisecond) // timers are checked four times a second
			defer stop()
			o.bridge.Run(ctx)
		},
	} {
		t.Run(name, func(t *testing.T) {
			o := newOffice(t)
			const vera = bridge.OperatorJID("vera@example.org")
			ctx := t.Context()
			if err := o.bridge.Team.Add(ctx, bridge.Operator{JID: vera, Name: "Vera", Enabled: true, Departments: []string{"support"}}); err != nil {
				t.Fatal(err)
			}
			c := o.ask()
			o.say(xavi, "", "1")
			for _, who := range []bridge.OperatorJID{olga, vera} {
				if err := o.bridge.Reach.Presence(ctx, who, "phone", bridge.ShowAvailable); err != nil {
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

// A conversation can be passed on to a department if a colleague of it is on duty.
func TestTransfer_ToADepartment(t *testing.T) {
	o := newOffice(t)
	c := o.ask()
	o.say(xavi, "", "1")
	if got := o.say(xavi, c.Visitor, "transfer support"); !strings.Contains(got, "Support is not on duty") {
		t.Errorf("got %q, though nobody else is there", got)
	}
	if err := o.bridge.Reach.Presence(t.Context(), olga, "phone", bridge.ShowAvailable); err != nil {
		t.Fatal(err)
	}
	if got := o.say(xavi, c.Visitor, "transfer support"); !strings.Contains(got, "#1 is offered to Support now") {
		t.Errorf("got %q", got)
	}
}

// offers counts the offers that an operator got.
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

// An operator of another department may be invited, and may see the conversation only then.
func TestInvite_FromAnotherDepartment(t *testing.T) {
	o := newOffice(t)
	const sam = bridge.OperatorJID("sam@example.org")
	if err := o.bridge.Team.Add(t.Context(), bridge.Operator{JID: sam, Name: "Sam", Enabled: true}); err != nil {
		t.Fatal(err)
	}
	c := o.ask()
	o.say(xavi, "", "1")
	if got := o.say(sam, c.Visitor, "note hm"); !strings.Contains(got, "not yours") {
		t.Errorf("got %q", got)
	}
	if got := o.say(xavi, c.Visitor, "invite sam"); !strings.Contains(got, "Sam is offline") {
		t.Errorf("got %q", got)
	}
	if err := o.bridge.Reach.Presence(t.Context(), sam, "phone", bridge.ShowDND); err != nil {
		t.Fatal(err)
	}
	o.say(xavi, c.Visitor, "invite sam")
	if got := o.say(sam, c.Visitor, "note hm"); !strings.Contains(got, "Noted") {
		t.Errorf("got %q", got)
	}
}

// history lists the visitor's earlier conversations, and shows one by its number.
func TestHistory(t *testing.T) {
	o := newOffice(t)
	first := o.ask()
	if got := o.say(xavi, first.Visitor, "history"); got != "This is the visitor's first conversation." {
		t.Errorf("got %q", got)
	}
	o.say(xavi, "", "1")
	if _, err := o.bridge.OperatorWrites(t.Context(), xavi, first.Visitor, bridge.Said{ID: "m", Text: "Like this."}); err != nil {
		t.Fatal(err)
	}
	o.say(xavi, first.Visitor, "close")
	again, err := o.bridge.Ask(t.Context(), bridge.Inquiry{Returning: first.Visitor, Request: bridge.Request{Name: "Anna", Reason: "And now?"}})
	if err != nil || again.Visitor != first.Visitor {
		t.Fatal(again, err)
	}
	for line, words := range map[string][]string{
		"history":    {"#1 2026-11-21 12:00, Support: How can I edit? (Xavi ended the conversation.)"},
		"history 1":  {"Anna: How can I edit?", "Xavi: Like this.", "_Xavi ended the conversation._"},
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

// However many conversations a visitor had, each can be read, and none of another visitor's.
func TestHistory_HasAll(t *testing.T) {
	o := newOffice(t)
	first := o.ask()
	stranger := o.ask()
	var last bridge.Opened
	for range 24 {
		o.say(xavi, "", fmt.Sprint(max(last.Number, first.Number)))
		o.say(xavi, first.Visitor, "close")
		var err error
		if last, err = o.bridge.Ask(t.Context(), bridge.Inquiry{Returning: first.Visitor, Request: bridge.Request{Name: "Anna", Reason: "And now?"}}); err != nil {
			t.Fatal(err)
		}
	}
	list := o.say(xavi, first.Visitor, "history")
	if n := strings.Count(list, "And now?"); n != 20 || !strings.HasSuffix(list, "\n4 older ones, which history and a number shows, too: #5, #4, #3, #1") {
		t.Errorf("%d in %q", n, list)
	}
	if got := o.say(xavi, first.Visitor, "history 1"); !strings.Contains(got, "Anna: How can I edit?") {
		t.Errorf("the first: %q", got)
	}
	for _, n := range []int64{stranger.Number, last.Number, 99} {
		if got := o.say(xavi, first.Visitor, fmt.Sprint("history ", n)); !strings.Contains(got, fmt.Sprintf("#%d is no earlier conversation of this visitor", n)) {
			t.Errorf("#%d: %q", n, got)
		}
	}
}

// An answer that names the site names one even to a visitor whose page is unknown.
func TestCanned_AlwaysNamesASite(t *testing.T) {
	o := newOffice(t)
	c, err := o.bridge.Ask(t.Context(), bridge.Inquiry{Request: bridge.Request{Name: "Anna", Reason: "How?"}})
	if err != nil {
		t.Fatal(err)
	}
	o.say(xavi, "", "1")
	o.say(xavi, c.Visitor, "canned-add hi {operator} of {site}.")
	if got := o.say(xavi, c.Visitor, "hi"); got != "Sent: Xavi of chat.example.org." {
		t.Errorf("got %q", got)
	}
	if got := o.say(xavi, c.Visitor, "ih"); !strings.Contains(got, "Did you mean !hi?") {
		t.Errorf("got %q", got)
	}
}

// Stored answers are stored, changed, sent and deleted; a placeholder that is not known is
// refused.
func TestCanned(t *testing.T) {
	o := newOffice(t)
	c := o.ask()
	o.say(xavi, "", "1")
	for _, step := range []struct {
		visitor bridge.VisitorJID
		line    string
		words   string
	}{
		{"", "canned", "no stored answers yet"},
		{"", "canned-add", "Missing: NAME. Write: canned-add NAME TEXT. Nothing was changed."},
		{"", "canned-add close Bye", "close is a command"},
		{"", "canned-add 12 Bye", "is no name for an answer"},
		{"", "canned-add hello", "Missing: TEXT. Write: canned-add NAME TEXT."},
		{"", "canned-add hello Hi {nix}", "{nix} is not filled in: there are {visitor}, {operator} and {site}."},
		{"", "canned-add hello Hi {Visitor}", "{Visitor} is not filled in"},
		{"", "canned-add hello Hi {first name}", "{first name} is not filled in"},
		{"", "canned-add hello Hi {{visitor}}", "{{visitor}} is not filled in"},
		{"", "canned", "no stored answers yet"},
		{"", "canned-add css p { margin: 0 } a{} { \"x\": 1 }", "css is stored"},
		{"", "canned-delete css", "css is deleted"},
		{"", "canned-add Hello Hello {visitor}, this is {operator} of {site}.\nHow can I help?", "hello is stored"},
		{"", "canned-add hello Hi {visitor}, {operator} of {site} here.", "hello is changed.\nBack: canned-add hello Hello {visitor}, this is {operator} of {site}.\nHow can I help?"},
		{"", "canned", "hello – Hi {visitor}"},
		{"", "canned hello", "Hi {visitor}, {operator} of {site} here."},
		{c.Visitor, "canned nothing", `no stored answer "nothing"`},
		{c.Visitor, "hello", "Sent: Hi Anna, Xavi of shop.example here."},
		{c.Visitor, "canned hello", "Sent: Hi Anna"},
		{c.Visitor, "hello there", "no command"},
		{c.Visitor, "ehllo", "Did you mean !hello?"},
		{"", "ehllo", "no command"},
		{"", "hello", "no command"},
		{"", "canned-delete nothing", "no stored answer"},
		{"", "canned-delete hello", "hello is deleted.\nBack: canned-add hello Hi"},
		{c.Visitor, "hello", "no command"},
	} {
		if got := o.say(xavi, step.visitor, step.line); !strings.Contains(got, step.words) {
			t.Errorf("%q: %q, want %q in it", step.line, got, step.words)
		}
	}
	log, err := o.bridge.Events(t.Context(), c.Number, 0, 100)
	if err != nil {
		t.Fatal(err)
	}
	sent := 0
	for _, e := range log {
		if e.From == bridge.FromOperator && e.Type == bridge.EventMessage {
			sent++
			if e.Text != "Hi Anna, Xavi of shop.example here." {
				t.Errorf("sent %q", e.Text)
			}
		}
	}
	if sent != 2 {
		t.Errorf("sent %d times", sent)
	}
}

// The votes, numbers and changes of an operator who was deleted are found by the name, unless somebody else has it now;
// nothing else takes such a name, and no list of names has it.
func TestTeam_OfSomebodyDeleted(t *testing.T) {
	o := newTeam(t)
	o.counting()
	o.ask2("support")
	o.steps([]line{
		{olga, "1", "#1 is yours"},
		{xavi, "operator-delete olga", "Olga has 1 conversation"},
		{xavi, "operator-delete olga yes", "Deleted: Olga."},
		{xavi, "stats olga", "Olga, 15–21 Nov, chats:\n"},
		{xavi, "stats olga@example.org 30d tickets", "Olga, "},
		{xavi, "feedback olga", "Olga, 30 days: "},
		{xavi, "audit olga", "21 Nov 12:00 Xavi: operator-delete olga name Olga → –"},
		{xavi, "operators olga", "error: There is no operator \"olga\". There are: Vera Lang, Xavi, Zoe."},
		{xavi, "feedback nobody", "error: There is no operator \"nobody\". There are: all, Vera Lang, Xavi, Zoe."},
		{xavi, "feedback zoe", "Zoe, 30 days: "},
		{vera, "stats olga", "error: You may see your own numbers"},
		{vera, "feedback olga", "error: You may not use feedback for others"},
		{xavi, "operator-add olga@example.net Olga", "Olga (olga@example.net) is an operator"},
		{xavi, "audit olga", "21 Nov 12:00 Xavi: operator-add olga name – → Olga"},
		{xavi, "audit olga@example.org", "21 Nov 12:00 Xavi: operator-delete olga name Olga → –"},
	})
}

// The numbers and changes of a department that was deleted are found by its name or its title, unless somebody else has
// it now; nothing else takes such a name.
func TestTeam_OfADeletedDepartment(t *testing.T) {
	o := newTeam(t)
	o.counting()
	o.steps([]line{
		{xavi, "department-add accounts Invoices", "Invoices (accounts) is made"},
		{xavi, "department-delete accounts", "Invoices is gone."},
		{xavi, "stats accounts", "Invoices, 15–21 Nov, chats:\n  0 conversations"},
		{xavi, "stats invoices 30d tickets", "Invoices, "},
		{xavi, "audit Invoices", "21 Nov 12:00 Xavi: department-delete accounts "},
		{xavi, "audit accounts 7d", "21 Nov 12:00 Xavi: department-delete accounts "},
		{xavi, "departments accounts", "error: There is no department \"accounts\"."},
		{xavi, "operator-edit zoe departments=accounts", "error: "},
		{vera, "stats accounts", "error: You may see your own numbers"},
		{xavi, "stats nobody", "error: There is no operator or department \"nobody\". There are: all, Billing, Sales, Support, Olga, Vera Lang, Xavi, Zoe."},
		{xavi, "department-add funds Invoices", "Invoices (funds) is made"},
		{xavi, "audit invoices", "21 Nov 12:00 Xavi: department-add funds title – → Invoices"},
		{xavi, "audit accounts", "21 Nov 12:00 Xavi: department-delete accounts "},
	})
}

// The audit log is read to its end, page by page.
func TestAudit_Pages(t *testing.T) {
	o := newTeam(t)
	for i := range 32 {
		o.say(xavi, "", fmt.Sprint("operator-edit olga limit=", i+1))
	}
	for _, step := range []struct {
		line, first, last string
		lines             int
	}{
		{"audit", "limit 31 → 32", "audit 30d 2 shows more.", 16},
		{"audit 2", "limit 16 → 17", "audit 30d 3 shows more.", 16},
		{"audit olga today 2", "limit 16 → 17", "audit olga@example.org today 3 shows more.", 16},
		{"audit olga@example.org today 3", "limit 1 → 2", "limit – → 1", 2},
		{"audit 4", "error: There is no page 4.", "", 1},
		{"audit 10001", "error: There is no page 10001.", "", 1},
		{"audit 0", "error: ", "", 1},
	} {
		got := strings.Split(o.say(xavi, "", step.line), "\n")
		if len(got) != step.lines || !strings.Contains(got[0], step.first) || !strings.HasSuffix(got[len(got)-1], step.last) {
			t.Errorf("%s: %d lines, %q … %q", step.line, len(got), got[0], got[len(got)-1])
		}
	}
}
