package component

import (
	"context"

	"porchlight/component/stanza"
	"porchlight/component/stream"
)

// pingFeature answers XMPP Ping (XEP-0199).
func pingFeature() feature {
	return feature{space: stanza.NSPing, local: "ping", typ: "get", announced: []string{stanza.NSPing},
		answer: func(context.Context, request) (*stream.Element, error) { return nil, nil }}
}
