package webwidget

import (
	"bytes"
	"context"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"time"

	"porchlight/bridge"
	"porchlight/bridge/phrase"
	"porchlight/webwidget/park"
	"porchlight/webwidget/share"
)

// The tests live outside of the package. This file lets them reach its inside.

// Quicken sets durations that are too long for tests; 0 leaves a duration as it is. Call it
// before the first request.
func (s *Server) Quicken(heartbeat, write, body time.Duration) {
	for _, d := range []struct {
		to   *time.Duration
		want time.Duration
	}{{&s.times.heartbeat, heartbeat}, {&s.times.write, write}, {&s.times.body, body}} {
		if d.want > 0 {
			*d.to = d.want
		}
	}
	if heartbeat > 0 && s.streams.lot != nil { // the lot has begun with the other heartbeat
		s.streams.lot.Close()
		lot, err := park.New(beat, heartbeat)
		if err != nil {
			panic(err)
		}
		s.streams.lot = lot
	}
}

// Reread says that the server was not told of everything.
func (s *Server) Reread() { s.streams.audience.Reread() }

// OpenStreams returns how many streams and waiting polls there are.
func (s *Server) OpenStreams() int64 { return s.streams.places.Stats().Used }

// ClientAddr returns the address of the client behind trusted proxies.
func ClientAddr(remote string, h http.Header, trusted []netip.Prefix) netip.Addr {
	return proxies(trusted).address(remote, h)
}

// DecodeInquiry reads the body of POST /v1/conversations and returns the reason and the
// attributes in it.
func DecodeInquiry(body []byte) (reason, attributes string, err error) {
	var in inquiry
	if err := decode(body, &in); err != nil {
		return "", "", err
	}
	attributes, err = compactObject(in.Attributes)
	return in.Reason, attributes, err
}

// StatusOf returns the HTTP status that answers an error.
func StatusOf(err error) int { return asProblem(err).status }

// Cursor returns the cursor of a reader of a log with that end.
func Cursor(r *http.Request, end int64) (int64, error) { return cursor(r, end) }

// Bearer returns the token of a request.
func Bearer(h http.Header) string { return bearer(h) }

// Accepts reports whether an Accept-Encoding allows a coding.
func Accepts(header, coding string) bool { return accepts(header, coding) }

// Unpark makes the server carry streams as on a system where nothing can be parked. Call it
// before the first request.
func (s *Server) Unpark() {
	s.streams.lot.Close()
	s.streams.lot = nil
}

// StreamedRoom is how many bytes may wait for a slow page.
const StreamedRoom = streamedRoom

// Overflow writes a frame again and again to a stream from which nobody takes anything. When
// the stream has ended, it returns how many bytes waited at most.
func Overflow(frame []byte) (most int) {
	w := httptest.NewRecorder()
	st := newStreamed(w, time.Second)
	for st.Write(frame) == nil {
		most = max(most, len(st.waiting))
	}
	return most
}

// Hear lets a reader whose cursor is after hear of events, one at a time, and returns what
// the reader sends.
func Hear(ctx context.Context, b *bridge.Bridge, number, after int64, events []bridge.Event) (string, error) {
	out, st := &recorder{}, &streams{bridge: b, rereads: newRereads()}
	r := newReader(st, share.Slot{Chat: number}, view{visitor: "Anna", tongue: phrase.Tongue("en")}, after)
	r.out, r.busy = out, nil
	for _, e := range events {
		r.hear(newsOf(view{bridge: b}, bridge.Change{Events: []bridge.Event{e}}))
		if r.busy != nil {
			if err := st.rereads.next().reread(ctx); err != nil {
				return "", err
			}
		}
	}
	return out.String(), nil
}

// Held reports whether a reader holds a change back for the next one.
func Held(c bridge.Change) bool {
	out := &recorder{}
	r := newReader(&streams{}, share.Slot{}, view{visitor: "Anna", tongue: phrase.Tongue("en")}, 0)
	r.out, r.busy = out, nil
	r.hear(newsOf(view{}, c))
	return out.held
}

// recorder is a transport that keeps what it gets.
type recorder struct {
	bytes.Buffer
	held bool // the last write was a Hold
}

// Write keeps b.
func (r *recorder) Write(b []byte) error {
	r.Buffer.Write(b)
	r.held = false
	return nil
}

// Hold keeps b.
func (r *recorder) Hold(b []byte) error {
	err := r.Write(b)
	r.held = true
	return err
}

// Cut does nothing.
func (*recorder) Cut() {}

// Described reports whether the OpenAPI document has a call, such as GET /v1/status.
func Described(name string) bool {
	_, path, _ := strings.Cut(name, " ")
	return call{path: path}.described()
}
