package webwidget

import (
	"context"
	"fmt"
	"sync"
	"time"

	"porchlight/bridge"
	"porchlight/bridge/phrase"
	"porchlight/webwidget/park"
	"porchlight/webwidget/share"
)

// pageSize is how many events are read from the log at a time.
const pageSize = 200

// reader is an open page's reader of one log. It sends what lies past the page's cursor;
// then it hears of each change, and sends that on at once. A reader has no goroutine: the
// goroutine that calls hear sends.
//
// It is a follower and a listener. Any goroutine may call its methods. There is one reader
// for each idle visitor, so every field costs memory.
type reader struct {
	streams *streams
	visitor string           // the visitor's name
	tongue  *phrase.Language // the language in which the system speaks
	slot    share.Slot       // its place, which holds the conversation's number

	mu     sync.Mutex
	cursor int64     // the last event that was sent, or passed over since visitors don't see it
	out    transport // nil until the page has caught up
	busy   *pause    // nil unless the log is being read for the reader
}

// pause is what a reader keeps while the log is being read for it. The events that it
// hears of meanwhile are in the log anyway, and receipts are told once more afterwards.
// Typing is stored nowhere, so the last change of it is kept here.
type pause struct {
	missed bool           // the reader has heard of a change
	cut    bool           // the reader's place was given to another before there was a transport
	typing *bridge.Typing // the last change of an operator's typing; nil: none
}

func newReader(st *streams, slot share.Slot, v view, after int64) *reader {
	return &reader{streams: st, visitor: v.visitor, tongue: v.tongue, slot: slot, cursor: after, busy: &pause{}}
}

// number returns the number of the conversation.
func (r *reader) number() int64 { return r.slot.Chat }

// Slot returns the place of the stream (share.Member).
func (r *reader) Slot() *share.Slot { return &r.slot }

// Pace makes the oldest stream give way (share.Member).
func (r *reader) Pace() int64 { return int64(r.slot.Since) }

// Cut ends the stream, whose place was given to another (share.Member). The page comes back.
func (r *reader) Cut() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.out == nil {
		r.busy.cut = true
		return
	}
	r.out.Cut()
}

// Gone ends the listening and gives the place back, once the stream has ended (park.Tenant).
func (r *reader) Gone() {
	r.streams.audience.detach(r.number(), r)
	r.streams.places.Leave(r)
}

// begin sends what lies past the page's cursor. When the page has caught up, it makes the
// carrier settle (follower).
func (r *reader) begin(ctx context.Context, c carrier) error {
	out := []byte(beat)
	for begun := false; ; begun = true {
		more, err := r.read(ctx, &out)
		for begun && phrase.CodeOf(err) == phrase.CodeUnavailable {
			if err := r.await(ctx, c); err != nil {
				return err
			}
			more, err = r.read(ctx, &out)
		}
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

// await waits until the log is to be read again, and tries whether the page is there.
func (r *reader) await(ctx context.Context, c carrier) error {
	select {
	case <-time.After(rereadAgain):
		return c.send([]byte(beat))
	case <-r.streams.closing:
	case <-ctx.Done():
	}
	return park.ErrGone
}

// settle makes the carrier settle, unless the reader heard of a change meanwhile.
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

// read appends a page of the log past the cursor to out, and at the log's end the
// receipts for the visitor's messages. More means that the log goes on. Only the
// goroutine for which the reader is busy calls it.
func (r *reader) read(ctx context.Context, out *[]byte) (more bool, err error) {
	log, err := r.streams.bridge.Events(ctx, r.number(), r.cursor, pageSize)
	if err != nil {
		return false, err
	}
	now, err := r.streams.bridge.Snapshot(ctx, r.number())
	if err != nil {
		return false, err
	}
	v := r.streams.view.of(now.ID, r.visitor, r.tongue)
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

// hear sends a change. Changes may come out of order or be left out; when an event is not
// the next one after the cursor, the log is read.
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
		_ = r.out.Hold(frames) // a transport that fails has ended the stream (see write)
		return
	}
	r.write(frames)
}

// write sends frames, if there are any. When the transport fails it has ended the stream,
// and the page comes back with its cursor. The lock is held.
func (r *reader) write(frames []byte) {
	if len(frames) > 0 {
		_ = r.out.Write(frames)
	}
}

// rest sends the last of what was read, and then the reader is not busy any more. The lock
// is held.
func (r *reader) rest(out []byte) {
	if r.busy.typing != nil {
		out = appendFrame(out, 0, "", typingOf(*r.busy.typing).encode())
	}
	r.busy = nil
	r.write(out)
}

// reread sends what lies past the cursor in the log.
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
			return nil // the page is gone, and its reader stays busy
		}
	}
}
