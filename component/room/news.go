package room

import (
	"context"

	"porchlight/bridge"
	"porchlight/bridge/setting"
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
		if !n.waits() && !n.taken() && !n.over() && !n.urges() {
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

// urges reports whether the room is to be told of somebody who waits for too long.
func (n news) urges() bool {
	urge, _ := n.event.Data.(bridge.Urge)
	return urge.Has(setting.StepRoom) || urge.Has(setting.StepColleagues)
}

func (n news) over() bool { return n.event.Closes() }

// urge says in the room that nobody takes a request, or that its owner does not answer. It says nothing if that is over by now.
func (r *Room) urge(ctx context.Context, n news, text *string) error {
	card, err := r.bridge.Card(ctx, n.conversation.Number)
	switch v := r.voice(); {
	case err != nil:
	case card.State == bridge.Waiting:
		*text = v.Say("Nobody has taken %s (%s)", v.Line(card), v.Waited(card))
	case card.State == bridge.Active && !card.Unanswered.IsZero():
		*text = v.Say("%s does not answer %s (%s)", card.OwnerName, v.Line(card), v.Phrase(bridge.Span(r.bridge.Now().Sub(card.Unanswered))))
	}
	return err
}

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
		case n.urges():
			return r.urge(ctx, n, &text)
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
	if text == "" {
		return
	}
	id := stanza.NewID()
	r.link.Send(stream.New("", "message", stream.Text("", "body", stanza.Harmless(text)), stream.New(stanza.NSSID, "origin-id").With("id", id)).
		With("type", "groupchat", "from", r.me(), "to", r.jid, "id", id))
}
