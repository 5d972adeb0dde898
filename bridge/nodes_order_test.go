package bridge_test

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"testing"
	"time"

	"porchlight/bridge"
	"porchlight/db/sqlite"
	"porchlight/db/sqlite/sqlitetest"
)

// orderStore notes which conversations an update takes after one with a higher number. A list without an order comes backwards.
type orderStore struct {
	bridge.Store
	mu    sync.Mutex
	wrong []string
}

type orderTx struct {
	bridge.Tx
	taken []int64
	wrong []string
}

func (s *orderStore) Update(ctx context.Context, f func(bridge.Tx) error) error {
	return s.Store.Update(ctx, func(tx bridge.Tx) error {
		o := &orderTx{Tx: tx}
		err := f(o)
		s.mu.Lock()
		defer s.mu.Unlock()
		s.wrong = append(s.wrong, o.wrong...)
		return err
	})
}

func (tx *orderTx) Conversation(number int64) (bridge.Conversation, error) {
	if !slices.Contains(tx.taken, number) {
		if len(tx.taken) > 0 && slices.Max(tx.taken) > number {
			tx.wrong = append(tx.wrong, fmt.Sprintf("#%d after %v", number, tx.taken))
		}
		tx.taken = append(tx.taken, number)
	}
	return tx.Tx.Conversation(number)
}

func (tx *orderTx) TakesPart(o bridge.OperatorJID) ([]int64, error) {
	list, err := tx.Tx.TakesPart(o)
	slices.Sort(list)
	slices.Reverse(list)
	return list, err
}

// Whoever takes several conversations in one update takes them in the order of their numbers: on PostgreSQL two updates that wait for each
// other do so for a second, and so do the visitors' words behind them. All of it happens at a take-over.
func TestNodes_ConversationsAreTakenInOneOrder(t *testing.T) {
	c := newCrew(t)
	db, err := sqlite.Open(t.Context(), sqlitetest.New(t), sqlite.Options{Clock: c.clock, Log: slog.New(slog.DiscardHandler)})
	c.must(err)
	t.Cleanup(func() { db.Close() })
	store := &orderStore{Store: db}
	n := c.open(store, "n")
	n.holds(1)
	c.must(n.Team.Add(t.Context(), bridge.Operator{JID: olga, Name: "Olga", Enabled: true, Departments: []string{"support"}}))
	n.come(olga)
	n.come(xavi)
	var cursors []bridge.Cursor
	for i := range 4 {
		asked := n.ask(fmt.Sprint(i))
		owner := []bridge.OperatorJID{xavi, olga}[i%2]
		_, err := n.Take(t.Context(), owner, asked.Number)
		c.must(err)
		said, _, err := n.VisitorWrites(t.Context(), asked.Number, fmt.Sprintf("an-id-of-the-page-%d", i), "Hello?")
		c.must(err)
		cursors = append(cursors, bridge.Cursor{Conversation: asked.Number, Operator: owner, Upto: said.Seq, Status: bridge.Confirmed})
	}
	c.must(n.Link.Alive(t.Context(), n.Now()))
	slices.Reverse(cursors)
	c.must(n.Cursors.Prove(t.Context(), cursors))
	n.Link.Down()
	c.clock.Move(5 * time.Second)
	n.Link.Up()
	n.come(olga)
	n.come(xavi)
	c.must(n.Link.Resume(t.Context()))
	c.must(n.Nodes.Sweep(t.Context()))
	if len(store.wrong) > 0 {
		t.Errorf("taken out of order: %q", store.wrong)
	}
}
