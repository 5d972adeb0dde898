package webwidget

import (
	"sync/atomic"

	"porchlight/webwidget/gate"
	"porchlight/webwidget/share"
)

// Stats says how much of the server visitors use.
type Stats struct {
	Streams     share.Stats // event streams and waiting polls
	Uploads     share.Stats // files on their way
	Connections gate.Stats
	// Since the start:
	TooSlow      int64 // requests whose body came too slowly (see Options.LeastRate)
	ProofsWanted int64 // requests for a conversation that were answered with the wish for a proof, or to wait
	RateLimited  int64 // requests refused because of a rate per client address or network
	SiteBusy     int64 // requests refused because of Options.SitePerMinute
}

// counters are the figures that belong to no part of the server.
type counters struct{ tooSlow, rateLimited atomic.Int64 }

// Stats returns the figures. Any goroutine may call it.
func (s *Server) Stats() Stats {
	return Stats{Streams: s.streams.places.Stats(), Uploads: s.limits.uploads.Stats(), Connections: s.gate.Stats(),
		TooSlow: s.counters.tooSlow.Load(), RateLimited: s.counters.rateLimited.Load(), ProofsWanted: s.toll.asked.Load(), SiteBusy: s.toll.busy.Load()}
}
