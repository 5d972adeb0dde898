package staff

import (
	"context"
	"time"

	"porchlight/bridge"
)

// Totals are figures about all operators together.
type Totals struct {
	Operators int // the disabled ones included
	Active    int // how many of them were online lately
	Logins    int // of all times, those of deleted operators included
	Votes     bridge.Tally
}

// Totals counts; an operator is active who was online within the time that is given.
func (s *Staff) Totals(ctx context.Context, recently time.Duration) (t Totals, err error) {
	now := s.bridge.Now()
	err = s.bridge.Team.Look(ctx, func(r bridge.Reader) error {
		operators, err := r.Operators()
		if err != nil {
			return err
		}
		open, err := r.OpenSessions()
		if err != nil {
			return err
		}
		ended, err := r.SessionsSince(now.Add(-recently))
		if err != nil {
			return err
		}
		there := make(map[bridge.OperatorJID]bool)
		for _, session := range append(open, ended...) {
			there[session.Operator] = true
		}
		t = Totals{Operators: len(operators)}
		for _, o := range operators {
			if there[o.JID] {
				t.Active++
			}
			votes, err := r.TallyAbout(o.JID, bridge.Always().From, now)
			if err != nil {
				return err
			}
			t.Votes = added(t.Votes, votes)
		}
		t.Logins, err = r.Logins()
		return err
	})
	return t, err
}

func added(a, b bridge.Tally) bridge.Tally {
	for i := range a {
		a[i] += b[i]
	}
	return a
}

// Votes counts the votes about an operator that were given lately.
func (s *Staff) Votes(ctx context.Context, who bridge.OperatorJID, recently time.Duration) (t bridge.Tally, err error) {
	now := s.bridge.Now()
	err = s.bridge.Team.Look(ctx, func(r bridge.Reader) (err error) {
		t, err = r.TallyAbout(who, now.Add(-recently), now)
		return err
	})
	return t, err
}

// Changed lists what was changed in a range of days, about an operator or a department, or about all if
// about is empty: newest first, at most limit.
func (s *Staff) Changed(ctx context.Context, about string, from, to time.Time, limit int) (list []bridge.Audit, err error) {
	err = s.bridge.Team.Look(ctx, func(r bridge.Reader) (err error) {
		list, err = r.Audits(about, from, to, limit)
		return err
	})
	return list, err
}
