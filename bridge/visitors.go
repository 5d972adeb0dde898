package bridge

import (
	"context"
	"time"

	"porchlight/bridge/phrase"
)

// VisitorWrites stores a visitor's message. The same client id again returns
// what was stored the first time, and repeated is true.
func (b *Bridge) VisitorWrites(ctx context.Context, number int64, clientID, text string) (e Event, repeated bool, err error) {
	if text, err = b.opts.Limits.written(&clientID, text); err != nil {
		return Event{}, false, err
	}
	out, err := b.act(ctx, b.served(number), exactly(Action{Type: VisitorWrites, Text: text, Origin: VisitorOrigin(clientID)}))
	if err != nil {
		return Event{}, false, err
	}
	return out.Events[len(out.Events)-1], out.Duplicate, nil
}

// served finds the conversation of a visitor who is not blocked.
func (b *Bridge) served(number int64) finder {
	return func(r Reader) (Conversation, error) {
		c, err := r.Conversation(number)
		if err == nil {
			err = b.Blocks.refuseIn(r, c)
		}
		return c, err
	}
}

// written cleans what a visitor wrote and checks it with its client id, of
// which there is one afterwards.
func (l Limits) written(clientID *string, text string) (string, error) {
	if len(text) > l.Message {
		return "", tooLong("text", l.Message)
	}
	if len(*clientID) > maxClientID {
		return "", tooLong("client_id", maxClientID)
	}
	if text = cleanText(text); text == "" {
		return "", phrase.Invalid("text", "Write something.")
	}
	if *clientID == "" {
		*clientID = newID()
	}
	return text, nil
}

// maxClientID bounds a browser's ids, in bytes.
const maxClientID = 128

// VisitorMails stores the address that the visitor gave after the request.
func (b *Bridge) VisitorMails(ctx context.Context, number int64, email string) error {
	if !validEmail(email) || len(email) > b.opts.Limits.Email {
		return phrase.Invalid("email", "This is no email address.")
	}
	_, err := b.act(ctx, func(r Reader) (Conversation, error) {
		c, err := r.Conversation(number)
		if tx, ok := r.(Tx); ok && err == nil && c.State != Closed {
			err = tx.SaveRequestEmail(number, email)
		}
		return c, err
	}, exactly(Action{Type: VisitorMails, Email: email}))
	return err
}

// VisitorCloses ends the conversation.
func (b *Bridge) VisitorCloses(ctx context.Context, number int64) error {
	_, err := b.act(ctx, byNumber(number), exactly(Action{Type: VisitorCloses}))
	return err
}

// VisitorTypes tells the operators; nothing is stored. It ends with the page.
func (b *Bridge) VisitorTypes(c Conversation, active bool) {
	w := writing{conversation: c, typing: Typing{From: FromVisitor, Active: active}}
	if c.State == Active && b.hub.writers.types(typist{number: c.Number}, w) {
		b.hub.publish(Change{Conversation: c, Typing: &w.typing})
	}
}

// VisitorSaw tells the operators that the page showed the log up to seq.
func (b *Bridge) VisitorSaw(c Conversation, seq int64) {
	if seq > 0 && seq <= c.Seq {
		b.hub.publish(Change{Conversation: c, Seen: seq})
	}
}

// Attach says that a page is connected, until Detach. While one is, the visitor
// counts as present.
func (b *Bridge) Attach(ctx context.Context, number int64) error {
	b.hub.pages.connect(number, 1)
	err := b.syncPage(ctx, number)
	if err != nil {
		b.hub.pages.connect(number, -1)
	}
	return err
}

// Detach ends what Attach began.
func (b *Bridge) Detach(number int64) {
	if b.hub.pages.connect(number, -1) == 0 {
		b.hub.visitorStops(number)
	}
	if err := b.syncPage(context.Background(), number); err != nil {
		b.log.Error("detach page", "conversation", number, "err", err)
	}
}

// syncPage brings the conversation in line with whether a page is connected
// now; asked within the transaction, so the last word is right.
func (b *Bridge) syncPage(ctx context.Context, number int64) error {
	_, err := b.act(ctx, byNumber(number), func(_ Conversation, a *Action) bool {
		if a.Type = PageGone; b.hub.pages.count(number) > 0 {
			a.Type = PageBack
		}
		return true
	})
	return err
}

// forgetPages marks every page as gone.
func (b *Bridge) forgetPages(ctx context.Context) error {
	for after := int64(0); ; {
		var list []Conversation
		err := b.store.View(ctx, func(r Reader) (err error) {
			list, err = r.OpenConversations(New, after, dueBatch)
			return err
		})
		if err != nil || len(list) == 0 {
			return err
		}
		for _, c := range list {
			after = c.Number
			if c.Present {
				if err := b.syncPage(ctx, c.Number); err != nil {
					return err
				}
			}
		}
	}
}

// VisitorLeaves says that a page is going away, ahead of its connection. While
// others are connected it means nothing.
func (b *Bridge) VisitorLeaves(ctx context.Context, number int64) error {
	if b.hub.pages.count(number) > 1 {
		return nil
	}
	b.hub.visitorStops(number)
	_, err := b.act(ctx, byNumber(number), exactly(Action{Type: PageGone}))
	return err
}

// VisitorPolls says that a page without a lasting connection is there: the
// grace time begins anew.
func (b *Bridge) VisitorPolls(ctx context.Context, c Conversation) error {
	grace := b.opts.Timing.VisitorGrace
	if c.State == Closed || c.Present && (c.Due.Visitor.IsZero() || c.Due.Visitor.Sub(b.clock.Now()) > grace*3/4) {
		return nil
	}
	_, err := b.act(ctx, byNumber(c.Number), exactly(Action{Type: PagePolls}))
	return err
}

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

// position is the place in the queue, 0 if it is not waiting as a chat.
func position(r Reader, c Conversation) (int, error) {
	if c.State != Waiting || c.Kind != Chat {
		return 0, nil
	}
	ahead, err := r.WaitingChats(c.Department, c.Number)
	return ahead + 1, err
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

// Now is the bridge's time.
func (b *Bridge) Now() time.Time { return b.clock.Now() }
