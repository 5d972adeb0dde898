package team

import (
	"context"
	"html/template"

	"porchlight/bridge"
	"porchlight/bridge/report"
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
		name = p.bridge.Team.Name(of.Operator)
	}
	if !during.Until.After(during.From.AddDate(0, 0, 1)) || of.Operator != "" && !who.SeesNumbersOf(of.Operator) {
		return "", nil
	}
	course, err := p.opts.Report.Course(ctx, of, during)
	if err != nil {
		return "", err
	}
	said := who.Drawn(name, q.Kind, during, p.opts.Report.Today())
	c := chart.Chart{Title: said.Title, Range: said.Range, Empty: said.Empty, Bars: chart.Series{Name: said.Bars},
		Line: &chart.Series{Name: said.Line, Unit: chart.Seconds, Format: said.Lasted}}
	for _, label := range course.Labels() {
		c.Labels = append(c.Labels, who.Phrase(label))
	}
	c.Bars.Values, c.Line.Values = course.Values()
	drawn, err := c.SVG("course")
	return template.HTML(drawn), err // SVG escapes all texts
}
