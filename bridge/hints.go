package bridge

import (
	"log/slog"
	"strings"
	"sync"
	"time"

	"porchlight/bridge/phrase"
)

// Hints tells the super operators, in the log and at the desk, what the web side sees of a wrong
// set-up, with the remedy. It tells each thing once a day. Strangers cause what it sees, so it
// tells a few things of each kind a day, and nothing that does not look like a host. The methods
// may be called by any goroutine.
type Hints struct {
	clock Clock
	log   *slog.Logger
	hub   *hub
	mu    sync.Mutex
	told  map[string]map[string]time.Time // by kind and what was seen
}

const (
	hintsADay = 3
	hintAgain = 24 * time.Hour
	hintRoom  = 200 // most bytes of what was seen
)

// ForeignOrigin says that a page was refused because its origin is not listed.
func (h *Hints) ForeignOrigin(origin string) {
	h.tell("foreign origin", origin, phrase.Say("A visitor was refused: the page's origin %s is not in web.allowed_origins. If the site is yours, add it there and restart porchlight.", origin))
}

// OtherHost says that browsers reach the service under another name than its public URL's.
func (h *Hints) OtherHost(host, public string) {
	h.tell("other host", host, phrase.Say("A visitor came to %s, but web.public_url is %s. If both are yours, correct web.public_url, or let the proxy pass on the Host header; else links and embedded pages may fail.", host, public))
}

// UntrustedProxy says that a neighbour that is not trusted names visitors' addresses.
func (h *Hints) UntrustedProxy(peer string) {
	h.tell("untrusted proxy", peer, phrase.Say("The proxy at %s says who the visitors are (X-Forwarded-For), but is not in web.trusted_proxies: all visitors count as one and share its limits. Add it there and restart porchlight.", peer))
}

// SilentProxy says that a proxy does not name visitors' addresses.
func (h *Hints) SilentProxy(peer string) {
	h.tell("silent proxy", peer, phrase.Say("The proxy at %s does not say who the visitors are: all count as one and share its limits. Let it send X-Forwarded-For, and name it in web.trusted_proxies.", peer))
}

// Buffering says that browsers open event streams and receive nothing by them.
func (h *Hints) Buffering() {
	h.tell("buffering", "", phrase.Say("Visitors' browsers get nothing by their event streams and ask again and again instead: does a proxy before porchlight hold answers back? Turn its buffering off, as the samples in deploy do."))
}

// tell tells a hint, if it was not told today and looks like a host.
func (h *Hints) tell(kind, seen string, text phrase.Phrase) {
	if len(seen) > hintRoom || strings.Trim(strings.ToLower(seen), "abcdefghijklmnopqrstuvwxyz0123456789.-:/[]") != "" || !h.fresh(kind, seen) {
		return
	}
	h.log.Warn("set up wrongly", "what", kind, "text", text.String())
	h.hub.publishAlarm(text)
}

// fresh reports whether this was not told today and there is room for it, and counts it then.
func (h *Hints) fresh(kind, seen string) bool {
	now := h.clock.Now()
	h.mu.Lock()
	defer h.mu.Unlock()
	today := h.told[kind]
	if today == nil {
		today = make(map[string]time.Time)
		h.told[kind] = today
	}
	for what, at := range today {
		if now.Sub(at) >= hintAgain {
			delete(today, what)
		}
	}
	if _, ok := today[seen]; ok || len(today) >= hintsADay {
		return false
	}
	today[seen] = now
	return true
}
