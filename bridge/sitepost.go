package bridge

import "context"

// SitePost is what a server of the site says to a visitor, as the system.
type SitePost struct {
	Key      string // the name of the key by which it may; operators read it beside the words
	ClientID string // the same text under the same id is stored once; "": a random one is made
	Text     string
}

// Post stores what the site says in a conversation that is open. The same client id and text again return the event that was
// stored the first time, and repeated is true; other words under that id, and a conversation that has ended, get
// CodeConflict. Any goroutine may call it.
func (p SitePost) Post(ctx context.Context, b *Bridge, number int64) (e Event, repeated bool, err error) {
	if p.Text, err = b.opts.Limits.written(&p.ClientID, p.Text); err != nil {
		return Event{}, false, err
	}
	origin := SiteOrigin(p.ClientID)
	out, err := b.act(ctx, byNumber(number).then(Action{Type: SitePosts, Text: p.Text, Key: p.Key, Origin: origin}))
	return out.of(origin), out.Duplicate, err
}
