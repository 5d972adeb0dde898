package component

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"porchlight/bridge"
	"porchlight/bridge/phrase"
	"porchlight/bridge/voice"
	"porchlight/component/stanza"
	"porchlight/component/stream"
)

const (
	roomNick  = "desk"           // of the desk in the room
	roomPause = 5 * time.Second  // until the desk comes back into a room that it was put out of
	roomLimit = 10 * time.Minute // the longest such pause
	roomNews  = 100              // notices that wait to be said; above it they are dropped
)

// room is the operators' room: the desk makes it on the server's own MUC
// service, keeps its members equal to the operators, and says there what is new.
// It belongs to one goroutine per link; what comes from elsewhere only leaves a
// word for that, and waits for nothing.
type room struct {
	c     *Component
	jid   string // "": there is none
	seat  chan *stream.Element
	team  chan struct{}
	news  chan news
	doubt atomic.Bool // somebody may be in the room, or own it, who must not
	in    atomic.Bool // the desk is in the room

	late    []news               // that came while there was doubt
	members []bridge.OperatorJID // as they were seen to last over this link; nil: not yet
}

// newRoom makes the room of a MUC service; the name comes from our domain, since
// several porchlights may share the service.
func newRoom(c *Component, service string) *room {
	r := &room{c: c, seat: make(chan *stream.Element, 16), team: make(chan struct{}, 1), news: make(chan news, roomNews)}
	if service != "" {
		label, _, _ := strings.Cut(c.opts.Domain, ".")
		r.jid = label + "-operators@" + service
	}
	return r
}

// me is the address from which the desk takes part; an occupant has a resource.
func (r *room) me() string { return r.c.deskJID() + "/room" }

// is reports whether somebody is the room, or an occupant of it.
func (r *room) is(from stream.JID) bool { return r.jid != "" && from.Bare() == r.jid }

// heard takes what comes from the room. What people say there is not read; what
// happens to our own seat is. It runs in the reader.
//
// Whoever comes in that is no operator, and whatever changes in the room, has it looked
// at again before the next word is said.
//
// Nothing is answered but requests, since rooms put out an occupant whose client
// answers a message with an error.
func (r *room) heard(conn *stream.Conn, from stream.JID, el *stream.Element) {
	failed := el.Get("type") == "error"
	switch {
	case el.Local == "iq":
		if !failed && el.Get("type") != "result" {
			conn.TrySend(stanza.Error(el, "cancel", "service-unavailable", ""))
		}
	case failed, el.Local == "presence" && (from.Resource == roomNick || status(el, "110")):
		select {
		case r.seat <- el:
		default: // enough is known to look after it
		}
	case el.Child(stanza.NSMUCUser, "x") != nil && !r.expected(el):
		r.doubt.Store(true)
		r.changed()
	}
}

// expected reports whether a presence from the room is that of an operator who is in
// it and is no more than that, or goes.
func (r *room) expected(el *stream.Element) bool {
	if el.Local != "presence" {
		return false
	}
	j, err := stream.ParseJID(el.Child(stanza.NSMUCUser, "x").Child(stanza.NSMUCUser, "item").Get("jid"))
	o, known := r.c.bridge.Operator(bridge.OperatorJID(j.Bare()))
	return err == nil && known && o.InRoom() || el.Get("type") == "unavailable"
}

// status reports whether a presence from a room has a status code
// (XEP-0045 §15.6.2).
func status(el *stream.Element, code string) bool {
	x := el.Child(stanza.NSMUCUser, "x")
	return x != nil && slices.ContainsFunc(x.Children, func(s *stream.Element) bool { return s.Local == "status" && s.Get("code") == code })
}

// changed says that the team may have changed. It never waits.
func (r *room) changed() {
	select {
	case r.team <- struct{}{}:
	default:
	}
}

// run keeps the desk in the room until ctx, which is the link's, ends.
func (r *room) run(ctx context.Context) {
	if r.jid == "" {
		return
	}
	backoff := stream.Backoff{Min: roomPause, Max: roomLimit}
	for {
		began := time.Now()
		err := guarded(func() error { return r.stay(ctx) })
		if ctx.Err() != nil {
			return
		}
		if time.Since(began) > roomLimit {
			backoff.Reset()
		}
		wait := backoff.Next()
		if text, ok := r.remedy(err); ok {
			r.c.bridge.Alarms.Raise(bridge.AlarmRoom, text)
		} else {
			r.c.log.Warn("out of the operators' room", "room", r.jid, "err", err, "retry_in", wait)
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(wait):
		}
	}
}

