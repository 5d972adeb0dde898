package team

import (
	"cmp"
	"net/http"
	"time"

	"porchlight/bridge"
	"porchlight/bridge/hours"
	"porchlight/bridge/phrase"
)

// talk is a conversation that is somebody's.
type talk struct {
	Class                      string
	Number                     int64
	Operator, Visitor          string // Visitor is "" where nothing stands that anybody wrote
	Department, Lasts, Unheard string // Unheard is how long the visitor's words have had no answer; "": they have one
	Later                      string // says until when it is put off; "": it is not
	Danger                     string // which target is in danger or missed; "": none is
	Late                       bool   // a target is missed, or the visitor has sat in a chat without an answer for longer than lateAfter
}

// lateAfter is after how long without an answer a chat stands out for whose answer there is no target.
const lateAfter = 3 * time.Minute

// late reports whether a conversation stands out. What is put off is not late, and of tickets only a target says when they are:
// the visitor does not sit and wait.
func late(c bridge.Conversation, d bridge.Danger, now time.Time) bool {
	if d.Late() || c.Kind != bridge.Chat || c.Unanswered.IsZero() || !c.Due.Later.IsZero() {
		return d.Late()
	}
	within := c.Promise.Targets.Next
	if !c.Promise.First.IsZero() {
		within = c.Promise.Targets.First
	}
	return within == 0 && now.Sub(c.Unanswered) > lateAfter
}

// byPatience orders conversations: those first whose visitors have waited longest for an answer, then those who wait for none,
// and then those that are put off.
func byPatience(a, b bridge.Conversation) int {
	rank := func(c bridge.Conversation) int {
		switch {
		case !c.Due.Later.IsZero():
			return 2
		case c.Unanswered.IsZero():
			return 1
		}
		return 0
	}
	if n := cmp.Compare(rank(a), rank(b)); n != 0 {
		return n
	}
	if rank(a) == 0 {
		return cmp.Compare(a.Unanswered.UnixMilli(), b.Unanswered.UnixMilli())
	}
	return cmp.Compare(a.Number, b.Number)
}

// talks lists who talks to whom, since when; the first is a line of the table. The visitors are named if named says so.
func (p *Page) talks(r *http.Request, who reader, active []bridge.Conversation, first int, titles map[string]string, named bool) (list []talk, err error) {
	since, err := p.bridge.Team.OwnedSince(r.Context(), active)
	if err != nil {
		return nil, err
	}
	now := p.bridge.Now()
	for i, c := range active {
		t := talk{Class: lineClass(first+i, named), Number: c.Number, Operator: p.bridge.Team.Name(c.Owner), Department: cmp.Or(titles[c.Department], c.Department), Lasts: "–"}
		if at, ok := since[c.Number]; ok {
			t.Lasts = who.Phrase(span(now.Sub(at)))
		}
		if !c.Unanswered.IsZero() {
			t.Unheard = who.Phrase(span(now.Sub(c.Unanswered)))
		}
		if at := c.Due.Later; !at.IsZero() {
			t.Later = who.Say("put off until %s", p.until(who, at))
		}
		d := p.bridge.Hours.Danger(c)
		t.Danger, t.Late = who.Danger(d), late(c, d, now)
		if named {
			if t.Visitor, err = p.called(r, who, c); err != nil {
				return nil, err
			}
		}
		list = append(list, t)
	}
	return list, nil
}

// until says a moment by the board's clock, with its day if that is not today.
func (p *Page) until(who reader, at time.Time) string {
	now := p.now(who)
	at = at.In(now.Location())
	clock := at.Format("15:04")
	if at.YearDay() == now.YearDay() && at.Year() == now.Year() {
		return clock
	}
	return who.Phrase(hours.Day(at)) + " " + clock
}

// span says how long something lasts as a board does, which is read from afar: from an hour on without minutes.
func span(d time.Duration) phrase.Phrase {
	if d >= time.Hour && d < 48*time.Hour {
		return bridge.Exactly(d.Truncate(time.Hour))
	}
	return bridge.Span(d)
}
