package bridge

import (
	"flag"
	"reflect"
	"strings"
	"testing"
	"time"

	"porchlight/bridge/phrase"
)

var update = flag.Bool("update", false, "write the documents that tests compare with")

var t0 = time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)

func defaults() Timing {
	return Timing{Offer: 30 * time.Second, VisitorGrace: 2 * time.Minute, OperatorGrace: time.Minute, WaitingLimit: 3 * time.Minute,
		IdleWarn: 15 * time.Minute, IdleClose: 30 * time.Minute, Reopen: 336 * time.Hour}
}

// want says what one cell does: the state after it, or the code of its refusal, and the effects in
// words.
type want struct {
	state   State
	refused phrase.Code
	effects string
}

// cellRules is the state machine written down a second time, by hand: what each action does when the
// conversation is new, waiting, active and closed.
var cellRules = map[ActionType][4]want{
	Ask: {{state: Waiting, effects: "state:waiting offer, queue moved, message"},
		{state: Waiting}, {state: Active}, {state: Closed}},
	VisitorWrites: {{refused: phrase.CodeNotFound}, {state: Waiting, effects: "message"}, {state: Active, effects: "message"},
		{state: Waiting, effects: "leave, forget offers, state:waiting offer, queue moved, message"}},
	VisitorMails: {{refused: phrase.CodeNotFound}, {state: Waiting, effects: "email state:ticket forget offers, offer, queue moved"}, {state: Active, effects: "email"}, {state: Closed}},
	VisitorCloses: {{refused: phrase.CodeNotFound}, {state: Closed, effects: "state:closed revoke offers, queue moved"},
		{state: Closed, effects: "state:closed"}, {state: Closed}},
	PageGone:  {{refused: phrase.CodeNotFound}, {state: Waiting, effects: "page:gone"}, {state: Active, effects: "page:gone"}, {state: Closed}},
	PageBack:  {{refused: phrase.CodeNotFound}, {state: Waiting, effects: "page:back"}, {state: Active, effects: "page:back"}, {state: Closed}},
	PagePolls: {{refused: phrase.CodeNotFound}, {state: Waiting, effects: "page:back"}, {state: Active, effects: "page:back"}, {state: Closed}},
	PageMoves: {{refused: phrase.CodeNotFound}, {state: Waiting, effects: "page:moved"}, {state: Active, effects: "page:moved"}, {state: Closed}},
	OperatorTakes: {{refused: phrase.CodeNotFound}, {state: Active, effects: "state:active operator:joined join, revoke offers, queue moved"},
		{state: Active}, {refused: phrase.CodeConflict}},
	OperatorWrites: {{refused: phrase.CodeNotFound}, {state: Active, effects: "state:active operator:joined join, revoke offers, queue moved, message"},
		{state: Active, effects: "message"}, {state: Active, effects: "leave, state:active operator:joined join, revoke offers, queue moved, owner:reopened message"}},
	VisitorCorrects: {{refused: phrase.CodeNotFound}, {state: Waiting, effects: "correction"}, {state: Active, effects: "correction"}, {refused: phrase.CodeConflict}},
	OperatorAmends:  {{refused: phrase.CodeNotFound}, {state: Waiting, effects: "correction"}, {state: Active, effects: "correction"}, {state: Closed, effects: "correction"}},
	OperatorDenies:  {{refused: phrase.CodeNotFound}, {state: Waiting, effects: "offer:declined close offer, offer"}, {refused: phrase.CodeConflict}, {refused: phrase.CodeConflict}},
	OperatorCloses:  {{refused: phrase.CodeNotFound}, {refused: phrase.CodeConflict}, {state: Closed, effects: "state:closed"}, {refused: phrase.CodeConflict}},
	OperatorBlocks: {{refused: phrase.CodeNotFound}, {state: Closed, effects: "state:closed revoke offers, queue moved"},
		{state: Closed, effects: "state:closed"}, {state: Closed}},
	OperatorNotes:   {{refused: phrase.CodeNotFound}, {state: Waiting, effects: "note"}, {state: Active, effects: "note"}, {state: Closed, effects: "note"}},
	OperatorInvites: {{refused: phrase.CodeNotFound}, {refused: phrase.CodeConflict}, {state: Active, effects: "operator:joined join, tell"}, {refused: phrase.CodeConflict}},
	OperatorLeaves:  {{refused: phrase.CodeNotFound}, {state: Waiting, effects: "operator:left leave"}, {state: Active, effects: "operator:left leave"}, {refused: phrase.CodeConflict}},
	OperatorPasses:  {{refused: phrase.CodeNotFound}, {refused: phrase.CodeConflict}, {state: Waiting, effects: "note operator:left leave, close offer, state:waiting offer to one, queue moved"}, {refused: phrase.CodeConflict}},
	OfferDue:        {{refused: phrase.CodeNotFound}, {state: Waiting, effects: "offer to others"}, {state: Active}, {state: Closed}},
	OwnerGone:       {{refused: phrase.CodeNotFound}, {state: Waiting}, {state: Active, effects: "owner:gone"}, {state: Closed}},
	OwnerBack:       {{refused: phrase.CodeNotFound}, {state: Waiting}, {state: Active, effects: "owner:back"}, {state: Closed}},
	WaitingDue:      {{refused: phrase.CodeNotFound}, {state: Waiting, effects: "state:waiting forget offers, offer"}, {state: Active}, {state: Closed}},
	VisitorDue: {{refused: phrase.CodeNotFound}, {state: Closed, effects: "state:closed revoke offers, queue moved"},
		{state: Closed, effects: "state:closed"}, {state: Closed}},
	OperatorDue:      {{refused: phrase.CodeNotFound}, {state: Waiting}, {state: Waiting, effects: "operator:left leave, close offer, state:waiting offer, queue moved"}, {state: Closed}},
	OwnerUnreachable: {{refused: phrase.CodeNotFound}, {state: Waiting}, {state: Waiting, effects: "operator:left leave, close offer, state:waiting offer, queue moved"}, {state: Closed}},
	OperatorBarred:   {{refused: phrase.CodeNotFound}, {state: Waiting}, {state: Waiting, effects: "operator:left leave, close offer, state:waiting offer, queue moved"}, {state: Closed}},
	NobodyThere:      {{refused: phrase.CodeNotFound}, {state: Waiting}, {state: Active}, {state: Closed}},
	IdleWarnDue:      {{refused: phrase.CodeNotFound}, {state: Waiting}, {state: Active, effects: "message"}, {state: Closed}},
	IdleCloseDue:     {{refused: phrase.CodeNotFound}, {state: Waiting}, {state: Closed, effects: "state:closed"}, {state: Closed}},
	ReceiptDue:       {{refused: phrase.CodeNotFound}, {state: Waiting}, {state: Active, effects: "message"}, {state: Closed}},
}

