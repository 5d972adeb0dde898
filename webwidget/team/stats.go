package team

import (
	"cmp"
	"context"
	"maps"
	"net/http"
	"slices"
	"time"

	"porchlight/bridge"
	"porchlight/bridge/phrase"
	"porchlight/bridge/report"
	"porchlight/bridge/voice"
)

// table is the statistics as they are shown and as a file has them.
type table struct {
	columns     []column
	during      bridge.Range
	now         time.Time // in the site's zone
	Late        bool      // not all is counted yet
	People      []row
	Departments []row
	Team        []row         // all together; empty if the reader may not see it
	drawn       report.Answer // about the one of whom charts are shown
}

// seen checks whom a query is about, and refuses a reader who may not see their numbers.
func (p *Page) seen(who reader, q query) error {
	if q.Who == "" {
		return nil
	}
	if !who.SeesNumbersOf(q.Who) && !who.SeesVotesAbout(q.Who) {
		return phrase.Fail(phrase.CodeForbidden, "You may see your own numbers alone. For others a super operator must allow you stats.")
	}
	if _, ok := p.people()[q.Who]; !ok {
		return phrase.Fail(phrase.CodeNotFound, "There is no such operator.")
	}
	return nil
}

// people are all operators by address, with those who were deleted, and what is to be said of each.
func (p *Page) people() map[bridge.OperatorJID]person {
	all := make(map[bridge.OperatorJID]person)
	for jid, name := range p.bridge.Team.Former() {
		all[jid] = person{name, "deleted"}
	}
	for _, o := range p.bridge.Team.Everybody() {
		one := person{Name: o.Name}
		if !o.Enabled {
			one.Note = "disabled"
		}
		all[o.JID] = one
	}
	return all
}

// departments are all departments by name, with those that were deleted.
func (p *Page) departments() map[string]person {
	all := make(map[string]person)
	for name, title := range p.bridge.Team.FormerDepartments() {
		all[name] = person{cmp.Or(title, name), "deleted"}
	}
	for _, d := range p.bridge.Team.Departments() {
		all[d.Name] = person{Name: cmp.Or(d.Title, d.Name)}
	}
	return all
}

// person is an operator or a department, or what was one, and what is to be said of it.
type person struct{ Name, Note string }

// count makes the statistics of a query, as far as the reader may see them.
func (p *Page) count(ctx context.Context, who reader, q query, during bridge.Range) (t table, err error) {
	t = table{columns: columns(q.Kind), during: during, now: p.opts.Report.Today()}
	if t.Late, err = p.opts.Report.Counted(ctx); err != nil {
		return t, err
	}
	all := q.Who == "" && who.SeesNumbersOf("")
	answers, err := p.answers(ctx, who, q, during, all)
	if err != nil {
		return t, err
	}
	of := func(w report.Whose) report.Answer {
		w.Kind = q.Kind
		return answers[w]
	}
	drawn, _, _ := p.charted(who, q)
	t.drawn = of(drawn)
	people := p.people()
	for _, jid := range slices.Sorted(maps.Keys(people)) {
		one, a := people[jid], of(report.Whose{Operator: jid})
		if q.Who != "" && q.Who != jid || !who.SeesNumbersOf(jid) || one.Note != "" && idle(a) && q.Who == "" {
			continue
		}
		r := row{Name: one.Name, Cells: t.cells(who.Voice, a), Address: p.address(query{View: bridge.View{During: q.During, Kind: q.Kind, Who: jid}}, "stats")}
		if one.Note != "" {
			r.Note = who.said(one.Note)
		}
		t.People = append(t.People, r)
	}
	sorted(t.People, t.columns, cmp.Or(q.sort, byName))
	if !all {
		return t, nil
	}
	for name, one := range p.departments() {
		if a := of(report.Whose{Department: name}); one.Note == "" || !idle(a) {
			r := row{Name: one.Name, Cells: t.cells(who.Voice, a)}
			if one.Note != "" {
				r.Note = who.said(one.Note)
			}
			t.Departments = append(t.Departments, r)
		}
	}
	sorted(t.Departments, t.columns, cmp.Or(q.sort, byName))
	t.Team = []row{{Name: who.Say("All together"), Cells: t.cells(who.Voice, of(report.Whose{}))}}
	return t, nil
}

