package report

import (
	"slices"

	"porchlight/bridge"
)

// merge says what spans add to Merged, if before are the spans that were known already of the same
// operators, kinds and days. Moments that lie in several spans of one operator count once, for the
// operator and the site; for a department they count once among its own spans.
func merge(spans, before []Span) (facts []Fact) {
	type place struct {
		operator   bridge.OperatorJID
		kind       bridge.Kind
		day        Period
		department string
		own        bool // only the department's spans
	}
	old, now := make(map[place][]Span), make(map[place][]Span)
	put := func(into map[place][]Span, s Span) {
		p := place{s.Operator, s.Kind, s.Day, "", false}
		into[p] = append(into[p], s)
		p.department, p.own = s.Department, true
		into[p] = append(into[p], s)
	}
	for _, s := range before {
		put(old, s)
		put(now, s)
	}
	for _, s := range spans {
		put(now, s)
	}
	for p, list := range now {
		if more := union(list) - union(old[p]); more != 0 {
			f := Fact{Day: p.day, Operator: p.operator, Kind: p.kind, Of: ForMerged, Measure: Merged, Total: more}
			if p.own {
				f.Operator, f.Department, f.Of = "", p.department, ForDepartment
			}
			facts = append(facts, f)
		}
	}
	return facts
}

// union is how many milliseconds lie in at least one of the spans.
func union(spans []Span) (ms int64) {
	list := slices.Clone(spans)
	slices.SortFunc(list, func(a, b Span) int { return a.Since.Compare(b.Since) })
	end := int64(0)
	for _, s := range list {
		from, until := max(s.Since.UnixMilli(), end), s.Until.UnixMilli()
		if until > from {
			ms += until - from
			end = until
		}
	}
	return ms
}
