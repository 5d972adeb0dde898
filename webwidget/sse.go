package webwidget

import (
	"fmt"
	"net/http"
	"strconv"
	"time"

	"porchlight/bridge/phrase"
	"porchlight/webwidget/share"
)

// eventStream is the type of an event stream.
const eventStream = "text/event-stream"

// sse writes an event stream (HTML standard §9.2). It is used by one goroutine.
type sse struct {
	w       http.ResponseWriter
	control *http.ResponseController
	timeout time.Duration // for one flush
	buf     []byte
}

// newSSE begins the answer. A first comment makes proxies pass the head on.
func (s *Server) newSSE(w http.ResponseWriter) *sse {
	h := w.Header()
	h.Set("Content-Type", eventStream)
	h.Set("X-Accel-Buffering", "no")
	w.WriteHeader(http.StatusOK)
	o := &sse{w: w, control: http.NewResponseController(w), timeout: s.times.write}
	o.comment()
	return o
}

// add appends an event to what flush sends. Data is JSON as json.Marshal makes
// it, which has no line breaks. Without an id (0) the reader's Last-Event-ID
// stays; without a name it is a "message".
func (o *sse) add(id int64, name string, data []byte) {
	o.buf = appendFrame(o.buf, id, name, data)
}

// comment appends a line that readers ignore.
func (o *sse) comment() { o.buf = append(o.buf, ":\n\n"...) }

func appendFrame(b []byte, id int64, name string, data []byte) []byte {
	if id > 0 {
		b = append(strconv.AppendInt(append(b, "id: "...), id, 10), '\n')
	}
	if name != "" {
		b = append(append(append(b, "event: "...), name...), '\n')
	}
	return append(append(append(b, "data: "...), data...), "\n\n"...)
}

// keptBuffer is how much of a buffer a silent stream holds on to, in bytes.
const keptBuffer = 1 << 10

// flush sends what was added. An error means that the client has gone or did
// not take it in time: the stream is over, and the client comes back with its
// Last-Event-ID.
func (o *sse) flush() error {
	if len(o.buf) == 0 {
		return nil
	}
	if err := o.control.SetWriteDeadline(time.Now().Add(o.timeout)); err != nil {
		return fmt.Errorf("limit write: %w", err)
	}
	_, err := o.w.Write(o.buf)
	if err == nil {
		err = o.control.Flush()
	}
	if o.buf = o.buf[:0]; cap(o.buf) > keptBuffer {
		o.buf = nil
	}
	if err != nil {
		return fmt.Errorf("write to stream: %w", err)
	}
	return nil
}

// enterStream takes a place for a stream or a waiting poll, which limits.streams.Leave
// gives back.
func (s *Server) enterStream(m share.Member) error {
	select {
	case <-s.closing:
		p := newProblem(http.StatusServiceUnavailable, "unavailable", phrase.Say("The service is about to restart."))
		p.retry = 2
		return p
	default:
	}
	if !s.limits.streams.Enter(m) {
		return crowded(phrase.Say("Too many pages are connected at the moment."))
	}
	return nil
}
