package report

import (
	"context"
	"time"

	"porchlight/bridge"
)

// Store is what the statistics need of a database. Its methods may be called by any goroutine, and are
// those of bridge.Store in all else.
type Store interface {
	// UpdateReport runs f in a write transaction, perhaps more than once.
	UpdateReport(ctx context.Context, f func(Tx) error) error
	// ViewReport runs f on a consistent snapshot of what is committed.
	ViewReport(ctx context.Context, f func(Reader) error) error
	// ReportIn writes in a transaction of the same database that is under way.
	ReportIn(tx bridge.Tx) Tx
}

// Reader reads logs, and what was made of them.
type Reader interface {
	Conversation(number int64) (bridge.Conversation, error)
	Events(number, after int64, limit int) ([]bridge.Event, error)
	Setting(key string) (string, error)
	// LastNumber is the greatest number of a conversation, 0 if there is none.
	LastNumber() (int64, error)
	// Behind lists the conversations with a number above after, up to a number, whose log goes on past
	// what was read of it: by number.
	Behind(after, upto int64) ([]int64, error)
	// Reading is how far a log was read. CodeNotFound says that it was not.
	Reading(number int64) (Reading, error)
	// Spans lists the spans of an operator on a day, in no order. Those that KeepSpan keeps have no Conversation and no Seq.
	Spans(o bridge.OperatorJID, kind bridge.Kind, day Period) ([]Span, error)
	// Rows adds up the rows of periods from one to another, which are both days or both months: one for
	// each measure and bucket, in no order.
	Rows(w Whose, from, upto Period) ([]Row, error)
	// Course adds up two measures for each of the periods from one to another, which are both days or both
	// months: by period and measure. What holds nothing is left out.
	Course(w Whose, from, upto Period, measures [2]Measure) ([]Counted, error)
	// Owed counts the open conversations that the visitor began from one time until before another and
	// that have no answer yet, and says when the oldest was begun. For an operator these are the
	// operator's own.
	Owed(w Whose, from, until time.Time) (n int64, oldest time.Time, err error)
	// Online is how long an operator was online from one time until another, or all operators together
	// if o is "". A session that goes on lasts until the latter.
	Online(o bridge.OperatorJID, from, until time.Time) (time.Duration, error)

	// AllOwed counts for everybody at once what Owed does for one, by operator and department.
	AllOwed(kind bridge.Kind, from, until time.Time) ([]ShareOfOwed, error)
	// AllOnline is for everybody at once what Online is for one; those who were not online are left out.
	AllOnline(from, until time.Time) (map[bridge.OperatorJID]time.Duration, error)

	// Subscription finds statistics that go by mail each week. CodeNotFound says that there is none of that id.
	Subscription(id string) (Subscription, error)
	// Subscriptions lists all, by address.
	Subscriptions() ([]Subscription, error)
	// DueSubscriptions lists those that are due at or before now, earliest first.
	DueSubscriptions(now time.Time, limit int) ([]Subscription, error)
	OutMail(id string) (bridge.OutMail, error)
	// Ordered lists the mails that operators had sent since a time, in that order.
	Ordered(since time.Time) ([]Ordered, error)
}

// Tx also writes.
type Tx interface {
	Reader
	SaveSetting(key, value string) error
	// SaveReading stores how far a log was read. was is the seq up to which it was read before, 0 if it
	// was not; CodeConflict says that somebody else has read on meanwhile.
	SaveReading(r Reading, was int64) error
	// AddUp adds to a row. A row that holds nothing any more is deleted.
	AddUp(k Key, s Sum) error
	SaveSpan(s Span) error
	// SaveSubscription stores a subscription, or changes the Due, Post and Failed of one.
	SaveSubscription(s Subscription) error
	// DeleteSubscription gives CodeNotFound if there is none of that id.
	DeleteSubscription(id string) error
	bridge.QueueWriter
	AppendAudit(a *bridge.Audit) error
	AppendNews(n *bridge.News) error
	// KeepSum moves what AddUp has added to a row to where Forget does not reach. For Rows and Course it stays where it is.
	KeepSum(k Key, s Sum) error
	// KeepSpan moves a span to where Forget does not reach, without its Conversation and Seq.
	KeepSpan(s Span) error
	// Forget deletes a part of all readings, rows and spans, and reports whether there are more. What was kept is not deleted.
	Forget() (more bool, err error)
}

// Whose says about whom figures are: an operator, a department, or the site if both are empty.
type Whose struct {
	Operator   bridge.OperatorJID
	Department string
	Kind       bridge.Kind
}

// Counted is what was counted of one measure in one period.
type Counted struct {
	Period  Period
	Measure Measure
	Sum
}

// Reading is how far a log was read.
type Reading struct {
	Conversation int64
	Seq          int64
	Account      string    // an Account as JSON
	Owed         time.Time // when the visitor wrote first, zero unless an open conversation has no answer yet
	Whose                  // of an open conversation without an answer
}
