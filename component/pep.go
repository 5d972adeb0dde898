package component

import (
	"context"
	"encoding/base64"
	"strconv"

	"porchlight/bridge"
	"porchlight/bridge/phrase"
	"porchlight/component/stanza"
	"porchlight/component/stream"
)

// pepFeature answers requests for a contact's Personal Eventing nodes (XEP-0163): name
// (XEP-0172), avatar (XEP-0084), and encryption keys, which nobody here has.
func pepFeature(b *bridge.Bridge, g *gallery) feature {
	return feature{space: stanza.NSPubsub, local: "pubsub", typ: "get", on: []entity{entityDesk, entityVisitor},
		answer: func(_ context.Context, r request) (*stream.Element, error) {
			return pep(r, nameOf(b, r), g.of(r.bare()))
		}}
}

// pep answers a request for a node's items, with and without an item id. It answers for
// OMEMO's device list and other unknown nodes with no items. That says "no encryption"
// without the error that some clients would show.
func pep(r request, name string, a avatar) (*stream.Element, error) {
	asked := r.payload.Child(stanza.NSPubsub, "items")
	if asked == nil {
		return nil, phrase.Fail(phrase.CodeNotFound, "Only items can be asked for.")
	}
	node := asked.Get("node")
	items := stream.New("", "items").With("node", node)
	switch node {
	case stanza.NSNick:
		items.Children = append(items.Children, stream.New("", "item", stream.Text(stanza.NSNick, "nick", name)).With("id", "current"))
	case stanza.NSAvatarMeta:
		items.Children = append(items.Children, stream.New("", "item", avatarMetadata(a)).With("id", a.id))
	case stanza.NSAvatarData:
		if id := asked.Child(stanza.NSPubsub, "item").Get("id"); id != "" && id != a.id {
			break
		}
		data := stream.Text(stanza.NSAvatarData, "data", base64.StdEncoding.EncodeToString(a.png))
		items.Children = append(items.Children, stream.New("", "item", data).With("id", a.id))
	}
	return stream.New(stanza.NSPubsub, "pubsub", items), nil
}

// avatarMetadata describes an avatar (XEP-0084 §4.2).
func avatarMetadata(a avatar) *stream.Element {
	side := strconv.Itoa(avatarSide)
	return stream.New(stanza.NSAvatarMeta, "metadata", stream.New("", "info").With(
		"id", a.id, "type", "image/png", "bytes", strconv.Itoa(len(a.png)), "width", side, "height", side))
}
