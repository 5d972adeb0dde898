package bridge

import "fmt"

// This file has the moves by which operators share the queue, and what must be true of who watches.

// moves makes one of these moves.
func (w *world) moves(m move, c Conversation, who OperatorJID, other Operator) (err error) {
	switch m.deed {
	case takesNext:
		_, err = w.Moves.Next(w.ctx, crew[m.who], "")
	case assignsIt:
		_, err = w.Moves.Assign(w.ctx, who, c.Number, other)
	case takesOver:
		_, err = w.Moves.TakeOver(w.ctx, crew[m.who], c.Number)
	case watches:
		if _, err = w.Moves.Watch(w.ctx, crew[m.who], c.Number); err != nil && m.n < 2 {
			_, err = w.Moves.Unwatch(w.ctx, crew[m.who], c.Number)
		}
	}
	return err
}

// watchedSilently says what is wrong with who reads a conversation along: the owner is somebody who takes part, and no
// words of those who only read along are in the log.
func (w *world) watchedSilently(c Conversation) string {
	for _, p := range w.store.parts[c.Number-1] {
		if c.State == Active && p.Operator == c.Owner && !p.takesPart() {
			return fmt.Sprintf("its owner takes no part: %+v", p)
		}
	}
	watching := make(map[OperatorJID]bool)
	for _, e := range w.store.logs[c.Number-1] {
		switch d, _ := e.Data.(Part); {
		case d.Action == Watches:
			watching[e.Operator] = true
		case d.Action == Unwatches, d.Action == Joined:
			watching[e.Operator] = false
		case e.From == FromOperator && e.Type.Content() && watching[e.Operator]:
			return fmt.Sprintf("the words of %s, who only watches, are in the log", e.Operator)
		}
	}
	return ""
}

// AppendAudit keeps nothing: no rule reads what was changed by whom.
func (s *ramStore) AppendAudit(*Audit) error { return nil }
