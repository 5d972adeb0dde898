package main

import (
	"context"

	"porchlight/bridge"
	"porchlight/component"
	"porchlight/db"
	"porchlight/webwidget"
)

// figures is how the program is doing, for the metrics.
type figures struct {
	bridge.Figures
	link  component.Stats
	store db.Stats
	web   webwidget.Stats
}

func (p *program) figures(ctx context.Context) (figures, error) {
	f, err := p.bridge.Figures(ctx)
	return figures{f, p.component.Stats(), p.store.Stats(), p.visitors.Stats()}, err
}
