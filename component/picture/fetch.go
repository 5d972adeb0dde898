package picture

import (
	"context"
	"crypto/sha1"
	"encoding/base64"
	"encoding/hex"
	"strings"

	"porchlight/bridge"
	"porchlight/component/stanza"
	"porchlight/component/stream"
)

// fetch asks the operator's server for the picture: in the vCard, in which most servers show the avatar as well, or
// else among the account's avatars. It returns nothing if there is none.
func (p *Pictures) fetch(ctx context.Context, o bridge.OperatorJID) ([]byte, error) {
	raw, err := p.photo(ctx, o)
	if len(raw) > 0 || err != nil && stanza.Refused(err) == "" {
		return raw, err
	}
	raw, also := p.avatar(ctx, o)
	if err == nil && stanza.Refused(also) != "" { // the server has vCards and no avatars
		return nil, nil
	}
	return raw, also
}

// photo is the photo in the vCard (XEP-0054).
func (p *Pictures) photo(ctx context.Context, o bridge.OperatorJID) ([]byte, error) {
	answer, err := p.ask(ctx, o, stream.New(stanza.NSVCard, "vCard"))
	photo := answer.Child(stanza.NSVCard, "vCard").Child(stanza.NSVCard, "PHOTO")
	return decoded(photo.ChildText(stanza.NSVCard, "BINVAL")), err
}

// avatar is the account's avatar (XEP-0084).
func (p *Pictures) avatar(ctx context.Context, o bridge.OperatorJID) ([]byte, error) {
	item, err := p.item(ctx, o, stream.New("", "items").With("node", stanza.NSAvatarMeta, "max_items", "1"))
	id := infoOf(item).Get("id")
	if id == "" {
		return nil, err
	}
	item, err = p.item(ctx, o, stream.New("", "items", stream.New("", "item").With("id", id)).With("node", stanza.NSAvatarData))
	return decoded(item.ChildText(stanza.NSAvatarData, "data")), err
}

// item asks for the items of a node (XEP-0084 §3.2), and returns the first.
func (p *Pictures) item(ctx context.Context, o bridge.OperatorJID, which *stream.Element) (*stream.Element, error) {
	answer, err := p.ask(ctx, o, stream.New(stanza.NSPubsub, "pubsub", which))
	return answer.Child(stanza.NSPubsub, "pubsub").Child(stanza.NSPubsub, "items").Child(stanza.NSPubsub, "item"), err
}

// ask asks an operator's server what it has of the account. That there is no such thing is an answer, too.
func (p *Pictures) ask(ctx context.Context, o bridge.OperatorJID, what *stream.Element) (*stream.Element, error) {
	answer, err := p.link.Ask(ctx, "get", p.from, string(o), what)
	if stanza.Refused(err) == "item-not-found" {
		return nil, nil
	}
	return answer, err
}

// infoOf is the description of the avatar that can be had from the account itself (XEP-0084 §4.2.1); those with an
// address lie elsewhere.
func infoOf(item *stream.Element) *stream.Element {
	meta := item.Child(stanza.NSAvatarMeta, "metadata")
	if meta == nil {
		return nil
	}
	for _, info := range meta.Children {
		if info.Local == "info" && info.Get("url") == "" {
			return info
		}
	}
	return nil
}

// decoded reads Base64 with white space in it, as vCards have it. What is no Base64 is nothing.
func decoded(text string) []byte {
	raw, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(text), ""))
	if err != nil {
		return nil
	}
	return raw
}

// hashOf is what XEP-0153 §3.1 and XEP-0084 §4.1 call a picture; nothing secret depends on it.
func hashOf(raw []byte) string {
	sum := sha1.Sum(raw)
	return hex.EncodeToString(sum[:])
}
