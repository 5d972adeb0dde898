package team

import (
	"context"
	"fmt"
	"html/template"
	"math"
	"slices"
	"time"

	"porchlight/bridge"
	"porchlight/bridge/hours"
	"porchlight/bridge/report"
	"porchlight/bridge/voice"
	"porchlight/chart"
)

// drawing is a chart with all its values as a table beside it, for those who can't see it or who look for a number.
type drawing struct {
	SVG   template.HTML // twice: as wide as there is room, and for a phone
	Title string
	Step  string   // what stands above the names of the steps: "Day"
	Heads []string // what stands above the values
	Rows  []chart.Row
}

// drawn draws a chart. The id is its own on the page.
func drawn(id, step string, c chart.Chart) (drawing, error) {
	svg, err := c.SVG(id)
	if err != nil {
		return drawing{}, err
	}
	narrow, err := c.Narrow(id + "-2")
	return drawing{template.HTML(svg + narrow), c.Title + ", " + c.Range, step, c.Names(), c.Rows()}, err // SVG escapes all texts
}

// charted is whose numbers are drawn for a query: those of the one who is shown alone, of all together, or, if the
// reader may not see these, the reader's own. ok is false if the reader may not see them either.
func (p *Page) charted(who reader, q query) (of report.Whose, name string, ok bool) {
	of, name = report.Whose{Kind: q.Kind}, who.Say("All together")
	switch {
	case q.Who != "":
		of.Operator = q.Who
	case !who.SeesNumbersOf(""):
		of.Operator = who.JID
	}
	if of.Operator != "" {
		name = p.bridge.Team.Name(of.Operator)
	}
	return of, name, who.SeesNumbersOf(of.Operator)
}

// course draws how the numbers of a query went. One day is nothing to draw.
func (p *Page) course(ctx context.Context, who reader, q query, during bridge.Range) (list []drawing, err error) {
	of, name, ok := p.charted(who, q)
	if !ok || !during.Until.After(during.From.AddDate(0, 0, 1)) {
		return nil, nil
	}
	course, err := p.opts.Report.Course(ctx, of, during)
	if err != nil {
		return nil, err
	}
	c := chartOf(who.Drawn(name, q.Kind, during, p.opts.Report.Today()))
	for _, label := range course.Labels() {
		c.Labels = append(c.Labels, who.Phrase(label))
	}
	c.Bars.Values, c.Line.Values = course.Values()
	step := who.Say("Day")
	if course.Months {
		step = who.Say("Month")
	}
	one, err := drawn("course", step, c)
	for i, s := range course.Steps { // the table has room for the month, too
		if !course.Months && err == nil {
			day := s.Period.Start(time.UTC)
			one.Rows[i].Label = who.Phrase(hours.Weekday(day.Weekday())) + " " + who.Phrase(hours.Day(day))
		}
	}
	return []drawing{one}, err
}

// shapes draws what an answer has the shape of: how long visitors waited by the hour of the day, and the votes.
// What holds nothing is not drawn.
func (p *Page) shapes(who reader, q query, during bridge.Range, a report.Answer) (list []drawing, err error) {
	_, name, ok := p.charted(who, q)
	if !ok {
		return nil, nil
	}
	today := p.opts.Report.Today()
	if q.Kind == bridge.Chat && a.Count(report.TakenAt) > 0 { // a ticket waits for days, which no hour explains
		one, err := hoursChart(who, who.DrawnHours(name, during, today), a.Hours())
		if err != nil {
			return nil, err
		}
		list = append(list, one)
	}
	if votes := a.Votes(); votes.Count() > 0 {
		c := chartOf(who.DrawnVotes(name, during, today))
		for i, n := range votes {
			c.Labels, c.Bars.Values = append(c.Labels, fmt.Sprint(i+1, " ★")), append(c.Bars.Values, float64(n))
		}
		one, err := drawn("votes-chart", who.Say("Stars"), c)
		if err != nil {
			return nil, err
		}
		list = append(list, one)
	}
	return list, nil
}

// hoursChart draws how many visitors began to wait in each hour of the day, and how long they waited. The table has
// the hours in which somebody did.
func hoursChart(who reader, said voice.Drawn, sums [24]report.Sum) (drawing, error) {
	c := chartOf(said)
	for hour, sum := range sums {
		wait := math.NaN()
		if sum.N > 0 {
			wait = (time.Duration(sum.Total) * time.Millisecond / time.Duration(sum.N)).Seconds()
		}
		c.Labels = append(c.Labels, fmt.Sprint(hour, ":00"))
		c.Bars.Values, c.Line.Values = append(c.Bars.Values, float64(max(sum.N, 0))), append(c.Line.Values, wait)
	}
	one, err := drawn("hours", who.Say("Hour"), c)
	if err == nil {
		at := 0
		one.Rows = slices.DeleteFunc(one.Rows, func(chart.Row) bool {
			at++
			return sums[at-1].N <= 0
		})
	}
	return one, err
}

// chartOf is a chart without values that says what it shows.
func chartOf(said voice.Drawn) chart.Chart {
	c := chart.Chart{Title: said.Title, Range: said.Range, Empty: said.Empty, Bars: chart.Series{Name: said.Bars}}
	if said.Line != "" {
		c.Line = &chart.Series{Name: said.Line, Unit: chart.Seconds, Format: said.Lasted}
	}
	return c
}
