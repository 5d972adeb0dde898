package main

import (
	"context"

	"porchlight/bridge/desk"
	"porchlight/chart"
)

// picture finds a picture that the desk has linked to, and says how to draw it (webwidget.Picture).
func (p *program) picture(name string) (draw func(context.Context) ([]byte, error), err error) {
	sketch, err := p.desk.OpenSketch(name)
	if err != nil {
		return nil, err
	}
	return func(ctx context.Context) ([]byte, error) {
		drawing, err := p.desk.Draw(ctx, sketch)
		if err != nil {
			return nil, err
		}
		return drawn(drawing)
	}, nil
}

// drawn draws what the desk shows (desk.Charts).
func drawn(p desk.Picture) ([]byte, error) { return chartOf(p).PNG() }

// chartOf makes a chart of what the desk shows.
func chartOf(p desk.Picture) chart.Chart {
	return chart.Chart{Title: p.Title, Range: p.Range, Labels: p.Labels, Empty: p.Empty,
		Bars: chart.Series{Name: p.Bars.Name, Values: p.Bars.Values, Format: p.Bars.Say},
		Line: &chart.Series{Name: p.Line.Name, Values: p.Line.Values, Unit: chart.Seconds, Format: p.Line.Say}}
}
