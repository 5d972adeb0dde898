package bridge_test

import (
	"context"
	"encoding/json"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"porchlight/bridge"
	"porchlight/bridge/clocktest"
	"porchlight/bridge/phrase"
	"porchlight/db/sqlite"
	"porchlight/db/sqlite/sqlitetest"
)

// crew is two nodes on one store, of which a holds the link at first. Nothing runs by itself.
type crew struct {
	t     *testing.T
	clock *clocktest.Clock
	a, b  *node
}

// node is one of them.
type node struct {
	*bridge.Bridge
	t     *testing.T
	id    string
	other *node
	mu    sync.Mutex
	hints []string // that the other one has not heard yet
	heard []bridge.Change
}

func newCrew(t *testing.T) *crew {
	c := &crew{t: t, clock: clocktest.At(time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC))}
	store, err := sqlite.Open(t.Context(), sqlitetest.New(t), sqlite.Options{Clock: c.clock, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { store.Close() })
	c.a, c.b = c.open(store, "a"), c.open(store, "b")
	c.a.other, c.b.other = c.b, c.a
	c.a.holds(1)
	c.must(c.b.Nodes.Follow(t.Context(), true))
	c.must(c.a.Team.Add(t.Context(), bridge.Operator{JID: olga, Name: "Olga", Enabled: true, Departments: []string{"support"}}))
	c.flow()
	return c
}

func (c *crew) open(store bridge.Store, id string) *node {
	n := &node{t: c.t, id: id}
	var err error
	n.Bridge, err = bridge.Open(c.t.Context(), store, bridge.Options{Domain: "support.example.org", SuperOperators: []bridge.OperatorJID{xavi}, Timing: timing(),
		Clock: c.clock, Log: slog.New(slog.DiscardHandler), Node: id, Tell: n.tell,
		Limits: bridge.Limits{Message: 100, Name: 20, Email: 60, Reason: 100, URL: 200, Waiting: 5, File: 1 << 20, Files: 5}})
	c.must(err)
	n.Join(n)
	return n
}

// tell keeps a hint as it goes over the wire (bridge.Options).
func (n *node) tell(h bridge.Hint) {
	b, err := json.Marshal(h)
	if err != nil {
		n.t.Error(err)
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	n.hints = append(n.hints, string(b))
}

// Changed keeps what the node's sides are told (bridge.Side).
func (n *node) Changed(c bridge.Change) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.heard = append(n.heard, c)
}

// take returns the hints that the other node has not heard yet.
func (n *node) take() []string {
	n.mu.Lock()
	defer n.mu.Unlock()
	list := n.hints
	n.hints = nil
	return list
}

// told returns what the node's sides were told since it was last called.
func (n *node) told() []bridge.Change {
	n.mu.Lock()
	defer n.mu.Unlock()
	list := n.heard
	n.heard = nil
	return list
}

// holds gives the link to the node.
func (n *node) holds(epoch int64) {
	n.t.Helper()
	if err := n.Nodes.Take(n.t.Context(), bridge.Tenure{Holder: n.id, Epoch: epoch}); err != nil {
		n.t.Fatal(err)
	}
	n.Link.Up()
}

// come makes an operator available, at the node that has the link.
func (n *node) come(o bridge.OperatorJID) {
	n.t.Helper()
	if err := n.Reach.Presence(n.t.Context(), o, "phone", bridge.ShowAvailable); err != nil {
		n.t.Fatal(err)
	}
	n.Turn(n.t.Context())
}

func (n *node) ask(clientID string) bridge.Opened {
	n.t.Helper()
	o, err := n.Ask(n.t.Context(), bridge.Inquiry{ClientID: clientID, Request: bridge.Request{Name: "Anna", Reason: "How?"}})
	if err != nil {
		n.t.Fatal(err)
	}
	return o
}

func (c *crew) must(err error) {
	c.t.Helper()
	if err != nil {
		c.t.Fatal(err)
	}
}

