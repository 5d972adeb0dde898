package component

import (
	"context"
	"encoding/base64"

	"porchlight/bridge"
	"porchlight/component/stanza"
	"porchlight/component/stream"
)

// vcardFeature answers vcard-temp (XEP-0054), for clients without PEP. The hash of its
// avatar is in presence (XEP-0153).
func vcardFeature(b *bridge.Bridge, g *gallery) feature {
	return feature{space: stanza.NSVCard, local: "vCard", typ: "get", announced: []string{stanza.NSVCard},
		answer: func(_ context.Context, r request) (*stream.Element, error) {
			return vcard(r, nameOf(b, r), g.of(r.bare())), nil
		}}
}

func vcard(r request, name string, a avatar) *stream.Element {
	card := stream.New(stanza.NSVCard, "vCard", stream.Text("", "FN", name), stream.Text("", "NICKNAME", name))
	if r.entity == entityVisitor && r.card.Email != "" {
		card.Children = append(card.Children, stream.New("", "EMAIL", stream.New("", "INTERNET"), stream.Text("", "USERID", r.card.Email)))
	}
	card.Children = append(card.Children, stream.New("", "PHOTO",
		stream.Text("", "TYPE", "image/png"), stream.Text("", "BINVAL", base64.StdEncoding.EncodeToString(a.png))))
	return card
}
