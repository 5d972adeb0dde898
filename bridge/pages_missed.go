package bridge

import (
	"context"
	"time"

	"porchlight/bridge/phrase"
)

// pageReturns is how long a page takes at most to be back when the visitor goes to another page or the network
// changes. Before, nobody is told that it is gone.
const pageReturns = 10 * time.Second

// note takes in whether the visitor of a conversation has a page now.
func (g *pages) note(c Conversation, now time.Time) {
	g.mu.Lock()
	defer g.mu.Unlock()
	_, left := g.left[c.Number]
	switch {
	case c.Number == 0:
	case c.Present || c.State == Closed:
		delete(g.left, c.Number)
		delete(g.missed, c.Number)
	case !left && !g.missed[c.Number]:
		g.left[c.Number] = now
	}
}

// missing lists the conversations whose page has not come back.
func (g *pages) missing(now time.Time) (list []int64) {
	g.mu.Lock()
	defer g.mu.Unlock()
	for number, since := range g.left {
		if now.Sub(since) >= pageReturns {
			list = append(list, number)
		}
	}
	return list
}

// miss says that a conversation's page is missed, unless it has come back meanwhile.
func (g *pages) miss(number int64) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if _, left := g.left[number]; left {
		delete(g.left, number)
		g.missed[number] = true
	}
}

// missedNow reports whether a conversation's page is missed.
func (g *pages) missedNow(number int64) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.missed[number]
}

// missPages tells the owners whose visitors' pages have not come back. Only the goroutine of Run calls it, so
// nobody is told twice.
func (b *Bridge) missPages(ctx context.Context) error {
	for _, number := range b.hub.pages.missing(b.clock.Now()) {
		if !b.Quarantine.Holds(number) {
			if _, err := b.act(ctx, byNumber(number).then(Action{Type: PageMissing})); phrase.CodeOf(err) == phrase.CodeUnavailable || ctx.Err() != nil {
				return err
			} else if err != nil {
				b.Quarantine.Put(number, err)
			}
		}
		b.hub.pages.miss(number)
	}
	return nil
}
