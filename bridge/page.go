package bridge

import (
	"context"
	"time"
)

// PageState is what a visitor's page told of itself, kept while the conversation is
// open: a page tells only what changed. It is not stored, as typing is not; the pages
// that the visitor went to are, in the log.
type PageState struct {
	Hidden bool // behind another tab or window
	URL    string
	Title  string
	moves  int       // how many were kept in the log
	moved  time.Time // when the last one was
}

func (h *hub) page(number int64) PageState {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.pages[number]
}

func (h *hub) setPage(number int64, p PageState) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.pages[number] = p
}

// How many of the pages that a visitor goes to are kept in the log, and how often
// one may be: pages that change their address all the time are no news.
const (
	movesKept  = 50
	movesEvery = 5 * time.Second
)

// VisitorLooks says what a visitor's page shows now and whether it is seen. An
// address that the page was not at before is kept in the log, within reason.
func (b *Bridge) VisitorLooks(ctx context.Context, number int64, p PageState) error {
	if len(p.URL) > b.opts.Limits.URL {
		return tooLong("url", b.opts.Limits.URL)
	}
	p.URL, p.Title = cleanLine(p.URL), cut(cleanLine(p.Title), maxTitle)
	card, err := b.Card(ctx, number)
	if err != nil || card.State == Closed {
		return err
	}
	was := card.Now
	if was.URL == "" { // nothing told since the start
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
	p.moves, p.moved = was.moves, was.moved
	if now := b.clock.Now(); p.URL != was.URL && p.moves < movesKept && now.Sub(p.moved) >= movesEvery {
		if _, err := b.act(ctx, byNumber(number), exactly(Action{Type: PageMoves, Text: p.URL, Name: p.Title})); err != nil {
			return err
		}
		p.moves, p.moved = p.moves+1, now
	}
	b.hub.setPage(number, p)
	b.hub.publish(Change{Conversation: card.Conversation, Looked: true})
	return nil
}

// maxTitle bounds a page's title in the log, in bytes.
const maxTitle = 1000

// Trail lists the pages that a visitor was on in this conversation, oldest first,
// at most the last limit ones.
func (b *Bridge) Trail(ctx context.Context, card Card, limit int) ([]Page, error) {
	list := []Page{card.Request.Page}
	for after := int64(0); after < card.Seq; {
		events, err := b.Events(ctx, card.Number, after, dueBatch)
		if err != nil || len(events) == 0 {
			return list, err
		}
		for _, e := range events {
			if after = e.Seq; e.Type == EventPage && e.State == "moved" {
				list = append(list, Page{URL: e.Text, Title: e.Name})
			}
		}
	}
	return list[max(0, len(list)-limit):], nil
}
