package desk

import (
	"cmp"
	"context"
	"strings"

	"porchlight/bridge"
	"porchlight/bridge/phrase"
	"porchlight/bridge/report"
	"porchlight/bridge/voice"
)

// statsRange is the range of the numbers that are shown if none is given.
const statsRange = "7d"

// inquiry is whose numbers somebody wants to see, and which.
type inquiry struct {
	report.Whose
	name   string // how people call whose numbers they are
	word   string // what a line says for that
	during bridge.Range
}

// stats shows the numbers of an operator, a department or all.
func stats(d *Desk, ctx context.Context, call Call) (string, error) {
	if d.report == nil {
		return "", phrase.Fail(phrase.CodeUnavailable, "Nothing is counted here.")
	}
	q, err := d.inquiry(call)
	if err != nil {
		return "", err
	}
	late, err := d.report.Counted(ctx)
	if err != nil {
		return "", err
	}
	a, err := d.report.Of(ctx, q.Whose, q.during)
	if err != nil {
		return "", err
	}
	lines, last := d.chatLines(call, q, a), call.Voice.Say("Tickets: %s.", "stats "+q.word+" "+q.during.String()+" tickets")
	if q.Kind == bridge.Ticket {
		lines, last = d.ticketLines(call, q, a), ""
	}
	if kept := keptSaid(call.Voice, a); kept != "" {
		lines = append(lines, "  "+kept)
	}
	if call.arg("who") == "" && call.Operator.May(bridge.MayStats) {
		team, err := d.report.Of(ctx, report.Whose{Kind: q.Kind}, q.during)
		if err != nil {
			return "", err
		}
		lines = append(lines, call.Voice.Say("Team: %d conversations, vote %s (%d)", team.Count(report.Conversations), team.Votes().Mean(), team.Votes().Count()))
	}
	tags, err := d.mostTags(ctx, bridge.TagScope{From: q.during.From, Until: q.during.Until, Kind: q.Kind, Department: q.Department, Owner: q.Operator}, tagsAsked)
	if err != nil {
		return "", err
	}
	if tags != "" {
		lines = append(lines, call.Voice.Say("Tags: %s", tags))
	}
	if late {
		lines = append(lines, call.Voice.Say("Not all is counted yet: ask again in a while."))
	}
	if last = strings.TrimSpace(last + " " + d.pageLink(ctx, call, q.view(call))); last != "" {
		lines = append(lines, last)
	}
	more, err := d.pictured(call, q)
	if more != "" {
		lines = append(lines, more)
	}
	return strings.Join(lines, "\n"), err
}

// inquiry reads whose numbers are wanted, and refuses an operator who may not see them.
func (d *Desk) inquiry(call Call) (q inquiry, err error) {
	who := call.arg("who")
	q.Kind = bridge.Chat
	if call.arg("kind") == "tickets" {
		q.Kind = bridge.Ticket
	}
	q.word = who
	dep := d.departmentEver(who)
	switch {
	case who == allOfThem:
	case dep.Name != "":
		q.Department = dep.Name
	default:
		q.Operator = bridge.OperatorJID(cmp.Or(who, string(call.Operator.JID)))
		q.word, _, _ = strings.Cut(string(q.Operator), "@")
	}
	q.name = d.called(call.Voice, q.Whose)
	if !call.Operator.SeesNumbersOf(q.Operator) {
		return q, phrase.Fail(phrase.CodeForbidden, "You may see your own numbers: stats. For others a super operator must allow you stats.")
	}
	q.during, err = bridge.ParseRange(cmp.Or(call.arg("range"), statsRange), d.report.Today())
	return q, err
}

// view is what the team's page shows of it: one operator's numbers alone if they were asked for by name.
func (q inquiry) view(call Call) bridge.View {
	v := bridge.View{During: q.during.String(), Kind: q.Kind, Section: "stats"}
	if call.arg("who") != "" {
		v.Who = q.Operator
	}
	return v
}

// chatLines are the lines about chats.
func (d *Desk) chatLines(call Call, q inquiry, a report.Answer) []string {
	v := call.Voice
	vote := v.Say("Vote %s", averaged(call, a.Votes()))
	if q.Department == "" {
		vote += v.Say("; online %s", voice.Online(a.Online))
	}
	return []string{
		v.Say("%s, %s, chats:", q.name, voice.Days(q.during, d.report.Today())),
		"  " + v.Say("%d conversations, %s of support (%s merged)", a.Count(report.Conversations),
			voice.Lasted(a.Total(report.Support), true), voice.Lasted(a.Total(report.Merged), true)),
		"  " + v.Say("First answer %s, median %s; answers %s (n %d)", voice.Lasted(a.Mean(report.First)), voice.Lasted(a.Median(report.First)),
			voice.Lasted(a.Mean(report.Answers)), a.Count(report.Answers)),
		"  " + v.Say("Waited %s before being taken", voice.Lasted(a.Mean(report.Taken))),
		"  " + v.Say("Missed %d, abandoned %d", a.Count(report.Missed), a.Count(report.Abandoned)),
		"  " + vote,
	}
}

// ticketLines are the lines about tickets.
func (d *Desk) ticketLines(call Call, q inquiry, a report.Answer) []string {
	v := call.Voice
	first := v.Say("First answer to new ones %s", voice.Lasted(a.Mean(report.FirstNew)))
	wall, _ := a.Mean(report.FirstNew)
	if open, ok := a.Mean(report.FirstNew.InHours()); ok && open != wall {
		first += " " + v.Say("(%s in hours)", voice.Lasted(open, true))
	}
	first += v.Say("; still unanswered: %d", a.Owed)
	if a.Owed > 0 {
		first += v.Say(", oldest %s", voice.Lasted(d.report.Today().Sub(a.Oldest), true))
	}
	return []string{
		v.Say("%s, %s, tickets:", q.name, voice.Days(q.during, d.report.Today())),
		"  " + v.Say("%d new, %d solved, %d reopened", a.Count(report.Conversations), a.Count(report.Solved), a.Count(report.Reopened)),
		"  " + first,
		"  " + v.Say("Answers in general %s (n %d)", voice.Lasted(a.Mean(report.Answers)), a.Count(report.Answers)),
		"  " + v.Say("New → solved %s (first time), %s with reopening", voice.Lasted(a.Mean(report.SolveFirst)), voice.Lasted(a.Mean(report.SolveLast))),
	}
}

// statsRebuild has all counted anew.
func statsRebuild(d *Desk, ctx context.Context, call Call) (string, error) {
	if d.report == nil {
		return "", phrase.Fail(phrase.CodeUnavailable, "Nothing is counted here.")
	}
	if err := d.report.Rebuild(ctx); err != nil {
		return "", err
	}
	late, err := d.report.Counted(ctx)
	if late {
		return call.Voice.Say("The statistics are being counted anew."), err
	}
	return call.Voice.Say("The statistics were counted anew."), err
}

// countable lists whose numbers the operator may see.
func countable(d *Desk, ctx context.Context, call Call) ([]Choice, error) {
	if !call.Operator.May(bridge.MayStats) {
		return []Choice{{string(call.Operator.JID), call.Operator.Name}}, nil
	}
	people, err := everybody(d, ctx, call)
	list := append([]Choice{}, people...)
	list = append(list, Choice{allOfThem, call.Voice.Say("All")})
	for _, dep := range d.bridge.Team.Departments() {
		list = append(list, Choice{dep.Name, dep.Title})
	}
	return list, err
}
