package component

import (
	"context"
	"encoding/base64"

	"porchlight/bridge/voice"
	"porchlight/component/stanza"
	"porchlight/component/stream"
)

// vcardFeature is vcard-temp (XEP-0054), for clients without PEP; its avatar's hash
// goes with presence (XEP-0153).
func vcardFeature() feature {
	return feature{space: stanza.NSVCard, local: "vCard", typ: "get", announced: []string{stanza.NSVCard}, answer: (*Component).vcard}
}

func (c *Component) vcard(_ context.Context, r request) (*stream.Element, error) {
	name := map[entity]string{entityService: "porchlight", entityDesk: deskName, entityDepartment: r.to.Local, entityVisitor: voice.For(c.bridge, r.operator).Visitor(r.card.Request.Called())}[r.entity]
	card := stream.New(stanza.NSVCard, "vCard", stream.Text("", "FN", name), stream.Text("", "NICKNAME", name))
	if r.entity == entityVisitor && r.card.Email != "" {
		card.Children = append(card.Children, stream.New("", "EMAIL", stream.New("", "INTERNET"), stream.Text("", "USERID", r.card.Email)))
	}
	a := c.avatars.of(r.bare())
	card.Children = append(card.Children, stream.New("", "PHOTO",
		stream.Text("", "TYPE", "image/png"), stream.Text("", "BINVAL", base64.StdEncoding.EncodeToString(a.png))))
	return card, nil
}
