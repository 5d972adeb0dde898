package webwidget

import (
	"sync/atomic"

	"porchlight/webwidget/gate"
	"porchlight/webwidget/share"
)

// Stats is what visitors take of the server.
type Stats struct {
	Streams     share.Stats // event streams and waiting polls
	Uploads     share.Stats // files on their way
	Connections gate.Stats
	// Since the start:
	TooSlow      int64 // requests whose body did not come as it has to
	ProofsWanted int64 // requests for a conversation that were asked for a proof
	RateLimited  int64 // refused because of a rate per client address
	SiteBusy     int64 // refused because of Options.SitePerMinute
}

// counters are the figures that no part of the server has.
type counters struct{ tooSlow, rateLimited atomic.Int64 }

// Stats returns the figures. Any goroutine may call it.
func (s *Server) Stats() Stats {
	return Stats{Streams: s.streams.places.Stats(), Uploads: s.limits.uploads.Stats(), Connections: s.gate.Stats(),
		TooSlow: s.counters.tooSlow.Load(), RateLimited: s.counters.rateLimited.Load(), ProofsWanted: s.toll.asked.Load(), SiteBusy: s.toll.busy.Load()}
}
