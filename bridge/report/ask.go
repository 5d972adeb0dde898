package report

import (
	"context"
	"fmt"
	"time"

	"porchlight/bridge"
)

// Answer is what is known about somebody in a range of days.
type Answer struct {
	Figures
	Owed   int64         // conversations of the range that are open and have no answer yet
	Oldest time.Time     // when the oldest of these was begun
	Online time.Duration // how long the operator was online, or all of them; 0 for a department
}

// Of answers from what was counted so far. The days of the range are those of the site's zone; see Today.
func (r *Report) Of(ctx context.Context, w Whose, during bridge.Range) (a Answer, err error) {
	var rows []Row
	err = r.store.ViewReport(ctx, func(x Reader) (err error) {
		rows = nil
		for _, p := range r.pieces(during) {
			part, err := x.Rows(w, p.from, p.upto)
			if err != nil {
				return err
			}
			rows = append(rows, part...)
		}
		if a.Owed, a.Oldest, err = x.Owed(w, during.From, during.Until); err != nil || w.Department != "" {
			return err
		}
		if until, ok := r.past(during); ok {
			a.Online, err = x.Online(w.Operator, during.From, until)
		}
		return err
	})
	if err != nil {
		return a, fmt.Errorf("read statistics: %w", err)
	}
	a.Figures = NewFigures(rows)
	return a, nil
}

// pieces cuts a range into days and months.
func (r *Report) pieces(during bridge.Range) []piece {
	return pieces(DayOf(during.From.In(r.opts.Zone())), DayOf(during.Until.In(r.opts.Zone()).Add(-time.Nanosecond)))
}

// past is the end of the part of a range that is over; ok is false if all of the range is to come.
func (r *Report) past(during bridge.Range) (until time.Time, ok bool) {
	until = during.Until
	if now := r.opts.Clock.Now(); now.Before(until) {
		until = now
	}
	return until, during.From.Before(until)
}

// piece is a span of days or of months.
type piece struct{ from, upto Period }

// pieces cuts a span of days into days before the first whole month, whole months, and days after the
// last one.
func pieces(from, upto Period) (list []piece) {
	if from > upto {
		return nil
	}
	months := piece{from.Month(), upto.Month()}
	if from%100 != 1 {
		months.from = nextMonth(months.from)
	}
	if upto.Next()%100 != 1 {
		months.upto = DayOf(time.Date(int(upto/10000), time.Month(upto/100%100), 0, 12, 0, 0, 0, time.UTC)).Month()
	}
	if months.from > months.upto {
		return []piece{{from, upto}}
	}
	if from.Month() < months.from {
		list = append(list, piece{from, months.from * 100}) // no day has that number, and all days before are less
	}
	list = append(list, months)
	if upto.Month() > months.upto {
		list = append(list, piece{nextMonth(months.upto)*100 + 1, upto})
	}
	return list
}

func nextMonth(m Period) Period {
	return DayOf(time.Date(int(m/100), time.Month(m%100)+1, 1, 12, 0, 0, 0, time.UTC)).Month()
}
