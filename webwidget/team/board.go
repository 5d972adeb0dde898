package team

import (
	"cmp"
	"net/http"
	"slices"

	"porchlight/bridge"
)

// boardView is the queue as a board: chats, and apart from them tickets, whose visitors don't sit and wait.
type boardView struct {
	Waiting, Active, Available int    // chats, and operators
	Longest                    string // how long the chat has waited that has waited longest; "": none waits
	Filed, Taken               int    // tickets that wait, and those that are somebody's
	Aims, Endangered           int    // how many departments have targets, and how many conversations miss one or soon do
	Departments                []lamp
	Named                      bool           // visitors are named
	Requests                   lists[request] // those that wait, the longest wait first
	People                     []duty         // who is there
	Talks                      lists[talk]    // who talks to whom
}

// lamp is a department on the board.
type lamp struct {
	Title, State string
	Lit          bool
	Waiting      int // chats
	Longest      string
	Filed        int // tickets that wait
}

// request is somebody who waits.
type request struct {
	Class                       string
	Number                      int64
	Visitor, Department, Waited string
	Danger                      string // which target is in danger or missed; "": none is
	Late                        bool   // it is missed
}

// duty is an operator on the board.
type duty struct {
	Name, State string
	Available   bool
	Active      int
}

// boardLooks is how many open conversations the board looks at.
const boardLooks = 5000

// board makes the board of what an operator serves. Visitors are named if named says so.
func (p *Page) board(r *http.Request, who reader, named bool) (v boardView, err error) {
	open, err := p.bridge.OpenFor(r.Context(), who.Operator, boardLooks)
	if err != nil {
		return v, err
	}
	for _, c := range open {
		if p.bridge.Hours.Danger(c).Target != "" {
			v.Endangered++
		}
	}
	waiting, active := in(bridge.Waiting, open), in(bridge.Active, open)
	slices.SortStableFunc(waiting, func(a, b bridge.Conversation) int {
		return cmp.Compare(a.WaitsSince.UnixMilli(), b.WaitsSince.UnixMilli())
	})
	slices.SortStableFunc(active, byPatience)
	chats, tickets := byKind(waiting)
	v.Waiting, v.Filed, v.Longest = len(chats), len(tickets), p.longest(who, chats)
	talks, work := byKind(active)
	v.Active, v.Taken = len(talks), len(work)
	titles := v.lamps(p, who, chats, tickets)
	v.Named = named
	if v.Requests, err = listsOf(chats, tickets, named, func(list []bridge.Conversation, first int) ([]request, error) {
		return p.requests(r, who, list, first, titles, named)
	}); err != nil {
		return v, err
	}
	if v.Talks, err = listsOf(talks, work, named, func(list []bridge.Conversation, first int) ([]talk, error) {
		return p.talks(r, who, list, first, titles, named)
	}); err != nil {
		return v, err
	}
	duties, err := p.bridge.Team.Duties(r.Context())
	for _, o := range duties {
		if o.Available {
			v.Available++
		}
		if o.Enabled && (o.Available || o.Show != bridge.ShowOffline) {
			v.People = append(v.People, duty{o.Name, who.Duty(o), o.Available, o.Active})
		}
	}
	return v, err
}

// lamps puts the departments on the board, and returns their titles by name.
func (v *boardView) lamps(p *Page, who reader, chats, tickets []bridge.Conversation) (titles map[string]string) {
	titles = make(map[string]string)
	for _, d := range p.bridge.Team.Departments() {
		if d.Targets != (bridge.Targets{}) {
			v.Aims++
		}
		titles[d.Name] = cmp.Or(d.Title, d.Name)
		of := func(list []bridge.Conversation) []bridge.Conversation {
			return slices.DeleteFunc(slices.Clone(list), func(c bridge.Conversation) bool { return c.Department != d.Name })
		}
		theirs := of(chats)
		state, lit := who.Lamp(d.Name)
		v.Departments = append(v.Departments, lamp{titles[d.Name], state, lit, len(theirs), p.longest(who, theirs), len(of(tickets))})
	}
	return titles
}

// longest says how long the first of those has waited who are sorted by their wait.
func (p *Page) longest(who reader, waiting []bridge.Conversation) string {
	if len(waiting) == 0 {
		return ""
	}
	return who.Phrase(span(p.bridge.Now().Sub(waiting[0].WaitsSince)))
}

// requests lists requests that wait, the first of which is a line of the table. Their visitors are named if named says so.
func (p *Page) requests(r *http.Request, who reader, waiting []bridge.Conversation, first int, titles map[string]string, named bool) (list []request, err error) {
	for i, c := range waiting {
		one := request{Class: lineClass(first+i, named), Number: c.Number, Department: cmp.Or(titles[c.Department], c.Department), Waited: p.longest(who, []bridge.Conversation{c})}
		d := p.bridge.Hours.Danger(c)
		one.Danger, one.Late = who.Danger(d), d.Late()
		if named {
			if one.Visitor, err = p.called(r, who, c); err != nil {
				return nil, err
			}
		}
		list = append(list, one)
	}
	return list, nil
}

// called is what the visitor of a conversation is called.
func (p *Page) called(r *http.Request, who reader, c bridge.Conversation) (string, error) {
	card, err := p.bridge.Card(r.Context(), c.Number)
	if err != nil {
		return "", err
	}
	return who.Visitor(card.Request.Called()), nil
}
