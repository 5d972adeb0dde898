package webwidget

import (
	"net/http"
	"time"

	"github.com/go-chi/httprate"

	"porchlight/bridge/phrase"
	"porchlight/webwidget/page"
	"porchlight/webwidget/peer"
	"porchlight/webwidget/proof"
)

// When a new conversation costs a proof of work (Options.Proof).
const (
	ProofOff    = "off"
	ProofStorm  = "storm" // while more requests come than people can read (bridge.Bridge.Storm)
	ProofAlways = "always"
)

// toll is what a new conversation costs: its share of what the whole site may have
// in a minute and, when that is wanted, a proof of work. A page without script can
// do no work: there a person waits for some seconds and sends again.
type toll struct {
	work, wait  *proof.Desk
	site, waits *httprate.RateLimiter // nil: no limit
}

// waiting is how long a person without script waits.
const waiting = 5 * time.Second

func (s *Server) newToll() toll {
	t := toll{
		work: proof.New(s.bridge.Tokens.Key("proof of work"), s.opts.ProofBits, s.bridge.Now),
		wait: proof.New(s.bridge.Tokens.Key("proof by waiting"), 0, s.bridge.Now),
	}
	if n := s.opts.SitePerMinute; n > 0 && s.opts.ConversationsPerMinute > 0 {
		t.site = httprate.NewRateLimiter(n, time.Minute)
		// To wait costs a flood nothing but time, so that way is narrower.
		t.waits = httprate.NewRateLimiter(max(1, n/10), time.Minute)
	}
	return t
}

// wanted reports whether a new conversation costs a proof now.
func (s *Server) proofWanted() bool {
	return s.opts.Proof == ProofAlways || s.opts.Proof == ProofStorm && s.bridge.Storm.On()
}

// proofAnswer is the proof in the body of POST /v1/conversations.
type proofAnswer struct {
	Challenge string `json:"challenge"`
	Nonce     string `json:"nonce"`
}

// pay takes what a new conversation costs. The error is told to the client;
// refund gives the proof back, for a conversation that was not opened.
func (s *Server) pay(w http.ResponseWriter, r *http.Request, p proofAnswer) (refund func(), err error) {
	client, refund := peer.Of(s.client(r)), func() {}
	if s.proofWanted() {
		why := proof.Why("")
		if p.Challenge != "" {
			if why = s.toll.work.Take(client, p.Challenge, p.Nonce); why == "" {
				refund = func() { s.toll.work.Return(client, p.Challenge) }
			}
		}
		if p.Challenge == "" || why != "" {
			s.counters.proofsWanted.Add(1)
			return refund, s.wantProof(client, why)
		}
	}
	return refund, s.admitToSite(w, r, s.toll.site, refund)
}

// admitToSite counts a new conversation of the whole site.
func (s *Server) admitToSite(w http.ResponseWriter, r *http.Request, l *httprate.RateLimiter, refund func()) error {
	if l == nil || !l.OnLimit(w, r, "site") {
		return nil
	}
	refund()
	s.counters.siteBusy.Add(1)
	return newProblem(http.StatusTooManyRequests, "busy", phrase.Say("Very many people are writing at the moment. Please try again in a minute."))
}

// wantProof asks for a proof: 428 (RFC 6585 §3) with a challenge.
func (s *Server) wantProof(client peer.Net, why proof.Why) *problem {
	now := s.bridge.Now()
	challenge, ends := s.toll.work.Challenge(client, now)
	p := newProblem(http.StatusPreconditionRequired, "proof-wanted",
		phrase.Say("Send this again with proof, an object with challenge and a nonce for which SHA-256(challenge \":\" nonce) begins with %d zero bits. %s", s.opts.ProofBits, phrase.Phrase{Format: string(why)}))
	p.wanted = proofWanted{challenge, s.opts.ProofBits, ends.UTC().Format(time.RFC3339)}
	return p
}

// payByWaiting is pay for a page without script: given is the form's field that
// page.Wait's was put into, "" in a form that is sent for the first time.
func (s *Server) payByWaiting(w http.ResponseWriter, r *http.Request, given string) (refund func(), again *page.Wait, err error) {
	client, refund := peer.Of(s.client(r)), func() {}
	if !s.proofWanted() {
		return refund, nil, s.admitToSite(w, r, s.toll.site, refund)
	}
	why := proof.Unknown
	if given != "" {
		why = s.toll.wait.Wait(client, given)
	}
	switch why {
	case "":
		refund = func() { s.toll.wait.Return(client, given) }
		if err := s.admitToSite(w, r, s.toll.waits, refund); err != nil {
			return refund, nil, err
		}
		return refund, nil, s.admitToSite(w, r, s.toll.site, refund)
	case proof.Early:
		return refund, &page.Wait{Given: given, Seconds: int(waiting / time.Second)}, nil
	}
	s.counters.proofsWanted.Add(1)
	given, _ = s.toll.wait.Challenge(client, s.bridge.Now().Add(waiting))
	return refund, &page.Wait{Given: given, Seconds: int(waiting / time.Second)}, nil
}
