package component

import (
	"context"

	"porchlight/component/stanza"
	"porchlight/component/stream"
)

// versionFeature answers Software Version (XEP-0092). It leaves out the operating system,
// which is optional (§2) and nobody's business.
func versionFeature(version string) feature {
	return feature{space: stanza.NSVersion, local: "query", typ: "get", announced: []string{stanza.NSVersion},
		answer: func(context.Context, request) (*stream.Element, error) {
			return stream.New(stanza.NSVersion, "query", stream.Text("", "name", "porchlight"), stream.Text("", "version", version)), nil
		}}
}
