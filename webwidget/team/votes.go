package team

import (
	"cmp"
	"net/http"
	"slices"
	"strings"

	"porchlight/bridge"
)

// votesView is what visitors think of the help.
type votesView struct {
	Tallies []tallied
	List    []vote
	More    int64 // how many further votes there are
}

// tallied are the votes about one operator.
type tallied struct {
	Name, Mean string
	N          int64
	Scores     []score
}

// score is how many votes have so many stars.
type score struct {
	Stars int
	N     int64
}

// vote is one vote.
type vote struct {
	ID, Number                           int64
	When, Stars, Visitor, About, Comment string
	Score                                int64
}

// votes makes the votes of a range of days that the reader may read: about all, about the one of the query, or about
// the reader. The store is asked the same number of times however many operators there are.
func (p *Page) votes(r *http.Request, who reader, q query, during bridge.Range) (v votesView, err error) {
	about := cmp.Or(q.Who, who.JID)
	if q.Who == "" && who.SeesVotesAbout("") {
		about = ""
	}
	if !who.SeesVotesAbout(about) {
		return v, nil
	}
	whole, list, more, err := p.bridge.Votes.List(r.Context(), about, during, 1)
	tallies := map[bridge.OperatorJID]bridge.Tally{about: whole}
	if err == nil && about == "" {
		tallies, err = p.bridge.Votes.Tallies(r.Context(), during)
	}
	if err != nil {
		return v, err
	}
	for jid, one := range p.people() {
		tally := tallies[jid]
		if n := tally.Count(); n > 0 {
			t := tallied{Name: one.Name, Mean: tally.Mean(), N: n}
			for i, n := range slices.Backward(tally[:]) {
				t.Scores = append(t.Scores, score{i + 1, n})
			}
			v.Tallies = append(v.Tallies, t)
		}
	}
	slices.SortFunc(v.Tallies, func(a, b tallied) int { return strings.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name)) })
	v.More = more
	for _, x := range list {
		v.List = append(v.List, vote{x.ID, x.Conversation, who.Short(x.At), bridge.Stars(x.Score), who.Visitor(x.Visitor), x.About, x.Comment, x.Score})
	}
	return v, nil
}
