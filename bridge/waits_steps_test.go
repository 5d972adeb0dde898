package bridge

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"slices"
	"time"

	"porchlight/bridge/phrase"
)

// This file has what can happen to conversations, as random moves, and the world in which it happens:
// a Bridge on a ramStore, the operators' clients, and the visitors' pages.

// deed is a kind of move.
type deed int

const (
	asks deed = iota
	writes
	opens
	shuts
	polls
	mails
	ends
	votesIt
	shows
	takes
	declines
	answers
	types
	closes
	leavesIt
	passes
	invites
	pauses
	disables
	hires
	founds
	routes
	aimsAt
	bounces
	defersIt
	junksIt
	mergesIt
	setsHours
	notifies
	takesNext
	assignsIt
	takesOver
	watches
	waitsFor
	restarts
	links
	deeds // how many deeds there are
)

var deedNames = [deeds]string{"asks", "writes", "opens a page", "shuts the page", "polls", "mails", "ends", "votes", "shows", "takes", "declines",
	"answers", "types", "closes", "leaves", "passes on", "invites", "pauses or goes on", "is disabled or enabled", "is deleted or entered", "a department is deleted or made", "a department asks otherwise", "a department has targets", "bounces", "puts off", "says that it is junk, or not", "joins with another one, or not", "has hours", "is asked when", "takes the next", "assigns", "takes over", "watches or not", "time passes", "restart", "link"}

// often is how often moves of each kind come, compared with the others.
var often = [deeds]int{asks: 12, writes: 6, opens: 6, shuts: 4, polls: 2, mails: 4, ends: 2, votesIt: 2, shows: 17, takes: 8, declines: 8, answers: 4, types: 2,
	closes: 3, leavesIt: 2, passes: 5, invites: 2, pauses: 3, disables: 3, hires: 2, founds: 2, routes: 14, aimsAt: 8, bounces: 2, defersIt: 4, junksIt: 2, mergesIt: 4, setsHours: 4, notifies: 4, takesNext: 4, assignsIt: 4, takesOver: 4, watches: 4, waitsFor: 12, restarts: 3, links: 3}

// move is one move: what is done, by whom and to which conversation, as far as that matters.
type move struct {
	deed         deed
	who, chat, n int
}

func (m move) String() string {
	return fmt.Sprintf("%s who=%d chat=%d n=%d", deedNames[m.deed], m.who, m.chat, m.n)
}

// randomMoves makes a sequence of moves.
func randomMoves(r *rand.Rand) []move {
	all := 0
	for _, n := range often {
		all += n
	}
	list := make([]move, 4+r.IntN(16))
	for i := range list {
		at := r.IntN(all)
		var d deed
		for d = 0; d < deeds-1 && at >= often[d]; d++ {
			at -= often[d]
		}
		list[i] = move{d, r.IntN(3), r.IntN(3), r.IntN(8)}
	}
	return list
}

// spans are the times that a move lets pass: one around each of the timers.
var spans = [8]time.Duration{5 * time.Second, 31 * time.Second, 61 * time.Second, 2*time.Minute + time.Second, 3*time.Minute + time.Second,
	16 * time.Minute, 31 * time.Minute, 9 * time.Hour}

// handClock stands still until it is moved.
type handClock struct{ now time.Time }

func (c *handClock) Now() time.Time { return c.now }

// shift is a table of hours, with its beginning and its end in minutes after midnight.
type shift struct {
	text        string
	from, until int
}

// shifts are the hours that an operator may have. The second begins a minute after the world, and the third
// hours later.
var shifts = [4]shift{{"", 0, 0}, {"daily 12:01-12:05; UTC", 12*60 + 1, 12*60 + 5}, {"daily 15-21; UTC", 15 * 60, 21 * 60}, {"daily 0-24; UTC", 0, 24 * 60}}

// crew are the operators: Xavi is a super operator, Olga serves support, Sam sales.
var crew = [3]OperatorJID{"xavi@x.example", "olga@x.example", "sam@x.example"}

// world is where moves are made.
type world struct {
	*Bridge
	store   *ramStore
	clock   *handClock
	ctx     context.Context
	clients [3]Show // what the operators' clients show, whether that arrives or not
	linked  bool
	upAt    time.Time // when the link came up
	pages   map[int64]bool
	placed  map[int64]int // the place in the queue that the answer to the request named
	ids     int
	passing bool   // somebody passes a conversation on, which they may to whom they like
	wrong   string // what was wrong with an offer that was made
}

var silent = slog.New(slog.NewTextHandler(io.Discard, &slog.HandlerOptions{Level: slog.LevelError + 1}))

