package bridge

import (
	"slices"

	"porchlight/bridge/phrase"
)

// Change is what sides are told: events that were committed, or something that is not stored
// (a receipt, typing). A change may come out of order, or not at all when very much happens at
// once (see Rereader). The log is the truth: a side that sees a gap in the numbers reads the log.
type Change struct {
	Conversation Conversation // the conversation after the change
	Events       []Event
	Receipt      *Receipt // what is proved of the visitor's messages
	Typing       *Typing
	Seen         int64 // above 0: the visitor's page has shown the log up to this seq
	Looked       bool  // the page was hidden or shown
	Erased       bool  // it was deleted with its log; nothing of it is to be found any more
}

// Receipt says which step of delivery is proved for the visitor's messages up to a seq.
type Receipt struct {
	Upto   int64
	Status ReceiptStatus
}

// ReceiptStatus is a step of delivery to an operator.
type ReceiptStatus string

// The steps of delivery that can be proved after storing.
const (
	Confirmed ReceiptStatus = "confirmed" // the XMPP server has routed it
	Delivered ReceiptStatus = "delivered" // a client has received it (XEP-0184)
	Displayed ReceiptStatus = "seen"      // the operator has seen it (XEP-0333)
)

// Typing says that somebody began or stopped to write (XEP-0085).
type Typing struct {
	From     Role
	Operator OperatorJID
	Name     string
	Active   bool
}

// Side is a part of the program that carries words to or from people, or reads the logs for another
// purpose. It is told the changes of every conversation. Its methods must not block; any goroutine
// that publishes something may call them, one at a time. A side that can hear more than changes has
// the methods of DeskListener, Retrier, StatusListener, Alarmer or Rereader, for which Join looks.
type Side interface {
	// Changed says what happened to a conversation.
	Changed(Change)
}

// DeskListener is a Side that reads the operators' desk logs.
type DeskListener interface {
	// DeskChanged says that an operator's desk log has grown.
	DeskChanged(OperatorJID)
}

// Retrier is a Side that leaves conversations in Quarantine alone.
type Retrier interface {
	// Retry says that a conversation that could not be processed may be tried again.
	Retry(number int64)
}

// StatusListener is a Side that shows who is there.
type StatusListener interface {
	// StatusChanged says that Team.Status or Team.Operators may have changed.
	StatusChanged()
}

// Alarmer is a Side that reaches the super operators at once, and not by their desk logs: the store
// may be what is broken.
type Alarmer interface {
	// Alarm tells text to the super operators.
	Alarm(text phrase.Phrase)
}

// Rereader is a Side that depends on what it is told: it shows the logs and the team to somebody who
// waits for them.
type Rereader interface {
	// Reread says that news were left out, because more waited than a side's seat has room for. The side
	// has to read anew whatever may have changed.
	Reread()
}

// Join tells s all that is published from now on, until leave is called; a call of s that is under
// way then may end later. A side that is slow or panics keeps nothing from the others.
func (b *Bridge) Join(s Side) (leave func()) {
	seat := &seat{side: s, log: b.log}
	seat.desk, _ = s.(DeskListener)
	seat.retrier, _ = s.(Retrier)
	seat.status, _ = s.(StatusListener)
	seat.alarmer, _ = s.(Alarmer)
	seat.rereader, _ = s.(Rereader)
	b.hub.sit(seat)
	return func() { b.hub.stand(seat) }
}

// sit adds a seat. The list is never changed in place, since tell uses it without the lock.
func (h *hub) sit(s *seat) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.seats = append(slices.Clip(h.seats), s)
}

// stand removes a seat.
func (h *hub) stand(s *seat) {
	h.mu.Lock()
	h.seats = slices.DeleteFunc(slices.Clone(h.seats), func(x *seat) bool { return x == s })
	h.mu.Unlock()
	s.empty()
}
