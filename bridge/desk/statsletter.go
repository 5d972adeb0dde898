package desk

import (
	"context"
	"fmt"
	"math"
	"strings"

	"porchlight/bridge"
	"porchlight/bridge/report"
	"porchlight/bridge/voice"
)

// This file has what a mail of statistics says: the words of stats, and its picture.

// The size at which a mail shows a picture, in CSS pixels.
const (
	shownWidth  = 560
	shownHeight = 311
)

// letters writes what mails of statistics say.
type letters struct {
	desk *Desk
	call Call
}

// Weekly says what the mail of a subscription tells of a week and of the week before (report.Mailing). It is in the
// language of who has ordered it.
func (d *Desk) Weekly(ctx context.Context, s report.Subscription, week, before bridge.Range) (bridge.StatisticsDraft, error) {
	by, _ := d.bridge.Team.Operator(s.Operator)
	call := Call{Operator: by, Voice: voice.For(d.bridge, by)}
	letter, err := letters{d, call}.write(ctx, inquiry{Whose: s.Of, name: d.called(call.Voice, s.Of), during: week}, &before)
	letter.Parts = append(letter.Parts, call.Voice.Say("%s has this sent to you each Monday.", by.Name))
	return letter, err
}

// write says what a mail tells of a range, beside a range before it if there is one.
func (x letters) write(ctx context.Context, q inquiry, before *bridge.Range) (l bridge.StatisticsDraft, err error) {
	d, call, v := x.desk, x.call, x.call.Voice
	l.Subject = v.Say("Statistics: %s, %s", q.name, voice.Days(q.during, d.report.Today()))
	chats, tickets := q, q
	chats.Kind, tickets.Kind = bridge.Chat, bridge.Ticket
	c, err := d.report.Of(ctx, chats.Whose, q.during)
	if err != nil {
		return l, err
	}
	t, err := d.report.Of(ctx, tickets.Whose, q.during)
	if err != nil {
		return l, err
	}
	if before != nil {
		part, err := x.compared(ctx, q, *before, c, t)
		if err != nil {
			return l, err
		}
		l.Parts = append(l.Parts, part)
	}
	pictured := chats
	if tells(c) || !tells(t) {
		l.Parts = append(l.Parts, strings.Join(d.chatLines(call, chats, c), "\n"))
	} else {
		pictured = tickets
	}
	if tells(t) {
		l.Parts = append(l.Parts, strings.Join(d.ticketLines(call, tickets, t), "\n"))
	}
	return l, x.paint(ctx, pictured, &l)
}

// tells reports whether an answer tells anything.
func tells(a report.Answer) bool {
	return a.Count(report.Conversations)+a.Count(report.Answers)+a.Count(report.Solved)+a.Owed > 0
}

// compared tells of a range and of the one before it, medians first: a mean says little of a week in which one visitor
// waited for a day.
func (x letters) compared(ctx context.Context, q inquiry, before bridge.Range, chats, tickets report.Answer) (string, error) {
	d, v := x.desk, x.call.Voice
	was := map[bridge.Kind]report.Answer{bridge.Chat: {}, bridge.Ticket: {}}
	for kind := range was {
		w := q.Whose
		w.Kind = kind
		a, err := d.report.Of(ctx, w, before)
		if err != nil {
			return "", err
		}
		was[kind] = a
	}
	old := was[bridge.Chat]
	lines := []string{
		v.Say("%s, %s (in brackets: %s):", q.name, voice.Days(q.during, d.report.Today()), voice.Days(before, d.report.Today())),
		"  " + v.Say("First answer, median %s (%s)", voice.Lasted(chats.Median(report.First)), voice.Lasted(old.Median(report.First))),
		"  " + v.Say("Answers, median %s (%s)", voice.Lasted(chats.Median(report.Answers)), voice.Lasted(old.Median(report.Answers))),
		"  " + v.Say("%d conversations (%d), missed %d (%d)", chats.Count(report.Conversations), old.Count(report.Conversations), chats.Count(report.Missed), old.Count(report.Missed)),
		"  " + v.Say("Vote %s of 5 (%s)", chats.Votes().Mean(), old.Votes().Mean()),
	}
	if old := was[bridge.Ticket]; tells(tickets) || tells(old) {
		lines = append(lines, "  "+v.Say("Tickets: first answer, median %s (%s); %d new (%d), %d solved (%d)", voice.Lasted(tickets.Median(report.FirstNew)), voice.Lasted(old.Median(report.FirstNew)),
			tickets.Count(report.Conversations), old.Count(report.Conversations), tickets.Count(report.Solved), old.Count(report.Solved)))
	}
	return strings.Join(lines, "\n"), nil
}

// paint adds the picture that stats shows to a mail, unless the range is one day.
func (x letters) paint(ctx context.Context, q inquiry, l *bridge.StatisticsDraft) error {
	d, call := x.desk, x.call
	if d.chart == nil || !q.during.Until.After(q.during.From.AddDate(0, 0, 1)) {
		return nil
	}
	p, err := d.Draw(ctx, Sketch{q.Whose, call.Operator.JID, report.DayOf(q.during.From), report.DayOf(q.during.Until.AddDate(0, 0, -1))})
	if err != nil {
		return err
	}
	l.Picture, err = d.chart(p)
	if err != nil {
		return fmt.Errorf("draw statistics: %w", err)
	}
	l.Alt, l.Width, l.Height = p.said(call.Voice), shownWidth, shownHeight
	return nil
}

// mostSaid is how many steps of a picture are told one by one.
const mostSaid = 14

// said tells a picture in words: all its steps, or, if these are many, the greatest of its bars alone.
func (p Picture) said(v voice.Voice) string {
	steps, best := []string{}, -1
	for i, label := range p.Labels {
		step := fmt.Sprintf("%s: %.0f", label, p.Bars.Values[i])
		if value := p.Line.Values[i]; !math.IsNaN(value) {
			step += " (" + p.Line.Say(value) + ")"
		}
		steps = append(steps, step)
		if best < 0 || p.Bars.Values[i] > p.Bars.Values[best] {
			best = i
		}
	}
	said := p.Title + ", " + p.Range + ". "
	switch {
	case best < 0 || p.Bars.Values[best] == 0:
		return said + p.Empty
	case len(steps) > mostSaid:
		return said + v.Say("%s (%s), the most: %s", p.Bars.Name, p.Line.Name, steps[best])
	}
	return said + p.Bars.Name + " (" + p.Line.Name + "): " + strings.Join(steps, "; ")
}
