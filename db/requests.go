package db

import (
	"encoding/json"
	"fmt"

	"porchlight/bridge"
)

func scanRequest(r Row) bridge.Request {
	return bridge.Request{
		Conversation: r.int(0),
		Name:         r.text(1),
		Email:        r.text(2),
		Reason:       r.text(3),
		Verified:     r.text(4),
		Page:         bridge.Page{URL: r.text(5), Title: r.text(6), Referrer: r.text(7)},
		Language:     r.text(8),
		Browser:      r.text(9),
		Attributes:   r.text(10),
		TimeZone:     r.text(11),
		Address:      r.text(12),
		Namesake:     int(r.int(13)),
		Digest:       r.text(14),
		Fields:       r.text(15),
		Invited:      invitedOf(r.text(16)),
	}
}

// invitedText writes the column of an invitation, and invitedOf reads it.
func invitedText(i bridge.Invited) string {
	if i == (bridge.Invited{}) {
		return ""
	}
	b, err := json.Marshal(i)
	if err != nil { // can't happen: these are texts
		panic(err)
	}
	return string(b)
}

func invitedOf(text string) (i bridge.Invited) {
	if text != "" {
		_ = json.Unmarshal([]byte(text), &i) // invitedText has written it
	}
	return i
}

// Request implements bridge.Reader.
func (r *Reader) Request(number int64) (bridge.Request, error) {
	return one(r.s, "request", scanRequest, `SELECT conversation, name, email, reason, verified, page_url, page_title, page_referrer,
		language, browser, attributes, time_zone, address, namesake, digest, fields, invited FROM requests WHERE conversation = ?`, number)
}

// Namesakes implements bridge.Reader.
func (r *Reader) Namesakes(name string, v bridge.VisitorJID) ([]int, error) {
	return list(r.s, "namesakes", func(r Row) int { return int(r.int(0)) }, `SELECT q.namesake FROM conversations c JOIN requests q ON q.conversation = c.number
		WHERE c.state <> 'closed' AND c.state IN ('waiting', 'active') AND LOWER(q.name) = LOWER(?) AND c.visitor <> ?`, name, string(v))
}

// createRequest stores the request of a new conversation.
func (t *Tx) createRequest(q bridge.Request) error {
	_, err := t.s.exec(`INSERT INTO requests (conversation, name, email, reason, verified, page_url, page_title, page_referrer,
		language, browser, attributes, time_zone, address, namesake, digest, fields, invited) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		q.Conversation, q.Name, q.Email, q.Reason, q.Verified, q.Page.URL, q.Page.Title, q.Page.Referrer,
		q.Language, q.Browser, q.Attributes, q.TimeZone, q.Address, int64(q.Namesake), q.Digest, q.Fields, invitedText(q.Invited))
	if err != nil {
		return fmt.Errorf("create request: %w", err)
	}
	return nil
}

// SaveRequestName implements bridge.Tx.
func (t *Tx) SaveRequestName(number int64, name string) error {
	return t.change("request", `UPDATE requests SET name = ? WHERE conversation = ?`, name, number)
}

// SaveRequestEmail implements bridge.Tx.
func (t *Tx) SaveRequestEmail(number int64, email string) error {
	return t.change("request", `UPDATE requests SET email = ? WHERE conversation = ?`, email, number)
}

// SaveRequestIdentity implements bridge.Tx.
func (t *Tx) SaveRequestIdentity(q bridge.Request) error {
	return t.change("request", `UPDATE requests SET name = ?, email = ?, verified = ? WHERE conversation = ?`, q.Name, q.Email, q.Verified, q.Conversation)
}
