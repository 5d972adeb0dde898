package component

import (
	"context"

	"porchlight/component/stanza"
	"porchlight/component/stream"
)

// versionFeature is Software Version (XEP-0092). The operating system is nobody's
// business (§4 makes it optional).
func versionFeature(version string) feature {
	return feature{space: stanza.NSVersion, local: "query", typ: "get", announced: []string{stanza.NSVersion},
		answer: func(context.Context, request) (*stream.Element, error) {
			return stream.New(stanza.NSVersion, "query", stream.Text("", "name", "porchlight"), stream.Text("", "version", version)), nil
		}}
}
