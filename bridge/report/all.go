package report

import (
	"context"
	"fmt"
	"time"

	"porchlight/bridge"
)

// ShareOfOwed is how many conversations of an operator in a department have no answer yet, and when the oldest of them
// was begun. It has no kind.
type ShareOfOwed struct {
	Whose
	N      int64
	Oldest time.Time
}

// All answers at once, from one snapshot, what Of answers about each of several operators and departments, and about
// the site, which is always among them. The kind of those who are asked about is ignored.
func (r *Report) All(ctx context.Context, kind bridge.Kind, during bridge.Range, whose []Whose) (all map[Whose]Answer, err error) {
	rows := make(map[Whose][]Row)
	err = r.store.ViewReport(ctx, func(x Reader) (err error) {
		clear(rows)
		all = make(map[Whose]Answer)
		for _, w := range append([]Whose{{}}, whose...) {
			w.Kind = kind
			rows[w] = nil
			for _, p := range r.pieces(during) {
				part, err := x.Rows(w, p.from, p.upto) // one statement for all would sort them all, which takes longer
				if err != nil {
					return err
				}
				rows[w] = append(rows[w], part...)
			}
		}
		owed, err := x.AllOwed(kind, during.From, during.Until)
		if err != nil {
			return err
		}
		for _, s := range owed {
			s.addTo(all, kind)
		}
		if until, ok := r.past(during); ok {
			online, err := x.AllOnline(during.From, until)
			if err != nil {
				return err
			}
			addOnline(all, kind, online)
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read statistics of all: %w", err)
	}
	for w, list := range rows {
		a := all[w]
		a.Figures = NewFigures(list)
		all[w] = a
	}
	return all, nil
}

// addTo adds what is owed to the answers about the operator, the department and the site.
func (s ShareOfOwed) addTo(all map[Whose]Answer, kind bridge.Kind) {
	add := func(o bridge.OperatorJID, department string) {
		w := Whose{o, department, kind}
		a := all[w]
		if a.Owed == 0 || s.Oldest.Before(a.Oldest) {
			a.Oldest = s.Oldest
		}
		a.Owed += s.N
		all[w] = a
	}
	if s.Operator != "" {
		add(s.Operator, "")
	}
	if s.Department != "" {
		add("", s.Department)
	}
	add("", "")
}

// addOnline adds how long operators were online to the answers about them and about the site.
func addOnline(all map[Whose]Answer, kind bridge.Kind, online map[bridge.OperatorJID]time.Duration) {
	for o, d := range online {
		for _, w := range []Whose{{Operator: o, Kind: kind}, {Kind: kind}} {
			a := all[w]
			a.Online += d
			all[w] = a
		}
	}
}
