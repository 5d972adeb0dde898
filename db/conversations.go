package db

import (
	"fmt"
	"time"

	"porchlight/bridge"
	"porchlight/bridge/phrase"
)

const conversationColumns = `number, id, visitor, department, kind, state, reason, owner, email, seq, present,
	opened_at, closed_at, due_waiting_at, due_visitor_at, due_operator_at, due_idle_warn_at, due_idle_close_at, due_receipt_at, due_offer_at, waits_since, unanswered_since, due_later_at, due_overflow_at, merged_into,
	due_escalate_at, due_remind_at, escalated_ms, reminded_ms,
	first_ms, next_ms, solved_ms, first_since, solve_since, solve_used_ms, answer_stage, solve_stage, due_answer_at, due_solve_at`

const selectConversation = `SELECT ` + conversationColumns + ` FROM conversations `

func scanConversation(r Row) bridge.Conversation {
	return bridge.Conversation{
		Number:     r.int(0),
		ID:         bridge.ConversationID(r.text(1)),
		Visitor:    bridge.VisitorJID(r.text(2)),
		Department: r.text(3),
		Kind:       bridge.Kind(r.text(4)),
		State:      bridge.State(r.text(5)),
		Reason:     r.text(6),
		Owner:      bridge.OperatorJID(r.text(7)),
		Email:      r.text(8),
		Seq:        r.int(9),
		Present:    r.bool(10),
		OpenedAt:   r.time(11),
		ClosedAt:   r.time(12),
		Due: bridge.Due{
			Waiting:   r.time(13),
			Visitor:   r.time(14),
			Operator:  r.time(15),
			IdleWarn:  r.time(16),
			IdleClose: r.time(17),
			Receipt:   r.time(18),
			Offer:     r.time(19),
			Later:     r.time(22),
			Overflow:  r.time(23),
			Escalate:  r.time(25),
			Remind:    r.time(26),
			Answer:    r.time(37),
			Solve:     r.time(38),
		},
		WaitsSince: r.time(20),
		Unanswered: r.time(21),
		Into:       r.int(24),
		Escalated:  r.duration(27),
		Reminded:   r.duration(28),
		Promise: bridge.Promise{
			Targets:  bridge.Targets{First: r.duration(29), Next: r.duration(30), Solved: r.duration(31)},
			First:    r.time(32),
			Solve:    r.time(33),
			Used:     r.duration(34),
			Answer:   bridge.Stage(r.int(35)),
			Solution: bridge.Stage(r.int(36)),
		},
	}
}

// Conversation implements bridge.Reader.
func (r *Reader) Conversation(number int64) (bridge.Conversation, error) {
	return r.conversation(selectConversation+`WHERE number = ?`, number)
}

// ConversationByID implements bridge.Reader.
func (r *Reader) ConversationByID(id bridge.ConversationID) (bridge.Conversation, []byte, error) {
	var hash []byte
	c, err := one(r.s, "conversation", func(r Row) bridge.Conversation {
		hash = r.bytes(39)
		return scanConversation(r)
	}, r.s.conn.ToChange(`SELECT `+conversationColumns+`, token_hash FROM conversations WHERE id = ?`), string(id))
	return c, hash, err
}

// ConversationByKey implements bridge.Reader.
func (r *Reader) ConversationByKey(key string) (bridge.Conversation, error) {
	return r.conversation(selectConversation+`WHERE request_key = ?`, key)
}

// LatestConversation implements bridge.Reader.
func (r *Reader) LatestConversation(v bridge.VisitorJID) (bridge.Conversation, error) {
	c, err := r.conversation(selectConversation+`WHERE visitor = ? ORDER BY number DESC LIMIT 1`, string(v))
	if err != nil || c.State != bridge.Closed {
		return c, err
	}
	open, err := list(r.s, "conversations", scanConversation, selectConversation+`WHERE visitor = ? AND state <> ? ORDER BY number DESC LIMIT 1`, string(v), string(bridge.Closed))
	if err != nil || len(open) == 0 {
		return c, err
	}
	return open[0], nil
}

