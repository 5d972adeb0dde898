package webwidget

import (
	"slices"

	"porchlight/bridge"
	"porchlight/bridge/phrase"
)

// news is a change that the listeners of its conversation hear, one after the other. It
// is encoded once for all pages that read the same language, however many are open.
type news struct {
	view    view // of no conversation yet
	id      bridge.ConversationID
	events  []bridge.Event
	receipt *bridge.Receipt // nil: none
	typing  *bridge.Typing  // an operator's typing; nil: none
	gap     bool            // there may have been changes that nobody told

	tongue *phrase.Language // the language of the frames; nil until there are frames
	frames []byte           // the frames of all events in order, then of a receipt, then of typing
	starts []int            // where in frames the frame of each event begins, and where the last one ends
}

func newsOf(v view, c bridge.Change) *news {
	n := &news{view: v, id: c.Conversation.ID, events: c.Events, receipt: c.Receipt, gap: c.Erased} // who looks for the log then finds that there is none
	if c.Typing != nil && c.Typing.From == bridge.FromOperator {
		n.typing = c.Typing
	}
	return n
}

// shows reports whether the visitor's pages have anything to show of the change.
func (n *news) shows() bool {
	return n.gap || len(n.events) > 0 || n.receipt != nil || n.typing != nil
}

// own reports whether the change is what the visitor did, and nothing else. The page that
// did it knows so by the answer to its request. So these frames may wait for what comes
// next, such as the receipt that the message was passed on.
func (n *news) own() bool {
	return n.receipt == nil && n.typing == nil && !slices.ContainsFunc(n.events, func(e bridge.Event) bool { return e.From != bridge.FromVisitor })
}

// past returns the frames for a reader that has the log up to cursor, and the cursor of
// the reader after these. A gap means that events are missing between the two, or may be,
// and then there are no frames.
func (n *news) past(cursor int64, visitor string, tongue *phrase.Language) (frames []byte, end int64, gap bool) {
	if n.gap {
		return nil, cursor, true
	}
	if n.tongue != tongue {
		n.encode(visitor, tongue)
	}
	first := len(n.events)
	for i := range n.events {
		switch seq := n.events[i].Seq; {
		case seq <= cursor:
		case seq > cursor+1:
			return nil, cursor, true
		default:
			first, cursor = min(first, i), seq
		}
	}
	return n.frames[n.starts[first]:], cursor, false
}

func (n *news) encode(visitor string, tongue *phrase.Language) {
	v := n.view.of(n.id, visitor, tongue)
	n.tongue, n.frames, n.starts = tongue, nil, make([]int, 0, len(n.events)+1)
	for _, e := range n.events {
		n.starts = append(n.starts, len(n.frames))
		n.frames = v.appendEvent(n.frames, e)
	}
	n.starts = append(n.starts, len(n.frames))
	if r := n.receipt; r != nil {
		n.frames = appendFrame(n.frames, 0, "", receiptOf(r.Status, r.Upto).encode())
	}
	if n.typing != nil {
		n.frames = appendFrame(n.frames, 0, "", typingOf(*n.typing).encode())
	}
}
