package bridge

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"porchlight/bridge/phrase"
)

// deskStore is a ramStore that keeps the cursor of a desk log, and that can let something happen
// between the commit of an update and its return.
type deskStore struct {
	*ramStore
	confirmed int64
	committed func()
}

func (s *deskStore) Update(ctx context.Context, f func(Tx) error) error {
	err := s.ramStore.Update(ctx, func(Tx) error { return f(s) })
	if then := s.committed; then != nil {
		s.committed = nil
		then()
	}
	return err
}

func (s *deskStore) ConfirmDesk(_ OperatorJID, seq int64) error {
	s.confirmed = max(s.confirmed, seq)
	return nil
}

func (s *deskStore) ReturnDesk(_ OperatorJID, seq int64) error {
	s.confirmed = min(s.confirmed, seq)
	return nil
}

// reached is a bridge with a link, over which the first of the crew is online.
func reached(t *testing.T) (*Bridge, *deskStore) {
	t.Helper()
	store := &deskStore{ramStore: newRAMStore()}
	b, err := Open(t.Context(), store, Options{Domain: "d.example", SuperOperators: crew[:1], Timing: defaults(), Clock: &handClock{t0}, Log: silent})
	if err != nil {
		t.Fatal(err)
	}
	b.Link.Up()
	if err := b.Reach.Presence(t.Context(), crew[0], "phone", ShowAvailable); err != nil {
		t.Fatal(err)
	}
	return b, store
}

// A proof of what is being taken back counts for nothing, whether it comes with the commit or soon
// after it.
func TestReach_TakesBackWhatIsProvedMeanwhile(t *testing.T) {
	b, store := reached(t)
	ctx, o := t.Context(), crew[0]
	if err := store.Update(ctx, func(tx Tx) error {
		_, err := (&commit{b: b, tx: tx}).tell(DeskEntry{Operator: o, Kind: DeskNotice, Phrase: phrase.Say("Hello")})
		return err
	}); err != nil {
		t.Fatal(err)
	}
	_, turn := b.Reach.Holds(o)
	prove := func() {
		if err := b.Cursors.ProveDesk(ctx, map[OperatorJID]DeskCursor{o: {Seq: 1, Turn: turn}}); err != nil {
			t.Error(err)
		}
	}
	prove()
	if store.confirmed != 1 {
		t.Fatal("a proof counts for nothing")
	}
	store.committed = prove
	if err := b.Reach.takeBackSince(ctx, o, t0); err != nil {
		t.Fatal(err)
	}
	prove()
	if store.confirmed != 0 {
		t.Error("what was taken back counts as proved")
	}
	if held, now := b.Reach.Holds(o); held || now == turn {
		t.Errorf("after it: held %v, turn %d", held, now)
	}
}

// The alarm ends with the operator's first sign of life, also over another link.
func TestReach_AlarmEndsOverANewLink(t *testing.T) {
	b, _ := reached(t)
	raised := func() bool {
		_, on := b.Alarms.raised[alarmReach+string(crew[0])]
		return on
	}
	if err := b.Reach.Failed(t.Context(), crew[0], Fault{Condition: "remote-server-timeout"}, "", ""); err != nil {
		t.Fatal(err)
	}
	b.Link.Down()
	b.Link.Up()
	if !raised() {
		t.Fatal("no alarm")
	}
	if err := b.Reach.Presence(t.Context(), crew[0], "phone", ShowAvailable); err != nil {
		t.Fatal(err)
	}
	if raised() {
		t.Error("the alarm never ends")
	}
}

// Reach remembers a bounded number of visitors to whom an operator wrote lately.
func TestReach_HeardHasABound(t *testing.T) {
	b, _ := reached(t)
	for i := range 3 * heardRoom {
		if err := b.Reach.Seen(t.Context(), Sign{Operator: crew[0], Resource: "phone", Visitor: VisitorJID(time.Duration(i).String())}); err != nil {
			t.Fatal(err)
		}
	}
	if n := len(b.Reach.known[crew[0]].heard); n > heardRoom {
		t.Errorf("%d visitors are remembered", n)
	}
}

// Every message asks which departments exist and who gets offers; that neither copies nor sorts the
// team.
func TestTeam_IsSortedWhenItIsRead(t *testing.T) {
	b, _ := reached(t)
	if n := testing.AllocsPerRun(100, func() { b.Team.Departments() }); n != 0 {
		t.Errorf("a look at the departments takes %v allocations", n)
	}
	if err := b.Team.Add(t.Context(), Operator{JID: "anna@x.example", Enabled: true}); err != nil {
		t.Fatal(err)
	}
	byJID := func(x, y Operator) int { return strings.Compare(string(x.JID), string(y.JID)) }
	if list := b.Team.Operators(); len(list) < 2 || !slices.IsSortedFunc(list, byJID) {
		t.Errorf("the operators are %v", list)
	}
}
