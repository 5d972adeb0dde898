package desk

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"porchlight/bridge"
	"porchlight/bridge/phrase"
	"porchlight/bridge/report"
)

// The words of stats-mail that say when it goes.
const (
	weekly = "weekly"
	off    = "off"
)

// mostAddresses is how many addresses one command takes.
const mostAddresses = 10

// statsMailCommand declares stats-mail.
func statsMailCommand() Command {
	return Command{Name: "stats-mail", Title: "Send statistics by mail", Run: statsMail,
		Help: "What stats says goes to the addresses now, with its picture, in your language. WHO is written by name here. weekly sends the figures of the last week each Monday at 7:00 from now on, beside those of the week before; off ends that. stats-mail alone lists what goes each week.",
		Fields: []Field{{Name: "address", Label: "To which addresses", Kind: Addresses},
			{Name: "who", Label: "Whose numbers", Kind: Where, All: true, Disabled: true, Former: true, Choices: countable}, {Name: "range", Label: "When", Kind: During},
			{Name: "when", Label: "Each week, or no more", Kind: OneOf, Options: []string{weekly, off}}}}
}

// statsMail sends statistics, once or each week, ends that, or lists what goes each week.
func statsMail(d *Desk, ctx context.Context, call Call) (string, error) {
	if d.report == nil {
		return "", phrase.Fail(phrase.CodeUnavailable, "Nothing is counted here.")
	}
	to, m := strings.Fields(call.arg("address")), statsMailing{d, call}
	switch {
	case len(to) == 0 && call.arg("who")+call.arg("range")+call.arg("when") != "":
		return "", refuse("Missing: %s. Write: %s.", "ADDRESS", d.must("stats-mail").written(call))
	case len(to) == 0:
		return m.list(ctx)
	case len(to) > mostAddresses:
		return "", refuse("These are %d addresses. Up to %d are possible at once.", len(to), mostAddresses)
	case call.arg("when") == off:
		return m.end(ctx, to)
	}
	return m.send(ctx, to)
}

// statsMailing is a use of stats-mail.
type statsMailing struct {
	desk *Desk
	call Call
}

// send sends statistics now, and each week if that is wanted.
func (m statsMailing) send(ctx context.Context, to []string) (string, error) {
	d, call := m.desk, m.call
	q, err := d.inquiry(call)
	if err == nil {
		err = d.bridge.Mail.Ready()
	}
	if err != nil {
		return "", err
	}
	late, err := d.report.Counted(ctx)
	if err != nil {
		return "", err
	}
	o := report.Order{By: call.Operator, Of: q.Whose, Weekly: call.arg("when") == weekly, Line: m.line(to, q.word, call.arg("range"), call.arg("when"))}
	o.Of.Kind = ""
	letter, err := letters{d, call}.write(ctx, q, nil)
	if err != nil {
		return "", err
	}
	letter.Parts = append(letter.Parts, call.Voice.Say("%s has sent you this.", call.Operator.Name))
	for _, address := range to {
		letter.To = address
		o.Drafts = append(o.Drafts, letter)
	}
	if err := d.report.Send(ctx, o); err != nil {
		return "", err
	}
	list := strings.Join(to, ", ")
	answer := call.Voice.Say("Sent to %s.", list)
	if o.Weekly {
		answer = call.Voice.Say("Sent to %s; from now on each Monday 7:00. %s ends it.", list, m.line(to, call.arg("who"), "", off))
	}
	if late {
		answer += "\n" + call.Voice.Say("Not all is counted yet: ask again in a while.")
	}
	return answer, nil
}

// line is a line that gives the command; who is a value of its field of that name, "" for oneself.
func (m statsMailing) line(to []string, who, during, when string) string {
	all := m.desk.bridge.Team.Everybody()
	if i := slices.IndexFunc(all, func(o bridge.Operator) bool { return string(o.JID) == who }); i >= 0 {
		who = m.desk.staff().Arg(all[i])
	}
	return strings.Join(strings.Fields("stats-mail "+strings.Join(to, ", ")+" "+who+" "+during+" "+when), " ")
}

