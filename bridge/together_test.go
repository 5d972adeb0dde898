package bridge_test

import (
	"context"
	"errors"
	"testing"

	"porchlight/bridge"
)

// Several updates are stored and told all or none; each reads what the ones before it have written, and a block that was
// not stored after all does not hold.
func TestTogether(t *testing.T) {
	h := newHouse(t)
	h.come(xavi)
	c := h.mustAsk("a")
	heard := &side{}
	defer h.Join(heard)()
	before := h.conversation(c.Number)
	why := errors.New("the third one is refused")
	all := func(last error) func(context.Context) error {
		return func(ctx context.Context) error {
			if _, err := h.Take(ctx, xavi, c.Number); err != nil {
				return err
			}
			if now, err := h.Conversation(ctx, c.Number); err != nil || now.Owner != xavi {
				t.Errorf("what was written is not read: %+v, %v", now, err)
			}
			if len(heard.all()) > 0 {
				t.Errorf("the sides are told before it is durable: %q", heard.all())
			}
			if last != nil {
				if _, err := h.BlockVisitor(ctx, xavi, c.Visitor, false, 0, "spam"); err != nil {
					return err
				}
			}
			return last
		}
	}
	if err := bridge.Together(t.Context(), h.Bridge, all(why)); !errors.Is(err, why) {
		t.Error(err)
	}
	if now := h.conversation(c.Number); now != before || len(heard.all()) > 0 || len(h.Blocks.List()) > 0 {
		t.Errorf("stored %+v, told %q, blocked %v", now, heard.all(), h.Blocks.List())
	}
	if _, _, err := h.VisitorWrites(t.Context(), c.Number, "m1", "still here"); err != nil {
		t.Errorf("the visitor is not served any more: %v", err)
	}
	heard = &side{}
	defer h.Join(heard)()
	if err := bridge.Together(t.Context(), h.Bridge, all(nil)); err != nil {
		t.Error(err)
	}
	if now := h.conversation(c.Number); now.Owner != xavi || len(heard.all()) == 0 {
		t.Errorf("stored %+v, told %q", now, heard.all())
	}
}
