package main

import (
	"context"
	"errors"
	"log/slog"

	"porchlight/bridge"
)

// calm writes lines whose error says that this node's tenure is over as what they are: news. Whatever was under way when another node took
// the link fails that way, at many places, and nothing of it is lost.
type calm struct{ slog.Handler }

// Handle implements slog.Handler.
func (h calm) Handle(ctx context.Context, r slog.Record) error {
	r.Attrs(func(a slog.Attr) bool {
		if err, is := a.Value.Any().(error); is && errors.Is(err, bridge.ErrTenureOver) {
			r.Level = min(r.Level, slog.LevelInfo)
		}
		return true
	})
	return h.Handler.Handle(ctx, r)
}

// WithAttrs implements slog.Handler.
func (h calm) WithAttrs(attrs []slog.Attr) slog.Handler { return calm{h.Handler.WithAttrs(attrs)} }

// WithGroup implements slog.Handler.
func (h calm) WithGroup(name string) slog.Handler { return calm{h.Handler.WithGroup(name)} }
