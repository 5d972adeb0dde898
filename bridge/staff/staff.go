// Package staff administers the team: operators, what they may, and departments. Each change is one
// transaction with its entry in the audit log, and the operators whom it concerns are told at the
// desk: within a minute, all in one line. The package decides what may be changed and says what was;
// how a command arrives is its caller's business.
package staff

import (
	"context"
	"strings"
	"time"

	"porchlight/bridge"
	"porchlight/bridge/phrase"
)

// Staff administers the team of a bridge. It may be used by any goroutine.
type Staff struct{ bridge *bridge.Bridge }

// New makes a Staff.
func New(b *bridge.Bridge) *Staff { return &Staff{b} }

// deed is a change of the team that is under way in a transaction.
type deed struct {
	bridge.Tx
	by   bridge.Operator
	now  time.Time
	team *bridge.Team
}

// change runs f in a transaction, perhaps more than once, as bridge.Team.Administer does.
func (s *Staff) change(ctx context.Context, by bridge.Operator, f func(deed) error) error {
	return s.bridge.Team.Administer(ctx, func(tx bridge.Tx) error { return f(s.deed(tx, by)) })
}

func (s *Staff) deed(tx bridge.Tx, by bridge.Operator) deed {
	return deed{tx, by, s.bridge.Now(), s.bridge.Team}
}

// audit stores what was changed about an operator or a department; line is the command without its
// values.
func (d deed) audit(about, line string, changes ...bridge.Changed) error {
	return d.AppendAudit(&bridge.Audit{At: d.now, By: d.by.JID, ByName: d.by.Name, About: about, Line: line, Changes: changes})
}

// tell has an operator told what somebody else has changed about them, together with all else that is
// changed within a minute; changed goes on after "Xavi changed".
func (d deed) tell(o bridge.Operator, changed phrase.Phrase) error {
	if o.JID == d.by.JID {
		return nil
	}
	return bridge.KeepNews(d.Tx, o.JID, d.by.Name, d.now, changed)
}

// refuse makes an error about the input, with a sentence for the operator.
func refuse(format string, args ...any) error {
	return phrase.Fail(phrase.CodeInvalid, format, args...)
}

// barred makes an error about somebody whom the change may not be about.
func barred(format string, args ...any) error {
	return phrase.Fail(phrase.CodeForbidden, format, args...)
}

// Arg is how a line names an operator: by what stands before the @ of the address if nobody else has
// the same there, or is called so; else by the address.
func (s *Staff) Arg(o bridge.Operator) string {
	local, _, _ := strings.Cut(string(o.JID), "@")
	for _, other := range s.bridge.Team.Everybody() {
		theirs, _, _ := strings.Cut(string(other.JID), "@")
		if other.JID != o.JID && (strings.EqualFold(theirs, local) || strings.EqualFold(other.Name, local)) {
			return string(o.JID)
		}
	}
	return local
}

// Args is how a line names several operators.
func (s *Staff) Args(list []bridge.Operator) string {
	var args []string
	for _, o := range list {
		args = append(args, s.Arg(o))
	}
	return strings.Join(args, ", ")
}
