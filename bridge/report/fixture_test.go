package report

import (
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"porchlight/bridge"
)

// The fixture: 40 conversations, written by hand. Each line is a conversation: its department, its kind
// ("mail" if a chat's visitor has left an address), the local time at which it begins, and what happens
// so many seconds later:
//
//	take WHO · WHO (an answer) · visitor (a message) · closed WHY · pass WHO DEPARTMENT · lost WHO
//	off · on (put off and back) · reopen · ticket (nobody was free) · guest WHO · follows WHO OLD · vote N · unvote
//
// All times are of Madrid; business hours are Monday to Friday from 9 to 17.
var fixture = []string{
	// Chats in sales, Monday 2 November.
	1:  "sales chat 2026-11-02 09:00 | 30 take olga | 60 olga | 120 visitor | 150 olga | 300 closed operator-closed",
	2:  "sales chat 2026-11-02 10:00 | 20 take olga | 40 olga | 100 visitor | 220 olga | 320 closed visitor-closed | 330 vote 5",
	3:  "sales chat 2026-11-02 10:02 | 40 take olga | 50 olga | 280 closed operator-closed | 290 vote 4", // at the same time as 2
	4:  "sales chat 2026-11-02 11:00 | 300 closed visitor-left",                                          // nobody took it
	5:  "sales mail 2026-11-02 11:10 | 10 take olga | 200 closed visitor-left",                           // taken, not answered, but there is an address
	6:  "sales chat 2026-11-02 11:20 | 15 take olga | 100 closed visitor-closed",
	7:  "sales chat 2026-11-02 12:00 | 10 take olga | 20 note olga | 25 system | 90 olga | 95 file olga | 400 visitor | 1000 closed idle",
	8:  "sales none 2026-11-02 13:00 | 5 take olga | 10 olga | 70 visitor | 100 olga | 160 closed operator-closed", // the operator spoke first
	9:  "sales chat 2026-11-02 14:00 | 60 take olga | 80 olga | 200 pass olga support | 260 take pere | 320 visitor | 350 pere | 500 closed operator-closed",
	10: "sales chat 2026-11-02 15:00 | 30 take olga | 60 olga | 80 visitor | 100 closed operator-closed | 4000 reopen sales | 4010 take pere | 4040 pere | 4100 closed operator-closed", // "thanks" at 80 wants no answer
	// Chats in support, Tuesday 3 November.
	11: "support chat 2026-11-03 09:00 | 10 take pere | 30 pere | 60 closed operator-closed",
	12: "support chat 2026-11-03 09:10 | 20 take pere | 60 pere | 90 visitor | 95 visitor | 150 pere | 200 closed visitor-closed | 210 vote 3 | 240 vote 4",
	13: "support chat 2026-11-03 09:20 | 30 take pere | 90 pere | 300 lost pere support | 330 take olga | 400 olga | 420 visitor | 430 olga | 500 closed operator-closed",
	14: "support chat 2026-11-03 09:40 | 40 take pere | 50 guest olga | 70 olga | 120 visitor | 160 pere | 200 follows olga pere | 260 visitor | 290 olga | 400 closed operator-closed",
	15: "support chat 2026-11-03 10:00 | 30 take pere | 60 closed blocked",
	16: "support chat 2026-11-03 10:10 | 5 take pere | 15 pere | 40 corrects | 45 reacts | 60 pere | 500 closed idle", // neither wants an answer
	17: "support mail 2026-11-03 10:30 | 120 ticket support | 3600 take pere | 3660 pere | 7200 closed solved",        // nobody was free: a ticket
	18: "support chat 2026-11-03 11:00 | 10 take pere | 20 pere | 50 closed operator-closed | 60 vote 1 | 100 unvote",
	19: "support chat 2026-11-03 11:10 | 60 wanted | 70 email | 71 ticket support", // waits as a ticket still
	20: "support chat 2026-11-03 11:20 | 100 closed visitor-closed",
	// Tickets in sales, from Wednesday 4 November on.
	21: "sales ticket 2026-11-04 18:00 | 55800 take olga | 56400 olga | 57000 closed solved", // the next day at 9:30, 9:40, 9:50
	22: "sales ticket 2026-11-04 09:00 | 600 take olga | 1200 olga | 1800 closed solved | 9000 reopen-ticket sales | 9600 take olga | 10200 olga | 12600 closed solved",
	23: "sales ticket 2026-11-04 10:00 | 60 take olga | 600 olga | 900 visitor | 4500 olga | 5000 closed solved",
	24: "sales ticket 2026-11-04 11:00 | 300 take olga",
	25: "sales ticket 2026-11-04 12:00 | 600 closed visitor-closed",
	26: "sales ticket 2026-11-04 13:00 | 120 take olga | 240 olga | 300 closed solved",
	27: "sales ticket 2026-11-06 16:00 | 82800 take olga | 82860 olga | 83000 closed solved",    // answered on Saturday at 15:01
	28: "sales ticket 2026-11-07 10:00 | 169800 take olga | 170400 olga | 171000 closed solved", // on Monday 9 at 9:10, 9:20, 9:30
	// Tickets in support, Thursday 5 November.
	29: "support ticket 2026-11-05 09:00 | 100 take pere | 200 pere | 300 closed solved",
	30: "support ticket 2026-11-05 09:30 | 100 take pere | 400 pere | 500 closed solved",
	31: "support ticket 2026-11-05 10:00 | 50 take pere | 150 pere | 250 closed idle",
	32: "support ticket 2026-11-05 10:30 | 100 take pere | 200 pass-ticket pere sales | 300 take olga | 500 olga | 700 closed solved",
	33: "support ticket 2026-11-05 11:00 | 10 take pere | 20 closed blocked",
	34: "support ticket 2026-11-05 11:30",
	// Borders of days, months and clock changes.
	35: "sales chat 2026-11-08 23:59 | 30 take olga | 90 olga | 150 visitor | 180 olga | 240 closed operator-closed",
	36: "sales chat 2026-11-01 23:30 | 60 take olga | 120 olga | 2400 closed operator-closed",  // ends on 2 November at 0:10
	37: "sales chat 2026-11-30 23:50 | 10 take pere | 30 pere | 1200 closed operator-closed",   // ends in December
	38: "sales chat 2026-10-25 01:30 | 60 take pere | 120 pere | 7200 closed operator-closed",  // 2:30 winter time is two hours later
	39: "support chat 2026-11-03 00:30 | 10 take pere | 20 pere | 60 closed operator-closed",   // 2 November in UTC
	40: "support chat 2026-11-03 10:00 | 20 take pere | 40 pere | 1000 closed operator-closed", // at the same time as 15 and 16
}

