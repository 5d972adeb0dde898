package webwidget

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"sync"
	"time"

	"porchlight/bridge"
	"porchlight/bridge/phrase"
	"porchlight/webwidget/park"
	"porchlight/webwidget/share"
)

// parked is an open page's reader of one log without a goroutine: it writes
// what it is told of to its parked connection. It is a reader.
//
// While the log is read for it, it is busy. What it is told of then is in the log
// anyway, receipts are told once more afterwards, and of typing, which is stored
// nowhere, the last word is kept.
type parked struct {
	s       *Server
	slot    share.Slot // with the conversation's number
	visitor string     // name
	tongue  *phrase.Language

	mu     sync.Mutex
	seat   *park.Seat // nil until it is parked
	cursor int64      // sent up to here, what is not public included
	begun  uint32     // Unix time; never changes
	busy   bool
	missed bool           // something came while it was busy
	cut    bool           // its place was given to another
	typing *bridge.Typing // the operator's, while it was busy
}

// number is the conversation's.
func (p *parked) number() int64 { return p.slot.Chat }

// Slot is its place (share.Member).
func (p *parked) Slot() *share.Slot { return &p.slot }

// Pace makes the oldest give way.
func (p *parked) Pace() int64 { return int64(p.begun) }

// Cut ends the stream: its place was given to another. The page comes back.
func (p *parked) Cut() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.cut = true
	if p.seat != nil {
		p.seat.Cut()
	}
}

// parkStream answers with an event stream and leaves the connection in the lot.
// It reports false if this connection can't be parked; nothing has happened
// then.
func (s *Server) parkStream(w http.ResponseWriter, r *http.Request, number, after int64) (bool, error) {
	card, err := s.bridge.Card(r.Context(), number)
	if err != nil {
		return true, err
	}
	p := &parked{s: s, slot: s.slot(r, number), visitor: card.Request.Name, tongue: tongue(r, card.Request.Language), cursor: after, begun: uint32(time.Now().Unix()), busy: true}
	if err := s.enterStream(p); err != nil {
		return true, err
	}
	conn, err := s.lot.Hijack(w, r)
	if err != nil {
		s.limits.streams.Leave(p)
		if errors.Is(err, park.ErrUnsupported) {
			return false, nil
		}
		return true, nil
	}
	if err = s.audience.attach(r.Context(), number, p); err == nil {
		err = p.begin(r.Context(), conn, w.Header())
	}
	if err != nil {
		conn.Close()
		p.Gone()
		if !errors.Is(err, errGone) {
			s.report(r, err)
		}
	}
	return true, nil
}

// Gone is called once the connection is gone (park.Tenant).
func (p *parked) Gone() {
	p.s.audience.detach(p.number(), p)
	p.s.limits.streams.Leave(p)
}

// head is the beginning of an answer that lasts until the connection ends
// (RFC 9112 §6.3).
func head(h http.Header) []byte {
	h.Set("Content-Type", eventStream)
	h.Set("X-Accel-Buffering", "no")
	h.Set("Connection", "close")
	h.Set("Date", time.Now().UTC().Format(http.TimeFormat))
	var b bytes.Buffer
	b.WriteString("HTTP/1.1 200 OK\r\n")
	h.Write(&b)
	b.WriteString("\r\n")
	return b.Bytes()
}

// begin sends what the reader missed, waiting for it as handlers do, and parks
// the connection.
func (p *parked) begin(ctx context.Context, conn net.Conn, h http.Header) error {
	out := append(head(h), ":\n\n"...)
	for {
		more, err := p.read(ctx, &out)
		if err != nil {
			return err
		}
		if err := write(conn, out, p.s.times.write); err != nil {
			return err
		}
		out = out[:0]
		if more {
			continue
		}
		p.mu.Lock()
		if p.missed {
			p.missed = false
			p.mu.Unlock()
			continue
		}
		if p.seat, err = p.s.lot.Park(conn, p); err == nil {
			p.rest(nil)
			if p.cut {
				p.seat.Cut()
			}
		}
		p.mu.Unlock()
		return err
	}
}

func write(conn net.Conn, b []byte, limit time.Duration) error {
	err := conn.SetWriteDeadline(time.Now().Add(limit))
	if err == nil {
		_, err = conn.Write(b)
	}
	if err != nil {
		return errors.Join(errGone, err)
	}
	return nil
}

