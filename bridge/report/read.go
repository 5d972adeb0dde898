package report

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"porchlight/bridge"
	"porchlight/bridge/phrase"
)

const (
	window   = 4096 // conversations that one look for unread logs looks at
	together = 20   // conversations that are read in one transaction
	atOnce   = 500  // events of one conversation that are read at once
)

// zoneSetting is the name of the setting that holds the zone in which all was counted, followed by counting.
// If one of them has changed since, everything is forgotten and counted anew. "" means that nothing was
// counted.
const zoneSetting = "report-zone"

// counting is a number for what is counted. It grows with each new measure, so that the first start of a
// porchlight that has the measure counts it in the old logs, too.
const counting = " 2"

// read reads all that was not read yet.
func (r *Report) read(ctx context.Context) error {
	if err := r.renew(ctx); err != nil {
		return err
	}
	if missed := r.opts.Missed(); missed != r.missed {
		r.missed, r.scan = missed, true
	}
	numbers, all := r.Take()
	if r.scan = r.scan || all; r.scan {
		if err := r.readAll(ctx, func(_, _ int64) {}); err != nil {
			r.Note(numbers...)
			return err
		}
		r.scan = false
	}
	slices.Sort(numbers)
	for len(numbers) > 0 {
		n := min(together, len(numbers))
		more, err := r.readSome(ctx, numbers[:n])
		if err != nil {
			r.Note(numbers...)
			return err
		}
		numbers = append(numbers[n:], more...)
	}
	return nil
}

// Rebuild forgets what was counted, and has it counted anew from the logs. It returns at once when
// nothing counts any more; CatchUp returns when all is counted. If the process ends meanwhile, the next
// one goes on.
func (r *Report) Rebuild(ctx context.Context) error {
	err := r.store.UpdateReport(ctx, func(tx Tx) error { return tx.SaveSetting(zoneSetting, "") })
	if err != nil {
		return fmt.Errorf("forget statistics: %w", err)
	}
	return nil
}

// Recount forgets what was counted and counts it anew before it returns, where nobody calls Run. told is
// called after each part with how many conversations were looked at and how many there are. If it is
// broken off, the next Run or Recount goes on.
func (r *Report) Recount(ctx context.Context, told func(looked, all int64)) error {
	if err := r.Rebuild(ctx); err != nil {
		return err
	}
	if err := r.renew(ctx); err != nil {
		return err
	}
	return r.readAll(ctx, told)
}

// renew forgets everything if it was counted in another zone, or is to be counted anew. It goes on where
// a process has ended meanwhile.
func (r *Report) renew(ctx context.Context) error {
	zone, was := r.opts.Zone().String()+counting, ""
	err := r.store.ViewReport(ctx, func(x Reader) (err error) {
		was, err = x.Setting(zoneSetting)
		return err
	})
	if err != nil || was == zone {
		return err
	}
	if was != "" {
		if err := r.Rebuild(ctx); err != nil { // first, so that nothing is added to a part
			return err
		}
	}
	for more := true; more; {
		err := r.store.UpdateReport(ctx, func(tx Tx) (err error) {
			if more, err = tx.Forget(); err == nil && !more {
				err = tx.SaveSetting(zoneSetting, zone)
			}
			return err
		})
		if err != nil {
			return fmt.Errorf("forget statistics: %w", err)
		}
	}
	r.scan = true
	return nil
}

// readAll looks at all conversations, and reads those whose log goes on past what was read. told is called
// as in Recount.
func (r *Report) readAll(ctx context.Context, told func(looked, all int64)) error {
	for after, last := int64(0), int64(1); after < last; after += window {
		var behind []int64
		err := r.store.ViewReport(ctx, func(x Reader) (err error) {
			if last, err = x.LastNumber(); err == nil {
				behind, err = x.Behind(after, after+window)
			}
			return err
		})
		if err != nil {
			return fmt.Errorf("find unread logs: %w", err)
		}
		for len(behind) > 0 {
			n := min(together, len(behind))
			more, err := r.readSome(ctx, behind[:n])
			if err != nil {
				return err
			}
			behind = append(behind[n:], more...)
		}
		told(min(after+window, last), last)
	}
	return nil
}

// progress is what was read of one log.
type progress struct {
	Reading
	was int64 // how far it was read before
}

