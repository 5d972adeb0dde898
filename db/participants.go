package db

import (
	"fmt"

	"porchlight/bridge"
)

func scanParticipant(r Row) bridge.Participant {
	return bridge.Participant{
		Conversation: r.int(0),
		Operator:     bridge.OperatorJID(r.text(1)),
		Joined:       r.int(2),
		Left:         r.bool(3),
		Confirmed:    r.int(4),
		Delivered:    r.int(5),
		Displayed:    r.int(6),
		Settled:      r.bool(7),
		Known:        r.int(8),
		Watches:      r.bool(9),
	}
}

// Participants implements bridge.Reader.
func (r *Reader) Participants(number int64) ([]bridge.Participant, error) {
	return list(r.s, "participants", scanParticipant,
		`SELECT conversation, operator, joined_seq, has_left, confirmed_seq, delivered_seq, displayed_seq, settled, known_seq, watches
		FROM participants WHERE conversation = ? ORDER BY operator`, number)
}

// UnconfirmedParticipants implements bridge.Reader. The list may be longer than limit,
// since it never ends within a conversation: a caller who goes on after the last
// conversation misses nobody.
func (r *Reader) UnconfirmedParticipants(after int64, limit int) ([]bridge.Participant, error) {
	var participants []bridge.Participant
	err := r.s.each(func(r Row) bool {
		p := scanParticipant(r)
		n := len(participants)
		if n > 0 && n >= limit && participants[n-1].Conversation != p.Conversation {
			return false
		}
		participants = append(participants, p)
		return true
	}, `SELECT p.conversation, p.operator, p.joined_seq, p.has_left, p.confirmed_seq, p.delivered_seq, p.displayed_seq, p.settled, p.known_seq, p.watches
		FROM participants p JOIN conversations c ON c.number = p.conversation
		WHERE p.settled = FALSE AND p.has_left = FALSE AND p.conversation > ? AND p.confirmed_seq < c.seq
		ORDER BY p.conversation, p.operator`, after)
	if err != nil {
		return nil, fmt.Errorf("read unconfirmed participants: %w", err)
	}
	return participants, nil
}

// SaveParticipant implements bridge.Tx.
func (t *Tx) SaveParticipant(p bridge.Participant) error {
	_, err := t.s.exec(`INSERT INTO participants (conversation, operator, joined_seq, has_left, confirmed_seq, delivered_seq, displayed_seq, settled, known_seq, watches)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (conversation, operator) DO UPDATE SET joined_seq = excluded.joined_seq, has_left = excluded.has_left,
			confirmed_seq = excluded.confirmed_seq, delivered_seq = excluded.delivered_seq, displayed_seq = excluded.displayed_seq, settled = excluded.settled, known_seq = excluded.known_seq, watches = excluded.watches`,
		p.Conversation, string(p.Operator), p.Joined, p.Left, p.Confirmed, p.Delivered, p.Displayed, p.Settled, p.Known, p.Watches)
	if err != nil {
		return fmt.Errorf("save participant: %w", err)
	}
	return nil
}