func newWorld() (*world, error) {
	w := &world{store: newRAMStore(), clock: &handClock{t0}, ctx: context.Background(), pages: make(map[int64]bool), placed: make(map[int64]int)}
	w.clients = [3]Show{ShowOffline, ShowOffline, ShowOffline}
	w.store.made = w.checkOffer
	for i := range crew {
		if err := w.store.SaveOperator(member(i, w.store.houses)); err != nil {
			return nil, err
		}
	}
	err := w.start()
	if err == nil {
		err = w.linkUp(0)
	}
	return w, err
}

// homes are the departments to which the operators belong.
var homes = [3]string{"", "support", "sales"}

// member is an operator as they are entered: in their department, or in the first one if it is gone.
func member(i int, departments []Department) Operator {
	o := Operator{JID: crew[i], Name: string(crew[i][:4]), Enabled: i > 0, CreatedAt: t0, Permissions: Permissions{MayAssign, MayTakeOver, MayWatch}}
	if i > 0 {
		o.Departments = Circle{homes[i]}
		if !slices.ContainsFunc(departments, func(d Department) bool { return d.Name == homes[i] }) {
			o.Departments = Circle{departments[0].Name}
		}
	}
	return o
}

func (w *world) start() (err error) {
	w.linked, w.pages = false, make(map[int64]bool)
	w.Bridge, err = Open(w.ctx, w.store, Options{Domain: "d.example", SuperOperators: crew[:1], Timing: defaults(), Clock: w.clock, Log: silent,
		Limits: Limits{Message: 100, Name: 20, Email: 60, Reason: 100, URL: 100, Waiting: 9, OffersAtOnce: 2, OffersWithin: 10 * time.Second}})
	return err
}

// linkUp is what a new link brings: the presence of all clients, before or after Resume.
func (w *world) linkUp(n int) error {
	w.linked, w.upAt = true, w.clock.now
	w.Link.Up()
	if n%2 == 0 {
		if err := w.Link.Resume(w.ctx); err != nil {
			return err
		}
	}
	for i := range crew {
		if err := w.tellShow(i); err != nil {
			return err
		}
	}
	if n%2 == 0 {
		return nil
	}
	return w.Link.Resume(w.ctx)
}

func (w *world) tellShow(i int) error {
	if !w.linked {
		return nil
	}
	return w.Reach.Presence(w.ctx, crew[i], "phone", w.clients[i])
}

// chat is the n-th newest conversation; false if there are none.
func (w *world) chat(n int) (Conversation, bool) {
	if len(w.store.chats) == 0 {
		return Conversation{}, false
	}
	return w.store.chats[len(w.store.chats)-1-n%len(w.store.chats)], true
}

// pass lets time pass, and fires each timer at its time. It stops at each hour and shortly after the link
// came up, too.
func (w *world) pass(d time.Duration) {
	for end := w.clock.now.Add(d); ; {
		next := end
		for _, at := range []time.Time{w.clock.now.Truncate(time.Hour).Add(time.Hour), w.upAt.Add(showWithin)} {
			if at.After(w.clock.now) && at.Before(next) {
				next = at
			}
		}
		for _, c := range w.store.chats {
			if at, _ := c.Due.Next(); !at.IsZero() && at.Before(next) {
				next = at
			}
		}
		for _, m := range w.store.reminds {
			if !m.Due.IsZero() && m.Due.Before(next) {
				next = m.Due
			}
		}
		if next.After(w.clock.now) {
			w.clock.now = next
		}
		w.Turn(w.ctx)
		if !next.Before(end) {
			w.settle()
			return
		}
	}
}

// settle fires the timers that are due now.
func (w *world) settle() {
	for range 20 {
		due, _ := w.store.DueConversations(w.clock.now, 1)
		w.Turn(w.ctx)
		if len(due) == 0 {
			return
		}
	}
}

// make makes a move. It returns only errors that nobody may be given.
func (w *world) make(m move) error {
	err := w.try(m)
	if code := phrase.CodeOf(err); code == phrase.CodeInternal || code == phrase.CodeUnavailable {
		return err
	}
	w.settle()
	return nil
}

func (w *world) try(m move) error {
	w.ids++
	w.passing = m.deed == passes || m.deed == assignsIt
	id := fmt.Sprintf("id-%d", w.ids)
	switch m.deed {
	case asks:
		return w.ask(id, m)
	case shows:
		w.clients[m.who] = [8]Show{ShowAvailable, ShowAvailable, ShowAvailable, ShowAvailable, ShowAway, ShowOffline, ShowOffline, ShowOffline}[m.n]
		return w.tellShow(m.who)
	case pauses:
		_, err := w.Team.Change(w.ctx, crew[m.who], func(o *Operator) { o.Paused = !o.Paused })
		return err
	case disables:
		return w.disable(m.who)
	case setsHours:
		return w.setHours(m.who, shifts[m.n%4].text, m.n >= 6)
	case notifies:
		_, err := w.Team.Change(w.ctx, crew[m.who], func(o *Operator) {
			o.Notify.When = [3]NotifyWhen{NotifyHours, NotifyAlways, NotifyOnline}[m.n%3]
		})
		return err
	case hires:
		return w.hire(m.who)
	case founds:
		return w.found(m.n)
	case routes:
		return w.route(m)
	case aimsAt:
		return w.aimAt(m)
	case waitsFor:
		w.pass(spans[m.n])
		return nil
	case restarts:
		w.clock.now = w.clock.now.Add(spans[m.n] / time.Duration(1+m.chat*5))
		if err := w.start(); err != nil || m.who == 0 {
			return err
		}
		return w.linkUp(m.chat)
	case links:
		if w.linked {
			w.linked = false
			w.Link.Down()
			return nil
		}
		return w.linkUp(m.n)
	}
	if c, ok := w.chat(m.chat); ok && m.deed < shows {
		return w.visitorDoes(m, c, id)
	} else if ok {
		return w.operatorDoes(m, c, id)
	}
	return nil
}

