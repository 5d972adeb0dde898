package bridge

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"porchlight/bridge/phrase"
)

// cells say what one action does in each state of the conversation. In a state that is not listed the
// action does nothing; but in New it is refused with CodeNotFound.
type cells map[State]want

// want says what one cell does.
type want struct {
	to      State       // the state after it; empty if the state stays
	refused phrase.Code // why the action is refused; it then changes nothing
	does    list        // the effects, as the documentation names them
	timers  list        // the timers that it starts or stops in the sample, as changed names them
	stops   list        // the timers that it stops if all of them run
}

type list []string

// allTimers names the fields of Due that allRunning sets.
var allTimers = list{"Waiting", "Visitor", "Operator", "IdleWarn", "IdleClose", "Receipt", "Offer", "Overflow", "Escalate", "Remind"}

// cellRules is the state machine written down a second time, by hand: what each action does when the
// conversation is new, waiting, active and closed.
var cellRules = map[ActionType]cells{
	Ask: {
		New: {to: Waiting,
			does:   list{"log state waiting", "offer", "queue moved", "log message (visitor)"},
			timers: list{"Waiting 3m0s", "Visitor 2m0s", "Escalate 1m0s"},
			stops:  list{"Operator", "IdleWarn", "IdleClose", "Receipt", "Offer", "Overflow", "Remind"}},
	},
	VisitorWrites: {
		Waiting: {does: list{"log message (visitor)"}, stops: list{"IdleWarn", "IdleClose", "Remind"}},
		Active:  {does: list{"log message (visitor)"}, timers: list{"IdleWarn 15m0s", "IdleClose 30m0s", "Receipt 1m0s", "Remind 1m0s"}},
		Closed: {to: Waiting,
			does:   list{"leave", "forget offers", "log state waiting (reopened)", "log position", "offer", "queue moved", "log message (visitor)"},
			timers: list{"Waiting 3m0s", "Escalate 1m0s"},
			stops:  list{"Operator", "IdleWarn", "IdleClose", "Receipt", "Offer", "Overflow", "Remind"}},
	},
	VisitorCorrects: {
		Waiting: {does: list{"log correction"}, stops: list{"IdleWarn", "IdleClose"}},
		Active:  {does: list{"log correction"}, timers: list{"IdleWarn 15m0s", "IdleClose 30m0s"}},
		Closed:  {refused: phrase.CodeConflict},
	},
	VisitorMails: {
		Waiting: {
			does:  list{"log email", "mail later", "log state ticket (nobody-free)", "forget offers", "offer", "queue moved", "acknowledge"},
			stops: list{"Waiting", "Visitor", "Offer", "Overflow"}},
		Active: {does: list{"log email", "mail later"}},
		Closed: {does: list{"log email", "mail later"}},
	},
	VisitorSignsIn: {
		Waiting: {does: list{"log identity"}},
		Active:  {does: list{"log identity"}},
		Closed:  {refused: phrase.CodeConflict},
	},
	VisitorCloses: {
		Waiting: {to: Closed,
			does:  list{"log state closed (visitor-closed)", "revoke offers", "queue moved"},
			stops: allTimers},
		Active: {to: Closed, does: list{"log state closed (visitor-closed)"}, stops: allTimers},
	},
	VisitorVotes: {
		Waiting: {refused: phrase.CodeConflict},
		Active:  {does: list{"log feedback", "keep vote"}},
		Closed:  {does: list{"log feedback", "keep vote"}},
	},
	SitePosts: {
		Waiting: {does: list{"log message (system)", "mail later"}},
		Active:  {does: list{"log message (system)", "mail later"}},
		Closed:  {refused: phrase.CodeConflict},
	},
	PageGone: {
		Waiting: {does: list{"log page gone"}, timers: list{"Visitor 2m0s"}},
		Active:  {does: list{"log page gone"}, timers: list{"Visitor 2m0s"}},
	},
	PageBack: {
		Waiting: {does: list{"log page back"}, timers: list{"no Visitor"}, stops: list{"Visitor"}},
		Active:  {does: list{"log page back"}, timers: list{"no Visitor"}, stops: list{"Visitor"}},
	},
	PagePolls: {
		Waiting: {does: list{"log page back"}, timers: list{"Visitor 2m0s"}},
		Active:  {does: list{"log page back"}, timers: list{"Visitor 2m0s"}},
	},
	PageMissing: {},
	PageMoves: {
		Waiting: {does: list{"log page moved"}},
		Active:  {does: list{"log page moved"}},
	},
	OperatorTakes: {
		Waiting: {to: Active,
			does:   list{"log state active", "log operator joined", "join", "revoke offers", "queue moved"},
			timers: list{"IdleWarn 15m0s", "IdleClose 30m0s"},
			stops:  list{"Waiting", "Operator", "Offer", "Overflow", "Escalate", "Remind"}},
		Closed: {refused: phrase.CodeConflict},
	},
	OperatorWrites: {
		Waiting: {to: Active,
			does:   list{"log state active", "log operator joined", "join", "revoke offers", "queue moved", "log message (operator)"},
			timers: list{"IdleWarn 15m0s", "IdleClose 30m0s"},
			stops:  list{"Waiting", "Operator", "Receipt", "Offer", "Overflow", "Escalate", "Remind"}},
		Active: {does: list{"log message (operator)"}, timers: list{"IdleWarn 15m0s", "IdleClose 30m0s"}, stops: list{"Receipt", "Remind"}},
		Closed: {to: Active,
			does:   list{"leave", "log state active", "log operator joined", "join", "revoke offers", "queue moved", "log owner reopened", "log message (operator)"},
			timers: list{"IdleWarn 15m0s", "IdleClose 30m0s"},
			stops:  list{"Waiting", "Operator", "Receipt", "Offer", "Overflow", "Escalate", "Remind"}},
	},
	OperatorAmends: {
		Waiting: {does: list{"log correction"}, stops: list{"IdleWarn", "IdleClose"}},
		Active:  {does: list{"log correction"}, timers: list{"IdleWarn 15m0s", "IdleClose 30m0s"}},
		Closed:  {does: list{"log correction"}, stops: list{"IdleWarn", "IdleClose"}},
	},
	OperatorDenies: {
		Waiting: {does: list{"log offer declined", "close offer", "offer"}},
		Active:  {refused: phrase.CodeConflict},
		Closed:  {refused: phrase.CodeConflict},
	},
	OperatorCloses: {
		Waiting: {refused: phrase.CodeConflict},
		Active:  {to: Closed, does: list{"log state closed (operator-closed)"}, stops: allTimers},
		Closed:  {refused: phrase.CodeConflict},
	},
	OperatorBlocks: {
		Waiting: {to: Closed,
			does:  list{"log state closed (blocked)", "revoke offers", "queue moved"},
			stops: allTimers},
		Active: {to: Closed, does: list{"log state closed (blocked)"}, stops: allTimers},
	},
	OperatorNotes: {
		Waiting: {does: list{"log note"}},
		Active:  {does: list{"log note"}},
		Closed:  {does: list{"log note"}},
	},
	OperatorInvites: {
		Waiting: {refused: phrase.CodeConflict},
		Active:  {does: list{"log operator joined", "join", "tell"}},
		Closed:  {refused: phrase.CodeConflict},
	},
	OperatorLeaves: {
		Waiting: {does: list{"log operator left", "leave"}},
		Active:  {does: list{"log operator left", "leave"}},
		Closed:  {refused: phrase.CodeConflict},
	},
	OperatorPasses: {
		Waiting: {refused: phrase.CodeConflict},
		Active: {to: Waiting,
			does:   list{"log note", "log operator left (transferred)", "leave", "close offer", "log state waiting (transferred)", "log position", "offer to one", "queue moved"},
			timers: list{"Waiting 3m0s", "Offer 30s", "Escalate 1m0s"},
			stops:  list{"Operator", "IdleWarn", "IdleClose", "Receipt", "Overflow", "Remind"}},
		Closed: {refused: phrase.CodeConflict},
	},
	OperatorDefers: {
		Waiting: {refused: phrase.CodeConflict},
		Active:  {does: list{"log defer put off"}, timers: list{"Later 1h0m0s"}, stops: list{"Operator", "IdleWarn", "IdleClose", "Receipt", "Remind"}},
		Closed:  {refused: phrase.CodeConflict},
	},
	OperatorJunks: {
		Waiting: {to: Closed, does: list{"log state closed (junk)", "revoke offers", "queue moved"}, stops: allTimers},
		Active:  {to: Closed, does: list{"log state closed (junk)"}, stops: allTimers},
		Closed:  {refused: phrase.CodeConflict},
	},
	OperatorMerges: {
		Waiting: {refused: phrase.CodeConflict},
		Active:  {does: list{"log merge"}, timers: list{"IdleWarn 15m0s", "IdleClose 30m0s"}},
		Closed:  {refused: phrase.CodeConflict},
	},
	OperatorFolds: {
		Waiting: {to: Closed, does: list{"log merge", "log message (system)", "log state closed (merged)", "revoke offers", "queue moved"}, stops: allTimers},
		Active:  {to: Closed, does: list{"log merge", "log message (system)", "log state closed (merged)"}, stops: allTimers},
		Closed:  {refused: phrase.CodeConflict},
	},
	OperatorParts: {
		Waiting: {does: list{"log merge"}},
		Active:  {does: list{"log merge"}},
	},
	OperatorRestores: {
		Closed: {to: Active,
			does:   list{"leave", "log state active", "log operator joined", "join", "revoke offers", "queue moved", "log owner reopened"},
			timers: list{"IdleWarn 15m0s", "IdleClose 30m0s"},
			stops:  list{"Waiting", "Operator", "Offer", "Overflow", "Escalate", "Remind"}},
	},
	OperatorSets: {
		Waiting: {does: list{"log particulars"}},
		Active:  {does: list{"log particulars"}},
		Closed:  {does: list{"log particulars"}},
	},
	OperatorTags: {
		Waiting: {does: list{"log tag"}},
		Active:  {does: list{"log tag"}},
		Closed:  {does: list{"log tag"}},
	},
	LaterDue: {
		Active: {does: list{"log defer back", "tell"}, timers: list{"IdleWarn 15m0s", "IdleClose 30m0s", "no Later"}},
	},
	OperatorTakesOver: {
		Waiting: {to: Active,
			does:   list{"log state active", "log operator joined", "join", "revoke offers", "queue moved"},
			timers: list{"IdleWarn 15m0s", "IdleClose 30m0s"},
			stops:  list{"Waiting", "Operator", "Offer", "Overflow", "Escalate", "Remind"}},
		Active: {
			does:   list{"log operator left (taken-over)", "leave", "close offer", "log operator joined", "join", "log owner took-over", "tell"},
			timers: list{"IdleWarn 15m0s", "IdleClose 30m0s"},
			stops:  list{"Operator", "Receipt", "Remind"}},
		Closed: {refused: phrase.CodeConflict},
	},
	OperatorAssigns: {
		Waiting: {to: Active,
			does:   list{"log state active", "log operator joined", "join", "revoke offers", "queue moved", "log owner assigned", "tell"},
			timers: list{"IdleWarn 15m0s", "IdleClose 30m0s"},
			stops:  list{"Waiting", "Operator", "Offer", "Overflow", "Escalate", "Remind"}},
		Active: {
			does:   list{"log operator left (taken-over)", "leave", "close offer", "log operator joined", "join", "log owner assigned", "tell"},
			timers: list{"IdleWarn 15m0s", "IdleClose 30m0s"},
			stops:  list{"Operator", "Receipt", "Remind"}},
		Closed: {refused: phrase.CodeConflict},
	},
	OperatorAsks: {
		Waiting: {refused: phrase.CodeConflict},
		Active:  {does: list{"log question", "ask colleague"}},
		Closed:  {refused: phrase.CodeConflict},
	},
	OperatorAnswers: {
		Waiting: {does: list{"log question"}},
		Active:  {does: list{"log question"}},
		Closed:  {does: list{"log question"}},
	},
	OperatorWatches: {
		Waiting: {does: list{"log watch watches", "join"}},
		Active:  {does: list{"log watch watches", "join"}},
		Closed:  {refused: phrase.CodeConflict},
	},
	OperatorUnwatches: {
		Waiting: {does: list{"log watch unwatches", "leave"}},
		Active:  {does: list{"log watch unwatches", "leave"}},
		Closed:  {does: list{"unmute"}},
	},
	OperatorUnvotes: {
		Waiting: {does: list{"log feedback deleted", "keep vote"}},
		Active:  {does: list{"log feedback deleted", "keep vote"}},
		Closed:  {does: list{"log feedback deleted", "keep vote"}},
	},
	OwnerGone: {
		Active: {does: list{"log owner gone"}, timers: list{"Operator 1m0s"}},
	},
	OwnerBack: {
		Active: {does: list{"log owner back"}, timers: list{"no Operator"}, stops: list{"Operator"}},
	},
	OwnerUnreachable: {
		Active: {to: Waiting,
			does:   list{"log operator left (operator-unreachable)", "leave", "close offer", "log state waiting (operator-unreachable)", "log position", "offer", "queue moved"},
			timers: list{"Waiting 3m0s", "Escalate 1m0s"},
			stops:  list{"Operator", "IdleWarn", "IdleClose", "Receipt", "Offer", "Overflow", "Remind"}},
	},
	OperatorBarred: {
		Active: {to: Waiting,
			does:   list{"log operator left (operator-left)", "leave", "close offer", "log state waiting (operator-left)", "log position", "offer", "queue moved"},
			timers: list{"Waiting 3m0s", "Escalate 1m0s"},
			stops:  list{"Operator", "IdleWarn", "IdleClose", "Receipt", "Offer", "Overflow", "Remind"}},
	},
	DepartmentGone: {
		Waiting: {does: list{"log state waiting (email-wanted)", "log position", "revoke offers", "offer", "queue moved"}, stops: list{"Offer", "Overflow"}},
		Active:  {does: list{"log owner rehoused"}},
	},
	NobodyThere: {
		Waiting: {timers: list{"Waiting 1m0s"}},
	},
	WaitingDue: {
		Waiting: {
			does:   list{"log state waiting (email-wanted)", "forget offers", "offer"},
			timers: list{"no Waiting"},
			stops:  list{"Waiting", "Offer"}},
	},
	VisitorDue: {
		Waiting: {to: Closed,
			does:   list{"log state closed (visitor-left)", "revoke offers", "queue moved"},
			timers: list{"no Visitor"},
			stops:  allTimers},
		Active: {to: Closed,
			does:   list{"log state closed (visitor-left)"},
			timers: list{"no Visitor"},
			stops:  allTimers},
	},
	OperatorDue: {
		Active: {to: Waiting,
			does:   list{"log operator left (operator-left)", "leave", "close offer", "log state waiting (operator-left)", "log position", "offer", "queue moved"},
			timers: list{"Waiting 3m0s", "no Operator", "Escalate 1m0s"},
			stops:  list{"Operator", "IdleWarn", "IdleClose", "Receipt", "Offer", "Overflow", "Remind"}},
	},
	IdleWarnDue: {
		Active: {does: list{"log message (system)"}, stops: list{"IdleWarn"}},
	},
	IdleCloseDue: {
		Active: {to: Closed, does: list{"log state closed (idle)"}, stops: allTimers},
	},
	ReceiptDue: {
		Active: {does: list{"log message (system)"}, timers: list{"no Receipt"}, stops: list{"Receipt"}},
	},
	OperatorOpens: {
		New: {to: Active, does: list{"log state active", "log operator joined", "join", "log message (operator)"}, stops: list{"IdleWarn", "IdleClose", "Remind"}},
	},
	MailHappens: {
		Waiting: {does: list{"log mail"}},
		Active:  {does: list{"log mail"}},
		Closed:  {does: list{"log mail"}},
	},
	EscalateDue: {
		Waiting: {does: list{"log urge", "widen", "log message (system)"}, timers: list{"Escalate 2m0s"}},
	},
	RemindDue: {
		Active: {does: list{"log urge", "remind"}, timers: list{"Remind 2m0s"}},
	},
	AnswerDue: {
		Waiting: {does: list{"log target first", "warn"}, timers: list{"no Answer"}},
		Active:  {does: list{"log target first", "warn"}, timers: list{"no Answer"}},
	},
	SolveDue: {
		Waiting: {does: list{"log target solved", "warn"}, timers: list{"no Solve"}},
		Active:  {does: list{"log target solved", "warn"}, timers: list{"no Solve"}},
	},
	OfferDue: {
		Waiting: {does: list{"offer to others"}, timers: list{"no Offer"}, stops: list{"Offer"}},
	},
	OfferNext: {
		Waiting: {does: list{"offer to one"}, timers: list{"Offer 30s"}},
	},
	OverflowDue: {
		Waiting: {
			does:   list{"log state waiting (overflow)", "log position", "revoke offers", "offer", "queue moved", "queue moved"},
			timers: list{"no Overflow"},
			stops:  list{"Offer", "Overflow"}},
	},
}

