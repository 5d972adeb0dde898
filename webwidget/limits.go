package webwidget

import (
	"net/http"
	"strconv"
	"time"

	"github.com/go-chi/httprate"

	"porchlight/bridge/phrase"
	"porchlight/webwidget/peer"
	"porchlight/webwidget/share"
)

// limits holds the middlewares that count requests per client address and
// minute, and the places for files on their way.
type limits struct {
	conversations, messages, requests func(http.Handler) http.Handler
	uploads                           *share.Pool
}

func (s *Server) newLimits() limits {
	return limits{
		conversations: s.limit(s.opts.ConversationsPerMinute, networkShare, phrase.Say("Too many conversations came from your address. Please wait a minute.")),
		messages:      s.limit(s.opts.MessagesPerMinute, 2*networkShare, phrase.Say("Too many messages came from your address. Please wait a minute.")),
		requests:      s.limit(s.opts.RequestsPerMinute, 2*networkShare, phrase.Say("Too many requests came from your address. Please wait a minute.")),
		uploads:       share.New(share.Limits{Total: s.opts.MaxUploads, PerChat: s.opts.UploadsPerConversation, PerAddress: s.opts.UploadsPerAddress}),
	}
}

// limit makes a middleware that lets n requests a minute through per client
// address, and network times as many from its network; 0 is no limit. Beyond is
// said to all others.
func (s *Server) limit(n, network int, beyond phrase.Phrase) func(http.Handler) http.Handler {
	if n <= 0 {
		return func(next http.Handler) http.Handler { return next }
	}
	p := newProblem(http.StatusTooManyRequests, "busy", beyond)
	per := func(n int, part func(peer.Net) peer.Net) func(http.Handler) http.Handler {
		return httprate.NewRateLimiter(n, time.Minute,
			httprate.WithKeyFuncs(func(r *http.Request) (string, error) {
				return strconv.FormatUint(uint64(part(peer.Of(s.client(r)))), 36), nil
			}),
			httprate.WithResponseHeaders(httprate.ResponseHeaders{RetryAfter: "Retry-After"}),
			httprate.WithLimitHandler(func(w http.ResponseWriter, r *http.Request) {
				s.counters.rateLimited.Add(1)
				s.refuse(w, r, p)
			}),
		).Handler
	}
	own, around := per(n, func(n peer.Net) peer.Net { return n }), per(n*network, peer.Net.Around)
	return func(next http.Handler) http.Handler { return own(around(next)) }
}

// networkShare is how many times what one address may do its network may.
const networkShare = 4

// crowded says that there is no place; what says of what there are too many.
func crowded(what phrase.Phrase) *problem {
	p := newProblem(http.StatusTooManyRequests, "busy", what)
	p.retry = 10
	return p
}

// slot is the wish for a place, for a conversation's number or 0.
func (s *Server) slot(r *http.Request, number int64) share.Slot {
	return share.Slot{Chat: number, Net: peer.Of(s.client(r)), Since: uint32(time.Now().Unix())}
}

// place is what a handler has while it needs one. It is a share.Member.
type place struct {
	slot share.Slot
	cut  chan struct{} // closed when the place was given to another
}

func newPlace(slot share.Slot) *place {
	return &place{slot: slot, cut: make(chan struct{})}
}

// Slot is the place.
func (p *place) Slot() *share.Slot { return &p.slot }

// Pace makes the oldest give way.
func (p *place) Pace() int64 { return int64(p.slot.Since) }

// Cut says that another has it.
func (p *place) Cut() { close(p.cut) }