// answers are what is known about all, or about the one whom the reader may see: the one of the query, or the
// reader. The store is asked once either way.
func (p *Page) answers(ctx context.Context, who reader, q query, during bridge.Range, all bool) (map[report.Whose]report.Answer, error) {
	if all {
		var whose []report.Whose
		for jid := range p.people() {
			whose = append(whose, report.Whose{Operator: jid})
		}
		for name := range p.departments() {
			whose = append(whose, report.Whose{Department: name})
		}
		return p.opts.Report.All(ctx, q.Kind, during, whose)
	}
	of := report.Whose{Operator: cmp.Or(q.Who, who.JID), Kind: q.Kind}
	if !who.SeesNumbersOf(of.Operator) {
		return nil, nil
	}
	a, err := p.opts.Report.Of(ctx, of, during)
	return map[report.Whose]report.Answer{of: a}, err
}

// said says what is to be said of an operator.
func (r reader) said(note string) string {
	if note == "disabled" {
		return r.Say("disabled")
	}
	return r.Say("deleted")
}

// idle reports whether somebody did nothing in the range of days.
func idle(a report.Answer) bool {
	return a.Count(report.Conversations) == 0 && a.Count(report.Answers) == 0 && a.Votes().Count() == 0 && a.Online == 0
}

// cells are the figures of an answer.
func (t table) cells(v voice.Voice, a report.Answer) (list []figure) {
	for _, c := range t.columns {
		f := c.of(v, a, t.now)
		f.Head = v.Say(c.Title)
		list = append(list, f)
	}
	return list
}

// statsView is the statistics.
type statsView struct {
	table
	Days          phrase.Phrase
	During        string // the range, as it was written
	Word          string // chats or tickets
	Who           string // the name of the one who is shown alone
	All           string // the address of everybody's
	Ranges, Kinds []link
	Heads         []head
	File          string    // the address of the CSV file
	Course        []drawing // how the numbers went; none if there is but one day
	Shapes        []drawing // waits by the hour, and votes
}

// stats makes the statistics of a query. CodeInvalid says that the range can't be read.
func (p *Page) stats(r *http.Request, f frame, who reader, q query) (*statsView, error) {
	if p.opts.Report == nil {
		return nil, nil
	}
	during, err := bridge.ParseRange(q.During, p.opts.Report.Today())
	if err != nil {
		return nil, err
	}
	t, err := p.count(r.Context(), who, q, during)
	if err != nil {
		return nil, err
	}
	course, err := p.course(r.Context(), who, q, during)
	if err != nil {
		return nil, err
	}
	shapes, err := p.shapes(who, q, during, t.drawn)
	if err != nil {
		return nil, err
	}
	v := &statsView{table: t, Course: course, Shapes: shapes, Days: voice.Days(during, t.now), During: q.During, Word: q.kindWord(),
		Ranges: p.ranges(f, q, t.now), Heads: p.heads(f, t.columns, q), File: p.opts.Base + "/team/stats.csv" + q.encode()}
	for _, k := range []struct {
		kind bridge.Kind
		text string
	}{{bridge.Chat, f.Say("Chats")}, {bridge.Ticket, f.Say("Tickets")}} {
		to := query{View: bridge.View{During: q.During, Kind: k.kind, Who: q.Who}}
		v.Kinds = append(v.Kinds, link{k.text, p.address(to, "stats"), k.kind == q.Kind})
	}
	if q.Who != "" {
		v.Who, v.All = p.bridge.Team.Name(q.Who), p.address(query{View: bridge.View{During: q.During, Kind: q.Kind}}, "stats")
	}
	return v, nil
}