// readSome reads on in some logs, and stores how far it came together with what it found: so each event
// counts once. It returns the conversations of which there is more to read.
func (r *Report) readSome(ctx context.Context, numbers []int64) (more []int64, err error) {
	var found Found
	var read []progress
	err = r.store.ViewReport(ctx, func(x Reader) error {
		found, read, more = Found{}, nil, nil
		for _, n := range numbers {
			p, goesOn, err := r.readOn(x, n, &found)
			if err != nil {
				return err
			}
			if p.Seq > p.was {
				read = append(read, p)
			}
			if goesOn {
				more = append(more, n)
			}
		}
		return nil
	})
	if err == nil && len(read) > 0 {
		err = r.store.UpdateReport(ctx, func(tx Tx) error { return save(tx, read, found) })
	}
	if err != nil {
		return nil, fmt.Errorf("read logs: %w", err)
	}
	return more, nil
}

// readOn reads on in one log. A conversation that there is no more is left out.
func (r *Report) readOn(x Reader, number int64, found *Found) (p progress, more bool, err error) {
	var a Account
	reading, err := x.Reading(number)
	switch {
	case err == nil:
		err = json.Unmarshal([]byte(reading.Account), &a)
	case phrase.CodeOf(err) == phrase.CodeNotFound:
		var c bridge.Conversation
		c, err = x.Conversation(number)
		if phrase.CodeOf(err) == phrase.CodeNotFound {
			return p, false, nil
		}
		a = begun(c)
	}
	if err != nil {
		return p, false, err
	}
	events, err := x.Events(number, reading.Seq, atOnce)
	if err != nil {
		return p, false, err
	}
	p = progress{Reading{Conversation: number, Seq: reading.Seq}, reading.Seq}
	if p.Seq, err = r.reckon(x, &a, events, p.Seq, found); err != nil {
		return p, false, err
	}
	text, err := json.Marshal(a)
	p.Account = string(text)
	if a.First > 0 && !a.Answered && !a.Closed {
		p.Owed, p.Whose = a.First.time(), Whose{a.Owner, a.Department, a.Kind}
	}
	return p, len(events) == atOnce, err
}

// reckon reads some events of a log, of which the first comes after seq upto, and returns the seq of the last one.
func (r *Report) reckon(x Reader, a *Account, events []bridge.Event, upto int64, found *Found) (last int64, err error) {
	reckoner := Reckoner{r.opts.Zone(), r.opts.Hours}
	for _, e := range events {
		into := found
		switch t := turned(e); {
		case t.Reason == bridge.ReasonJunk:
			err = junked(x, reckoner, e, -1, found)
		case a.Junk && t.State != "":
			a.Junk = false
			err = junked(x, reckoner, e, 1, found)
		case a.Junk:
			into = new(Found)
		}
		if err != nil {
			return upto, err
		}
		reckoner.Read(a, e, into)
		upto = e.Seq
	}
	return upto, nil
}

// save stores what was read and found.
func save(tx Tx, read []progress, found Found) error {
	for _, p := range read {
		if err := tx.SaveReading(p.Reading, p.was); err != nil {
			return err
		}
	}
	facts := slices.Clone(found.Facts)
	merged, err := saveSpans(tx, found.Spans)
	if err != nil {
		return err
	}
	sums := make(map[Key]Sum)
	for _, f := range append(facts, merged...) {
		Add(sums, f)
	}
	for k, s := range sums {
		if s == (Sum{}) {
			continue
		}
		if err := tx.AddUp(k, s); err != nil {
			return err
		}
	}
	return nil
}

// spanDay is whose spans, and of which day, are merged.
type spanDay struct {
	operator bridge.OperatorJID
	kind     bridge.Kind
	day      Period
}

func byDay(spans []Span) map[spanDay][]Span {
	groups := make(map[spanDay][]Span)
	for _, s := range spans {
		d := spanDay{s.Operator, s.Kind, s.Day}
		groups[d] = append(groups[d], s)
	}
	return groups
}

// saveSpans stores spans, and says what they add to Merged.
func saveSpans(tx Tx, spans []Span) (facts []Fact, err error) {
	for d, list := range byDay(spans) {
		before, err := tx.Spans(d.operator, d.kind, d.day)
		if err != nil {
			return nil, err
		}
		facts = append(facts, merge(list, before)...)
	}
	for _, s := range spans {
		if err := tx.SaveSpan(s); err != nil {
			return nil, err
		}
	}
	return facts, nil
}