// Every cell leads to the state, the effects and the timers that are written down here, and a refused
// action changes nothing.
func TestApply_EveryCell(t *testing.T) {
	if len(actions) != len(transitions) || len(cellRules) != len(transitions) {
		t.Errorf("the rules know %d actions, the tests %d and %d", len(transitions), len(actions), len(cellRules))
	}
	for _, a := range actions {
		for i, s := range []State{New, Waiting, Active, Closed} {
			t.Run(string(a)+"/"+string(s), func(t *testing.T) {
				rule := cellRules[a][i]
				c, act := sample(defaults(), s, a, t0)
				if a == VisitorMails && s == Waiting {
					act.Online = false
				}
				next, effects, err := Rules{defaults()}.Apply(c, act, t0)
				if phrase.CodeOf(err) != rule.refused {
					t.Fatalf("error %v, want code %q", err, rule.refused)
				}
				if err != nil {
					if !reflect.DeepEqual(next, c) || effects != nil {
						t.Error("a refused action changed something")
					}
					return
				}
				if next.State != rule.state {
					t.Errorf("state %q, want %q", next.State, rule.state)
				}
				if got := effectsText(effects); got != strings.ReplaceAll(rule.effects, ",", "") {
					t.Errorf("effects %q, want %q", got, rule.effects)
				}
				if got := armed(c.Due, next.Due); got != cellTimers[a][i] {
					t.Errorf("timers %q, want %q", got, cellTimers[a][i])
				}
				checkNumbers(t, c, next, effects)
			})
		}
	}
}

