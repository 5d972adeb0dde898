package component

import (
	"context"
	"slices"
	"strings"

	"porchlight/bridge"
	"porchlight/component/stanza"
	"porchlight/component/stream"
)

// visitorResource is the resource of a visitor's presence; content goes from
// the bare JID.
const visitorResource = "web"

// introduction makes a visitor known to an operator who need not have them in
// the roster: name and avatar as PEP events from the bare JID, and presence
// with capabilities from the full one.
func (c *Component) introduction(card bridge.Card, to string) []*stream.Element {
	from := string(card.Visitor)
	return []*stream.Element{
		stanza.Headline(from, to, stanza.NSNick, "current", stream.Text(stanza.NSNick, "nick", c.voice(bridge.OperatorJID(to)).Visitor(card.Request.Called()))),
		stanza.Headline(from, to, stanza.NSAvatarMeta, c.avatars.of(from).id, avatarMetadata(c.avatars.of(from))),
		c.visitorPresence(card, to),
	}
}

// visitorPresence is a visitor's presence as it is now: available while the
// page is open and the conversation not over, away while the page is hidden, with
// where they are and how long they have waited.
func (c *Component) visitorPresence(card bridge.Card, to string) *stream.Element {
	if card.State == bridge.Closed || !card.Present && !card.Awaited {
		return c.visitorGone(card, to)
	}
	page := card.Request.Page
	if card.Now.URL != "" {
		page = bridge.Page{URL: card.Now.URL, Title: card.Now.Title}
	}
	waited := ""
	if card.State == bridge.Waiting {
		waited = c.voice(bridge.OperatorJID(to)).Waited(card)
	}
	var status []string
	for _, part := range []string{waited, pageName(page), card.Request.Language} {
		if part != "" {
			status = append(status, part)
		}
	}
	var show []*stream.Element
	if card.Now.Hidden {
		show = append(show, stream.Text("", "show", "away"))
	}
	children := append(show,
		stream.Text("", "status", strings.Join(status, " – ")),
		stream.New(stanza.NSCaps, "c").With("hash", "sha-1", "node", capsNode, "ver", c.capsVersion(entityVisitor)),
		stream.New(stanza.NSVCardPhoto, "x", stream.Text("", "photo", c.avatars.of(string(card.Visitor)).id)),
		stream.Text(stanza.NSNick, "nick", c.voice(bridge.OperatorJID(to)).Visitor(card.Request.Called())))
	return stanza.Presence(string(card.Visitor)+"/"+visitorResource, to, "", children...)
}

// showVisitor sends a visitor's presence to those to whom the conversation is
// offered; also to those who take part, if all. To them feed sends what is in the log.
func (c *Component) showVisitor(ctx context.Context, number int64, all bool) {
	card, err := c.bridge.Card(ctx, number)
	var parts, to []bridge.OperatorJID
	if err == nil {
		parts, to, err = c.bridge.Concerned(ctx, number)
	}
	if err != nil {
		if ctx.Err() == nil {
			c.log.Error("show visitor", "conversation", number, "err", err)
		}
		return
	}
	if all {
		to = append(to, parts...)
	}
	for _, o := range to {
		if !c.quiet(o) {
			c.send(c.visitorPresence(card, string(o)))
		}
	}
}

// hideVisitor takes a visitor's presence back from an operator who has nothing to do
// with them any more; the server would let it stand for ever.
func (c *Component) hideVisitor(ctx context.Context, number int64, o bridge.OperatorJID) {
	card, err := c.bridge.Card(ctx, number)
	var gone []*stream.Element
	if err == nil {
		gone, err = c.goneFor(ctx, card, o)
	}
	if err != nil && ctx.Err() == nil {
		c.log.Error("hide visitor", "conversation", number, "err", err)
	}
	c.send(gone...)
}

// goneFor is visitorGone for an operator who has nothing to do with them any more;
// for others nothing.
func (c *Component) goneFor(ctx context.Context, card bridge.Card, o bridge.OperatorJID) ([]*stream.Element, error) {
	parts, asked, err := c.bridge.Concerned(ctx, card.Number)
	if err != nil || slices.Contains(parts, o) || slices.Contains(asked, o) {
		return nil, err
	}
	return []*stream.Element{c.visitorGone(card, string(o))}, nil
}

func (c *Component) visitorGone(card bridge.Card, to string) *stream.Element {
	return stanza.Presence(string(card.Visitor)+"/"+visitorResource, to, "unavailable")
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

// introduceAll introduces to an operator whose client has just come online the
// desk, and all visitors they have to do with.
func (c *Component) introduceAll(ctx context.Context, o bridge.OperatorJID) error {
	face := c.avatars.of(c.deskJID())
	c.send(stanza.Headline(c.deskJID(), string(o), stanza.NSNick, "current", stream.Text(stanza.NSNick, "nick", deskName)),
		stanza.Headline(c.deskJID(), string(o), stanza.NSAvatarMeta, face.id, avatarMetadata(face)))
	if c.quiet(o) { // visitors introduce themselves when they come
		return nil
	}
	cards, err := c.bridge.Concerns(ctx, o)
	if err != nil {
		return err
	}
	for _, card := range cards {
		if !c.send(c.introduction(card, string(o))...) {
			return nil
		}
	}
	return nil
}

// farewell takes back the presence of everybody, and of the desk and the departments.
func (c *Component) farewell(ctx context.Context) {
	duties, err := c.bridge.Duties(ctx)
	if err != nil {
		c.log.Error("say goodbye", "err", err)
		return
	}
	for _, o := range duties {
		cards, err := c.bridge.Concerns(ctx, o.JID)
		if err != nil {
			c.log.Error("say goodbye", "err", err)
			return
		}
		for _, card := range cards {
			c.send(c.visitorGone(card, string(o.JID)))
		}
		for _, d := range c.bridge.Departments() {
			c.send(stanza.Presence(d.Name+"@"+c.opts.Domain, string(o.JID), "unavailable"))
		}
		c.send(stanza.Presence(c.deskFull(), string(o.JID), "unavailable"))
	}
}
