package main

import (
	"context"

	"porchlight/bridge"
	"porchlight/component"
	"porchlight/db/sqlite"
	"porchlight/email"
	"porchlight/webwidget"
)

// stats are the numbers of all parts, from which the metrics are read.
type stats struct {
	bridge.Stats
	link  component.Stats
	store sqlite.Stats
	web   webwidget.Stats
	mail  email.Stats
}

func (p *program) stats(ctx context.Context) (stats, error) {
	s, err := p.bridge.Stats(ctx)
	return stats{s, p.component.Stats(), p.store.Stats(), p.visitors.Stats(), p.mail.Stats()}, err
}