func (r *Reader) conversation(query string, arg any) (bridge.Conversation, error) {
	return one(r.s, "conversation", scanConversation, r.s.conn.ToChange(query), arg)
}

// VisitorConversations implements bridge.Reader.
func (r *Reader) VisitorConversations(v bridge.VisitorJID, limit int) ([]bridge.Conversation, error) {
	return list(r.s, "conversations", scanConversation,
		selectConversation+`WHERE visitor = ? ORDER BY number DESC LIMIT ?`, string(v), int64(limit))
}

// Identified implements bridge.Reader.
func (r *Reader) Identified(subject string, limit int) ([]bridge.Conversation, error) {
	return list(r.s, "conversations", scanConversation, selectConversation+`WHERE number IN (SELECT conversation FROM requests WHERE verified <> '' AND verified = ?)
		ORDER BY number DESC LIMIT ?`, subject, int64(limit))
}

// MergedInto implements bridge.Reader.
func (r *Reader) MergedInto(number int64) ([]bridge.Conversation, error) {
	return list(r.s, "conversations", scanConversation, selectConversation+`WHERE merged_into = ? ORDER BY number DESC`, number)
}

// OpenConversations implements bridge.Reader.
func (r *Reader) OpenConversations(state bridge.State, after int64, limit int) ([]bridge.Conversation, error) {
	if state == bridge.New {
		return list(r.s, "conversations", scanConversation,
			selectConversation+`WHERE state <> 'closed' AND state IN ('waiting', 'active') AND number > ? ORDER BY number LIMIT ?`, after, int64(limit))
	}
	return list(r.s, "conversations", scanConversation,
		selectConversation+`WHERE state <> 'closed' AND state = ? AND number > ? ORDER BY number LIMIT ?`, string(state), after, int64(limit))
}

// WaitingChats implements bridge.Reader.
func (r *Reader) WaitingChats(department string, since time.Time, number int64) (int, error) {
	n, err := one(r.s, "queue", scanInt, `SELECT count(*) FROM conversations
		WHERE state <> 'closed' AND state = 'waiting' AND kind = 'chat' AND department = ?
		AND (waits_since < ? OR waits_since = ? AND number < ?)`, department, millis(since), millis(since), number)
	return int(n), err
}

// WaitingBehind implements bridge.Reader.
func (r *Reader) WaitingBehind(department string, since time.Time, number int64, limit int) ([]bridge.Conversation, error) {
	return list(r.s, "queue", scanConversation, selectConversation+`WHERE state <> 'closed' AND state = 'waiting' AND kind = 'chat' AND department = ?
		AND (waits_since > ? OR waits_since = ? AND number > ?) ORDER BY waits_since, number LIMIT ?`, department, millis(since), millis(since), number, int64(limit))
}

// Waiting implements bridge.Reader.
func (r *Reader) Waiting(k bridge.Kind) (int, error) {
	if k == "" {
		n, err := one(r.s, "queue", scanInt, `SELECT count(*) FROM conversations WHERE state <> 'closed' AND state = 'waiting'`)
		return int(n), err
	}
	n, err := one(r.s, "queue", scanInt, `SELECT count(*) FROM conversations WHERE state <> 'closed' AND state = 'waiting' AND kind = ?`, string(k))
	return int(n), err
}

// TookPart implements bridge.Reader.
func (r *Reader) TookPart(o bridge.OperatorJID) (int, error) {
	n, err := one(r.s, "number of conversations", scanInt, `SELECT COUNT(*) FROM participants WHERE operator = ?`, string(o))
	return int(n), err
}

// OwnedBy implements bridge.Reader.
func (r *Reader) OwnedBy(o bridge.OperatorJID) ([]bridge.Conversation, error) {
	return list(r.s, "conversations", scanConversation,
		selectConversation+`WHERE owner = ? AND state = 'active' ORDER BY number`, string(o))
}

