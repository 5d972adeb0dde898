package bridge

import (
	"cmp"
	"context"
	"slices"
)

// pastMost bounds how many conversations of one visitor are looked at.
const pastMost = 10_000

// Past lists a visitor's conversations except the given one, newest first: the first ones, at
// most limit, as cards, and the older ones by their numbers.
func (b *Bridge) Past(ctx context.Context, c Conversation, limit int) (cards []Card, older []int64, err error) {
	err = b.store.View(ctx, func(r Reader) error {
		cards, older = nil, nil
		all, err := r.VisitorConversations(c.Visitor, pastMost)
		if err != nil {
			return err
		}
		joined, err := r.MergedInto(c.Number) // perhaps of another address of the visitor
		if err != nil {
			return err
		}
		for _, j := range joined {
			if j.Visitor != c.Visitor {
				all = append(all, j)
			}
		}
		slices.SortFunc(all, func(a, b Conversation) int { return cmp.Compare(b.Number, a.Number) })
		all = slices.DeleteFunc(all, func(e Conversation) bool { return e.Number == c.Number })
		for i, e := range all {
			if i >= limit {
				older = append(older, e.Number)
				continue
			}
			card, err := b.card(r, e.Number)
			if err != nil {
				return err
			}
			cards = append(cards, card)
		}
		return nil
	})
	return cards, older, err
}
