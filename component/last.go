package component

import (
	"context"
	"strconv"

	"porchlight/bridge"
	"porchlight/component/stanza"
	"porchlight/component/stream"
)

// lastFeature is Last Activity (XEP-0012): it tells the uptime of the service (§4), and how long ago a
// visitor's conversation ended (§3); 0 while it lasts.
func lastFeature() feature {
	return feature{space: stanza.NSLast, local: "query", typ: "get", announced: []string{stanza.NSLast},
		answer: func(c *Component, _ context.Context, r request) (*stream.Element, error) {
			seconds := c.bridge.Now().Sub(c.began).Seconds()
			if r.entity == entityVisitor {
				seconds = 0
				if r.card.State == bridge.Closed {
					seconds = c.bridge.Now().Sub(r.card.ClosedAt).Seconds()
				}
			}
			return stream.New(stanza.NSLast, "query").With("seconds", strconv.FormatInt(int64(seconds), 10)), nil
		}}
}