// CountOwned implements bridge.Reader. An owner is asked for so that the index of owned conversations serves.
func (r *Reader) CountOwned() (map[bridge.OperatorJID]int, error) {
	counts := make(map[bridge.OperatorJID]int)
	err := r.s.each(func(r Row) bool {
		counts[bridge.OperatorJID(r.text(0))] = int(r.int(1))
		return true
	}, `SELECT owner, COUNT(*) FROM conversations WHERE state = 'active' AND owner IS NOT NULL GROUP BY owner`)
	if err != nil {
		return nil, fmt.Errorf("count owned conversations: %w", err)
	}
	return counts, nil
}

// TakesPart implements bridge.Reader. It searches the open conversations and not the
// operator's, since the operator may have taken part in any number of closed ones.
func (r *Reader) TakesPart(o bridge.OperatorJID) ([]int64, error) {
	return list(r.s, "conversations", scanInt, `SELECT number FROM conversations c WHERE state <> 'closed' AND state IN ('waiting', 'active')
		AND EXISTS (SELECT 1 FROM participants WHERE conversation = c.number AND operator = ? AND has_left = FALSE)`, string(o))
}

// DueConversations implements bridge.Reader.
func (r *Reader) DueConversations(now time.Time, limit int) ([]bridge.Conversation, error) {
	return list(r.s, "conversations", scanConversation,
		selectConversation+`WHERE next_due_at <= ? ORDER BY next_due_at, number LIMIT ?`, now.UnixMilli(), int64(limit))
}

// CreateConversation implements bridge.Tx.
func (t *Tx) CreateConversation(c *bridge.Conversation, q bridge.Request, key string, tokenHash []byte) error {
	next, _ := c.Due.Next()
	number, created, err := t.s.assign(`INSERT INTO conversations (id, visitor, department, kind, state, reason, owner, email, seq, present,
		opened_at, closed_at, due_waiting_at, due_visitor_at, due_operator_at, due_idle_warn_at, due_idle_close_at, due_receipt_at, due_offer_at, next_due_at, waits_since, unanswered_since, due_later_at, due_overflow_at,
		due_escalate_at, due_remind_at, escalated_ms, reminded_ms, request_key, token_hash,
		first_ms, next_ms, solved_ms, first_since, solve_since, solve_used_ms, answer_stage, solve_stage, due_answer_at, due_solve_at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (request_key) DO NOTHING RETURNING number`,
		string(c.ID), string(c.Visitor), c.Department, string(c.Kind), string(c.State), c.Reason, orNull(c.Owner), c.Email, c.Seq, c.Present,
		millis(c.OpenedAt), millis(c.ClosedAt), millis(c.Due.Waiting), millis(c.Due.Visitor), millis(c.Due.Operator),
		millis(c.Due.IdleWarn), millis(c.Due.IdleClose), millis(c.Due.Receipt), millis(c.Due.Offer), millis(next), millis(c.WaitsSince), millis(c.Unanswered), millis(c.Due.Later), millis(c.Due.Overflow),
		millis(c.Due.Escalate), millis(c.Due.Remind), c.Escalated.Milliseconds(), c.Reminded.Milliseconds(), key, tokenHash,
		c.Promise.Targets.First.Milliseconds(), c.Promise.Targets.Next.Milliseconds(), c.Promise.Targets.Solved.Milliseconds(), millis(c.Promise.First), millis(c.Promise.Solve),
		c.Promise.Used.Milliseconds(), int64(c.Promise.Answer), int64(c.Promise.Solution), millis(c.Due.Answer), millis(c.Due.Solve))
	if err != nil {
		return fmt.Errorf("create conversation: %w", err)
	}
	if !created {
		return phrase.Fail(phrase.CodeConflict, "This request was made already.")
	}
	c.Number = number
	q.Conversation = number
	return t.createRequest(q)
}

