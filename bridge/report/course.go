package report

import (
	"context"
	"fmt"
	"math"
	"time"

	"porchlight/bridge"
	"porchlight/bridge/hours"
	"porchlight/bridge/phrase"
)

// Course is how the numbers went in a range: a step for each of its days, or for each of its months if there
// are more than CourseDays days.
type Course struct {
	Steps  []Step
	Months bool
}

// Step is a day or a month of a Course.
type Step struct {
	Period        Period // a day, or a month, of which only the days of the range are counted
	Conversations int64
	First         Sum // the times until the first answer; those of tickets belong to the day on which they were begun
}

// CourseDays is how many days a Course has at most.
const CourseDays = 62

// courseMonths is how many months a Course has at most; the last ones are those that are left.
const courseMonths = 120

// Course answers from what was counted so far, as Of does.
func (r *Report) Course(ctx context.Context, w Whose, during bridge.Range) (c Course, err error) {
	from, upto := DayOf(during.From.In(r.opts.Zone())), DayOf(during.Until.In(r.opts.Zone()).Add(-time.Nanosecond))
	c.Months = !during.Until.Before(during.From.AddDate(0, 0, CourseDays+1))
	first := FirstOf(w.Kind)
	spans := []piece{{from, upto}}
	if c.Months {
		spans = pieces(from, upto)
	}
	steps := make(map[Period]Step)
	err = r.store.ViewReport(ctx, func(x Reader) error {
		clear(steps)
		for _, p := range spans {
			list, err := x.Course(w, p.from, p.upto, [2]Measure{Conversations, first})
			if err != nil {
				return err
			}
			for _, counted := range list {
				c.add(steps, counted)
			}
		}
		return nil
	})
	if err != nil {
		return Course{}, fmt.Errorf("read course of statistics: %w", err)
	}
	for p := c.step(from); p <= c.step(upto); {
		s := steps[p]
		s.Period = p
		c.Steps = append(c.Steps, s)
		if c.Months {
			p = nextMonth(p)
		} else {
			p = p.Next()
		}
	}
	if more := len(c.Steps) - courseMonths; more > 0 {
		c.Steps = c.Steps[more:]
	}
	return c, nil
}

// FirstOf is the measure of the first answer that is shown for a kind: tickets count on the day on which they
// were begun, since that says how those of a day fared.
func FirstOf(k bridge.Kind) Measure {
	if k == bridge.Ticket {
		return FirstNew
	}
	return First
}

// step is the step to which a day or a month belongs.
func (c Course) step(p Period) Period {
	if c.Months && p > 999999 {
		return p.Month()
	}
	return p
}

// add adds what was counted in a period to its step.
func (c Course) add(steps map[Period]Step, counted Counted) {
	p := c.step(counted.Period)
	s := steps[p]
	if counted.Measure == Conversations {
		s.Conversations += counted.N
	} else {
		s.First = Sum{s.First.N + counted.N, s.First.Total + counted.Total}
	}
	steps[p] = s
}

// Values are the numbers of the steps, to be drawn: conversations, and the mean time until the first answer in
// seconds, NaN where there was none.
func (c Course) Values() (conversations, first []float64) {
	for _, s := range c.Steps {
		seconds := math.NaN()
		if mean, ok := s.Mean(); ok {
			seconds = mean.Seconds()
		}
		conversations, first = append(conversations, float64(max(s.Conversations, 0))), append(first, seconds)
	}
	return conversations, first
}

// Mean is the mean time until the first answer; ok is false if there was none.
func (s Step) Mean() (mean time.Duration, ok bool) {
	if s.First.N <= 0 {
		return 0, false
	}
	return msec(s.First.Total) / time.Duration(s.First.N), true
}

// named is up to how many days a Course names by their day of the week, too.
const named = 14

// Labels name the steps in short: "Mon 23", "23" if there are many, "Nov", "Jan 2027" where a year begins.
func (c Course) Labels() []phrase.Phrase {
	list := make([]phrase.Phrase, len(c.Steps))
	for i, s := range c.Steps {
		switch p := s.Period; {
		case c.Months && len(c.Steps) > 12 && (i == 0 || p%100 == 1):
			list[i] = phrase.Say("%s %d", hours.Month(time.Month(p%100)), int64(p/100))
		case c.Months:
			list[i] = hours.Month(time.Month(p % 100))
		case len(c.Steps) <= named:
			list[i] = phrase.Say("%s %d", hours.Weekday(p.Start(time.UTC).Weekday()), int64(p%100))
		default:
			list[i] = phrase.Say("%d", int64(p%100))
		}
	}
	return list
}
