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
	nick       = "desk"           // the desk's nickname in the room
	pause      = 5 * time.Second  // until the desk comes back into a room that it was put out of
	pauseLimit = 10 * time.Minute // the longest such pause
	newsLimit  = 100              // pieces of news that wait to be said; further ones are dropped
	entryLimit = 15 * time.Second // the room must answer the desk's join within this
)

// Link is the part of the connection to the server that the room needs.
type Link interface {
	// Send sends stanzas and reports whether there was a connection. It may wait for room.
	Send(...*stream.Element) bool
	// TrySend sends stanzas if there is room at once, and reports whether it did.
	TrySend(...*stream.Element) bool
	// Ask sends an IQ and returns the answer. The error is a *stanza.Refusal if it was refused.
	Ask(ctx context.Context, typ, from, to string, payload *stream.Element) (*stream.Element, error)
}

// Options say where the room is and what is said in it.
type Options struct {
	Service string // the server's MUC service; "": there is no room
	Domain  string // the component's
	Desk    string // the desk's address
	Notices bool   // new requests, and what becomes of them, are told in the room
	Log     *slog.Logger
}

// Room is the operators' room over one link: the desk makes it on the server's own
// MUC service, keeps its members equal to the operators, and says there what is new.
// The goroutine of Run owns it; the other exported methods only leave a note for that
// goroutine, so any goroutine may call them. Leave alone may wait for room on the link.
type Room struct {
	link   Link
	bridge *bridge.Bridge
	opts   Options
	log    *slog.Logger

	jid   string               // "": there is no room
	seat  chan *stream.Element // presences and errors about the desk's own seat
	team  chan struct{}        // holds one when the team may have changed
	news  chan news
	doubt atomic.Bool // somebody who must not may be in the room, or own it
	in    atomic.Bool // the desk is in the room

	late    []news               // news that came while there was doubt
	members []bridge.OperatorJID // those that reconcile set last over this link; nil: it has not yet
}

// New makes the operators' room on a MUC service, for one link. The room's name comes
// from our domain, since several porchlights may share the service.
func New(link Link, b *bridge.Bridge, opts Options) *Room {
	r := &Room{link: link, bridge: b, opts: opts, log: opts.Log,
		seat: make(chan *stream.Element, 16), team: make(chan struct{}, 1), news: make(chan news, newsLimit)}
	if opts.Service != "" {
		label, _, _ := strings.Cut(opts.Domain, ".")
		r.jid = label + "-operators@" + opts.Service
	}
	return r
}

// me returns the address from which the desk takes part; an occupant needs a resource.
func (r *Room) me() string { return r.opts.Desk + "/room" }

// Is reports whether an address is the room's or an occupant's.
func (r *Room) Is(from stream.JID) bool { return r.jid != "" && from.Bare() == r.jid }

// Heard takes a stanza from the room. It ignores what people say there, and notes
// what happens to the desk's own seat.
//
// When somebody who is no operator comes in, or the room changes in any other way, Run
// inspects the room again before the desk says another word.
//
// Heard answers only requests: a room puts out an occupant whose client answers a
// message with an error.
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
		default: // the seat has enough to look at already
		}
	case el.Child(stanza.NSMUCUser, "x") != nil && !r.expected(el):
		r.doubt.Store(true)
		r.Changed()
	}
}

// expected reports whether a stanza from the room is the presence of an operator who
// belongs there, or of an occupant who goes.
func (r *Room) expected(el *stream.Element) bool {
	if el.Local != "presence" {
		return false
	}
	j, err := stream.ParseJID(el.Child(stanza.NSMUCUser, "x").Child(stanza.NSMUCUser, "item").Get("jid"))
	o, known := r.bridge.Team.Operator(bridge.OperatorJID(j.Bare()))
	return err == nil && known && o.InRoom() || el.Get("type") == "unavailable"
}

// status reports whether a presence from a room has a status code
// (XEP-0045 §16.6.2).
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

// Run keeps the desk in the room until ctx ends, with the link. One goroutine calls
// it, once.
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

// errPutOut says that the desk is in the room no longer.
var errPutOut = errors.New("kicked, or the room is gone")

// stay enters the room and does the desk's work there, until the desk is put out,
// something fails or ctx ends. The desk says nothing before it knows that the room is
// its own and that only operators are in it.
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
			r.members = nil // reconcile has to compare them again
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

// wait says the news, and returns when the team or the room may have changed. It
// returns an error when the desk is put out or ctx ends.
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
			<-ctx.Done() // the desk left by itself, since the link is about to end
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

// enter joins the room, which makes the room if there is none (XEP-0045 §7.2, §10.1),
// and reports whether it was made. enter asks for none of the room's history.
func (r *Room) enter(ctx context.Context) (created bool, err error) {
	r.late = nil
	for len(r.seat)+len(r.news) > 0 { // left over from an earlier stay
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

// Leave takes the desk out of the room, before the link ends or because the room
// can't be used. Any goroutine may call it; it may wait for room on the link.
func (r *Room) Leave() {
	if r.in.Swap(false) {
		r.link.Send(stanza.Presence(r.me(), r.jid+"/"+nick, "unavailable"))
	}
}

// voice speaks the language that all members share, or else English.
func (r *Room) voice() voice.Voice {
	var all []string
	for _, o := range r.wanted() {
		all = append(all, o.Reads().Tag)
	}
	if slices.Sort(all); len(slices.Compact(all)) != 1 {
		return voice.In(r.bridge, "")
	}
	return voice.In(r.bridge, all[0])
}

// wanted lists the operators who belong in the room, ordered by JID.
func (r *Room) wanted() []bridge.Operator {
	return slices.DeleteFunc(r.bridge.Team.Operators(), func(o bridge.Operator) bool { return !o.InRoom() })
}
