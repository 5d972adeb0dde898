package component

import (
	"strings"

	"porchlight/bridge"
	"porchlight/bridge/voice"
	"porchlight/component/stanza"
	"porchlight/component/stream"
)

// visitorResource is the resource of a visitor's presence. Messages come from the
// visitor's bare JID.
const visitorResource = "web"

// faces makes the stanzas by which our addresses show themselves to an operator: name,
// avatar and presence. Any goroutine may use it.
type faces struct {
	bridge   *bridge.Bridge
	domain   domain
	avatars  *gallery
	features features
}

// voiceOf returns the voice for an operator.
func voiceOf(b *bridge.Bridge, o bridge.OperatorJID) voice.Voice {
	operator, _ := b.Team.Operator(o)
	return voice.For(b, operator)
}

// introduction makes a visitor known to an operator, who need not have the visitor in
// the roster. Name and avatar are PEP events from the bare JID; presence with
// capabilities comes from the full JID.
func (f *faces) introduction(card bridge.Card, to string) []*stream.Element {
	from := string(card.Visitor)
	return append(f.events(from, to, f.called(card, to)), f.visitor(card, to))
}

// deskIntroduction makes the desk known to an operator.
func (f *faces) deskIntroduction(to string) []*stream.Element {
	return f.events(f.domain.desk(), to, deskName)
}

// events makes the PEP events of an address's name and avatar.
func (f *faces) events(from, to, name string) []*stream.Element {
	face := f.avatars.of(from)
	return []*stream.Element{
		stanza.Headline(from, to, stanza.NSNick, "current", stream.Text(stanza.NSNick, "nick", name)),
		stanza.Headline(from, to, stanza.NSAvatarMeta, face.id, avatarMetadata(face)),
	}
}

// called returns a visitor's name in the operator's language.
func (f *faces) called(card bridge.Card, to string) string {
	return voiceOf(f.bridge, bridge.OperatorJID(to)).Visitor(card.Request.Called())
}

// visitor makes a visitor's present presence: available while the page is open and the
// conversation is not closed, away while the page is hidden. The status says where the
// visitor is, how long they have waited, and their language.
func (f *faces) visitor(card bridge.Card, to string) *stream.Element {
	if card.State == bridge.Closed || !card.Present && !card.Awaited {
		return f.visitorGone(card, to)
	}
	page := card.Request.Page
	if card.Now.URL != "" {
		page = bridge.Page{URL: card.Now.URL, Title: card.Now.Title}
	}
	waited := ""
	if card.State == bridge.Waiting {
		waited = voiceOf(f.bridge, bridge.OperatorJID(to)).Waited(card)
	}
	var status []string
	for _, part := range []string{waited, pageName(page), card.Request.Language} {
		if part != "" {
			status = append(status, part)
		}
	}
	var children []*stream.Element
	if card.Now.Hidden {
		children = append(children, stream.Text("", "show", "away"))
	}
	children = append(children, stream.Text("", "status", strings.Join(status, " – ")))
	children = append(children, f.marks(entityVisitor, string(card.Visitor))...)
	children = append(children, stream.Text(stanza.NSNick, "nick", f.called(card, to)))
	return stanza.Presence(string(card.Visitor)+"/"+visitorResource, to, "", children...)
}

// visitorGone makes the presence that says a visitor is gone.
func (f *faces) visitorGone(card bridge.Card, to string) *stream.Element {
	return stanza.Presence(string(card.Visitor)+"/"+visitorResource, to, "unavailable")
}

// desk makes the desk's presence with a status.
func (f *faces) desk(to, status string) *stream.Element {
	children := append([]*stream.Element{stream.Text("", "status", status)}, f.marks(entityDesk, f.domain.desk())...)
	return stanza.Presence(f.domain.deskFull(), to, "", children...)
}

// department makes the presence that shows an operator whether a department is online.
func (f *faces) department(name string, o bridge.Operator) *stream.Element {
	word, lit := voice.For(f.bridge, o).Lamp(name)
	el := stanza.Presence(f.domain.of(name), string(o.JID), "", stream.Text("", "status", word))
	if !lit {
		el.Children = append(el.Children, stream.Text("", "show", "away"))
	}
	return el
}

// marks makes the part of a presence about capabilities (XEP-0115) and avatar (XEP-0153).
func (f *faces) marks(e entity, address string) []*stream.Element {
	return []*stream.Element{
		stream.New(stanza.NSCaps, "c").With("hash", "sha-1", "node", capsNode, "ver", f.features.version(e)),
		stream.New(stanza.NSVCardPhoto, "x", stream.Text("", "photo", f.avatars.of(address).id)),
	}
}

// pageName returns a short name of a page: its path, else its title.
func pageName(p bridge.Page) string {
	_, rest, ok := strings.Cut(p.URL, "://")
	if i := strings.IndexByte(rest, '/'); ok && i >= 0 {
		return rest[i:]
	}
	if p.Title != "" {
		return p.Title
	}
	return p.URL
}
