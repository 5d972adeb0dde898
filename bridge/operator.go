package bridge

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Operator is a person who answers.
type Operator struct {
	JID           OperatorJID
	Name          string
	Enabled       bool
	Paused        bool     // "away" at the desk: no offers, whatever the presence says
	Departments   []string // names; super operators belong to all
	Super         bool     // named in the config; not stored
	Language      string   // chosen at the desk, such as de; "": Locale
	Locale        string   // what their client says (xml:lang)
	Satellite     bool     // wants little traffic: no typing, no presence of visitors
	Permissions   Permissions
	Greeted       bool   // the desk has explained itself once
	NoRoom        bool   // wants to stay out of the operators' room
	Zone          string // their client's offset from UTC, such as +02:00 (XEP-0202 §3); "": not known
	DeskSeq       int64  // of the last entry of the operator's desk log
	DeskConfirmed int64  // cursor: up to here the desk log was routed by the server
	CreatedAt     time.Time
}

// Serves reports whether requests of the department go to this operator.
func (o Operator) Serves(department string) bool {
	if o.Super {
		return true
	}
	for _, d := range o.Departments {
		if d == department {
			return true
		}
	}
	return false
}

// InRoom reports whether the operator belongs into the operators' room.
func (o Operator) InRoom() bool { return !o.NoRoom && !slices.Contains(o.Permissions, NotInRoom) }

// Tongue is the language in which the desk speaks to them, "" if unknown.
func (o Operator) Tongue() string { return cmp.Or(o.Language, o.Locale) }

// Permission is something that not every operator may do.
type Permission string

// The permissions; "" is what all may do. A super operator has all of them, and
// alone has MaySuper, which nobody can be given.
const (
	MayBlock Permission = "block" // visitors
	MaySuper Permission = "super"

	// NotInRoom is the contrary of one: it keeps an operator out of the operators'
	// room, whatever they want themselves.
	NotInRoom Permission = "not-in-room"
)

// Permissions are what an operator may do beside handling conversations.
type Permissions []Permission

// String is how they are stored: words with spaces between.
func (p Permissions) String() string {
	words := make([]string, len(p))
	for i, w := range p {
		words[i] = string(w)
	}
	return strings.Join(words, " ")
}

// PermissionsFrom is the inverse of String.
func PermissionsFrom(s string) Permissions {
	var p Permissions
	for _, w := range strings.Fields(s) {
		p = append(p, Permission(w))
	}
	return p
}

// May reports whether the operator has a permission.
func (o Operator) May(p Permission) bool {
	return p == "" || o.Super || p != MaySuper && slices.Contains(o.Permissions, p)
}

// Department is a named group of operators.
type Department struct {
	Name  string // lower-case, the local part of its JID
	Title string // for people
}

// Location is the operator's time zone as their client told it last, called such as
// UTC+2; UTC if it has not.
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

// zoneMost is the greatest offset that there is anywhere, +14:00, in seconds.
const zoneMost = 14 * 60 * 60

// ZoneOf is an offset that a client told (XEP-0202 §3, XEP-0082 §3.3) as Operator.Zone
// holds it; not ok if it is none.
func ZoneOf(tzo string) (zone string, ok bool) {
	t, err := time.Parse("Z07:00", tzo)
	if err != nil {
		return "", false
	}
	_, offset := t.Zone()
	return t.Format("-07:00"), max(offset, -offset) <= zoneMost
}
