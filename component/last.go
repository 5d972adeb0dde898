package component

import (
	"context"
	"strconv"
	"time"

	"porchlight/bridge"
	"porchlight/component/stanza"
	"porchlight/component/stream"
)

// lastFeature is Last Activity (XEP-0012): it tells the uptime of the service (§4), and how long ago a
// visitor's conversation ended (§3); 0 while it lasts.
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
