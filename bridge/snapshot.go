package bridge

import "context"

// Snapshot is a conversation as its visitor sees it.
type Snapshot struct {
	Conversation
	VisitorName  string
	Language     string                  // the visitor's language, as the browser named it
	TimeZone     string                  // the zone of the visitor's browser, such as Europe/Berlin; "": it did not tell
	OperatorName string                  // "" unless Active
	WhatsApp     string                  // of the operator, see Team.WhatsApp
	Position     int                     // the place in the queue, from 1; 0 unless the conversation waits as a chat
	Wait         int64                   // for about how long it will wait, in seconds; 0: not known
	Receipts     map[ReceiptStatus]int64 // up to which of the visitor's messages each status is proved
}

// Snapshot returns a conversation as its visitor sees it now.
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
		s.VisitorName, s.Language, s.TimeZone = request.Name, request.Language, request.TimeZone
		if s.Position, err = position(r, s.Conversation); err != nil {
			return err
		}
		s.Receipts, err = receipts(r, s.Conversation)
		return err
	})
	s.Wait = b.Expected.wait(s.Department, s.Position)
	if s.State == Active {
		s.OperatorName, s.WhatsApp = b.Team.name(s.Owner), b.Team.WhatsApp(s.Owner)
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
