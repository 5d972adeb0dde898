package component

import (
	"context"
	"encoding/base64"
	"strconv"

	"porchlight/bridge/phrase"
	"porchlight/component/stream"
)

// What clients ask of a contact's personal eventing (XEP-0163) node: name
// (XEP-0172), avatar (XEP-0084), and encryption keys, of which there are none.
const (
	nsPubsub     = "http://jabber.org/protocol/pubsub"
	nsAvatarMeta = "urn:xmpp:avatar:metadata"
	nsAvatarData = "urn:xmpp:avatar:data"
)

func pepFeature() feature {
	return feature{space: nsPubsub, local: "pubsub", kind: "get", on: []entity{entityDesk, entityVisitor}, answer: (*Component).pep}
}

// pep answers a request for a node's items, with and without an item id. The
// device list of OMEMO and the like is answered empty, which says "no
// encryption" without the error that some clients would show.
func (c *Component) pep(_ context.Context, r request) (*stream.Element, error) {
	asked := r.payload.Child(nsPubsub, "items")
	if asked == nil {
		return nil, phrase.Fail(phrase.CodeNotFound, "Only items can be asked for.")
	}
	node := asked.Get("node")
	items := stream.New("", "items").With("node", node)
	a := c.avatars.of(r.bare())
	switch node {
	case nsNick:
		name := deskName
		if r.entity == entityVisitor {
			name = c.desk.VoiceFor(r.operator).Visitor(r.card.Request.Called())
		}
		items.Children = append(items.Children, stream.New("", "item", stream.Text(nsNick, "nick", name)).With("id", "current"))
	case nsAvatarMeta:
		items.Children = append(items.Children, stream.New("", "item", avatarMetadata(a)).With("id", a.id))
	case nsAvatarData:
		if id := asked.Child(nsPubsub, "item").Get("id"); id != "" && id != a.id {
			break
		}
		data := stream.Text(nsAvatarData, "data", base64.StdEncoding.EncodeToString(a.png))
		items.Children = append(items.Children, stream.New("", "item", data).With("id", a.id))
	}
	return stream.New(nsPubsub, "pubsub", items), nil
}

// avatarMetadata describes an avatar (XEP-0084 §4.2).
func avatarMetadata(a avatar) *stream.Element {
	side := strconv.Itoa(avatarSide)
	return stream.New(nsAvatarMeta, "metadata", stream.New("", "info").With(
		"id", a.id, "type", "image/png", "bytes", strconv.Itoa(len(a.png)), "width", side, "height", side))
}
