package bridge

import "context"

// WhyOffered says why a conversation waits to be taken again.
type WhyOffered struct {
	Reason string // the reason of the state event, such as ReasonTransferred; "": nobody has owned it yet
	By     string // the name of the last owner
	Note   string // the last owner's note for the operator who takes it
	Said   string // the visitor's words that reopened it
}

// waitBack is how many events at the end of a log are searched for the reason of an offer. If the visitor
// has written more than that since, the offer says no reason.
const waitBack = 100

// WhyOffered finds the reason at the end of the conversation's log.
func (b *Bridge) WhyOffered(ctx context.Context, c Conversation) (WhyOffered, error) {
	log, err := b.Events(ctx, c.Number, max(0, c.Seq-waitBack), waitBack)
	var w WhyOffered
	var note, left Event
	for _, e := range AsItStands(log) {
		turn, _ := e.Data.(Turn)
		switch {
		case e.Type == EventNote:
			note = e.Event
		case e.Leaves():
			left = e.Event
		case putsUp(turn.Reason):
			w = WhyOffered{Reason: turn.Reason}
			if left.Seq == e.Seq-1 {
				w.By = left.Name
			}
			if note.Seq == e.Seq-2 && turn.Reason == ReasonTransferred {
				w.Note = note.Text
			}
		case w.Reason == ReasonReopened && w.Said == "" && e.From == FromVisitor && e.Type.Content():
			w.Said = e.Text
			if file, ok := e.Data.(SentFile); ok {
				w.Said = file.Name
			}
		}
	}
	return w, err
}

// putsUp reports whether a state event with that reason offers a conversation again; other reasons only
// say how it goes on waiting.
func putsUp(reason string) bool {
	switch reason {
	case ReasonTransferred, ReasonReopened, ReasonOwnerLeft, ReasonUnreachable:
		return true
	}
	return false
}
