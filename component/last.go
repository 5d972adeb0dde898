package component

import (
	"context"
	"strconv"
	"time"

	"porchlight/bridge"
	"porchlight/component/stanza"
	"porchlight/component/stream"
)

// lastFeature answers Last Activity (XEP-0012): the uptime of the service in seconds (§5),
// or the seconds since a visitor's conversation closed (§3), 0 while it is open.
func lastFeature(b *bridge.Bridge, began time.Time) feature {
	return feature{space: stanza.NSLast, local: "query", typ: "get", announced: []string{stanza.NSLast},
		answer: func(_ context.Context, r request) (*stream.Element, error) {
			seconds := b.Now().Sub(began).Seconds()
			if r.entity == entityVisitor {
				seconds = 0
				if r.card.State == bridge.Closed {
					seconds = b.Now().Sub(r.card.ClosedAt).Seconds()
				}
			}
			return stream.New(stanza.NSLast, "query").With("seconds", strconv.FormatInt(int64(seconds), 10)), nil
		}}
}
