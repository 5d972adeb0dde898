package team

import (
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
	Scores     []int64 // how many have 5 stars, 4, …
}

// vote is one vote.
type vote struct {
	ID, Number                           int64
	When, Stars, Visitor, About, Comment string
	Score                                int64
}

// votes makes the votes of a range of days that the reader may read.
func (p *Page) votes(r *http.Request, who reader, q query, during bridge.Range) (v votesView, err error) {
	var all []bridge.Voted
	for jid, one := range p.people() {
		if q.Who != "" && q.Who != jid || !who.SeesVotesAbout(jid) {
			continue
		}
		tally, list, _, err := p.bridge.Votes.List(r.Context(), jid, during, 1)
		if err != nil {
			return v, err
		}
		if n := tally.Count(); n > 0 {
			v.Tallies = append(v.Tallies, tallied{one.Name, tally.Mean(), n, []int64{tally[4], tally[3], tally[2], tally[1], tally[0]}})
			v.More += n
		}
		all = append(all, list...)
	}
	slices.SortFunc(v.Tallies, func(a, b tallied) int { return strings.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name)) })
	slices.SortFunc(all, func(a, b bridge.Voted) int { return int(b.ID - a.ID) })
	all = all[:min(len(all), bridge.VotesPage)]
	v.More -= int64(len(all))
	for _, x := range all {
		v.List = append(v.List, vote{x.ID, x.Conversation, who.Short(x.At), bridge.Stars(x.Score), who.Visitor(x.Visitor), x.About, x.Comment, x.Score})
	}
	return v, nil
}
