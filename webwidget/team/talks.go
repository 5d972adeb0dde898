package team

import (
	"cmp"
	"net/http"
	"slices"
	"time"

	"porchlight/bridge"
)

// talk is a conversation that is somebody's.
type talk struct {
	Number                     int64
	Operator, Visitor          string // Visitor is "" where nothing stands that anybody wrote
	Department, Lasts, Unheard string // Unheard is how long the visitor's words have had no answer; "": they have one
	Danger                     string // which target is in danger or missed; "": none is
	Late                       bool   // a target is missed, or they have had none for longer than lateAfter
}

// lateAfter is after how long without an answer a conversation stands out on the board.
const lateAfter = 3 * time.Minute

// talks lists who talks to whom, since when: those first whose visitors have waited longest for an answer. more is how many
// are not listed. The visitors are named if named says so.
func (p *Page) talks(r *http.Request, who reader, open []bridge.Conversation, titles map[string]string, named bool) (list []talk, more int, err error) {
	active := slices.DeleteFunc(slices.Clone(open), func(c bridge.Conversation) bool { return c.State != bridge.Active })
	slices.SortStableFunc(active, func(a, b bridge.Conversation) int {
		switch {
		case a.Unanswered.IsZero() != b.Unanswered.IsZero():
			return map[bool]int{true: 1, false: -1}[a.Unanswered.IsZero()]
		case !a.Unanswered.IsZero():
			return cmp.Compare(a.Unanswered.UnixMilli(), b.Unanswered.UnixMilli())
		}
		return cmp.Compare(a.Number, b.Number)
	})
	more = max(0, len(active)-listed(named))
	active = active[:len(active)-more]
	since, err := p.bridge.Team.OwnedSince(r.Context(), active)
	if err != nil {
		return nil, 0, err
	}
	now := p.bridge.Now()
	for _, c := range active {
		t := talk{Number: c.Number, Operator: p.bridge.Team.Name(c.Owner), Department: cmp.Or(titles[c.Department], c.Department), Lasts: "–"}
		if at, ok := since[c.Number]; ok {
			t.Lasts = who.Phrase(bridge.Span(now.Sub(at)))
		}
		if !c.Unanswered.IsZero() {
			t.Unheard, t.Late = who.Phrase(bridge.Span(now.Sub(c.Unanswered))), now.Sub(c.Unanswered) > lateAfter
		}
		d := p.bridge.Hours.Danger(c)
		t.Danger, t.Late = who.Danger(d), t.Late || d.Late()
		if named {
			if t.Visitor, err = p.called(r, who, c); err != nil {
				return nil, 0, err
			}
		}
		list = append(list, t)
	}
	return list, more, nil
}
