package webwidget

import (
	"net/http"
	"sync/atomic"
	"time"

	"github.com/go-chi/httprate"

	"porchlight/bridge"
	"porchlight/bridge/phrase"
	"porchlight/webwidget/page"
	"porchlight/webwidget/peer"
	"porchlight/webwidget/proof"
)

// The values of Options.Proof: when a new conversation costs a proof of work.
const (
	ProofOff    = "off"
	ProofStorm  = "storm" // while more requests come than people can read (bridge.Bridge.Storm)
	ProofAlways = "always"
)

// toll takes what a new conversation costs: a part of what the whole site may have in a
// minute, and a proof of work while that is wanted. A page without script can do no work;
// there a person waits for some seconds and sends the form again.
//
// Any goroutine may call its methods.
type toll struct {
	when string // Options.Proof
	bits int    // Options.ProofBits

	storm       *bridge.Storm
	now         func() time.Time
	work, wait  *proof.Desk
	site, waits *httprate.RateLimiter // nil: no limit

	asked, busy atomic.Int64 // requests that were asked for a proof; requests that the site's limit refused
}

// waiting is how long a person without script waits.
const waiting = 5 * time.Second

func newToll(b *bridge.Bridge, opts Options) *toll {
	t := &toll{
		when: opts.Proof, bits: opts.ProofBits, storm: b.Storm, now: b.Now,
		work: proof.New(b.Tokens.Key("proof of work"), opts.ProofBits, b.Now),
		wait: proof.New(b.Tokens.Key("proof by waiting"), 0, b.Now),
	}
	if n := opts.SitePerMinute; n > 0 && opts.ConversationsPerMinute > 0 {
		t.site = httprate.NewRateLimiter(n, time.Minute)
		// Waiting costs a flood nothing but time, so fewer conversations may be opened that way.
		t.waits = httprate.NewRateLimiter(max(1, n/10), time.Minute)
	}
	return t
}

// wanted reports whether a new conversation costs a proof now.
func (t *toll) wanted() bool {
	return t.when == ProofAlways || t.when == ProofStorm && t.storm.On()
}

// proofAnswer is the proof in the body of POST /v1/conversations.
type proofAnswer struct {
	Challenge string `json:"challenge" doc:"the challenge of the problem"`
	Nonce     string `json:"nonce" doc:"a text for which SHA-256(challenge \":\" nonce) begins with 'bits' zero bits"`
}

// pay takes from a client what a new conversation costs. The error is told to the client.
// If the conversation is not opened after all, refund gives the proof back.
func (t *toll) pay(w http.ResponseWriter, r *http.Request, client peer.Net, p proofAnswer) (refund func(), err error) {
	refund = func() {}
	if t.wanted() {
		why := proof.Why("")
		if p.Challenge != "" {
			if why = t.work.Take(client, p.Challenge, p.Nonce); why == "" {
				refund = func() { t.work.Return(client, p.Challenge) }
			}
		}
		if p.Challenge == "" || why != "" {
			t.asked.Add(1)
			return refund, t.demand(client, why)
		}
	}
	return refund, t.admit(w, r, t.site, refund)
}

// admit counts a new conversation of the whole site, or refuses it.
func (t *toll) admit(w http.ResponseWriter, r *http.Request, l *httprate.RateLimiter, refund func()) error {
	if l == nil || !l.OnLimit(w, r, "site") {
		return nil
	}
	refund()
	t.busy.Add(1)
	return newProblem(phrase.CodeBusy, phrase.Say("Very many people are writing at the moment. Please try again in a minute."))
}

// demand asks for a proof: 428 (RFC 6585 §3) with a challenge.
func (t *toll) demand(client peer.Net, why proof.Why) *problem {
	now := t.now()
	challenge, ends := t.work.Challenge(client, now)
	p := newProblem(codeProofWanted, phrase.Say("Send this again with proof, an object with challenge and a nonce for which SHA-256(challenge \":\" nonce) begins with %d zero bits. %s", t.bits, phrase.Phrase{Format: string(why)}))
	p.wanted = proofWanted{challenge, t.bits, ends.UTC().Format(time.RFC3339)}
	return p
}

// payByWaiting is pay for the page without script. Given is the field of the form that
// holds the Given of an earlier page.Wait, "" in a form that is sent for the first time.
func (t *toll) payByWaiting(w http.ResponseWriter, r *http.Request, client peer.Net, given string) (refund func(), again *page.Wait, err error) {
	refund = func() {}
	if !t.wanted() {
		return refund, nil, t.admit(w, r, t.site, refund)
	}
	why := proof.Unknown
	if given != "" {
		why = t.wait.Wait(client, given)
	}
	switch why {
	case "":
		refund = func() { t.wait.Return(client, given) }
		if err := t.admit(w, r, t.waits, refund); err != nil {
			return refund, nil, err
		}
		return refund, nil, t.admit(w, r, t.site, refund)
	case proof.Early:
		return refund, &page.Wait{Given: given, Seconds: int(waiting / time.Second)}, nil
	}
	t.asked.Add(1)
	given, _ = t.wait.Challenge(client, t.now().Add(waiting))
	return refund, &page.Wait{Given: given, Seconds: int(waiting / time.Second)}, nil
}