// script writes the log of a conversation.
type script struct {
	number int64
	begin  time.Time
	log    []bridge.Event
}

func (s *script) add(after int, e bridge.Event) {
	e.Conversation, e.Seq, e.At = s.number, int64(len(s.log)+1), s.begin.Add(time.Duration(after)*time.Second)
	s.log = append(s.log, e)
}

func (s *script) waits(after int, state, reason, department string, mail bool) {
	s.add(after, bridge.Event{Type: bridge.EventState, From: bridge.FromSystem, Data: bridge.Turn{State: state, Reason: reason, Department: department, Mail: mail}})
}

// logOf is the log of a line of the fixture.
func logOf(t *testing.T, number int, line string) []bridge.Event {
	t.Helper()
	parts := strings.Split(line, " | ")
	head := strings.Fields(parts[0])
	begin, err := time.ParseInLocation("2006-01-02 15:04", head[2]+" "+head[3], madrid(t))
	if err != nil {
		t.Fatal(err)
	}
	s := &script{number: int64(number), begin: begin}
	state := "waiting"
	if head[1] == "ticket" {
		state = "ticket"
	}
	s.waits(0, state, "", head[0], head[1] == "ticket" || head[1] == "mail")
	if head[1] != "none" {
		s.add(0, bridge.Event{Type: bridge.EventMessage, From: bridge.FromVisitor, Text: "How?"})
	}
	for _, part := range parts[1:] {
		words := append(strings.Fields(part), "", "")
		after, err := strconv.Atoi(words[0])
		if err != nil {
			t.Fatalf("%d: %s", number, part)
		}
		s.step(after, words[1], words[2], words[3])
	}
	return s.log
}

