package bridge

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"porchlight/bridge/phrase"
)

// actions lists every action, in the order of the table in the documentation.
var actions = []ActionType{
	Ask, VisitorWrites, VisitorCorrects, VisitorMails, VisitorSignsIn, VisitorCloses, VisitorVotes, SitePosts, PageGone, PageBack, PagePolls, PageMissing, PageMoves,
	OperatorTakes, OperatorWrites, OperatorAmends, OperatorDenies, OperatorCloses, OperatorBlocks, OperatorNotes, OperatorInvites, OperatorLeaves, OperatorPasses, OperatorDefers, OperatorJunks, OperatorMerges, OperatorFolds, OperatorParts, OperatorRestores, OperatorTakesOver, OperatorAssigns, OperatorAsks, OperatorAnswers, OperatorWatches, OperatorUnwatches, OperatorTags, OperatorSets, OperatorUnvotes,
	OwnerGone, OwnerBack, OwnerUnreachable, OperatorBarred, DepartmentGone, NobodyThere, WaitingDue, VisitorDue, OperatorDue, IdleWarnDue, IdleCloseDue, ReceiptDue, OfferDue, OfferNext, OverflowDue, LaterDue, EscalateDue, RemindDue, AnswerDue, SolveDue, MailHappens, OperatorOpens,
}

// table renders the state machine as a Markdown table, by applying every action in every state.
func table(timing Timing) string {
	var b strings.Builder
	b.WriteString("| action | new | waiting | active | closed |\n|---|---|---|---|---|\n")
	for _, a := range actions {
		b.WriteString("| " + string(a))
		for _, s := range []State{New, Waiting, Active, Closed} {
			b.WriteString(" | " + renderCell(timing, s, a))
		}
		b.WriteString(" |\n")
	}
	return b.String()
}

// sample returns a chat in state s and an action of type a that suits it, for tables and tests. The
// owner, if there is one, acts.
func sample(timing Timing, s State, a ActionType, now time.Time) (Conversation, Action) {
	const owner = "xavi@example.org"
	c := Conversation{Number: 12, Department: "support", State: s, Email: "anna@example.org"}
	if s != New {
		c.Kind, c.Seq, c.OpenedAt = Chat, 7, now.Add(-time.Minute)
	}
	if s == Active {
		c.Owner = owner
	}
	if s == Closed {
		c.Reason, c.ClosedAt = ReasonOperator, now
	}
	switch a {
	case OwnerBack, OperatorDue:
		c.Due.Operator = now
	case PageBack, VisitorDue:
		c.Due.Visitor = now
	case PageGone, OperatorWrites:
		c.Present = true
	case NobodyThere:
		c.Due.Waiting = now.Add(timing.WaitingLimit)
	case WaitingDue:
		c.Email = ""
		c.Due.Waiting = now
	}
	var since time.Time
	var guest Guest
	acting, part, watches := OperatorJID(owner), false, false
	said := Event{Seq: 3, Type: EventMessage, From: FromOperator, Operator: owner}
	switch a {
	case OperatorInvites, OperatorPasses, OfferNext, OperatorAssigns, OperatorAsks:
		guest = Guest{Operator: "olga@example.org", Name: "Olga", Free: true, There: true, Serves: true}
	case OperatorTakesOver, OperatorAnswers:
		acting = "olga@example.org"
	case OperatorWatches:
		acting = "olga@example.org"
	case OperatorUnwatches:
		acting, watches = "olga@example.org", true
	case OperatorLeaves:
		acting, part = "olga@example.org", true
	case OperatorNotes, OperatorSets, OperatorTags:
		part = true
	}
	var voted Feedback
	switch {
	case a == VisitorVotes && (s == Active || s == Closed): // somebody has answered
		voted.Operator = owner
	case a == OperatorUnvotes:
		voted = Feedback{ID: 17, Operator: owner, Score: 2}
	}
	if a == OfferDue {
		c.Due.Offer = now
	}
	var home Home
	if a == OverflowDue {
		c.Due.Waiting, c.Due.Overflow, home.Overflow = now.Add(timing.WaitingLimit), now, Department{Name: "sales", Title: "Sales"}
	}
	var until time.Time
	var other int64
	switch a {
	case OperatorDefers:
		until = now.Add(time.Hour)
	case LaterDue:
		c.Due.Later = now
	case OperatorMerges, OperatorFolds, OperatorParts:
		other = 9
	case OperatorRestores:
		if s == Closed {
			c.Reason, c.Present = ReasonJunk, true
		}
	case EscalateDue:
		c.Escalated, c.WaitsSince, c.Due.Escalate = time.Minute, now.Add(-2*time.Minute), now
	case RemindDue:
		c.Present, c.Unanswered, c.Due.Remind = true, now.Add(-time.Minute), now
	case AnswerDue:
		c.Promise.Targets.First, c.Promise.First, c.Promise.Solve, c.Unanswered, c.Due.Answer = time.Minute, now.Add(-time.Minute), c.OpenedAt, now.Add(-time.Minute), now
	case SolveDue:
		c.Promise.Targets.Solved, c.Promise.Solve, c.Due.Solve = time.Minute, now.Add(-time.Minute), now
	}
	if a == ReceiptDue {
		c.Due.Receipt, since = now, now.Add(-timing.OperatorGrace)
	}
	return c, Action{Type: a, Aimed: Aimed{Endangers: now.Add(-10 * time.Second), Fails: now, Heard: true}, Home: home, Manned: a == OverflowDue, Post: a == VisitorMails || a == SitePosts, Since: since, Tagged: map[bool]Tagged{true: {Added: "vip"}}[a == OperatorTags], Until: until, Other: other, Score: 4, Feedback: voted, Amend: EventCorrection, About: said, Watched: true, Guest: guest, Part: part, Watches: watches, Mute: watches, Right: true, Reads: true, Wider: true, Operator: acting, Name: "Xavi", Taker: "Xavi", Online: true, Known: true, Text: "…", Email: "anna@example.org", Vouched: Vouched{Subject: "user 7", Name: "Anna Berg"}}
}