// ask opens a conversation; of some, an operator has invited the visitor.
func (w *world) ask(id string, m move) error {
	n := m.n
	q := Inquiry{ClientID: id, Request: Request{Name: "Ina", Reason: "?"}, Department: [2]string{"support", "sales"}[n%2]}
	if n&2 != 0 {
		q.Email = "ina@v.example"
	}
	if m.chat == 2 {
		q.Inviter = crew[m.who]
	}
	o, err := w.Ask(w.ctx, q)
	if err == nil {
		w.placed[o.Number] = o.Position
		if n&4 != 0 {
			return w.open(o.Number)
		}
	}
	return err
}

func (w *world) open(number int64) error {
	if w.pages[number] {
		return nil
	}
	w.pages[number] = true
	return w.Attach(w.ctx, number)
}

func (w *world) visitorDoes(m move, c Conversation, id string) error {
	switch m.deed {
	case writes:
		_, _, err := w.VisitorWrites(w.ctx, c.Number, id, "hm")
		return err
	case opens:
		return w.open(c.Number)
	case shuts:
		if w.pages[c.Number] {
			delete(w.pages, c.Number)
			w.Detach(c.Number)
		}
		return nil
	case polls:
		return w.VisitorPolls(w.ctx, c)
	case mails:
		return w.VisitorMails(w.ctx, c.Number, "ina@v.example")
	case votesIt:
		return w.VisitorVotes(w.ctx, c.Number, int64(1+m.n%best), "")
	}
	return w.VisitorCloses(w.ctx, c.Number)
}

func (w *world) operatorDoes(m move, c Conversation, id string) (err error) {
	at := m.who
	if i := slices.Index(crew[:], c.Owner); i >= 0 && m.n%4 > 0 { // mostly the owner acts
		at = i
	}
	who := crew[at]
	other, _ := w.Bridge.Team.Operator(crew[(at+1+m.who%2)%3])
	switch m.deed {
	case takes:
		_, err = w.Take(w.ctx, who, c.Number)
	case takesNext, assignsIt, takesOver, watches:
		err = w.moves(m, c, who, other)
	case declines:
		_, err = w.Decline(w.ctx, who, c.Number)
	case answers:
		_, err = w.OperatorWrites(w.ctx, who, c.Visitor, Said{ID: id, Text: "hello"})
	case types:
		err = w.OperatorTypes(w.ctx, who, "phone", c.Visitor, m.n < 6)
	case closes:
		_, err = w.Close(w.ctx, who, c.Visitor, "")
	case leavesIt:
		_, err = w.Leave(w.ctx, who, c.Visitor)
	case passes:
		if m.n < 4 {
			_, err = w.Pass(w.ctx, who, c.Visitor, other, Department{}, "")
		} else {
			_, err = w.Pass(w.ctx, who, c.Visitor, Operator{}, w.Team.Departments()[m.n%len(w.Team.Departments())], "")
		}
	case invites:
		_, err = w.Invite(w.ctx, who, c.Visitor, other)
	case defersIt:
		var until time.Time
		if m.n > 0 {
			until = w.clock.now.Add(spans[m.n])
		}
		_, err = w.Defer(w.ctx, who, c.Visitor, until)
	case junksIt:
		if m.n < 6 {
			_, err = w.Junk(w.ctx, who, c.Visitor)
		} else {
			_, err = w.NoJunk(w.ctx, who, c.Visitor)
		}
	case mergesIt:
		d, _ := w.chat(m.chat + 1 + m.n%2)
		if m.n < 6 {
			_, err = w.Merge(w.ctx, who, c.Visitor, d.Number)
		} else {
			_, err = w.Unmerge(w.ctx, who, c.Visitor, d.Number)
		}
	case bounces:
		if m.n < 4 {
			return w.Reach.Unreachable(w.ctx, who, c.Number, 0)
		}
		err = w.Reach.Failed(w.ctx, who, Fault{Condition: "remote-server-not-found"}, "", "")
	}
	return err
}
