package report

import "porchlight/bridge"

// This file has what becomes of the statistics when conversations are deleted: what was counted of them stays, and no recount
// forgets it, though it can't be counted anew. It is kept apart from the rest, without the conversations' numbers.

// Keep moves what a conversation has in the statistics to what is never forgotten, in the transaction that deletes the conversation. What
// was not counted of it yet is counted.
func (r *Report) Keep(t bridge.Tx, number int64) error {
	tx := r.store.ReportIn(t)
	for more := true; more; {
		var found Found
		var p progress
		var err error
		if p, more, err = r.readOn(tx, number, &found); err != nil {
			return err
		}
		if p.Seq > p.was {
			if err := save(tx, []progress{p}, found); err != nil {
				return err
			}
		}
	}
	found, err := r.share(tx, number)
	if err != nil {
		return err
	}
	facts, err := keepSpans(tx, found.Spans)
	if err != nil {
		return err
	}
	sums := make(map[Key]Sum)
	for _, f := range append(facts, found.Facts...) {
		Add(sums, f)
	}
	for k, s := range sums {
		if s == (Sum{}) {
			continue
		}
		if err := tx.KeepSum(k, s); err != nil {
			return err
		}
	}
	return nil
}

// share is all that was reckoned from the log of a conversation.
func (r *Report) share(x Reader, number int64) (found Found, err error) {
	c, err := x.Conversation(number)
	if err != nil {
		return found, err
	}
	a := begun(c)
	for after, more := int64(0), true; more; {
		events, err := x.Events(number, after, atOnce)
		if err != nil {
			return found, err
		}
		if after, err = r.reckon(x, &a, events, after, &found); err != nil {
			return found, err
		}
		more = len(events) == atOnce
	}
	return found, nil
}

// keepSpans moves the spans of a conversation to those that are never forgotten, and says how much of Merged goes with them: what these
// gain, the others lose.
func keepSpans(tx Tx, spans []Span) (facts []Fact, err error) {
	for d, list := range byDay(spans) {
		all, err := tx.Spans(d.operator, d.kind, d.day)
		if err != nil {
			return nil, err
		}
		var kept []Span
		for _, s := range all {
			if s.Conversation == 0 {
				kept = append(kept, s)
			}
		}
		facts = append(facts, merge(list, kept)...)
	}
	for _, s := range spans {
		if err := tx.KeepSpan(s); err != nil {
			return nil, err
		}
	}
	return facts, nil
}
