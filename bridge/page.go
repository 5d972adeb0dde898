package bridge

import "context"

// PageState is what a visitor's page told of itself. It is not stored, as typing
// is not; the pages that the visitor went to are, in the log.
type PageState struct {
	Hidden bool // behind another tab or window
	URL    string
	Title  string
}

func (h *hub) page(number int64) PageState {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.pages[number]
}

// setPage replaces it and returns what it was.
func (h *hub) setPage(number int64, p PageState) PageState {
	h.mu.Lock()
	defer h.mu.Unlock()
	was := h.pages[number]
	h.pages[number] = p
	return was
}

// VisitorLooks says what a visitor's page shows now and whether it is seen. An
// address that the page was not at before is kept in the log.
func (b *Bridge) VisitorLooks(ctx context.Context, number int64, p PageState) error {
	for field, value := range map[string]string{"url": p.URL, "title": p.Title} {
		if len(value) > b.opts.Limits.URL {
			return tooLong(field, b.opts.Limits.URL)
		}
	}
	p.URL, p.Title = cleanLine(p.URL), cleanLine(p.Title)
	card, err := b.Card(ctx, number)
	if err != nil || card.State == Closed {
		return err
	}
	was := b.hub.setPage(number, p)
	at := was.URL
	if at == "" {
		at = card.Request.Page.URL
	}
	if p.URL != "" && p.URL != at {
		_, err = b.act(ctx, byNumber(number), exactly(Action{Type: PageMoves, Text: p.URL, Name: p.Title}))
		return err // the event brings the new state with it
	}
	if p.Hidden != was.Hidden {
		b.hub.publish(Change{Conversation: card.Conversation, Looked: true})
	}
	return nil
}

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
