package bridge

import "context"

// Snapshot is a conversation as its visitor sees it.
type Snapshot struct {
	Conversation
	VisitorName  string
	Language     string // the visitor's, as the browser named it
	OperatorName string // "" unless Active
	Position     int    // in the queue, from 1; 0 unless it waits as a chat
	Receipts     map[ReceiptStatus]int64
}

// Snapshot returns the present state.
func (b *Bridge) Snapshot(ctx context.Context, number int64) (Snapshot, error) {
	var s Snapshot
	err := b.store.View(ctx, func(r Reader) (err error) {
		if s.Conversation, err = r.Conversation(number); err != nil {
			return err
		}
		request, err := r.Request(number)
		if err != nil {
			return err
		}
		s.VisitorName, s.Language = request.Name, request.Language
		if s.Position, err = position(r, s.Conversation); err != nil {
			return err
		}
		s.Receipts, err = receipts(r, s.Conversation)
		return err
	})
	if s.State == Active {
		s.OperatorName = b.Team.name(s.Owner)
	}
	return s, err
}

// Events returns the log past seq after, at most limit events.
func (b *Bridge) Events(ctx context.Context, number, after int64, limit int) ([]Event, error) {
	var list []Event
	err := b.store.View(ctx, func(r Reader) (err error) {
		list, err = r.Events(number, after, limit)
		return err
	})
	return list, err
}