// flow has both nodes hear all hints.
func (c *crew) flow() {
	c.t.Helper()
	for quiet := false; !quiet; {
		quiet = true
		for _, n := range []*node{c.a, c.b} {
			for _, text := range n.take() {
				var h bridge.Hint
				c.must(json.Unmarshal([]byte(text), &h))
				c.must(n.other.Nodes.Hear(c.t.Context(), h))
				quiet = false
			}
		}
	}
}

// chatting is a conversation that was asked for at b and taken by Olga; what follows from the taking has not flowed yet.
func (c *crew) chatting() bridge.Conversation {
	c.t.Helper()
	c.a.come(olga)
	c.flow()
	asked := c.b.ask("1")
	c.flow()
	taken, err := c.a.Take(c.t.Context(), olga, asked.Number)
	c.must(err)
	return taken
}

// lose drops the hints.
func (c *crew) lose() {
	c.a.take()
	c.b.take()
}

func (c *crew) state(number int64) bridge.Conversation {
	c.t.Helper()
	got, err := c.a.Conversation(c.t.Context(), number)
	c.must(err)
	return got
}

// offered lists to whom a conversation is offered.
func (c *crew) offered(number int64) (list []bridge.OperatorJID) {
	c.t.Helper()
	_, list, err := c.a.Concerned(c.t.Context(), number)
	c.must(err)
	return list
}

func online(n *node) bool {
	n.t.Helper()
	s, err := n.Team.Status("")
	if err != nil {
		n.t.Fatal(err)
	}
	return s.Online
}

func TestNodes_OnlyTheHolderOffers(t *testing.T) {
	c := newCrew(t)
	c.a.come(olga)
	c.flow()
	asked := c.b.ask("1")
	if list := c.offered(asked.Number); len(list) > 0 {
		t.Errorf("the node without the link has offered it to %v", list)
	}
	if c.state(asked.Number).Kind != bridge.Chat {
		t.Error("a request at the other node is no chat though Olga is there")
	}
	c.flow()
	if list := c.offered(asked.Number); len(list) != 1 || list[0] != olga {
		t.Errorf("offered to %v, not to Olga", list)
	}
	lost := c.b.ask("2")
	c.lose()
	c.must(c.a.Nodes.Sweep(t.Context()))
	if list := c.offered(lost.Number); len(list) != 1 {
		t.Errorf("a request whose hint was lost is offered to %v after a sweep", list)
	}
}

func TestNodes_AllKnowWhoIsThere(t *testing.T) {
	c := newCrew(t)
	if online(c.b) {
		t.Error("ONLINE before anybody has come")
	}
	c.a.come(olga)
	c.flow()
	if !online(c.b) {
		t.Error("OFFLINE at the node without the link, though Olga is there")
	}
	c.must(c.b.Nodes.Follow(t.Context(), false))
	if online(c.b) {
		t.Error("ONLINE though no node holds the link")
	}
	c.must(c.b.Nodes.Follow(t.Context(), true))
	if !online(c.b) {
		t.Error("OFFLINE though a node holds the link again")
	}
	c.must(c.a.Reach.Presence(t.Context(), olga, "phone", bridge.ShowOffline))
	c.a.Turn(t.Context())
	c.lose()
	c.must(c.b.Nodes.Sweep(t.Context()))
	if online(c.b) {
		t.Error("ONLINE after a sweep, though Olga has gone")
	}
}

func TestNodes_WhatIsStoredIsHeard(t *testing.T) {
	c := newCrew(t)
	asked := c.chatting()
	c.flow()
	c.must(c.b.Attach(t.Context(), asked.Number))
	c.flow()
	c.a.told()
	c.b.told()
	if _, _, err := c.b.VisitorWrites(t.Context(), asked.Number, "x", "over there"); err != nil {
		t.Fatal(err)
	}
	c.flow()
	if !heardText(c.a.told(), "over there") {
		t.Error("the holder has not heard what the visitor wrote at the other node")
	}
	if _, err := c.a.OperatorWrites(t.Context(), olga, asked.Visitor, bridge.Said{ID: "s", Text: "and back"}); err != nil {
		t.Fatal(err)
	}
	c.b.told()
	c.lose()
	c.must(c.b.Nodes.Sweep(t.Context()))
	if !heardText(c.b.told(), "and back") {
		t.Error("what a lost hint was about is not heard after a sweep")
	}
	c.must(c.b.Nodes.Sweep(t.Context()))
	if heardText(c.b.told(), "and back") {
		t.Error("it is told again by the next sweep")
	}
}