// errPutOut says that the desk was in the room and is not any more.
var errPutOut = errors.New("kicked, or the room is gone")

// stay enters the room and does what is to be done there, until the desk is put
// out, something fails or ctx ends. Nothing is said before it is known that the room
// is the desk's own and that nobody but operators is in it.
func (r *room) stay(ctx context.Context) error {
	r.members = nil
	created, err := r.enter(ctx)
	if err != nil {
		return err
	}
	r.in.Store(true)
	defer r.leave()
	for first := true; ; first = false {
		if r.doubt.Swap(false) || first {
			r.members = nil // are compared anew
			err = r.inspect(ctx, created && first)
		}
		if err == nil {
			err = r.reconcile(ctx)
		}
		if err != nil {
			return err
		}
		if first {
			r.c.log.Info("in the operators' room", "room", r.jid, "members", len(r.members))
		}
		r.c.bridge.Alarms.Clear(bridge.AlarmRoom, phrase.Say("The operators' room %s works.", r.jid))
		if err := r.wait(ctx); err != nil {
			return err
		}
	}
}

// wait says the news and returns when the team or the room may have changed; with an
// error when the desk is put out or ctx ends.
func (r *room) wait(ctx context.Context) error {
	late := r.late
	r.late = nil
	for _, n := range late {
		r.tell(ctx, n)
	}
	for !r.doubt.Load() {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-r.team:
			return nil
		case n := <-r.news:
			r.tell(ctx, n)
		case el := <-r.seat:
			if typ := el.Get("type"); typ != "unavailable" && typ != "error" {
				continue
			}
			if r.in.Swap(false) {
				return errPutOut
			}
			<-ctx.Done() // it left by itself, since the link is about to end
		}
	}
	return nil
}

// tell says a piece of news, or keeps it until there is no doubt about the room.
func (r *room) tell(ctx context.Context, n news) {
	if r.doubt.Load() {
		r.late = append(r.late, n)
		return
	}
	r.say(ctx, n)
}

// enter joins the room, which makes it if there is none (XEP-0045 §7.2, §10.1),
// and returns whether it did. Nothing of what was said earlier is wanted.
func (r *room) enter(ctx context.Context) (created bool, err error) {
	r.late = nil
	for len(r.seat)+len(r.news) > 0 { // of an earlier stay
		select {
		case <-r.seat:
		case <-r.news:
		}
	}
	join := stream.New(stanza.NSMUC, "x", stream.New("", "history").With("maxchars", "0"))
	if !r.c.send(stanza.Presence(r.me(), r.jid+"/"+roomNick, "", join)) {
		return false, errNoLink
	}
	limit := time.NewTimer(askLimit)
	defer limit.Stop()
	select {
	case <-ctx.Done():
		return false, ctx.Err()
	case <-limit.C:
		return false, &entry{errNoAnswer}
	case el := <-r.seat:
		switch el.Get("type") {
		case "error":
			return false, &entry{stanza.RefusalOf(el)}
		case "unavailable":
			return false, errPutOut
		}
		return status(el, "201"), nil
	}
}

// leave says goodbye to the room: before the end of the link, or since it can't be used.
func (r *room) leave() {
	if r.in.Swap(false) {
		r.c.send(stanza.Presence(r.me(), r.jid+"/"+roomNick, "unavailable"))
	}
}

// voice speaks the language that all members share, or else English.
func (r *room) voice() voice.Voice {
	var all []string
	for _, o := range r.wanted() {
		all = append(all, phrase.Tongue(o.Tongue()).Tag)
	}
	if slices.Sort(all); len(slices.Compact(all)) != 1 {
		return voice.In(r.c.bridge, "")
	}
	return voice.In(r.c.bridge, all[0])
}

// wanted are the operators who belong into the room, by JID.
func (r *room) wanted() []bridge.Operator {
	return slices.DeleteFunc(r.c.bridge.Operators(), func(o bridge.Operator) bool { return !o.InRoom() })
}
