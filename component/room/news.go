package room

import (
	"context"

	"porchlight/bridge"
	"porchlight/component/safe"
	"porchlight/component/stanza"
	"porchlight/component/stream"
)

// news is an event of a conversation that is worth a word in the room.
type news struct {
	conversation bridge.Conversation // its state after the event
	event        bridge.Event
}

// Notice queues the news of a change for the operators' room. News that comes while
// the desk is not in the room is dropped. News that comes while the desk checks who
// else is in the room is said after the check. Notice never waits.
func (r *Room) Notice(ch bridge.Change) {
	if !r.opts.Notices || !r.in.Load() {
		return
	}
	for _, e := range ch.Events {
		n := news{ch.Conversation, e}
		if !n.waits() && !n.taken() && !n.over() {
			continue
		}
		select {
		case r.news <- n:
		default: // the queue is full; nobody could read that much
		}
	}
}

// waits reports whether a request waits for any operator who is free. A request that
// was passed on to one colleague, or that has only become a ticket, is no news.
func (n news) waits() bool {
	turn, _ := n.event.Data.(bridge.Turn)
	return (turn.State == string(bridge.Waiting) || turn.State == string(bridge.Ticket)) &&
		turn.Reason != bridge.ReasonEmailWanted && turn.Reason != bridge.ReasonNobodyFree && n.conversation.Due.Offer.IsZero()
}

// taken reports whether somebody became the owner.
func (n news) taken() bool {
	return n.event.Joins() && n.event.Operator == n.conversation.Owner
}

func (n news) over() bool { return n.event.Closes() }

// say says a piece of news in the room (XEP-0045 §7.4).
func (r *Room) say(ctx context.Context, n news) {
	var text string
	number, v := n.conversation.Number, r.voice()
	err := safe.Do(func() error {
		switch {
		case n.taken():
			text = v.Say("#%d taken by %s", number, n.event.Name)
		case n.over():
			turn, _ := n.event.Data.(bridge.Turn)
			text = v.Say("#%d is over: %s", number, bridge.EndText(turn.Reason))
		default:
			card, err := r.bridge.Card(ctx, number)
			text = v.Line(card)
			if card.Kind == bridge.Ticket {
				text += " " + v.Say("ticket")
			}
			return err
		}
		return nil
	})
	if err != nil {
		if ctx.Err() == nil {
			r.log.Error("say in the operators' room", "conversation", number, "err", err)
		}
		return
	}
	id := stanza.NewID()
	r.link.Send(stream.New("", "message", stream.Text("", "body", stanza.Harmless(text)), stream.New(stanza.NSSID, "origin-id").With("id", id)).
		With("type", "groupchat", "from", r.me(), "to", r.jid, "id", id))
}
