package team

import (
	"context"
	"html/template"
	"time"

	"porchlight/bridge"
	"porchlight/bridge/report"
	"porchlight/bridge/voice"
	"porchlight/chart"
)

// chart draws how the numbers of a query went: those of the one who is shown alone, of all together, or,
// if the reader may not see these, the reader's own. One day is nothing to draw.
func (p *Page) chart(ctx context.Context, who reader, q query, during bridge.Range) (template.HTML, error) {
	of, name := report.Whose{Kind: q.Kind}, who.Say("All together")
	switch {
	case q.Who != "":
		of.Operator = q.Who
	case !who.SeesNumbersOf(""):
		of.Operator = who.JID
	}
	if of.Operator != "" {
		name = p.people()[of.Operator].Name
	}
	if !during.Until.After(during.From.AddDate(0, 0, 1)) || of.Operator != "" && !who.SeesNumbersOf(of.Operator) {
		return "", nil
	}
	course, err := p.opts.Report.Course(ctx, of, during)
	if err != nil {
		return "", err
	}
	title := who.Say("%s, chats", name)
	if q.Kind == bridge.Ticket {
		title = who.Say("%s, tickets", name)
	}
	c := chart.Chart{Title: title, Range: who.Phrase(voice.Days(during, p.opts.Report.Today())), Empty: who.Say("Nothing was counted in these days."),
		Bars: chart.Series{Name: who.Say("Conversations")},
		Line: &chart.Series{Name: who.Say("First answer"), Unit: chart.Seconds, Format: func(seconds float64) string {
			return who.Phrase(voice.Lasted(time.Duration(seconds*float64(time.Second)), true))
		}}}
	for _, label := range course.Labels() {
		c.Labels = append(c.Labels, who.Phrase(label))
	}
	c.Bars.Values, c.Line.Values = course.Values()
	drawn, err := c.SVG("course")
	return template.HTML(drawn), err // SVG escapes all texts
}
