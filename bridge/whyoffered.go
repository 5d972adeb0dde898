package bridge

import "context"

// WhyOffered tells why a conversation waits to be taken again.
type WhyOffered struct {
	Reason string // of the state event, such as ReasonTransferred; empty: nobody had it yet
	By     string // who had it
	Note   string // what they left for whoever takes it
	Said   string // what the visitor wrote that put it up again
}

// waitBack is how far back in a log it is looked for what put a conversation up.
// A visitor who wrote more than that since is offered without.
const waitBack = 100

// WhyOffered reads it from the end of the conversation's log.
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

// putsUp reports whether a state event with that reason offers a conversation again;
// others say only how it goes on waiting.
func putsUp(reason string) bool {
	switch reason {
	case ReasonTransferred, ReasonReopened, ReasonOwnerLeft, ReasonUnreachable:
		return true
	}
	return false
}
