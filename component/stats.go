package component

import (
	"sync/atomic"

	"porchlight/bridge"
)

// Stats counts what has happened since the start.
type Stats struct {
	Links     int64 // connections whose handshake succeeded
	Conflicts int64 // signs of another component with our domain
	Sent      int64 // events sent to operators, repetitions included
	Retried   int64 // sent events older than the link: an earlier link had not proved them, or there was none
	Confirmed int64 // cursors moved by the ping barrier
	Delivered int64 // receipts (XEP-0184)
	Displayed int64 // markers (XEP-0333)
	Bounced   int64 // errors that came back
	Silent    int64 // stanzas of strangers that were not answered any more
	Refused   int64 // operators' stanzas that were too many
	Pending   int   // bytes that wait to be written
	Tracks    int   // conversations whose cursors are in memory
}

type counters struct {
	links, conflicts, sent, retried, confirmed, delivered, displayed, bounced, refused atomic.Int64
}

func (c *counters) proved(s bridge.ReceiptStatus) {
	switch s {
	case bridge.Delivered:
		c.delivered.Add(1)
	case bridge.Displayed:
		c.displayed.Add(1)
	}
}

// Stats returns the counts. Any goroutine may call it.
func (c *Component) Stats() Stats {
	s := Stats{Links: c.stats.links.Load(), Conflicts: c.stats.conflicts.Load(), Sent: c.stats.sent.Load(), Retried: c.stats.retried.Load(),
		Confirmed: c.stats.confirmed.Load(), Delivered: c.stats.delivered.Load(), Displayed: c.stats.displayed.Load(), Bounced: c.stats.bounced.Load(), Silent: c.strangers.silent.Load(), Refused: c.stats.refused.Load()}
	if l := c.link.Load(); l != nil {
		s.Pending, s.Tracks = l.line.conn.Pending(), l.logs.tracks.len()
	}
	return s
}