// in returns what the action does in state s.
func (rules cells) in(s State) want {
	rule := rules[s]
	if _, listed := rules[s]; s == New && !listed {
		rule.refused = phrase.CodeNotFound
	}
	if rule.to == "" {
		rule.to = s
	}
	return rule
}

// Every cell leads to the state, the effects and the timers that are written down here, and a refused
// action changes nothing.
func TestApply_EveryCell(t *testing.T) {
	if len(actions) != len(transitions) || len(cellRules) != len(transitions) {
		t.Errorf("the rules know %d actions, the tests %d and %d", len(transitions), len(actions), len(cellRules))
	}
	for _, a := range actions {
		for _, s := range []State{New, Waiting, Active, Closed} {
			t.Run(string(a)+"/"+string(s), func(t *testing.T) { checkCell(t, a, s, cellRules[a].in(s)) })
		}
	}
}

// checkCell applies action a to a conversation in state s, and compares what it does with rule.
func checkCell(t *testing.T, a ActionType, s State, rule want) {
	c, act := sample(defaults(), s, a, t0)
	if a == VisitorMails && s == Waiting {
		act.Online = false
	}
	next, effects, err := usual().Apply(c, act, t0)
	if phrase.CodeOf(err) != rule.refused {
		t.Fatalf("error %v, want code %q", err, rule.refused)
	}
	if err != nil {
		if !reflect.DeepEqual(next, c) || effects != nil {
			t.Error("a refused action changed something")
		}
		return
	}
	var does list
	for _, e := range effects {
		does = append(does, renderEffect(e))
	}
	if next.State != rule.to || !slices.Equal(does, rule.does) {
		t.Errorf("state %q, effects %q, want %q, %q", next.State, does, rule.to, rule.does)
	}
	if got := changed(c.Due, next.Due); !slices.Equal(got, rule.timers) {
		t.Errorf("timers %q, want %q", got, rule.timers)
	}
	if got := stopped(c, act); !slices.Equal(got, rule.stops) {
		t.Errorf("if all timers run, it stops %q, want %q", got, rule.stops)
	}
	checkNumbers(t, c, next, effects)
}

