package webwidget

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"time"

	"porchlight/bridge"
)

// What the tests, which live outside of the package, reach of its inside.

// InboxRoom is how many events wait for a slow stream.
const InboxRoom = inboxRoom

// NewInbox is the reader of a stream.
var NewInbox = newInbox

// Quicken sets the durations that are too long for tests; 0 leaves one alone.
// It is called before the first request.
func (s *Server) Quicken(heartbeat, write, body, poll time.Duration) {
	for _, d := range []struct {
		to   *time.Duration
		want time.Duration
	}{{&s.times.heartbeat, heartbeat}, {&s.times.write, write}, {&s.times.body, body}, {&s.times.poll, poll}} {
		if d.want > 0 {
			*d.to = d.want
		}
	}
}

// OpenStreams is how many streams and waiting polls there are.
func (s *Server) OpenStreams() int64 { return s.limits.streams.Stats().Used }

// ClientAddr is the address rule.
func ClientAddr(remote string, h http.Header, trusted []netip.Prefix) netip.Addr {
	return clientAddr(remote, h, trusted)
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

// Inside is how many events wait in the inbox, whether some were left out, and
// up to where the delivered receipt goes.
func (b *inbox) Inside() (events int, gap bool, delivered int64) {
	n := b.take()
	return len(n.events), n.gap, n.receipts[bridge.Delivered]
}

// Deliver tells a stream whose reader is at after of events, and returns what
// it sends.
func Deliver(ctx context.Context, b *bridge.Bridge, number, after int64, events []bridge.Event) (string, error) {
	w := httptest.NewRecorder()
	st := &stream{bridge: b, number: number, cursor: after, inbox: newInbox(), out: &sse{w: w, control: http.NewResponseController(deadlined{w}), timeout: time.Second}}
	for _, e := range events {
		st.inbox.Notify(bridge.Change{Events: []bridge.Event{e}})
	}
	err := st.deliver(ctx, st.inbox.take())
	if err == nil {
		err = st.flush()
	}
	return w.Body.String(), err
}

// deadlined is a recorder that has deadlines, as connections do.
type deadlined struct{ *httptest.ResponseRecorder }

func (deadlined) SetWriteDeadline(time.Time) error { return nil }
