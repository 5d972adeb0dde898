package report

import (
	"slices"
	"time"

	"porchlight/bridge"
)

// Calendar tells business time.
type Calendar interface {
	// Between is how much business time lies between two moments.
	Between(a, b time.Time) time.Duration
}

// Reckoner turns the events of conversations into facts. It is a value without a state of its own: what
// is known of a conversation is in its Account.
type Reckoner struct {
	Zone  *time.Location                   // in which days begin and end
	Hours func(department string) Calendar // nil, or a nil Calendar: all time is business time
}

// Account is what a Reckoner knows of a conversation from the part of its log that was read. The store
// keeps it as JSON.
type Account struct {
	Kind       bridge.Kind          `json:"kind,omitempty"`
	Department string               `json:"department,omitempty"`
	Mail       bool                 `json:"mail,omitempty"`     // the visitor has left an address
	Begun      string               `json:"begun,omitempty"`    // the department in which it began
	Opened     moment               `json:"opened,omitempty"`   // when the conversation began
	First      moment               `json:"first,omitempty"`    // when the visitor wrote first
	Asked      moment               `json:"asked,omitempty"`    // the visitor's first message that is not answered yet
	Answered   bool                 `json:"answered,omitempty"` // an operator has answered, or spoke first
	Heard      bool                 `json:"heard,omitempty"`    // an operator has written since it was opened last
	Waits      moment               `json:"waits,omitempty"`    // since when it waits to be taken
	Taking     bool                 `json:"taking,omitempty"`   // who takes it stands in the next event
	Owner      bridge.OperatorJID   `json:"owner,omitempty"`
	Since      moment               `json:"since,omitempty"` // since when Owner has it
	Owners     []bridge.OperatorJID `json:"owners,omitempty"`
	Closed     bool                 `json:"closed,omitempty"`
	Junk       bool                 `json:"junk,omitempty"` // it is no request, so nothing of it counts but the time that it took
	Last       *end                 `json:"last,omitempty"` // the last solution
	Vote       *vote                `json:"vote,omitempty"`
	Goal       *goal                `json:"goal,omitempty"`
}

// moment is a time in milliseconds since 1970, as the store keeps times; 0 is none.
type moment int64

func (m moment) time() time.Time { return time.UnixMilli(int64(m)) }

// end is how a conversation was solved last. It is taken back when the conversation is solved again.
type end struct {
	At         moment             `json:"at"`
	Operator   bridge.OperatorJID `json:"operator,omitempty"`
	Department string             `json:"department"`
	Kind       bridge.Kind        `json:"kind"`
	Took       int64              `json:"took"`  // milliseconds
	Hours      int64              `json:"hours"` // the same in business time
}

// vote is what the visitor has voted.
type vote struct {
	Day        Period             `json:"day"` // of the first vote, which may have been changed
	Operator   bridge.OperatorJID `json:"operator"`
	Department string             `json:"department"`
	Kind       bridge.Kind        `json:"kind"`
	Score      int64              `json:"score"` // 0: deleted
}

// Span is a time in which an operator had a conversation, cut at the borders of days.
type Span struct {
	Operator     bridge.OperatorJID
	Kind         bridge.Kind
	Department   string
	Day          Period
	Conversation int64
	Seq          int64 // of the event with which it ended
	Since, Until time.Time
}

// Found is what was reckoned from events.
type Found struct {
	Facts []Fact
	Spans []Span
}

// Read adds what an event says to the account of its conversation, and to found. The events of a log
// come in order, each once.
func (r Reckoner) Read(a *Account, e bridge.Event, found *Found) {
	p := &page{Reckoner: r, Account: a, e: e, at: moment(e.At.UnixMilli()), found: found}
	p.aims()
	switch e.Type {
	case bridge.EventState:
		if t, ok := e.Data.(bridge.Turn); ok {
			p.turn(t)
		}
	case bridge.EventOperator:
		p.part()
	case bridge.EventOwner:
		if o, _ := e.Data.(bridge.Ownership); o.Action == bridge.Follows || o.Action == bridge.TookOver || o.Action == bridge.Assigned {
			p.passes()
		} else if o.Action == bridge.Rehoused {
			p.Department = o.Department
		} else if o.Since > 0 {
			p.Asked = moment(o.Since)
		}
	case bridge.EventMessage, bridge.EventFile:
		p.said()
	case bridge.EventEmail:
		a.Mail = true
	case bridge.EventFeedback:
		if v, ok := e.Data.(bridge.Vote); ok {
			p.voted(v)
		}
	}
}

// page is one event while it is read.
type page struct {
	Reckoner
	*Account
	e     bridge.Event
	at    moment
	found *Found
}

func (p *page) day(m moment) Period { return DayOf(m.time().In(p.Zone)) }

// fact adds a fact of the event's day, of which there is one.
func (p *page) fact(m Measure, o bridge.OperatorJID, of Scope) {
	p.found.Facts = append(p.found.Facts, Fact{Day: p.day(p.at), Operator: o, Department: p.Department, Kind: p.Kind, Of: of, Measure: m, N: 1})
}