// changed names the timers that were started and how long they run, as "Visitor 2m0s", and those that
// were stopped, as "no Visitor".
func changed(was, is Due) (changes list) {
	before, after := reflect.ValueOf(was), reflect.ValueOf(is)
	for i := range after.NumField() {
		name, end := after.Type().Field(i).Name, after.Field(i).Interface().(time.Time)
		switch {
		case end.Equal(before.Field(i).Interface().(time.Time)):
		case end.IsZero():
			changes = append(changes, "no "+name)
		default:
			changes = append(changes, fmt.Sprint(name, " ", end.Sub(t0)))
		}
	}
	return changes
}

// allRunning returns timers that all end in an hour, except Later, with which most of the others can't run, and those
// of targets, of which the conversation has none.
func allRunning() Due {
	at := t0.Add(time.Hour)
	return Due{Waiting: at, Visitor: at, Operator: at, IdleWarn: at, IdleClose: at, Receipt: at, Offer: at, Overflow: at, Escalate: at, Remind: at}
}

// stopped lists the timers that action a stops if all of them run. A sample with one timer can't show
// that another is cleared.
func stopped(c Conversation, a Action) (names list) {
	c.Due = allRunning()
	next, _, _ := usual().Apply(c, a, t0)
	for _, change := range changed(c.Due, next.Due) {
		if name, stop := strings.CutPrefix(change, "no "); stop {
			names = append(names, name)
		}
	}
	return names
}

// checkNumbers checks that the numbers of events go on without a gap.
func checkNumbers(t *testing.T, was, is Conversation, effects []Effect) {
	t.Helper()
	seq := was.Seq
	for _, e := range effects {
		if e.Type != Log {
			continue
		}
		if seq++; e.Event.Seq != seq || !e.Event.At.Equal(t0) {
			t.Errorf("event %d at %v, want %d at %v", e.Event.Seq, e.Event.At, seq, t0)
		}
	}
	if is.Seq != seq {
		t.Errorf("the conversation's seq is %d, its log ends at %d", is.Seq, seq)
	}
}
