package webwidget

import (
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/go-chi/httprate"

	"porchlight/bridge/phrase"
	"porchlight/webwidget/peer"
	"porchlight/webwidget/share"
)

// limits are the rates at which clients may call, and the places for files on their way.
type limits struct {
	conversations, messages, requests *rate // nil: no limit
	uploads                           *share.Pool
}

func newLimits(opts Options) limits {
	return limits{
		conversations: newRate(opts.ConversationsPerMinute, networkShare, phrase.Say("Too many conversations came from your address. Please wait a minute.")),
		messages:      newRate(opts.MessagesPerMinute, 2*networkShare, phrase.Say("Too many messages came from your address. Please wait a minute.")),
		requests:      newRate(opts.RequestsPerMinute, 2*networkShare, phrase.Say("Too many requests came from your address. Please wait a minute.")),
		uploads:       share.New(share.Limits{Total: opts.MaxUploads, PerChat: opts.UploadsPerConversation, PerAddress: opts.UploadsPerAddress}),
	}
}

// rate is how many requests a minute an address and the network around it may make.
type rate struct {
	own, around *httprate.RateLimiter
	beyond      *problem // the answer to a request that is one too many
}

// newRate lets n requests a minute of an address through, and network times as many of
// the network around it; n 0: no limit. Any further request is answered with beyond.
func newRate(n, network int, beyond phrase.Phrase) *rate {
	if n <= 0 {
		return nil
	}
	per := func(n int) *httprate.RateLimiter {
		return httprate.NewRateLimiter(n, time.Minute, httprate.WithResponseHeaders(httprate.ResponseHeaders{RetryAfter: "Retry-After"}))
	}
	return &rate{own: per(n), around: per(n * network),
		beyond: newProblem(phrase.CodeBusy, beyond)}
}

// counted makes a middleware that refuses requests beyond one of the rates. A nil rate limits nothing.
func (s *Server) counted(rates ...*rate) func(http.Handler) http.Handler {
	rates = slices.DeleteFunc(rates, func(l *rate) bool { return l == nil })
	return func(next http.Handler) http.Handler {
		if len(rates) == 0 {
			return next
		}
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			client := peer.Of(s.proxies.client(r))
			own, around := strconv.FormatUint(uint64(client), 36), strconv.FormatUint(uint64(client.Around()), 36)
			for _, l := range rates {
				if l.own.OnLimit(w, r, own) || l.around.OnLimit(w, r, around) {
					s.counters.rateLimited.Add(1)
					s.refuse(w, r, l.beyond)
					return
				}
			}
			next.ServeHTTP(w, r)
		})
	}
}

// networkShare is how many times as many requests as one address its network may make.
const networkShare = 4

// crowded says that there is no place left; what names the things that are too many.
func crowded(what phrase.Phrase) *problem {
	p := newProblem(phrase.CodeBusy, what)
	p.retry = 10
	return p
}

// slot makes the wish for a place for a conversation; number 0: for no conversation.
func (s *Server) slot(r *http.Request, number int64) share.Slot {
	return share.Slot{Chat: number, Net: peer.Of(s.proxies.client(r)), Since: uint32(time.Now().Unix())}
}

// place is a place that a handler holds. It is a share.Member.
type place struct {
	slot share.Slot
	cut  chan struct{} // closed when the place is given to another
}

func newPlace(slot share.Slot) *place {
	return &place{slot: slot, cut: make(chan struct{})}
}

// Slot returns the place (share.Member).
func (p *place) Slot() *share.Slot { return &p.slot }

// Pace makes the oldest place give way (share.Member).
func (p *place) Pace() int64 { return int64(p.slot.Since) }

// Cut says that another has the place (share.Member).
func (p *place) Cut() { close(p.cut) }
