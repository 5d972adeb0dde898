package component

import (
	"context"

	"porchlight/component/stream"
)

// nsVersion is Software Version (XEP-0092). The operating system is nobody's
// business (§4 makes it optional).
const nsVersion = "jabber:iq:version"

func versionFeature() feature {
	return feature{space: nsVersion, local: "query", kind: "get", announced: []string{nsVersion},
		answer: func(c *Component, _ context.Context, _ request) (*stream.Element, error) {
			return stream.New(nsVersion, "query", stream.Text("", "name", "porchlight"), stream.Text("", "version", c.opts.Version)), nil
		}}
}