func renderCell(timing Timing, s State, t ActionType) string {
	c, a := sample(timing, s, t, time.Unix(1_700_000_000, 0))
	next, effects, err := Rules{timing, usualSchedules()}.Apply(c, a, time.Unix(1_700_000_000, 0))
	if err != nil {
		return "*refused: " + string(phrase.CodeOf(err)) + "*"
	}
	var parts []string
	if next.State != c.State {
		parts = append(parts, "**→ "+string(next.State)+"**")
	}
	for _, e := range effects {
		parts = append(parts, renderEffect(e))
	}
	if armed := armed(c.Due, next.Due); armed != "" {
		parts = append(parts, armed)
	}
	if len(parts) == 0 {
		if next == c {
			return "–"
		}
		return "remembered"
	}
	return strings.Join(parts, ", ")
}

func renderEffect(e Effect) string {
	if e.Type != Log {
		return string(e.Type)
	}
	if e.Event.Type == EventMessage {
		return fmt.Sprintf("log message (%s)", e.Event.From)
	}
	out := "log " + string(e.Event.Type)
	what, why := told(e.Event.Data)
	if what != "" {
		out += " " + what
	}
	if why != "" {
		out += " (" + why + ")"
	}
	return out
}

// told is what an event's particulars say has happened, and why.
func told(d Data) (what, why string) {
	switch d := d.(type) {
	case Turn:
		return d.State, d.Reason
	case Part:
		return string(d.Action), d.Reason
	case Answered:
		return string(d.Action), ""
	case PageVisit:
		return string(d.Action), ""
	case Ownership:
		return string(d.Action), ""
	case Deferred:
		return string(d.Action), ""
	case Missed:
		return string(d.Target), ""
	case Vote:
		if d.Deleted {
			return "deleted", ""
		}
	}
	return "", ""
}

// armed names the timers that were started or stopped.
func armed(was, is Due) string {
	var parts []string
	for _, t := range []struct {
		name    string
		was, is time.Time
	}{
		{"waiting", was.Waiting, is.Waiting}, {"visitor", was.Visitor, is.Visitor}, {"operator", was.Operator, is.Operator},
		{"idle", was.IdleWarn, is.IdleWarn}, {"idle", was.IdleClose, is.IdleClose}, {"receipt", was.Receipt, is.Receipt}, {"offer", was.Offer, is.Offer},
		{"later", was.Later, is.Later}, {"overflow", was.Overflow, is.Overflow},
		{"escalation", was.Escalate, is.Escalate}, {"reminder", was.Remind, is.Remind},
		{"answer", was.Answer, is.Answer}, {"solution", was.Solve, is.Solve},
	} {
		switch {
		case !t.was.Equal(t.is) && t.is.IsZero():
			parts = append(parts, "stop "+t.name+" timer")
		case !t.was.Equal(t.is):
			parts = append(parts, "start "+t.name+" timer")
		}
	}
	return strings.Join(slices.Compact(parts), ", ")
}

const tableFile = "../docs/conversation.md"

// The table in the docs is the one that the rules give.
func TestTable_IsInTheDocs(t *testing.T) {
	const begin, end = "<!-- table -->\n", "<!-- /table -->"
	b, err := os.ReadFile(tableFile)
	if err != nil {
		t.Fatal(err)
	}
	doc := string(b)
	i, j := strings.Index(doc, begin), strings.Index(doc, end)
	if i < 0 || j < i {
		t.Fatalf("%s has no marks for the table", tableFile)
	}
	rendered := table(defaults())
	if doc[i+len(begin):j] == rendered {
		return
	}
	if !*update {
		t.Fatalf("%s is out of date; run make generate", tableFile)
	}
	if err := os.WriteFile(tableFile, []byte(doc[:i+len(begin)]+rendered+doc[j:]), 0o644); err != nil {
		t.Fatal(err)
	}
}
