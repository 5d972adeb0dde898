package webwidget

import (
	"net/http"
	"sync/atomic"
	"time"

	"github.com/go-chi/httprate"
)

// limits holds the middlewares that count requests per client address and
// minute, and the count of open streams.
type limits struct {
	conversations, messages, requests func(http.Handler) http.Handler
	streams, uploads                  *slots
}

func (s *Server) newLimits() limits {
	return limits{
		conversations: s.limit(s.opts.ConversationsPerMinute, "conversations"),
		messages:      s.limit(s.opts.MessagesPerMinute, "messages"),
		requests:      s.limit(s.opts.RequestsPerMinute, "requests"),
		streams:       &slots{max: int64(s.opts.MaxStreams), full: "Too many pages are connected at the moment."},
		uploads:       &slots{max: int64(s.opts.MaxUploads), full: "Too many files are on their way at the moment."},
	}
}

// limit makes a middleware that lets n requests a minute through per client
// address; 0 is no limit.
func (s *Server) limit(n int, what string) func(http.Handler) http.Handler {
	if n <= 0 {
		return func(next http.Handler) http.Handler { return next }
	}
	p := newProblem(http.StatusTooManyRequests, "busy", "Too many "+what+" came from your address. Please wait a minute.")
	return httprate.NewRateLimiter(n, time.Minute,
		httprate.WithKeyFuncs(func(r *http.Request) (string, error) { return bucket(s.client(r)), nil }),
		httprate.WithResponseHeaders(httprate.ResponseHeaders{RetryAfter: "Retry-After"}),
		httprate.WithLimitHandler(func(w http.ResponseWriter, r *http.Request) { s.refuse(w, r, p) }),
	).Handler
}

// slots counts what is open at one time.
type slots struct {
	max  int64
	full string // what is said then
	used atomic.Int64
}

// enter takes a slot; release gives it back.
func (l *slots) enter() (release func(), err error) {
	if l.used.Add(1) > l.max {
		l.used.Add(-1)
		p := newProblem(http.StatusTooManyRequests, "busy", l.full)
		p.retry = 10
		return nil, p
	}
	return l.leave, nil
}

// leave gives a slot back.
func (l *slots) leave() { l.used.Add(-1) }
