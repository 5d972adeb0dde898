package component

import (
	"strings"

	"porchlight/bridge"
	"porchlight/bridge/voice"
	"porchlight/component/stanza"
	"porchlight/component/stream"
)

// visitorResource is the resource of a visitor's presence; content goes from
// the bare JID.
const visitorResource = "web"

// faces are how our addresses show themselves to an operator: by name, avatar and
// presence. Any goroutine may use them.
type faces struct {
	bridge   *bridge.Bridge
	domain   domain
	avatars  *gallery
	features features
}

// voiceOf speaks an operator's language.
func voiceOf(b *bridge.Bridge, o bridge.OperatorJID) voice.Voice {
	operator, _ := b.Team.Operator(o)
	return voice.For(b, operator)
}

// introduction makes a visitor known to an operator who need not have them in
// the roster: name and avatar as PEP events from the bare JID, and presence
// with capabilities from the full one.
func (f *faces) introduction(card bridge.Card, to string) []*stream.Element {
	from := string(card.Visitor)
	return append(f.events(from, to, f.called(card, to)), f.visitor(card, to))
}

// deskIntroduction makes the desk known to an operator.
func (f *faces) deskIntroduction(to string) []*stream.Element {
	return f.events(f.domain.desk(), to, deskName)
}

// events tell name and avatar of an address.
func (f *faces) events(from, to, name string) []*stream.Element {
	face := f.avatars.of(from)
	return []*stream.Element{
		stanza.Headline(from, to, stanza.NSNick, "current", stream.Text(stanza.NSNick, "nick", name)),
		stanza.Headline(from, to, stanza.NSAvatarMeta, face.id, avatarMetadata(face)),
	}
}

// called is a visitor's name as an operator is told it.
func (f *faces) called(card bridge.Card, to string) string {
	return voiceOf(f.bridge, bridge.OperatorJID(to)).Visitor(card.Request.Called())
}

// visitor is a visitor's presence as it is now: available while the page is open and
// the conversation not over, away while the page is hidden, with where they are and
// how long they have waited.
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

// visitorGone takes a visitor's presence back.
func (f *faces) visitorGone(card bridge.Card, to string) *stream.Element {
	return stanza.Presence(string(card.Visitor)+"/"+visitorResource, to, "unavailable")
}

// desk is the desk's presence with a status.
func (f *faces) desk(to, status string) *stream.Element {
	children := append([]*stream.Element{stream.Text("", "status", status)}, f.marks(entityDesk, f.domain.desk())...)
	return stanza.Presence(f.domain.deskFull(), to, "", children...)
}

// department shows an operator whether a department is online.
func (f *faces) department(name string, o bridge.Operator) *stream.Element {
	word, lit := voice.For(f.bridge, o).Lamp(name)
	el := stanza.Presence(f.domain.of(name), string(o.JID), "", stream.Text("", "status", word))
	if !lit {
		el.Children = append(el.Children, stream.Text("", "show", "away"))
	}
	return el
}

// marks are what a presence says of capabilities (XEP-0115) and avatar (XEP-0153).
func (f *faces) marks(e entity, address string) []*stream.Element {
	return []*stream.Element{
		stream.New(stanza.NSCaps, "c").With("hash", "sha-1", "node", capsNode, "ver", f.features.version(e)),
		stream.New(stanza.NSVCardPhoto, "x", stream.Text("", "photo", f.avatars.of(address).id)),
	}
}

// pageName is a short name of a page: its path, or its title.
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