// weeklies lists what goes each week, as far as the operator may see it, their own first.
func (m statsMailing) weeklies(ctx context.Context) ([]report.Subscription, error) {
	all, err := m.desk.report.Subscriptions(ctx)
	if !m.call.Operator.May(bridge.MayStats) {
		all = slices.DeleteFunc(all, func(s report.Subscription) bool { return m.foreign(s) == 1 })
	}
	slices.SortStableFunc(all, func(a, b report.Subscription) int {
		return cmp.Compare(m.foreign(a), m.foreign(b))
	})
	return all, err
}

// foreign is 1 for what somebody else has ordered, else 0.
func (m statsMailing) foreign(s report.Subscription) int {
	if s.Operator == m.call.Operator.JID {
		return 0
	}
	return 1
}

// list lists what goes each week.
func (m statsMailing) list(ctx context.Context) (string, error) {
	call := m.call
	list, err := m.weeklies(ctx)
	if err != nil {
		return "", err
	}
	if len(list) == 0 {
		return call.Voice.Say("No statistics go by mail each week. %s sends them.", "stats-mail ADDRESS weekly"), nil
	}
	answer := call.Voice.Say("Each Monday 7:00 (%d):", len(list))
	for i, s := range list {
		if i == listed {
			return answer + "\n" + call.Voice.Say("And %d more.", len(list)-listed), nil
		}
		answer += "\n  " + m.subscription(s)
	}
	return answer + "\n" + call.Voice.Say("%s ends one.", "stats-mail ADDRESS off"), nil
}

// subscription says to whom whose statistics go, and who has ordered that if it was somebody else.
func (m statsMailing) subscription(s report.Subscription) string {
	d, call := m.desk, m.call
	if m.foreign(s) == 0 {
		return s.Address + " – " + d.called(call.Voice, s.Of)
	}
	return call.Voice.Say("%s – %s, ordered by %s", s.Address, d.called(call.Voice, s.Of), d.bridge.Team.Name(s.Operator))
}

// end ends what goes to some addresses each week: what the operator has ordered, or, where that is nothing,
// what others have, if the operator may see that. If WHO is given, only those statistics end.
func (m statsMailing) end(ctx context.Context, to []string) (string, error) {
	call := m.call
	all, err := m.weeklies(ctx)
	if err != nil {
		return "", err
	}
	var ended []report.Subscription
	for _, address := range to {
		mine := slices.DeleteFunc(slices.Clone(all), func(s report.Subscription) bool { return s.Address != address || !isAbout(s.Of, call.arg("who")) })
		if len(mine) == 0 {
			return "", phrase.Fail(phrase.CodeNotFound, "No weekly statistics go to %s. stats-mail lists what goes.", address)
		}
		if m.foreign(mine[0]) == 0 {
			mine = slices.DeleteFunc(mine, func(s report.Subscription) bool { return m.foreign(s) == 1 })
		}
		ended = append(ended, mine...)
	}
	if err := m.desk.report.End(ctx, call.Operator, ended, m.line(to, call.arg("who"), "", off)); err != nil {
		return "", err
	}
	return m.ended(ended), nil
}

// isAbout reports whether statistics are those of a value of a field of kind Where; "" is anybody.
func isAbout(w report.Whose, who string) bool {
	switch who {
	case "":
		return true
	case allOfThem:
		return w == report.Whose{}
	}
	return string(w.Operator) == who || w.Department == who
}

// ended says what has ended, and which lines take that back: one for all addresses with the same statistics.
func (m statsMailing) ended(list []report.Subscription) string {
	call := m.call
	var lines []string
	var about []report.Whose
	addresses := make(map[report.Whose][]string)
	for _, s := range list {
		lines = append(lines, m.subscription(s))
		if addresses[s.Of] == nil {
			about = append(about, s.Of)
		}
		if !slices.Contains(addresses[s.Of], s.Address) {
			addresses[s.Of] = append(addresses[s.Of], s.Address)
		}
	}
	answer := call.Voice.Say("Ended: %s", strings.Join(lines, "; "))
	for _, w := range about {
		answer += "\n" + call.Voice.Say("Back: %s", m.line(addresses[w], whoOf(call, w), "", weekly))
	}
	return answer
}

// whoOf is the value of a field of kind Where for whose statistics they are, "" for the operator's own.
func whoOf(call Call, w report.Whose) string {
	switch {
	case w.Department != "":
		return w.Department
	case w.Operator == call.Operator.JID:
		return ""
	}
	return cmp.Or(string(w.Operator), allOfThem)
}
