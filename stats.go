package main

import (
	"context"
	"errors"

	"porchlight/bridge"
	"porchlight/bridge/crew"
	"porchlight/bridge/hook"
	"porchlight/bridge/onsite"
	"porchlight/component"
	"porchlight/db"
	"porchlight/email"
	"porchlight/webwidget"
)

// stats are the numbers of all parts, from which the metrics are read.
type stats struct {
	bridge.Stats
	link   component.Stats
	store  db.Stats
	web    webwidget.Stats
	mail   email.Stats
	hooks  hook.Stats
	onsite onsite.Stats
	crew   crew.Stats
	erased int64 // conversations
	waits  int64 // conversations of which a webhook could not be told
}

func (p *program) stats(ctx context.Context) (stats, error) {
	s, err := p.bridge.Stats(ctx)
	waits, failed := p.hooks.Waiting(ctx)
	return stats{s, p.component.Stats(), p.store.Stats(), p.visitors.Stats(), p.mail.Stats(), p.hooks.Stats(), p.onsite.Stats(), p.crew.Stats(), p.archive.ErasedTotal(), waits}, errors.Join(err, failed)
}
