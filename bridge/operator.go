package bridge

import (
	"cmp"
	"fmt"
	"time"

	"porchlight/bridge/phrase"
)

// Operator is a person who answers.
type Operator struct {
	JID           OperatorJID
	Name          string
	Enabled       bool
	Paused        bool   // "away" at the desk: no offers, whatever the presence says
	Departments   Circle // whose chats go to the operator; a super operator belongs to all
	Tickets       Circle // whose tickets go to the operator; empty: the same as Departments
	Super         bool   // the config names the operator; not stored
	Language      string // the language chosen at the desk, such as de; "": Locale
	Locale        string // the language of their client (xml:lang)
	Satellite     bool   // the operator wants little traffic: no typing, no presence of visitors
	Permissions   Permissions
	Greeted       bool   // the desk has explained itself once
	NoRoom        bool   // the operator wants to stay out of the operators' room
	NoFace        bool   // the operator does not want visitors to see their picture, nor that they are there
	Zone          string // the offset of their client's time from UTC, such as +02:00 (XEP-0202 §3); "": not known
	DeskSeq       int64  // the seq of the last entry of the operator's desk log
	DeskConfirmed int64  // the cursor: up to here the server has routed the desk log
	CreatedAt     time.Time
	About         string // what visitors may read of the operator
	Invitation    string // with which the operator invites visitors
	Greeting      string // what is said to the visitor when the operator takes a request, with placeholders as in an Answer
	WhatsApp      string // a phone number, as +34600000000
	Limit         int    // how many chats the operator has at most at once; 0: as the department says
	Hours         string // the operator's own hours, as package hours writes them; "": the site's
	Notify        Notify
}

// Serves reports whether a department's requests of a kind go to this operator.
func (o Operator) Serves(department string, kind Kind) bool {
	if kind == Ticket && len(o.Tickets) > 0 {
		return o.Super || o.Tickets.Has(department)
	}
	return o.Super || o.Departments.Has(department)
}

// has reports whether a conversation is for this operator to see: they serve or own it.
func (o Operator) has(c Conversation) bool { return o.Serves(c.Department, c.Kind) || c.Owner == o.JID }

// InRoom reports whether the operator belongs in the operators' room.
func (o Operator) InRoom() bool { return !o.NoRoom && o.May(MayRoom) }

// Tongue is the tag of the language in which the desk speaks to the operator, "" if unknown.
func (o Operator) Tongue() string { return cmp.Or(o.Language, o.Locale) }

// Reads is the language in which the desk speaks to the operator.
func (o Operator) Reads() *phrase.Language { return phrase.DeskTongue(o.Tongue()) }

// Location is the time zone that the operator's client told last, with a name such as UTC+2; UTC
// if the client told none.
func (o Operator) Location() *time.Location {
	t, err := time.Parse("-07:00", o.Zone)
	if err != nil {
		return time.UTC
	}
	_, offset := t.Zone()
	if offset == 0 {
		return time.UTC
	}
	sign, of := "+", offset/60
	if of < 0 {
		sign, of = "-", -of
	}
	name := fmt.Sprintf("UTC%s%d", sign, of/60)
	if of%60 != 0 {
		name += fmt.Sprintf(":%02d", of%60)
	}
	return time.FixedZone(name, offset)
}

// zoneMost is the greatest offset from UTC that exists, +14:00, in seconds.
const zoneMost = 14 * 60 * 60

// ZoneOf is an offset that a client told (XEP-0202 §3, XEP-0082 §3.3) as Operator.Zone holds it;
// ok is false if tzo is no such offset.
func ZoneOf(tzo string) (zone string, ok bool) {
	t, err := time.Parse("Z07:00", tzo)
	if err != nil {
		return "", false
	}
	_, offset := t.Zone()
	return t.Format("-07:00"), max(offset, -offset) <= zoneMost
}