func heardText(list []bridge.Change, text string) bool {
	for _, c := range list {
		for _, e := range c.Events {
			if e.Text == text {
				return true
			}
		}
	}
	return false
}

func TestNodes_WhatIsNotStoredIsHeard(t *testing.T) {
	c := newCrew(t)
	conv := c.chatting()
	c.flow()
	c.a.told()
	c.b.told()
	c.b.VisitorTypes(conv, true)
	c.b.VisitorSaw(conv, 1)
	c.must(c.b.VisitorLooks(t.Context(), conv.Number, bridge.PageState{URL: "https://example.org/x", Title: "X", Hidden: true}))
	c.must(c.a.OperatorTypes(t.Context(), olga, "phone", conv.Visitor, true))
	c.must(c.a.Cursors.Prove(t.Context(), []bridge.Cursor{{Conversation: conv.Number, Operator: olga, Upto: conv.Seq, Status: bridge.Confirmed}}))
	c.flow()
	var typing, seen, looked bool
	for _, x := range c.a.told() {
		typing = typing || x.Typing != nil && x.Typing.From == bridge.FromVisitor && x.Typing.Active
		seen = seen || x.Seen == 1
		looked = looked || x.Looked
	}
	card, err := c.a.Card(t.Context(), conv.Number)
	c.must(err)
	if !typing || !seen || !looked || card.Now.URL != "https://example.org/x" || !card.Now.Hidden {
		t.Errorf("the holder heard typing %v, seen %v, looked %v; the page is %+v", typing, seen, looked, card.Now)
	}
	var writes bool
	for _, x := range c.b.told() {
		writes = writes || x.Typing != nil && x.Typing.Name == "Olga"
	}
	if !writes {
		t.Error("the page's node has not heard that Olga is writing")
	}
	c.clock.Move(6 * time.Second)
	c.b.Turn(t.Context())
	c.a.Turn(t.Context())
	trail, err := c.a.Trail(t.Context(), card, 10)
	c.must(err)
	events, err := c.a.Events(t.Context(), conv.Number, 0, 100)
	c.must(err)
	moves := 0
	for _, e := range events {
		if p, ok := e.Data.(bridge.PageVisit); ok && p.Action == bridge.Moved {
			moves++
		}
	}
	if moves != 1 {
		t.Errorf("the log has %d moves of the page, not 1; trail %v", moves, trail)
	}
}

func TestNodes_APageAtEitherIsAPage(t *testing.T) {
	c := newCrew(t)
	c.a.come(olga)
	c.flow()
	asked := c.b.ask("1")
	c.must(c.a.Attach(t.Context(), asked.Number))
	c.must(c.b.Attach(t.Context(), asked.Number))
	c.flow()
	c.must(c.b.VisitorLeaves(t.Context(), asked.Number))
	c.b.Detach(asked.Number)
	if !c.state(asked.Number).Present {
		t.Error("a tab closed at one node is a goodbye, though another is open at the other node")
	}
	c.a.Detach(asked.Number)
	if c.state(asked.Number).Present {
		t.Error("the visitor is there without a page")
	}
	c.must(c.b.Attach(t.Context(), asked.Number))
	c.must(c.a.Nodes.Mourn(t.Context(), "b"))
	if got := c.state(asked.Number); got.Present || got.State == bridge.Closed {
		t.Errorf("after the node of the only page has died the conversation is %+v", got)
	}
	c.must(c.b.Nodes.Sweep(t.Context()))
	if !c.state(asked.Number).Present {
		t.Error("the node was only frozen and its page is still open, but the visitor is away")
	}
}

