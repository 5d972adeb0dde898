package webwidget

import (
	"bytes"
	"context"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"time"

	"porchlight/bridge"
	"porchlight/bridge/phrase"
	"porchlight/webwidget/park"
	"porchlight/webwidget/share"
)

// What the tests, which live outside of the package, reach of its inside.

// Quicken sets the durations that are too long for tests; 0 leaves one alone.
// It is called before the first request.
func (s *Server) Quicken(heartbeat, write, body time.Duration) {
	for _, d := range []struct {
		to   *time.Duration
		want time.Duration
	}{{&s.times.heartbeat, heartbeat}, {&s.times.write, write}, {&s.times.body, body}} {
		if d.want > 0 {
			*d.to = d.want
		}
	}
	if heartbeat > 0 && s.streams.lot != nil { // the lot began with the other heartbeat
		s.streams.lot.Close()
		lot, err := park.New(beat, heartbeat)
		if err != nil {
			panic(err)
		}
		s.streams.lot = lot
	}
}

// OpenStreams is how many streams and waiting polls there are.
func (s *Server) OpenStreams() int64 { return s.streams.places.Stats().Used }

// ClientAddr is the address rule.
func ClientAddr(remote string, h http.Header, trusted []netip.Prefix) netip.Addr {
	return proxies(trusted).address(remote, h)
}

// DecodeInquiry reads the body of POST /v1/conversations and tells the reason
// and attributes in it.
func DecodeInquiry(body []byte) (reason, attributes string, err error) {
	var in inquiry
	if err := decode(body, &in); err != nil {
		return "", "", err
	}
	attributes, err = compactObject(in.Attributes)
	return in.Reason, attributes, err
}

// StatusOf is the HTTP status that an error is answered with.
func StatusOf(err error) int { return asProblem(err).status }

// Cursor is where a reader of a log with that end goes on.
func Cursor(r *http.Request, end int64) (int64, error) { return cursor(r, end) }

// Bearer is the token of a request.
func Bearer(h http.Header) string { return bearer(h) }

// AcceptsGzip reads Accept-Encoding.
func AcceptsGzip(header string) bool { return acceptsGzip(header) }

// Unpark makes the server carry streams as it does where nothing can be parked. It
// is called before the first request.
func (s *Server) Unpark() {
	s.streams.lot.Close()
	s.streams.lot = nil
}

// StreamedRoom is how much may wait for a slow page, in bytes.
const StreamedRoom = streamedRoom

// Overflow writes a frame again and again to a stream that nobody takes anything
// from, until it ends, and returns how many bytes waited for its page at most.
func Overflow(frame []byte) (most int) {
	w := httptest.NewRecorder()
	st := newStreamed(w, time.Second)
	for st.Write(frame) == nil {
		most = max(most, len(st.waiting))
	}
	return most
}

// Hear has a reader that is at after hear of events, each by itself, and returns
// what it sends.
func Hear(ctx context.Context, b *bridge.Bridge, number, after int64, events []bridge.Event) (string, error) {
	out, st := &recorder{}, &streams{bridge: b, rereads: newRereads()}
	r := newReader(st, share.Slot{Chat: number}, view{visitor: "Anna", tongue: phrase.Tongue("en")}, after)
	r.out, r.busy = out, nil
	for _, e := range events {
		r.hear(newsOf(b, bridge.Change{Events: []bridge.Event{e}}))
		if r.busy != nil {
			if err := st.rereads.next().reread(ctx); err != nil {
				return "", err
			}
		}
	}
	return out.String(), nil
}

// Held reports whether a reader lets what it hears of a change wait for what comes next.
func Held(c bridge.Change) bool {
	out := &recorder{}
	r := newReader(&streams{}, share.Slot{}, view{visitor: "Anna", tongue: phrase.Tongue("en")}, 0)
	r.out, r.busy = out, nil
	r.hear(newsOf(nil, c))
	return out.held
}

// recorder is a transport.
type recorder struct {
	bytes.Buffer
	held bool // the last of it
}

// Write takes all.
func (r *recorder) Write(b []byte) error {
	r.Buffer.Write(b)
	r.held = false
	return nil
}

// Hold takes all.
func (r *recorder) Hold(b []byte) error {
	err := r.Write(b)
	r.held = true
	return err
}

// Cut does nothing.
func (*recorder) Cut() {}
