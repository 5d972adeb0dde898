package component

import (
	"context"
	"time"

	"porchlight/bridge"
	"porchlight/component/stanza"
	"porchlight/component/stream"
)

// timeFeature answers Entity Time (XEP-0202): the service's time in UTC, or the time in a
// visitor's time zone.
func timeFeature(b *bridge.Bridge) feature {
	return feature{space: stanza.NSTime, local: "time", typ: "get", announced: []string{stanza.NSTime},
		answer: func(_ context.Context, r request) (*stream.Element, error) {
			offset := "+00:00"
			if at, err := time.LoadLocation(r.card.Request.TimeZone); err == nil { // "" is UTC
				offset = b.Now().In(at).Format("-07:00")
			}
			return stream.New(stanza.NSTime, "time", stream.Text("", "tzo", offset),
				stream.Text("", "utc", b.Now().UTC().Format(time.RFC3339))), nil
		}}
}