// SaveConversation implements bridge.Tx. It does not write number, id and visitor, since
// these never change.
func (t *Tx) SaveConversation(c bridge.Conversation, was int64) error {
	next, _ := c.Due.Next()
	return saved(t.s.must(`UPDATE conversations SET merged_into = ?, department = ?, kind = ?, state = ?, reason = ?, owner = ?, email = ?, opened_at = ?, closed_at = ?, waits_since = ?, escalated_ms = ?, reminded_ms = ?,
		first_ms = ?, next_ms = ?, solved_ms = ?, solve_since = ?, solve_used_ms = ?, answer_stage = ?, solve_stage = ?,
		seq = ?, present = ?, unanswered_since = ?, due_waiting_at = ?, due_visitor_at = ?, due_operator_at = ?, due_idle_warn_at = ?, due_idle_close_at = ?, due_receipt_at = ?, due_offer_at = ?, due_later_at = ?, due_overflow_at = ?, due_escalate_at = ?, due_remind_at = ?, first_since = ?, due_answer_at = ?, due_solve_at = ?, next_due_at = ?
		WHERE number = ? AND seq = ?`,
		orNone(c.Into), c.Department, string(c.Kind), string(c.State), c.Reason, orNull(c.Owner), c.Email, millis(c.OpenedAt), millis(c.ClosedAt), millis(c.WaitsSince), c.Escalated.Milliseconds(), c.Reminded.Milliseconds(),
		c.Promise.Targets.First.Milliseconds(), c.Promise.Targets.Next.Milliseconds(), c.Promise.Targets.Solved.Milliseconds(), millis(c.Promise.Solve),
		c.Promise.Used.Milliseconds(), int64(c.Promise.Answer), int64(c.Promise.Solution),
		c.Seq, c.Present, millis(c.Unanswered), millis(c.Due.Waiting), millis(c.Due.Visitor), millis(c.Due.Operator),
		millis(c.Due.IdleWarn), millis(c.Due.IdleClose), millis(c.Due.Receipt), millis(c.Due.Offer), millis(c.Due.Later), millis(c.Due.Overflow), millis(c.Due.Escalate), millis(c.Due.Remind), millis(c.Promise.First), millis(c.Due.Answer), millis(c.Due.Solve), millis(next), c.Number, was))
}

// SaveProgress is SaveConversation for a conversation of which this is stored already: its Settled
// part, and, if dueStored, when it is due next. It writes only the other columns. Each write of
// next_due_at moves an entry of an index, even if the time is the same.
func (t *Tx) SaveProgress(c bridge.Conversation, was int64, dueStored bool) error {
	const progress = `UPDATE conversations SET seq = ?, present = ?, unanswered_since = ?, due_waiting_at = ?, due_visitor_at = ?, due_operator_at = ?,
		due_idle_warn_at = ?, due_idle_close_at = ?, due_receipt_at = ?, due_offer_at = ?, due_later_at = ?, due_overflow_at = ?, due_escalate_at = ?, due_remind_at = ?, first_since = ?, due_answer_at = ?, due_solve_at = ?`
	args := [20]any{c.Seq, c.Present, millis(c.Unanswered), millis(c.Due.Waiting), millis(c.Due.Visitor), millis(c.Due.Operator),
		millis(c.Due.IdleWarn), millis(c.Due.IdleClose), millis(c.Due.Receipt), millis(c.Due.Offer), millis(c.Due.Later), millis(c.Due.Overflow), millis(c.Due.Escalate), millis(c.Due.Remind), millis(c.Promise.First), millis(c.Due.Answer), millis(c.Due.Solve)}
	if dueStored {
		args[17], args[18] = c.Number, was
		return saved(t.s.must(progress+` WHERE number = ? AND seq = ?`, args[:19]...))
	}
	next, _ := c.Due.Next()
	args[17], args[18], args[19] = millis(next), c.Number, was
	return saved(t.s.must(progress+`, next_due_at = ? WHERE number = ? AND seq = ?`, args[:]...))
}

// Settled returns a conversation without the fields that change with every message.
func Settled(c bridge.Conversation) bridge.Conversation {
	c.Seq, c.Present, c.Unanswered, c.Promise.First, c.Due = 0, false, time.Time{}, time.Time{}, bridge.Due{}
	return c
}

// swapped turns the result of a compare-and-swap into an error: CodeConflict if it changed
// no row.
func swapped(n int64, err error) error {
	if err == nil && n == 0 {
		err = Unchanged()
	}
	return saved(err)
}

// saved says what an error is about.
func saved(err error) error {
	if err != nil {
		return fmt.Errorf("save conversation: %w", err)
	}
	return nil
}
