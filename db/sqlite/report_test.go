package sqlite

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"porchlight/bridge"
	"porchlight/bridge/report"
)

// year makes the rows of a year with conversations of one kind, as many a day, whose times are spread
// like those of real ones: most short, some very long.
func year(rows map[report.Key]report.Sum, r *rand.Rand, o bridge.OperatorJID, perDay int) {
	for day := report.Period(20260101); day < 20270101; day = day.Next() {
		for range perDay {
			var a report.Account
			var found report.Found
			at := day.Start(time.UTC).Add(time.Duration(r.IntN(86400-20000)) * time.Second)
			after := func(median float64) time.Time {
				at = at.Add(time.Duration(median * math.Exp(r.NormFloat64()) * float64(time.Second)))
				return at
			}
			reckoner := report.Reckoner{Zone: time.UTC}
			for _, e := range []bridge.Event{
				{Type: bridge.EventState, Data: bridge.Turn{State: "waiting", Department: "sales"}, At: at},
				{Type: bridge.EventMessage, From: bridge.FromVisitor, At: at},
				{Type: bridge.EventState, Data: bridge.Turn{State: "active"}, At: after(20)},
				{Type: bridge.EventOperator, Operator: o, Data: bridge.Part{Action: bridge.Joined}, At: at},
				{Type: bridge.EventMessage, From: bridge.FromOperator, Operator: o, At: after(20)},
				{Type: bridge.EventMessage, From: bridge.FromVisitor, At: after(60)},
				{Type: bridge.EventMessage, From: bridge.FromOperator, Operator: o, At: after(40)},
				{Type: bridge.EventMessage, From: bridge.FromVisitor, At: after(60)},
				{Type: bridge.EventMessage, From: bridge.FromOperator, Operator: o, At: after(40)},
				{Type: bridge.EventState, Data: bridge.Turn{State: "closed", Reason: bridge.ReasonOperator}, At: after(100)},
			} {
				reckoner.Read(&a, e, &found)
			}
			for _, f := range found.Facts {
				report.Add(rows, f)
			}
		}
	}
}

// How long the statistics of all take for a year with a million chats, of which the reader is shown the
// rows for all, a department and an operator.
func BenchmarkReport_AYearOfAMillionChats(b *testing.B) {
	d := openNew(b)
	rows := make(map[report.Key]report.Sum)
	year(rows, rand.New(rand.NewPCG(1, 1)), "olga@example.org", 1_000_000/365)
	var keys []report.Key
	for k := range rows {
		keys = append(keys, k)
	}
	for len(keys) > 0 {
		n := min(5000, len(keys))
		err := d.UpdateReport(b.Context(), func(tx report.Tx) error {
			for _, k := range keys[:n] {
				if err := tx.AddUp(k, rows[k]); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			b.Fatal(err)
		}
		keys = keys[n:]
	}
	b.ReportMetric(float64(len(rows)), "rows")
	counts := report.New(d, report.Options{Clock: bridge.SystemClock{}, Zone: func() *time.Location { return time.UTC }})
	for _, text := range []string{"2026", "2026-01-02..2026-12-30", "2026-05-02..2026-06-29"} {
		during, err := bridge.ParseRange(text, time.Date(2026, 12, 31, 12, 0, 0, 0, time.UTC))
		if err != nil {
			b.Fatal(err)
		}
		b.Run(text, func(b *testing.B) {
			for b.Loop() {
				a, err := counts.Of(b.Context(), report.Whose{Kind: bridge.Chat}, during)
				if err != nil || a.Count(report.First) == 0 {
					b.Fatal(a, err)
				}
			}
		})
		b.Run("course of "+text, func(b *testing.B) {
			for b.Loop() {
				c, err := counts.Course(b.Context(), report.Whose{Kind: bridge.Chat}, during)
				if err != nil || len(c.Steps) < 12 || c.Steps[1].First.N == 0 {
					b.Fatal(c, err)
				}
			}
		})
	}
}

// How long the numbers of 200 operators and 30 departments take, asked of the store one by one and at once.
func BenchmarkReport_TwoHundredOperators(b *testing.B) {
	d := openNew(b)
	const operators, departments = 200, 30
	whose := []report.Whose{{Kind: bridge.Chat}}
	rows := make(map[report.Key]report.Sum)
	month := make(map[report.Key]report.Sum)
	year(month, rand.New(rand.NewPCG(1, 1)), "olga@example.org", 3)
	for i := range operators + departments {
		w := report.Whose{Operator: bridge.OperatorJID(fmt.Sprintf("o%d@example.org", i)), Kind: bridge.Chat}
		if i >= operators {
			w = report.Whose{Department: fmt.Sprint("d", i), Kind: bridge.Chat}
		}
		whose = append(whose, w)
		for k, s := range month {
			if (k.Period == 202612 || k.Period/100 == 202612 || k.Period/100 == 202611) && (k.Operator != "" && w.Operator != "" || k.Department != "" && w.Department != "") {
				k.Operator, k.Department = w.Operator, w.Department
				rows[k] = s
			}
		}
	}
	err := d.UpdateReport(b.Context(), func(tx report.Tx) error {
		for k, s := range rows {
			if err := tx.AddUp(k, s); err != nil {
				return err
			}
		}
		return nil
	})
	if err == nil {
		err = d.Update(b.Context(), func(tx bridge.Tx) error {
			for _, w := range whose {
				var err error
				switch {
				case w.Operator != "":
					err = tx.SaveOperator(bridge.Operator{JID: w.Operator, Name: "O", Enabled: true})
				case w.Department != "":
					err = tx.SaveDepartment(bridge.Department{Name: w.Department})
				}
				if err != nil {
					return err
				}
			}
			return nil
		})
	}
	if err != nil {
		b.Fatal(err)
	}
	b.ReportMetric(float64(len(rows)), "rows")
	counts := report.New(d, report.Options{Clock: bridge.SystemClock{}, Zone: func() *time.Location { return time.UTC }})
	during, err := bridge.ParseRange("2026-11-20..2026-12-31", time.Date(2026, 12, 31, 12, 0, 0, 0, time.UTC))
	if err != nil {
		b.Fatal(err)
	}
	b.Run("one by one", func(b *testing.B) {
		for b.Loop() {
			for _, w := range whose {
				if _, err := counts.Of(b.Context(), w, during); err != nil {
					b.Fatal(err)
				}
			}
		}
	})
	b.Run("at once", func(b *testing.B) {
		for b.Loop() {
			all, err := counts.All(b.Context(), bridge.Chat, during, whose)
			if err != nil || len(all) < operators+departments {
				b.Fatal(len(all), err)
			}
		}
	})
}
