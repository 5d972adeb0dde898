package report

import (
	"time"

	"porchlight/bridge"
)

// Measure names what a fact is about. The store keeps the word.
type Measure string

// The measures. Those of the second group are times, each of which has a second measure for business
// time (see InHours).
const (
	Conversations Measure = "conversations" // of an operator: taken for the first time; else: begun
	Missed        Measure = "missed"
	Abandoned     Measure = "abandoned"
	Solved        Measure = "solved"
	TimedOut      Measure = "timed-out"
	Reopened      Measure = "reopened"
	Votes         Measure = "votes"    // the bucket is the score
	Support       Measure = "support"  // the total is a time, N counts how often somebody took one
	Merged        Measure = "merged"   // the total is a time
	TakenAt       Measure = "taken-at" // the times of Taken, by the hour of the day at which the visitor began to wait, which is the bucket

	First      Measure = "first"
	FirstNew   Measure = "first-new"
	Answers    Measure = "answers" // all waits, the first ones included
	Taken      Measure = "taken"
	SolveFirst Measure = "solve-first"
	SolveLast  Measure = "solve-last"
)

// timed reports whether a measure is a time that has a second measure.
func (m Measure) timed() bool {
	switch m {
	case First, FirstNew, Answers, Taken, SolveFirst, SolveLast:
		return true
	}
	return false
}

// InHours is the measure of the same time in business hours. Facts and rows of it are what differs from
// the time itself; Figures have the whole.
func (m Measure) InHours() Measure { return m + "-hours" }

// Period is a day such as 20261128, or a month such as 202611.
type Period int64

// DayOf is the day of a moment in the moment's zone.
func DayOf(t time.Time) Period {
	year, month, day := t.Date()
	return Period(year*10000 + int(month)*100 + day)
}

// Month is the month of a day.
func (p Period) Month() Period { return p / 100 }

// Next is the day after a day.
func (p Period) Next() Period {
	return DayOf(time.Date(int(p/10000), time.Month(p/100%100), int(p%100)+1, 12, 0, 0, 0, time.UTC))
}

// Start is when a day begins in a zone: at midnight, or when the clock is put forward then, an hour
// later.
func (p Period) Start(zone *time.Location) time.Time {
	t := time.Date(int(p/10000), time.Month(p/100%100), int(p%100), 0, 0, 0, 0, zone)
	if DayOf(t) != p {
		t = t.Add(time.Hour)
	}
	return t
}

// Fact is one thing to count. It stands for what it says of its operator, its department and the site.
type Fact struct {
	Day        Period
	Operator   bridge.OperatorJID // "": it is about no operator
	Department string
	Kind       bridge.Kind
	Of         Scope
	Measure    Measure
	Bucket     int64 // see bucketOf; 0 for what has no histogram
	N          int64 // how many; below 0 if a fact of before is taken back
	Total      int64 // the sum of the times in milliseconds, or of the scores
}

// Scope says for whom a fact counts.
type Scope int

// The scopes.
const (
	ForAll        Scope = iota // the operator, the department and the site
	ForOperator                // the operator alone
	ForSite                    // the department and the site
	ForDepartment              // the department alone
	ForMerged                  // the operator and the site, but no department
)

// Key names one row of what was added up. An empty operator or department stands for all of them; one
// of the two is always empty.
type Key struct {
	Operator   bridge.OperatorJID
	Department string
	Kind       bridge.Kind
	Period     Period
	Measure    Measure
	Bucket     int64
}

// Sum is what a row holds.
type Sum struct{ N, Total int64 }

// Add adds a fact to the rows to which it belongs.
func Add(rows map[Key]Sum, f Fact) {
	add := func(o bridge.OperatorJID, department string) {
		for _, p := range []Period{f.Day, f.Day.Month()} {
			k := Key{o, department, f.Kind, p, f.Measure, f.Bucket}
			s := rows[k]
			rows[k] = Sum{s.N + f.N, s.Total + f.Total}
		}
	}
	if f.Operator != "" && f.Of != ForSite {
		add(f.Operator, "")
	}
	if f.Of != ForOperator && f.Of != ForMerged {
		add("", f.Department)
	}
	if f.Of != ForOperator && f.Of != ForDepartment {
		add("", "")
	}
}