// took adds how long something took from a moment until the event.
func (p *page) took(m Measure, o bridge.OperatorJID, from moment) {
	f := Fact{Day: p.day(p.at), Operator: o, Department: p.Department, Kind: p.Kind, Measure: m}
	if m == FirstNew {
		f.Day, f.Department = p.day(p.Opened), p.Begun
	}
	p.found.times(f, int64(p.at-from), p.business(from), 1)
}

// business is the business time from a moment until the event, in milliseconds.
func (p *page) business(from moment) int64 {
	if p.Hours != nil {
		if c := p.Hours(p.Department); c != nil {
			return c.Between(from.time(), p.at.time()).Milliseconds()
		}
	}
	return int64(p.at - from)
}

// times adds a time, or takes it back if n is -1. Business time is kept as what differs: if it is another
// time, the measure InHours lacks the one and has the other.
func (f *Found) times(of Fact, took, hours, n int64) {
	of.N, of.Bucket, of.Total = n, bucketOf(took), n*took
	f.Facts = append(f.Facts, of)
	if hours == took {
		return
	}
	of.Measure, of.N, of.Total = of.Measure.InHours(), -n, -n*took
	f.Facts = append(f.Facts, of)
	of.N, of.Bucket, of.Total = n, bucketOf(hours), n*hours
	f.Facts = append(f.Facts, of)
}

// turn reads a new state.
func (p *page) turn(t bridge.Turn) {
	switch t.State {
	case string(bridge.Waiting), string(bridge.Ticket):
		p.wait(t)
	case string(bridge.Active):
		if p.Closed { // an operator goes on after the end, which only a chat can
			p.becomes(bridge.Chat)
			p.reopened()
		}
		p.Taking = true
	case string(bridge.Closed):
		p.ended(t.Reason)
	}
}

// wait reads that the conversation waits to be taken, or waits on: as a ticket, or for an email address.
func (p *page) wait(t bridge.Turn) {
	kind := bridge.Chat
	if t.State == string(bridge.Ticket) {
		kind = bridge.Ticket
	}
	if t.Department != "" {
		p.Department, p.Mail = t.Department, t.Mail
	}
	if p.Opened == 0 {
		p.Kind, p.Begun, p.Opened, p.Waits = kind, p.Department, p.at, p.at
		p.fact(Conversations, "", ForSite)
		return
	}
	p.becomes(kind)
	if p.Closed {
		p.reopened()
	}
	if p.Waits == 0 {
		p.Waits = p.at
	}
}

// becomes reads that the conversation is of a kind from now on. Until somebody has answered it counts as
// if it had begun so.
func (p *page) becomes(kind bridge.Kind) {
	if p.Kind != kind && !p.Answered {
		f := Fact{Day: p.day(p.Opened), Department: p.Begun, Kind: p.Kind, Of: ForSite, Measure: Conversations, N: -1}
		p.found.Facts = append(p.found.Facts, f)
		f.Kind, f.N = kind, 1
		p.found.Facts = append(p.found.Facts, f)
	}
	p.Kind = kind
}

// reopened reads that the conversation goes on after its end. That counts for who had it then.
func (p *page) reopened() {
	p.fact(Reopened, p.Owner, ForAll)
	p.Closed, p.Heard, p.Owner, p.Since = false, false, "", 0
}

// part reads that an operator takes the conversation, or leaves it.
func (p *page) part() {
	switch {
	case p.Taking && p.e.Joins():
		p.Taking = false
		if p.Waits > 0 {
			p.took(Taken, p.e.Operator, p.Waits)
			p.found.Facts = append(p.found.Facts, Fact{Day: p.day(p.at), Operator: p.e.Operator, Department: p.Department, Kind: p.Kind,
				Measure: TakenAt, Bucket: int64(p.Waits.time().In(p.Zone).Hour()), N: 1, Total: int64(p.at - p.Waits)})
		}
		p.Waits = 0
		p.owns()
	case p.e.Leaves() && p.e.Operator == p.Owner:
		p.supported()
		p.Owner = ""
	}
}

// passes reads that the conversation goes from one owner to another, who may have it already. Who is only asked to take it
// has none yet.
func (p *page) passes() {
	if p.Owner == p.e.Operator || p.Waits > 0 {
		return
	}
	if p.Owner != "" {
		p.supported()
	}
	p.owns()
}

// owns reads that the event's operator has the conversation from now on.
func (p *page) owns() {
	p.Owner, p.Since = p.e.Operator, p.at
	if !slices.Contains(p.Owners, p.Owner) {
		p.Owners = append(p.Owners, p.Owner)
		p.fact(Conversations, p.Owner, ForOperator)
	}
}

// said reads a message or a file.
func (p *page) said() {
	switch p.e.From {
	case bridge.FromVisitor:
		if p.First == 0 {
			p.First = p.at
		}
		if p.Asked == 0 {
			p.Asked = p.at
		}
	case bridge.FromOperator:
		if m, _ := p.e.Data.(bridge.Message); m.Greeting { // nobody has answered with it
			return
		}
		if !p.Answered && p.First > 0 {
			p.took(First, p.e.Operator, p.First)
			p.took(FirstNew, p.e.Operator, p.First)
		}
		if p.Asked > 0 {
			p.took(Answers, p.e.Operator, p.Asked)
		}
		p.Answered, p.Heard, p.Asked = true, true, 0
	}
}