func (s *script) step(after int, verb, who, more string) {
	o := bridge.OperatorJID(who)
	by := bridge.Event{From: bridge.FromOperator, Operator: o}
	part := func(p bridge.Part) { by.Type, by.Data = bridge.EventOperator, p; s.add(after, by) }
	switch verb {
	case "take":
		s.add(after, bridge.Event{Type: bridge.EventState, From: bridge.FromSystem, Data: bridge.Turn{State: "active"}})
		part(bridge.Part{Action: bridge.Joined})
	case "guest":
		part(bridge.Part{Action: bridge.Joined})
	case "pass", "pass-ticket":
		part(bridge.Part{Action: bridge.Left, Reason: bridge.ReasonTransferred})
		s.waits(after, map[string]string{"pass": "waiting", "pass-ticket": "ticket"}[verb], bridge.ReasonTransferred, more, verb == "pass-ticket")
	case "lost":
		part(bridge.Part{Action: bridge.Left, Reason: bridge.ReasonUnreachable})
		s.waits(after, "waiting", bridge.ReasonUnreachable, more, false)
	case "follows":
		s.add(after, bridge.Event{Type: bridge.EventOperator, From: bridge.FromOperator, Operator: bridge.OperatorJID(more), Data: bridge.Part{Action: bridge.Left}})
		s.add(after, bridge.Event{Type: bridge.EventOwner, From: bridge.FromSystem, Operator: o, Data: bridge.Ownership{Action: bridge.Follows}})
	case "reopen", "reopen-ticket":
		s.waits(after, map[string]string{"reopen": "waiting", "reopen-ticket": "ticket"}[verb], bridge.ReasonReopened, who, verb == "reopen-ticket")
		s.add(after, bridge.Event{Type: bridge.EventMessage, From: bridge.FromVisitor, Text: "And?"})
	case "ticket":
		s.waits(after, "ticket", bridge.ReasonNobodyFree, who, true)
	case "closed":
		s.add(after, bridge.Event{Type: bridge.EventState, From: bridge.FromSystem, Data: bridge.Turn{State: "closed", Reason: who}})
	case "off": // olga puts it off
		s.add(after, bridge.Event{Type: bridge.EventDefer, From: bridge.FromOperator, Operator: "olga", Data: bridge.Deferred{Action: bridge.PutOff, Until: 1}})
	case "on":
		s.add(after, bridge.Event{Type: bridge.EventDefer, From: bridge.FromSystem, Operator: "olga", Data: bridge.Deferred{Action: bridge.Back}})
	case "vote":
		score, _ := strconv.ParseInt(who, 10, 64)
		s.add(after, bridge.Event{Type: bridge.EventFeedback, From: bridge.FromVisitor, Operator: s.answered(), Data: bridge.Vote{Score: score}})
	case "unvote": // olga deletes a vote about somebody
		s.add(after, bridge.Event{Type: bridge.EventFeedback, From: bridge.FromOperator, Operator: "olga", Data: bridge.Vote{Score: 1, Deleted: true}})
	default:
		s.says(after, verb, o)
	}
}

// answered is the operator who answered last.
func (s *script) answered() (o bridge.OperatorJID) {
	for _, e := range s.log {
		if e.Type.Content() && e.From == bridge.FromOperator {
			o = e.Operator
		}
	}
	return o
}

// says adds what is said, or what looks like it.
func (s *script) says(after int, verb string, o bridge.OperatorJID) {
	e := bridge.Event{Type: bridge.EventMessage, From: bridge.FromVisitor, Text: "Well."}
	switch verb {
	case "visitor":
	case "system":
		e.From = bridge.FromSystem
	case "note":
		e = bridge.Event{Type: bridge.EventNote, From: bridge.FromOperator, Operator: o}
	case "file":
		e = bridge.Event{Type: bridge.EventFile, From: bridge.FromOperator, Operator: o}
	case "corrects":
		e = bridge.Event{Type: bridge.EventCorrection, From: bridge.FromVisitor, Data: bridge.Amended{Of: 2}}
	case "reacts":
		e = bridge.Event{Type: bridge.EventReaction, From: bridge.FromVisitor, Data: bridge.Reaction{To: 2}}
	case "email":
		e = bridge.Event{Type: bridge.EventEmail, From: bridge.FromVisitor}
	case "wanted":
		e = bridge.Event{Type: bridge.EventState, From: bridge.FromSystem, Data: bridge.Turn{State: "waiting", Reason: bridge.ReasonEmailWanted}}
	default: // an operator
		e.From, e.Operator = bridge.FromOperator, bridge.OperatorJID(verb)
	}
	s.add(after, e)
}

func madrid(t *testing.T) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation("Europe/Madrid")
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

// office is open from Monday to Friday from 9 to 17, without a break. It counts minute by minute, which
// is slow and can't be wrong.
type office struct{ zone *time.Location }

func (o office) Between(a, b time.Time) (d time.Duration) {
	for a.Before(b) {
		next := a.Truncate(time.Minute).Add(time.Minute)
		if next.After(b) {
			next = b
		}
		local := a.In(o.zone)
		if w := local.Weekday(); w != time.Saturday && w != time.Sunday && local.Hour() >= 9 && local.Hour() < 17 {
			d += next.Sub(a)
		}
		a = next
	}
	return d
}

// reckoned reads the whole fixture.
func reckoned(t *testing.T) (facts []Fact, spans []Span, accounts map[int64]*Account) {
	t.Helper()
	zone := madrid(t)
	r := Reckoner{Zone: zone, Hours: func(string) Calendar { return office{zone} }}
	accounts = make(map[int64]*Account)
	for n, line := range fixture {
		if line == "" {
			continue
		}
		var found Found
		accounts[int64(n)] = new(Account)
		for _, e := range logOf(t, n, line) {
			r.Read(accounts[int64(n)], e, &found)
		}
		facts, spans = append(facts, found.Facts...), append(spans, found.Spans...)
	}
	return facts, spans, accounts
}

// sumOf says how many there are of a measure and their sum in seconds, as the fixture's table writes it.
func (f Figures) sumOf(m Measure) string {
	return fmt.Sprintf("%d/%d", f.Count(m), f.Total(m)/time.Second)
}
