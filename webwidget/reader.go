package webwidget

import (
	"context"
	"fmt"
	"sync"

	"porchlight/bridge"
	"porchlight/bridge/phrase"
	"porchlight/webwidget/share"
)

// pageSize is how many events are read from the log at a time.
const pageSize = 200

// reader is an open page's reader of one log. It sends what lies past the page's
// cursor; then it hears of each change, and sends it on at once. It has no
// goroutine: whoever tells it sends.
//
// It is a follower and a listener. Its methods may be called by any goroutine. There
// is one for each idle visitor, so every field counts.
type reader struct {
	streams *streams
	visitor string           // name
	tongue  *phrase.Language // in which the system speaks
	slot    share.Slot       // with the conversation's number

	mu     sync.Mutex
	cursor int64     // sent up to here, what is not public included
	out    transport // nil until the page has caught up
	busy   *pause    // nil unless the log is read for it
}

// pause is what a reader keeps while the log is read for it. What it hears then is in
// the log anyway, receipts are told once more afterwards, and of typing, which is
// stored nowhere, the last word is kept.
type pause struct {
	missed bool           // something came
	cut    bool           // its place was given to another before it had a transport
	typing *bridge.Typing // the operator's
}

func newReader(st *streams, slot share.Slot, v view, after int64) *reader {
	return &reader{streams: st, visitor: v.visitor, tongue: v.tongue, slot: slot, cursor: after, busy: &pause{}}
}

// number is the conversation's.
func (r *reader) number() int64 { return r.slot.Chat }

// Slot is its place (share.Member).
func (r *reader) Slot() *share.Slot { return &r.slot }

// Pace makes the oldest give way.
func (r *reader) Pace() int64 { return int64(r.slot.Since) }

// Cut ends the stream: its place was given to another. The page comes back.
func (r *reader) Cut() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.out == nil {
		r.busy.cut = true
		return
	}
	r.out.Cut()
}

// Gone is called once the stream has ended (park.Tenant).
func (r *reader) Gone() {
	r.streams.audience.detach(r.number(), r)
	r.streams.places.Leave(r)
}

// begin sends what the page missed.
func (r *reader) begin(ctx context.Context, c carrier) error {
	out := []byte(beat)
	for {
		more, err := r.read(ctx, &out)
		if err != nil {
			return fmt.Errorf("read log for a stream: %w", err)
		}
		if err := c.send(out); err != nil {
			return err
		}
		out = out[:0]
		if more {
			continue
		}
		if done, err := r.settle(c); done || err != nil {
			return err
		}
	}
}

// settle has the carrier settle, unless something came meanwhile.
func (r *reader) settle(c carrier) (done bool, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.busy.missed {
		r.busy.missed = false
		return false, nil
	}
	if r.out, err = c.settle(r); err != nil {
		return false, err
	}
	if r.busy.cut {
		r.out.Cut()
	}
	r.rest(nil)
	return true, nil
}

// read appends a page of the log past the cursor to out, and at the log's end how far
// the visitor's messages have come; more says that the log goes on. It is for the one
// goroutine that made the reader busy.
func (r *reader) read(ctx context.Context, out *[]byte) (more bool, err error) {
	log, err := r.streams.bridge.Events(ctx, r.number(), r.cursor, pageSize)
	if err != nil {
		return false, err
	}
	now, err := r.streams.bridge.Snapshot(ctx, r.number())
	if err != nil {
		return false, err
	}
	v := view{r.streams.bridge, now.ID, r.visitor, r.tongue}
	for _, e := range bridge.Blanked(log) {
		*out = v.appendEvent(*out, e)
		r.cursor = e.Seq
	}
	if len(log) == pageSize {
		return true, nil
	}
	for _, status := range receiptOrder() {
		if upto := now.Receipts[status]; upto > 0 {
			*out = appendFrame(*out, 0, "", receiptOf(status, upto).encode())
		}
	}
	return false, nil
}

// receiptOrder is the order in which receipts are told, the weakest first.
func receiptOrder() [3]bridge.ReceiptStatus {
	return [...]bridge.ReceiptStatus{bridge.Confirmed, bridge.Delivered, bridge.Displayed}
}

// hear sends what came. Events may come out of order or be left out, so the log is
// read as soon as one is not the next.
func (r *reader) hear(n *news) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.busy != nil {
		r.busy.missed = true
		if n.typing != nil {
			r.busy.typing = n.typing
		}
		return
	}
	frames, end, gap := n.past(r.cursor, r.visitor, r.tongue)
	if gap {
		r.busy = &pause{}
		r.streams.rereads.put(r)
		return
	}
	r.cursor = end
	if n.own() && len(frames) > 0 {
		_ = r.out.Hold(frames) // as in write
		return
	}
	r.write(frames)
}

// write sends frames, if there are any. An error has ended the stream: the page comes
// back with its cursor. The lock is held.
func (r *reader) write(frames []byte) {
	if len(frames) > 0 {
		_ = r.out.Write(frames)
	}
}

// rest sends the last of what was read and ends being busy. The lock is held.
func (r *reader) rest(out []byte) {
	if r.busy.typing != nil {
		out = appendFrame(out, 0, "", typingOf(*r.busy.typing).encode())
	}
	r.busy = nil
	r.write(out)
}

// reread sends what the log has past the cursor.
func (r *reader) reread(ctx context.Context) error {
	for {
		var out []byte
		more, err := r.read(ctx, &out)
		if err != nil {
			return fmt.Errorf("read log for a stream: %w", err)
		}
		r.mu.Lock()
		if !more && !r.busy.missed {
			r.rest(out)
			r.mu.Unlock()
			return nil
		}
		err = r.out.Write(out)
		r.busy.missed = false
		r.mu.Unlock()
		if err != nil {
			return nil // it is gone, and stays busy
		}
	}
}