func effectsText(effects []Effect) string {
	var words []string
	for _, e := range effects {
		w := string(e.Type)
		if e.Type == Log {
			w = string(e.Event.Type)
			if what, _ := told(e.Event.Data); what != "" {
				w += ":" + what
			}
		}
		words = append(words, w)
	}
	return strings.Join(words, " ")
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

func TestApply_UnknownActionIsAnError(t *testing.T) {
	if _, _, err := (Rules{}).Apply(Conversation{}, Action{Type: "dance"}, t0); err == nil {
		t.Error("no error")
	}
}

// Nobody except the owner writes in, closes, takes or declines an active conversation.
func TestApply_OnlyTheOwnerWritesAndCloses(t *testing.T) {
	c, a := sample(defaults(), Active, OperatorWrites, t0)
	for _, kind := range []ActionType{OperatorWrites, OperatorCloses, OperatorTakes, OperatorDenies} {
		a.Type, a.Operator = kind, "olga@example.org"
		_, effects, err := Rules{defaults()}.Apply(c, a, t0)
		if phrase.CodeOf(err) != phrase.CodeConflict || len(effects) > 0 || !strings.Contains(phrase.MessageOf(err), "taken by Xavi") {
			t.Errorf("%s by a stranger to the conversation: %v", kind, err)
		}
	}
}

// When nobody is online a request needs an email address, and becomes a ticket.
func TestApply_NobodyOnlineNeedsAnEmail(t *testing.T) {
	c, a := sample(defaults(), New, Ask, t0)
	a.Online, c.Email = false, ""
	if _, _, err := (Rules{defaults()}).Apply(c, a, t0); phrase.CodeOf(err) != phrase.CodeEmailRequired {
		t.Errorf("without email: %v", err)
	}
	c.Email = "anna@example.org"
	next, _, err := Rules{defaults()}.Apply(c, a, t0)
	if err != nil || next.Kind != Ticket || next.Public() != "ticket" || !next.Due.Waiting.IsZero() {
		t.Errorf("with email: %+v, %v", next, err)
	}
}

// A visitor can go on with a closed conversation only for the time that Timing.Reopen allows.
func TestApply_ReopeningEnds(t *testing.T) {
	c, a := sample(defaults(), Closed, VisitorWrites, t0)
	if _, _, err := (Rules{defaults()}).Apply(c, a, t0.Add(336*time.Hour)); err != nil {
		t.Errorf("within the time: %v", err)
	}
	if _, _, err := (Rules{defaults()}).Apply(c, a, t0.Add(336*time.Hour+time.Second)); phrase.CodeOf(err) != phrase.CodeConflict {
		t.Errorf("after it: %v", err)
	}
}

// An operator can't go on with a closed conversation whose page is gone.
func TestApply_OperatorCantReachAClosedPage(t *testing.T) {
	c, a := sample(defaults(), Closed, OperatorWrites, t0)
	c.Present = false
	if _, _, err := (Rules{defaults()}).Apply(c, a, t0); phrase.CodeOf(err) != phrase.CodeConflict {
		t.Errorf("got %v", err)
	}
}

// When nobody takes a request in time, it becomes a ticket if the visitor gave an email address.
func TestApply_WaitingLimitMakesATicketOfWhoGaveAnEmail(t *testing.T) {
	c, a := sample(defaults(), Waiting, WaitingDue, t0)
	c.Email = "anna@example.org"
	next, _, err := Rules{defaults()}.Apply(c, a, t0)
	if err != nil || next.Kind != Ticket || !next.Due.Waiting.IsZero() || !next.Due.Visitor.IsZero() {
		t.Errorf("%+v, %v", next, err)
	}
}

func TestDue_NextIsTheEarliest(t *testing.T) {
	d := Due{Waiting: t0.Add(2), Visitor: t0.Add(1), IdleClose: t0.Add(3)}
	if at, a := d.Next(); !at.Equal(t0.Add(1)) || a != VisitorDue {
		t.Errorf("%v %v", at, a)
	}
	if at, _ := (Due{}).Next(); !at.IsZero() {
		t.Error("no timer is due")
	}
}
