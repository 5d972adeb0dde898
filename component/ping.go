package component

import (
	"context"

	"porchlight/component/stream"
)

// nsPing is XMPP Ping (XEP-0199).
const nsPing = "urn:xmpp:ping"

func pingFeature() feature {
	return feature{space: nsPing, local: "ping", kind: "get", announced: []string{nsPing},
		answer: func(*Component, context.Context, request) (*stream.Element, error) { return nil, nil }}
}
