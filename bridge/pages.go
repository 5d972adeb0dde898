package bridge

import (
	"context"
	"sync"
	"time"

	"porchlight/bridge/phrase"
)

// PageState is what a visitor's page has told of itself. It is kept in memory while the
// conversation is open, since a page tells only what changed. Like typing it is not stored; the
// log has only the pages that the visitor went to.
type PageState struct {
	Hidden bool // the page is behind another tab or window
	URL    string
	Title  string
	logged string    // the URL where the visitor is by the log
	moves  int       // how many moves the log has
	moved  time.Time // when the log got the last move
}

// pages knows about the visitors' pages what is not in the logs.
type pages struct {
	mu        sync.Mutex
	connected map[int64]int // how many pages are connected, by conversation
	told      map[int64]PageState
	seen      map[int64]int64     // up to where the pages have shown the logs, by conversation; forgotten with told
	roaming   map[int64]bool      // conversations whose page is not in the log yet
	left      map[int64]time.Time // when the last page went, by conversation, until it is back or missed
	missed    map[int64]bool      // conversations without a page for pageReturns
}

func newPages() *pages {
	return &pages{connected: make(map[int64]int), told: make(map[int64]PageState), roaming: make(map[int64]bool), seen: make(map[int64]int64),
		left: make(map[int64]time.Time), missed: make(map[int64]bool)}
}

// connect counts one page more or, if by is -1, one less, and returns how many are connected.
func (g *pages) connect(number int64, by int) int {
	g.mu.Lock()
	defer g.mu.Unlock()
	n := g.connected[number] + by
	if n > 0 {
		g.connected[number] = n
	} else {
		delete(g.connected, number)
	}
	return n
}

// count returns how many pages of a conversation are connected.
func (g *pages) count(number int64) int {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.connected[number]
}

// watched returns the conversations of which pages are connected.
func (g *pages) watched() map[int64]bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	list := make(map[int64]bool, len(g.connected))
	for number := range g.connected {
		list[number] = true
	}
	return list
}

// saw says that a page has shown the log up to an event.
func (g *pages) saw(number, seq int64) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.seen[number] = max(g.seen[number], seq)
}

// seenUpto is up to where the pages have shown the log since the start.
func (g *pages) seenUpto(number int64) int64 {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.seen[number]
}

// at returns what a page has told; zero if it has told nothing.
func (g *pages) at(number int64) PageState {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.told[number]
}

// look takes in what a page shows. logged is the URL where the visitor is by the log; it counts
// only if the page has told nothing before.
func (g *pages) look(number int64, p PageState, logged string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	was, told := g.told[number]
	if !told {
		was.logged = logged
	}
	p.logged, p.moves, p.moved = was.logged, was.moves, was.moved
	g.set(number, p)
}

// set stores what a page shows, and whether the log has to follow. The lock is held.
func (g *pages) set(number int64, p PageState) {
	g.told[number] = p
	delete(g.roaming, number)
	if p.URL != p.logged && p.moves < movesKept {
		g.roaming[number] = true
	}
}

// moved lists the pages that the log has to follow now.
func (g *pages) moved(now time.Time) map[int64]PageState {
	g.mu.Lock()
	defer g.mu.Unlock()
	due := make(map[int64]PageState)
	for number := range g.roaming {
		if p := g.told[number]; now.Sub(p.moved) >= movesEvery {
			due[number] = p
		}
	}
	return due
}

// followed says that the log has a page's URL now.
func (g *pages) followed(number int64, url string, now time.Time) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if p, open := g.told[number]; open {
		p.logged, p.moves, p.moved = url, p.moves+1, now
		g.set(number, p)
	}
}

// forget drops what the page of a closed conversation has told.
func (g *pages) forget(number int64) {
	g.mu.Lock()
	defer g.mu.Unlock()
	delete(g.told, number)
	delete(g.roaming, number)
	delete(g.left, number)
	delete(g.missed, number)
	if g.connected[number] == 0 {
		delete(g.seen, number)
	}
}

// unwatched drops what a page has shown, once no page is connected and the store knows what was seen.
func (g *pages) unwatched(number int64) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.connected[number] == 0 {
		delete(g.seen, number)
	}
}

// movesKept is how many of the pages that a visitor goes to are kept in the log, and movesEvery
// how often one is: a page that changes its address all the time is no news.
const (
	movesKept  = 50
	movesEvery = 5 * time.Second
)

// VisitorLooks says what a visitor's page shows now, and whether the page can be seen. Run keeps
// it in the log, within reason.
func (b *Bridge) VisitorLooks(ctx context.Context, number int64, p PageState) error {
	if len(p.URL) > b.opts.Limits.URL {
		return tooLong("url", p.URL, b.opts.Limits.URL)
	}
	p.URL, p.Title = cleanLine(p.URL), Cut(cleanLine(p.Title), maxTitle)
	card, err := b.Card(ctx, number)
	if err != nil || card.State == Closed {
		return err
	}
	was := card.Now
	if was.URL == "" { // the page has told nothing since the start
		trail, err := b.Trail(ctx, card, 1)
		if err != nil {
			return err
		}
		was.URL, was.Title = trail[0].URL, trail[0].Title
	}
	if p.URL == "" {
		p.URL, p.Title = was.URL, was.Title
	}
	if p.URL == was.URL && p.Hidden == was.Hidden {
		return nil
	}
	b.hub.pages.look(number, p, was.URL)
	b.hub.publish(&Change{Conversation: card.Conversation, Looked: true})
	return nil
}

// followPages keeps in the logs to which pages visitors went. Only the goroutine of Run calls it,
// so nothing is kept twice.
func (b *Bridge) followPages(ctx context.Context) error {
	now := b.clock.Now()
	for number, p := range b.hub.pages.moved(now) {
		if b.Quarantine.Holds(number) {
			continue
		}
		if _, err := b.act(ctx, byNumber(number).then(Action{Type: PageMoves, Page: Page{URL: p.URL, Title: p.Title}})); err != nil {
			if phrase.CodeOf(err) == phrase.CodeUnavailable || ctx.Err() != nil {
				return err
			}
			b.Quarantine.Put(number, err)
			continue
		}
		b.hub.pages.followed(number, p.URL, now)
	}
	return nil
}

// maxTitle is how many bytes of a page's title are kept.
const maxTitle = 1000

// Trail lists the pages that a visitor was on in this conversation, oldest first, and of many
// only the last limit ones. The last is where the visitor is, even if the log does not have it yet.
func (b *Bridge) Trail(ctx context.Context, card Card, limit int) ([]Page, error) {
	list := []Page{card.Request.Page}
	for after := int64(0); after < card.Seq; {
		events, err := b.Events(ctx, card.Number, after, dueBatch)
		if err != nil || len(events) == 0 {
			return list, err
		}
		for _, e := range events {
			after = e.Seq
			if p, _ := e.Data.(PageVisit); p.Action == Moved {
				list = append(list, Page{URL: p.URL, Title: p.Title})
			}
		}
	}
	if now := card.Now; now.URL != "" && now.URL != list[len(list)-1].URL {
		list = append(list, Page{URL: now.URL, Title: now.Title})
	}
	return list[max(0, len(list)-limit):], nil
}