func TestNodes_TheStartOfANodeTakesNobodyAway(t *testing.T) {
	c := newCrew(t)
	c.a.come(olga)
	c.flow()
	asked := c.b.ask("1")
	c.must(c.b.Attach(t.Context(), asked.Number))
	c.a.Nodes.Drop()
	c.must(c.b.Nodes.Take(t.Context(), bridge.Tenure{Holder: "b", Epoch: 2}))
	if !c.state(asked.Number).Present {
		t.Error("the visitor is away after a take-over")
	}
}

func TestNodes_ABlockCountsForAll(t *testing.T) {
	c := newCrew(t)
	asked := c.chatting()
	if _, err := c.a.BlockVisitor(t.Context(), xavi, asked.Visitor, false, 0, ""); err != nil {
		t.Fatal(err)
	}
	c.flow()
	_, err := c.b.Ask(t.Context(), bridge.Inquiry{ClientID: "2", Returning: asked.Visitor, Request: bridge.Request{Reason: "Again"}})
	if phrase.CodeOf(err) != phrase.CodeForbidden {
		t.Errorf("a visitor who was blocked at one node gets %v at the other", err)
	}
}

func TestNodes_TimersFireAtTheHolderAlone(t *testing.T) {
	c := newCrew(t)
	c.a.come(olga)
	c.flow()
	asked := c.b.ask("1")
	c.must(c.b.Attach(t.Context(), asked.Number))
	c.flow()
	before := c.state(asked.Number).Seq
	c.clock.Move(4 * time.Minute)
	c.b.Turn(t.Context())
	if got := c.state(asked.Number).Seq; got != before {
		t.Error("a timer fired at the node without the link")
	}
	c.a.Turn(t.Context())
	if got := c.state(asked.Number).Seq; got == before {
		t.Error("no timer fired at the holder")
	}
}

func TestNodes_ATakeOverGoesOn(t *testing.T) {
	c := newCrew(t)
	asked := c.chatting()
	c.must(c.a.Link.Alive(t.Context(), c.a.Now()))
	c.flow()
	c.a.Nodes.Drop()
	c.clock.Move(7 * time.Second)
	c.b.holds(2)
	if online(c.b) {
		t.Error("ONLINE at the new holder before anybody has shown themselves")
	}
	c.b.come(olga)
	c.must(c.b.Link.Resume(t.Context()))
	c.must(c.a.Nodes.Follow(t.Context(), true))
	c.flow()
	if !online(c.b) || !online(c.a) {
		t.Errorf("after the take-over new holder ONLINE %v, old one %v", online(c.b), online(c.a))
	}
	if got := c.state(asked.Number); got.State != bridge.Active || got.Owner != olga {
		t.Errorf("after the take-over the conversation is %+v", got)
	}
	entries, err := c.b.DeskEntries(context.Background(), olga, 0, 100)
	c.must(err)
	told := false
	for _, e := range entries {
		told = told || strings.Contains(e.Phrase.String(), "12:00:00 to 12:00:07")
	}
	if !told {
		t.Errorf("Olga was not told of the gap: %v", entries)
	}
}

// A room tells its like what is in no store, and no other room; it is told when something may have got lost.
func TestNodes_ARoomTellsItsLike(t *testing.T) {
	c := newCrew(t)
	var heard []string
	for _, n := range []*node{c.a, c.b} {
		for _, room := range []string{"cellar", "attic"} {
			tell := n.Nodes.Room(room, func(_ context.Context, told json.RawMessage) error {
				heard = append(heard, n.id+" "+room+" "+string(told))
				return nil
			})
			if n == c.b && room == "attic" {
				tell(map[string]int{"n": 1})
			}
		}
	}
	c.flow()
	if !slices.Equal(heard, []string{`a attic {"n":1}`}) {
		t.Errorf("heard %q", heard)
	}
	heard = nil
	c.must(c.b.Nodes.Hear(t.Context(), bridge.Hint{Missed: true}))
	if slices.Sort(heard); !slices.Equal(heard, []string{"b attic ", "b cellar "}) {
		t.Errorf("heard %q", heard)
	}
}
