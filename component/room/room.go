package room

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"porchlight/bridge"
	"porchlight/bridge/phrase"
	"porchlight/bridge/voice"
	"porchlight/component/safe"
	"porchlight/component/stanza"
	"porchlight/component/stream"
)

const (
	nick       = "desk"           // of the desk in the room
	pause      = 5 * time.Second  // until the desk comes back into a room that it was put out of
	pauseLimit = 10 * time.Minute // the longest such pause
	newsLimit  = 100              // notices that wait to be said; above it they are dropped
	entryLimit = 15 * time.Second // for the room's answer to who wants to come in
)

// Link is what the room needs of the connection to the server.
type Link interface {
	// Send sends stanzas and reports whether there was a connection. It may wait for room.
	Send(...*stream.Element) bool
	// TrySend sends stanzas if there is room at once, and reports whether it did.
	TrySend(...*stream.Element) bool
	// Ask sends an IQ and returns the answer. The error is a *stanza.Refusal if it was refused.
	Ask(ctx context.Context, typ, from, to string, payload *stream.Element) (*stream.Element, error)
}

// Options says which room it is.
type Options struct {
	Service string // the server's MUC service; "": there is no room
	Domain  string // the component's
	Desk    string // the desk's address
	Notices bool   // new requests, and what becomes of them, are told in the room
	Log     *slog.Logger
}

// Room is the operators' room over one link: the desk makes it on the server's own
// MUC service, keeps its members equal to the operators, and says there what is new.
// It belongs to the goroutine of Run; the other methods only leave a word for that,
// and wait for nothing, so any goroutine may call them.
type Room struct {
	link   Link
	bridge *bridge.Bridge
	opts   Options
	log    *slog.Logger

	jid   string // "": there is none
	seat  chan *stream.Element
	team  chan struct{}
	news  chan news
	doubt atomic.Bool // somebody may be in the room, or own it, who must not
	in    atomic.Bool // the desk is in the room

	late    []news               // that came while there was doubt
	members []bridge.OperatorJID // as they were seen to last over this link; nil: not yet
}

// New makes the room of a MUC service, as it is seen over a link. Its name comes from
// our domain, since several porchlights may share the service.
func New(link Link, b *bridge.Bridge, opts Options) *Room {
	r := &Room{link: link, bridge: b, opts: opts, log: opts.Log,
		seat: make(chan *stream.Element, 16), team: make(chan struct{}, 1), news: make(chan news, newsLimit)}
	if opts.Service != "" {
		label, _, _ := strings.Cut(opts.Domain, ".")
		r.jid = label + "-operators@" + opts.Service
	}
	return r
}

// me is the address from which the desk takes part; an occupant has a resource.
func (r *Room) me() string { return r.opts.Desk + "/room" }

// Is reports whether somebody is the room, or an occupant of it.
func (r *Room) Is(from stream.JID) bool { return r.jid != "" && from.Bare() == r.jid }

// Heard takes what comes from the room. What people say there is not read; what
// happens to our own seat is.
//
// Whoever comes in that is no operator, and whatever changes in the room, has it looked
// at again before the next word is said.
//
// Nothing is answered but requests, since rooms put out an occupant whose client
// answers a message with an error.
func (r *Room) Heard(from stream.JID, el *stream.Element) {
	failed := el.Get("type") == "error"
	switch {
	case el.Local == "iq":
		if !failed && el.Get("type") != "result" {
			r.link.TrySend(stanza.Error(el, "cancel", "service-unavailable", ""))
		}
	case failed, el.Local == "presence" && (from.Resource == nick || status(el, "110")):
		select {
		case r.seat <- el:
		default: // enough is known to look after it
		}
	case el.Child(stanza.NSMUCUser, "x") != nil && !r.expected(el):
		r.doubt.Store(true)
		r.Changed()
	}
}

// expected reports whether a presence from the room is that of an operator who is in
// it and is no more than that, or goes.
func (r *Room) expected(el *stream.Element) bool {
	if el.Local != "presence" {
		return false
	}
	j, err := stream.ParseJID(el.Child(stanza.NSMUCUser, "x").Child(stanza.NSMUCUser, "item").Get("jid"))
	o, known := r.bridge.Team.Operator(bridge.OperatorJID(j.Bare()))
	return err == nil && known && o.InRoom() || el.Get("type") == "unavailable"
}

