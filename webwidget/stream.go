package webwidget

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"time"

	"porchlight/bridge"
)

// pageSize is how many events are read from the log at a time.
const pageSize = 200

// events answers GET …/events: as a stream to who asks for one, otherwise as a
// long poll.
func (s *Server) events(w http.ResponseWriter, r *http.Request) {
	if strings.Contains(r.Header.Get("Accept"), eventStream) {
		s.stream(w, r)
		return
	}
	s.poll(w, r)
}

// stream is one open page's reader of one log. It is used by one goroutine.
type stream struct {
	view
	bridge *bridge.Bridge
	number int64
	cursor int64 // sent up to here, what is not public included
	inbox  *inbox
	out    *sse
}

// stream sends the events past the reader's cursor, then what comes. While it
// lasts the visitor counts as present. Where connections can be parked, this
// goroutine ends once there is nothing more to send.
func (s *Server) stream(w http.ResponseWriter, r *http.Request) {
	ctx := r.Context()
	c, err := s.conversation(r)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	after, err := cursor(r, c.Seq)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	if done, err := s.parkStream(w, r, c.Number, after); err != nil {
		s.fail(w, r, err)
		return
	} else if done {
		return
	}
	here := newPlace(s.slot(r, c.Number))
	if err := s.enterStream(here); err != nil {
		s.fail(w, r, err)
		return
	}
	defer s.limits.streams.Leave(here)
	box := newInbox()
	if err := s.audience.attach(ctx, c.Number, box); err != nil { // before the log is read, so nothing falls between
		s.fail(w, r, err)
		return
	}
	defer s.audience.detach(c.Number, box)
	card, err := s.bridge.Card(ctx, c.Number)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	st := &stream{view: s.view(r, card), bridge: s.bridge, number: c.Number, cursor: after, inbox: box, out: s.newSSE(w)}
	if err := st.run(ctx, here.cut, s.closing, s.times.heartbeat); err != nil && !errors.Is(err, errGone) {
		s.report(r, err)
	}
}

// errGone ends a stream whose client has gone or does not read.
var errGone = errors.New("client is gone")

func (st *stream) run(ctx context.Context, cut, closing <-chan struct{}, heartbeat time.Duration) error {
	if err := st.begin(ctx); err != nil {
		return err
	}
	beat := time.NewTicker(heartbeat)
	defer beat.Stop()
	for {
		select {
		case <-ctx.Done():
			return errGone
		case <-cut:
			return nil
		case <-closing:
			return nil
		case <-beat.C:
			st.out.comment()
		case <-st.inbox.wake:
			if err := st.deliver(ctx, st.inbox.take()); err != nil {
				return err
			}
		}
		if err := st.flush(); err != nil {
			return err
		}
	}
}

// begin sends what the reader missed, and how far its own messages have come.
func (st *stream) begin(ctx context.Context) error {
	if err := st.catchUp(ctx); err != nil {
		return err
	}
	now, err := st.bridge.Snapshot(ctx, st.number)
	if err != nil {
		return err
	}
	st.addReceipts(now.Receipts)
	return st.flush()
}

// deliver adds what came in. Events may come out of order or be left out, so
// the log is read as soon as one is not the next.
func (st *stream) deliver(ctx context.Context, n news) error {
	for _, e := range n.events {
		if e.Seq <= st.cursor {
			continue
		}
		if n.gap = n.gap || e.Seq > st.cursor+1; n.gap {
			break
		}
		st.add(e)
	}
	if n.gap {
		if err := st.catchUp(ctx); err != nil {
			return err
		}
	}
	st.addReceipts(n.receipts)
	if n.typing != nil {
		st.out.add(0, "", typingOf(*n.typing).encode())
	}
	return nil
}

// catchUp sends the log past the cursor. What is read is in memory before it is
// written: no transaction waits for a client.
func (st *stream) catchUp(ctx context.Context) error {
	for {
		log, err := st.bridge.Events(ctx, st.number, st.cursor, pageSize)
		if err != nil {
			return err
		}
		for _, e := range bridge.Blanked(log) {
			st.add(e)
		}
		if err := st.flush(); err != nil {
			return err
		}
		if len(log) < pageSize {
			return nil
		}
	}
}

func (st *stream) add(e bridge.Event) {
	st.cursor = e.Seq
	if e.Type.Public() {
		st.out.add(e.Seq, "", st.eventOf(e).encode())
	}
}

// receiptOrder is the order in which receipts are told, the weakest first.
func receiptOrder() [3]bridge.ReceiptStatus {
	return [...]bridge.ReceiptStatus{bridge.Confirmed, bridge.Delivered, bridge.Displayed}
}

// addReceipts adds the cursors of the operators' side, the weakest first.
func (st *stream) addReceipts(proved map[bridge.ReceiptStatus]int64) {
	for _, status := range receiptOrder() {
		if upto := proved[status]; upto > 0 {
			st.out.add(0, "", receiptOf(status, upto).encode())
		}
	}
}

func (st *stream) flush() error {
	if err := st.out.flush(); err != nil {
		return errors.Join(errGone, err)
	}
	return nil
}
