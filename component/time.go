package component

import (
	"context"
	"time"

	"porchlight/component/stream"
)

// nsTime is Entity Time (XEP-0202).
const nsTime = "urn:xmpp:time"

func timeFeature() feature {
	return feature{space: nsTime, local: "time", kind: "get", announced: []string{nsTime},
		answer: func(c *Component, _ context.Context, _ request) (*stream.Element, error) {
			return stream.New(nsTime, "time", stream.Text("", "tzo", "+00:00"),
				stream.Text("", "utc", c.bridge.Now().UTC().Format(time.RFC3339))), nil
		}}
}
