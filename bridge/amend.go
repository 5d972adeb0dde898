package bridge

import (
	"context"
	"slices"

	"porchlight/bridge/phrase"
)

// VisitorCorrects changes the visitor's last message; replaces is its seq, and CodeConflict
// says that it is not the last. The same client id again returns the event that was stored the
// first time, and repeated is true.
func (b *Bridge) VisitorCorrects(ctx context.Context, number int64, clientID, text string, replaces int64) (e Event, repeated bool, err error) {
	if text, err = b.opts.Limits.written(&clientID, text); err != nil {
		return Event{}, false, err
	}
	origin := VisitorOrigin(clientID)
	out, err := b.act(ctx, func(r Reader) (Conversation, Action, error) {
		a := Action{Type: VisitorCorrects, Text: text, Origin: origin, About: Event{Seq: replaces}}
		c, err := b.served(number)(r)
		if err != nil {
			return c, a, err
		}
		if _, err = r.EventByOrigin(number, a.Origin); phrase.CodeOf(err) != phrase.CodeNotFound {
			return c, a, err // act finds the earlier event and compares it
		}
		last, err := r.LastMessage(number, FromVisitor, c.Seq)
		if err == nil {
			a.About, err = original(r, number, last)
		}
		if err == nil && a.About.Seq != replaces {
			err = phrase.Fail(phrase.CodeConflict, "Only your last message can be changed.")
		}
		return c, a, err
	})
	return out.of(origin), out.Duplicate, err
}

// takenBack reports whether a later event of the log takes e back.
func takenBack(r Reader, e Event) (bool, error) {
	return anyAfter(r, e, func(later Event) bool { return later.Type == EventRetraction && later.Amends() == e.Seq })
}

// anyAfter reports whether a later event of e's log is one that is looked for.
func anyAfter(r Reader, e Event, isOne func(later Event) bool) (bool, error) {
	for after := e.Seq; ; {
		page, err := r.Events(e.Conversation, after, sentBack)
		if slices.ContainsFunc(page, isOne) {
			return true, nil
		}
		if err != nil || len(page) < sentBack {
			return false, err
		}
		after = page[len(page)-1].Seq
	}
}

// Entry is an event as later corrections and retractions leave it.
type Entry struct {
	Event
	Changed EventType // EventCorrection or EventRetraction if one changed the words; else ""
}

// AsItStands applies the corrections and retractions in a piece of a log to the messages in
// it: a message has its last text, or none if it was taken back. A correction or retraction of
// a message outside the piece stays an entry of its own. Of the visitor's votes the last one is left,
// without its comment if it was deleted.
func AsItStands(log []Event) []Entry {
	at := make(map[int64]int, len(log))
	out := make([]Entry, 0, len(log))
	vote := -1
	for _, e := range log {
		i, here := at[e.Amends()]
		switch {
		case e.Type == EventFeedback && vote >= 0:
			out[vote] = out[vote].votedAgain(e)
			continue
		case e.Type == EventFeedback:
			vote = len(out)
		case here && e.Type == EventCorrection:
			if out[i].Changed != EventRetraction {
				out[i].Text, out[i].Changed = e.Text, EventCorrection
			}
			continue
		case here && e.Type == EventRetraction:
			out[i].Text, out[i].Changed = "", EventRetraction
			continue
		case e.Type.Content():
			at[e.Seq] = len(out)
		case e.Type == EventCorrection: // its message is outside the piece
			at[e.Amends()] = len(out)
		}
		out = append(out, Entry{Event: e})
	}
	return out
}

// votedAgain is the entry of a vote after a later event about it.
func (t Entry) votedAgain(e Event) Entry {
	t.Data, t.Text, t.Changed = e.Data, e.Text, EventCorrection
	if v, _ := e.Data.(Vote); v.Deleted {
		t.Text, t.Changed = "", EventRetraction
	}
	return t
}

// Blanked is a piece of a log without the words that were taken back in it, for readers who
// come later. Files that were taken back keep their kind and size.
func Blanked(log []Event) []Event {
	gone := make(map[int64]bool)
	for _, e := range log {
		if e.Type == EventRetraction {
			gone[e.Amends()] = true
		}
	}
	if len(gone) == 0 {
		return log
	}
	out := slices.Clone(log)
	for i, e := range out {
		if gone[e.Seq] || e.Type == EventCorrection && gone[e.Amends()] {
			out[i].Text = ""
			if f, ok := e.Data.(SentFile); ok {
				out[i].Data = SentFile{Media: f.Media, Bytes: f.Bytes}
			}
		}
	}
	return out
}
