package bridge

import (
	"context"
	"errors"
	"maps"
	"reflect"
	"slices"

	"porchlight/bridge/phrase"
)

// ended notes for the other nodes that a conversation is stored, and which events of it are new.
func (u *commit) ended(c Conversation, events ...Event) {
	if !u.b.Nodes.Several() {
		return
	}
	end := LogEnd{Number: c.Number, Last: c.Seq}
	if len(events) > 0 {
		end.First, end.Last = events[0].Seq, events[len(events)-1].Seq
	}
	u.ends = append(u.ends, end)
}

// told hints to the other nodes what was committed.
func (n *Nodes) told(u *commit) {
	if !n.Several() || len(u.ends) == 0 && len(u.desk) == 0 {
		return
	}
	h := Hint{Logs: u.ends}
	for o := range u.desk {
		h.Desks = append(h.Desks, o)
	}
	n.tell(h)
}

// aside is a change without events as a hint; ok is false if the change has events, which the commit hints.
func (c *Change) aside(pages *pages) (a Aside, ok bool) {
	a = Aside{Number: c.Conversation.Number, Receipt: c.Receipt, Typing: c.Typing, Seen: c.Seen, Erased: c.Erased}
	if c.Looked {
		p := pages.at(a.Number)
		a.Page, a.Logged = &p, p.logged
	}
	return a, len(c.Events) == 0
}

// Hear takes in what another node has told, and tells this node's sides.
func (n *Nodes) Hear(ctx context.Context, h Hint) error {
	var errs []error
	if h.Site {
		_, err := n.renew(ctx)
		errs = append(errs, err)
		n.bridge.hub.publishStatus()
	}
	if h.Reach && !n.Holding() {
		errs = append(errs, n.readReach(ctx))
	}
	errs = append(errs, n.hearLogs(ctx, h.Logs), n.hearRooms(ctx, h))
	for _, o := range h.Desks {
		n.bridge.hub.publishDesk(o)
	}
	for _, a := range h.Said {
		errs = append(errs, n.hearAside(ctx, a))
	}
	if h.Alarm != "" {
		text := phrase.Decode(h.Alarm)
		n.bridge.hub.tell(news{alarm: &text})
	}
	return errors.Join(errs...)
}

// hearLogs reads what is new in logs. The node that holds the link offers what waits, since the others make no offers.
func (n *Nodes) hearLogs(ctx context.Context, ends []LogEnd) error {
	var changes []Change
	var waiting []Conversation
	err := n.bridge.store.View(ctx, func(r Reader) error {
		changes, waiting = changes[:0], waiting[:0]
		for _, end := range ends {
			c, err := r.Conversation(end.Number)
			if isNotFound(err) {
				continue
			}
			change := Change{Conversation: c}
			if err == nil && end.First > 0 {
				change.Events, err = r.Events(end.Number, end.First-1, int(end.Last-end.First+1))
			}
			if err != nil {
				return err
			}
			changes = append(changes, change)
			if c.State == Waiting && !slices.ContainsFunc(waiting, func(w Conversation) bool { return w.Number == c.Number }) {
				waiting = append(waiting, c)
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	for i := range changes {
		n.hearChange(&changes[i])
	}
	held, holds := n.Under(ctx)
	if !holds || len(waiting) == 0 {
		return nil
	}
	return n.bridge.settleThese(held, waiting)
}

// hearChange tells the sides of this node what another one has committed.
func (n *Nodes) hearChange(c *Change) {
	b := n.bridge
	if n.Holding() {
		b.hub.pages.note(c.Conversation, b.clock.Now())
		b.Storm.watch(c.Events)
		b.pace.watch(c.Events)
	}
	if len(c.Events) == 0 {
		return
	}
	for _, e := range c.Events {
		if p, _ := e.Data.(PageVisit); p.Action == Moved {
			b.hub.pages.followed(e.Conversation, p.URL, b.clock.Now())
		}
	}
	b.hub.hear(c)
	if slices.ContainsFunc(c.Events, func(e Event) bool { return e.Type == EventState }) {
		b.hub.publishStatus()
	}
}

// hearAside tells the sides of this node something that is in no log.
func (n *Nodes) hearAside(ctx context.Context, a Aside) error {
	hub := n.bridge.hub
	if a.Erased {
		hub.hear(&Change{Conversation: Conversation{Number: a.Number, State: Closed}, Erased: true})
		return nil
	}
	c, err := n.bridge.Conversation(ctx, a.Number)
	if isNotFound(err) {
		return nil
	}
	if err != nil {
		return err
	}
	if a.Page != nil {
		hub.pages.look(a.Number, *a.Page, a.Logged)
	}
	if a.Seen > 0 {
		hub.pages.saw(a.Number, a.Seen)
	}
	hub.hear(&Change{Conversation: c, Receipt: a.Receipt, Typing: a.Typing, Seen: a.Seen, Looked: a.Page != nil})
	return nil
}

// renew reads anew all that is kept in memory of what is stored, since another node may have changed it, and reports whether the team or
// the settings have. On the node that holds the link, what follows from that is settled.
func (n *Nodes) renew(ctx context.Context) (turned bool, err error) {
	n.mu.Lock()
	loads := slices.Clone(n.loads)
	n.mu.Unlock()
	b := n.bridge
	team, values := b.Team.state(), b.Settings.Values()
	errs := []error{b.Settings.renew(ctx), b.Blocks.Load(ctx), b.Team.renew(ctx)}
	for _, load := range loads {
		errs = append(errs, load(ctx))
	}
	if turned = !reflect.DeepEqual(team, b.Team.state()); turned {
		if held, holds := n.Under(ctx); holds {
			errs = append(errs, b.Team.follow(held, team))
		}
	}
	return turned || !maps.Equal(values, b.Settings.Values()), errors.Join(errs...)
}
