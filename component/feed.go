package component

import (
	"context"
	"errors"
	"log/slog"
	"slices"

	"porchlight/bridge"
	"porchlight/bridge/phrase"
	"porchlight/component/roster"
	"porchlight/component/stanza"
	"porchlight/component/stream"
)

// feedLimit is how many events are read from a log at a time.
const feedLimit = 200

// logs sends the conversations' logs to the operators, over one link.
type logs struct {
	conn    *stream.Conn
	bridge  *bridge.Bridge
	render  *renderer
	barrier *barrier
	rosters *roster.Rosters
	tracks  *tracks
	stats   *counters
	log     *slog.Logger
}

// feed sends a conversation's log to the operators who take part, each from their own
// position. One goroutine at a time may feed a conversation; the pump sees to that.
func (l *logs) feed(ctx context.Context, number int64) error {
	t := l.tracks.feed(number)
	defer t.rest()
	for {
		events, more, err := l.next(ctx, t)
		if err != nil || len(events) == 0 && !more {
			return err
		}
		for _, r := range t.readers {
			if err := l.send(ctx, t, r, events); err != nil {
				return err
			}
		}
	}
}

// next returns the events that follow those already looked at, from what the bridge has
// told or else from the store, and whether the store has more. If nobody takes part it
// returns nothing and forgets the track.
func (l *logs) next(ctx context.Context, t *track) (events []bridge.Event, more bool, err error) {
	if events, ok := t.told(); ok {
		return events, false, nil
	}
	card, err := l.bridge.Card(ctx, t.number)
	if err != nil {
		return nil, false, err
	}
	parts, err := l.bridge.Participants(ctx, t.number)
	if err != nil {
		return nil, false, err
	}
	if len(parts) == 0 {
		l.tracks.forget(t.number)
		return nil, false, nil
	}
	events, err = l.bridge.Events(ctx, t.number, t.load(card, parts), feedLimit) // after load, so that no event falls in between
	if err != nil {
		t.spoil()
		return nil, false, err
	}
	events, more = t.read(events)
	return events, more, nil
}

// send sends the events past a reader's position. When the link ends it returns nil,
// since the next link begins at the proved position.
func (l *logs) send(ctx context.Context, t *track, r *reader, events []bridge.Event) error {
	for _, e := range events {
		if e.Seq <= r.sent || r.over {
			continue
		}
		stanzas, err := l.render.event(ctx, t.card, r, e)
		if err != nil {
			return err
		}
		if len(stanzas) > 0 {
			err := l.conn.Send(stanzas...)
			if errors.Is(err, stream.ErrTooLarge) { // a colleague's text can be that large; saying so is better than a standstill
				err = l.conn.Send(l.render.instead(t.card, r.operator, e, phrase.Say("A message is too large to be sent to you.")))
			}
			if err != nil {
				return nil
			}
			l.stats.sent.Add(1)
			if l.render.repeats(e.At) {
				l.stats.retried.Add(1)
			}
		}
		if e.Opens() && e.Operator == r.operator || e.Closes() {
			l.rosters.Look(r.operator, t.card.Visitor)
		}
		r.over = r.watches && e.Closes()
		t.sent(r, e.Seq)
		l.barrier.note(task{conversation: t.number, operator: r.operator}, e.Seq)
	}
	return nil
}

// proved takes in the cursors that the barrier has proved.
func (l *logs) proved(cursors map[task]int64) {
	for cur, seq := range cursors {
		if cur.desk == "" {
			l.tracks.prove(cur.conversation, cur.operator, seq)
		}
	}
}

// typing tells the operators who take part that the visitor writes or has stopped. It
// tells those whom it knows without the store, since typing is over in a moment, and it
// never waits.
func (l *logs) typing(conv bridge.Conversation, active bool) {
	state := "paused"
	if active {
		state = "composing"
	}
	var list []bridge.OperatorJID
	if t := l.tracks.get(conv.Number); t != nil {
		list = t.operators()
	}
	if conv.Owner != "" && !slices.Contains(list, conv.Owner) {
		list = append(list, conv.Owner)
	}
	for _, o := range list {
		if !quiet(l.bridge, o) {
			l.conn.TrySend(stanza.Signal(string(conv.Visitor), string(o), stream.New(stanza.NSStates, state), stream.New(stanza.NSHints, "no-store")))
		}
	}
}

// seen tells each operator which of their messages was the last that the visitor's page
// has shown. It tells each message once over a link.
func (l *logs) seen(ctx context.Context, conv bridge.Conversation, upto int64) {
	list, err := l.bridge.LastOfEach(ctx, conv.Number, upto)
	if err != nil {
		if ctx.Err() == nil {
			l.log.Error("tell what was seen", "conversation", conv.Number, "upto", upto, "err", err)
		}
		return
	}
	for _, e := range list {
		if t := l.tracks.get(e.Conversation); t == nil || t.mark(e) {
			l.conn.Send(stanza.Signal(string(conv.Visitor), string(e.Operator),
				stream.New(stanza.NSMarkers, "displayed").With("id", e.StanzaID()), stream.New(stanza.NSHints, "store")))
		}
	}
}
