package bridge

import "context"

// Show is how available a client is (RFC 6121 §4.7.2.1).
type Show string

// The shows. Only ShowAvailable and ShowChat count as available.
const (
	ShowOffline   Show = "offline" // the client is gone
	ShowAvailable Show = ""
	ShowChat      Show = "chat"
	ShowAway      Show = "away"
	ShowXA        Show = "xa"
	ShowDND       Show = "dnd"
)

// Valid reports whether s is one of the shows.
func (s Show) Valid() bool {
	switch s {
	case ShowOffline, ShowAvailable, ShowChat, ShowAway, ShowXA, ShowDND:
		return true
	}
	return false
}

// Presence takes in the presence of one of an operator's clients; resource "" with ShowOffline
// means all of them (RFC 6121 §4.5.4). A stranger's presence is ignored.
func (r *Reach) Presence(ctx context.Context, jid OperatorJID, resource string, show Show) error {
	if _, ok := r.b.Team.Operator(jid); !ok {
		return nil
	}
	was, is := r.show(jid, resource, show, r.b.clock.Now())
	if show == ShowOffline {
		r.stopsWriting(jid)
	}
	return r.moved(ctx, jid, was, is)
}

// rank orders shows, the most available first.
func rank(s Show) int {
	for i, x := range []Show{ShowChat, ShowAvailable, ShowAway, ShowXA, ShowDND, ShowOffline} {
		if s == x {
			return i
		}
	}
	return 9
}