// status reports whether a presence from a room has a status code
// (XEP-0045 §15.6.2).
func status(el *stream.Element, code string) bool {
	x := el.Child(stanza.NSMUCUser, "x")
	return x != nil && slices.ContainsFunc(x.Children, func(s *stream.Element) bool { return s.Local == "status" && s.Get("code") == code })
}

// Changed says that the team may have changed. It never waits.
func (r *Room) Changed() {
	select {
	case r.team <- struct{}{}:
	default:
	}
}

// Run keeps the desk in the room until ctx, which is the link's, ends.
func (r *Room) Run(ctx context.Context) {
	if r.jid == "" {
		return
	}
	backoff := stream.Backoff{Min: pause, Max: pauseLimit}
	for {
		began := time.Now()
		err := safe.Do(func() error { return r.stay(ctx) })
		if ctx.Err() != nil {
			return
		}
		if time.Since(began) > pauseLimit {
			backoff.Reset()
		}
		wait := backoff.Next()
		if text, ok := r.remedy(err); ok {
			r.bridge.Alarms.Raise(bridge.AlarmRoom, text)
		} else {
			r.log.Warn("out of the operators' room", "room", r.jid, "err", err, "retry_in", wait)
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
func (r *Room) stay(ctx context.Context) error {
	r.members = nil
	created, err := r.enter(ctx)
	if err != nil {
		return err
	}
	r.in.Store(true)
	defer r.Leave()
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
			r.log.Info("in the operators' room", "room", r.jid, "members", len(r.members))
		}
		r.bridge.Alarms.Clear(bridge.AlarmRoom, phrase.Say("The operators' room %s works.", r.jid))
		if err := r.wait(ctx); err != nil {
			return err
		}
	}
}

// wait says the news and returns when the team or the room may have changed; with an
// error when the desk is put out or ctx ends.
func (r *Room) wait(ctx context.Context) error {
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
func (r *Room) tell(ctx context.Context, n news) {
	if r.doubt.Load() {
		r.late = append(r.late, n)
		return
	}
	r.say(ctx, n)
}

// enter joins the room, which makes it if there is none (XEP-0045 §7.2, §10.1),
// and returns whether it did. Nothing of what was said earlier is wanted.
func (r *Room) enter(ctx context.Context) (created bool, err error) {
	r.late = nil
	for len(r.seat)+len(r.news) > 0 { // of an earlier stay
		select {
		case <-r.seat:
		case <-r.news:
		}
	}
	join := stream.New(stanza.NSMUC, "x", stream.New("", "history").With("maxchars", "0"))
	if !r.link.Send(stanza.Presence(r.me(), r.jid+"/"+nick, "", join)) {
		return false, stanza.ErrNoLink
	}
	limit := time.NewTimer(entryLimit)
	defer limit.Stop()
	select {
	case <-ctx.Done():
		return false, ctx.Err()
	case <-limit.C:
		return false, &entry{stanza.ErrNoAnswer}
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

// Leave says goodbye to the room: before the end of the link, or since it can't be used.
func (r *Room) Leave() {
	if r.in.Swap(false) {
		r.link.Send(stanza.Presence(r.me(), r.jid+"/"+nick, "unavailable"))
	}
}

// voice is the desk in the language that all members share, or else in English.
func (r *Room) voice() voice.Voice {
	var all []string
	for _, o := range r.wanted() {
		all = append(all, phrase.Tongue(o.Tongue()).Tag)
	}
	if slices.Sort(all); len(slices.Compact(all)) != 1 {
		return voice.In(r.bridge, "")
	}
	return voice.In(r.bridge, all[0])
}

// wanted are the operators who belong into the room, by JID.
func (r *Room) wanted() []bridge.Operator {
	return slices.DeleteFunc(r.bridge.Team.Operators(), func(o bridge.Operator) bool { return !o.InRoom() })
}
