package bridge

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
)

// Room has a room tell its like on the other nodes what is in no store, by tell, which never waits. hear gets what these tell, which may get
// lost, and nil when something may have got lost. tell is nil if there are no other nodes. Room is called before anything runs.
func (n *Nodes) Room(name string, hear func(ctx context.Context, told json.RawMessage) error) (tell func(any)) {
	if !n.Several() {
		return nil
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.rooms == nil {
		n.rooms = make(map[string]func(context.Context, json.RawMessage) error)
	}
	n.rooms[name] = hear
	return func(v any) {
		text, err := json.Marshal(v)
		if err != nil {
			panic(err) // rooms tell plain values
		}
		n.tell(Hint{Room: name, Tells: text})
	}
}

// hearRooms has rooms hear what their like have told.
func (n *Nodes) hearRooms(ctx context.Context, h Hint) error {
	n.mu.Lock()
	hear := make(map[string]func(context.Context, json.RawMessage) error)
	for name, f := range n.rooms {
		if h.Missed || name == h.Room {
			hear[name] = f
		}
	}
	n.mu.Unlock()
	var errs []error
	for name, f := range hear {
		if err := f(ctx, h.Tells); err != nil {
			errs = append(errs, fmt.Errorf("hear what %s tells: %w", name, err))
		}
	}
	return errors.Join(errs...)
}