// read appends a page of the log past the cursor to out, and at its end how far
// the visitor's messages have come; more says that there is more of it. Only
// one goroutine does so at a time: the one that made it busy.
func (p *parked) read(ctx context.Context, out *[]byte) (more bool, err error) {
	log, err := p.s.bridge.Events(ctx, p.number(), p.cursor, pageSize)
	if err != nil {
		return false, err
	}
	now, err := p.s.bridge.Snapshot(ctx, p.number())
	if err != nil {
		return false, err
	}
	for _, e := range bridge.Blanked(log) {
		*out = p.append(*out, now.ID, e)
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

// append appends an event and moves the cursor. The conversation's id is not kept,
// because the parked are many.
func (p *parked) append(out []byte, id bridge.ConversationID, e bridge.Event) []byte {
	p.cursor = e.Seq
	if e.Type.Public() {
		out = appendFrame(out, e.Seq, "", view{p.s, id, p.visitor, p.tongue}.eventOf(e).encode())
	}
	return out
}

// Notify writes what came to the connection; it never waits.
func (p *parked) Notify(c bridge.Change) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.busy {
		p.missed = true
		if c.Typing != nil && c.Typing.From == bridge.FromOperator {
			p.typing = c.Typing
		}
		return
	}
	var out []byte
	for _, e := range c.Events {
		if e.Seq <= p.cursor {
			continue
		}
		if e.Seq > p.cursor+1 { // a gap: the log has what is missing
			p.busy = true
			p.s.rereads.put(p)
			return
		}
		out = p.append(out, c.Conversation.ID, e)
	}
	if c.Receipt != nil {
		out = appendFrame(out, 0, "", receiptOf(c.Receipt.Status, c.Receipt.Upto).encode())
	}
	if c.Typing != nil && c.Typing.From == bridge.FromOperator {
		out = appendFrame(out, 0, "", typingOf(*c.Typing).encode())
	}
	if len(out) > 0 {
		p.seat.Write(out) // an error has closed it; the client comes back with its cursor
	}
}

// rest writes the last of what was read and ends being busy. The lock is held.
func (p *parked) rest(out []byte) {
	if p.typing != nil {
		out = appendFrame(out, 0, "", typingOf(*p.typing).encode())
	}
	p.busy, p.typing = false, nil
	if len(out) > 0 {
		p.seat.Write(out) // an error has closed it
	}
}

// reread sends what the log has past the cursor.
func (p *parked) reread(ctx context.Context) error {
	for {
		var out []byte
		more, err := p.read(ctx, &out)
		if err != nil {
			return fmt.Errorf("read log for a stream: %w", err)
		}
		p.mu.Lock()
		if !more && !p.missed {
			p.rest(out)
			p.mu.Unlock()
			return nil
		}
		err = p.seat.Write(out)
		p.missed = false
		p.mu.Unlock()
		if err != nil {
			return nil // it is gone, and stays busy
		}
	}
}

// rereaders is how many goroutines read logs for parked streams.
const rereaders = 4

// rereads is the queue of parked streams for which the log has to be read. Each
// is in it at most once, since it is busy.
type rereads struct {
	mu     sync.Mutex
	list   []*parked
	more   sync.Cond
	closed bool
}

func newRereads() *rereads {
	r := &rereads{}
	r.more.L = &r.mu
	return r
}

func (r *rereads) put(p *parked) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.list = append(r.list, p)
	r.more.Signal()
}

func (r *rereads) close() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.closed = true
	r.more.Broadcast()
}

// run serves the queue until it is closed.
func (r *rereads) run(s *Server) {
	for {
		r.mu.Lock()
		for len(r.list) == 0 && !r.closed {
			r.more.Wait()
		}
		if r.closed {
			r.mu.Unlock()
			return
		}
		p := r.list[0]
		r.list = r.list[1:]
		r.mu.Unlock()
		if err := p.reread(context.Background()); err != nil {
			s.log.Error("parked stream", "conversation", p.number(), "err", err)
			p.seat.Cut()
		}
	}
}

// parkStatus answers with a stream of status changes and leaves the connection
// in the lot; false if it can't be parked, and then nothing has happened.
func (s *Server) parkStatus(w http.ResponseWriter, r *http.Request, department string) (bool, error) {
	st := &statusSeat{s: s, department: department, slot: s.slot(r, 0), begun: time.Now().Unix()}
	if err := s.enterStream(st); err != nil {
		return true, err
	}
	conn, err := s.lot.Hijack(w, r)
	if errors.Is(err, park.ErrUnsupported) {
		s.limits.streams.Leave(st)
		return false, nil
	}
	if err == nil {
		now, _ := s.board.read(department)
		out := append(head(w.Header()), ":\n\n"...)
		if now != nil {
			out = appendFrame(out, 0, "status", now)
		}
		if err = write(conn, out, s.times.write); err == nil {
			err = s.board.seat(s.lot, conn, st, now)
		}
		if err != nil {
			conn.Close()
		}
	}
	if err != nil {
		st.Gone()
	}
	return true, nil
}
