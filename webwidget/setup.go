package webwidget

import (
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"sync"

	"porchlight/bridge"
)

// lookout tells the super operators what visitors' requests show of an installation
// that is set up wrongly. Its methods may be called by any goroutine.
type lookout struct {
	hints   *bridge.Hints
	proxies proxies
	public  *url.URL // Options.PublicURL
	beside  few      // conversations that polled beside their stream
}

// look looks at a request for a conversation.
func (l *lookout) look(r *http.Request) {
	if r.Header.Get("Sec-Fetch-Site") != "" { // else it is no browser
		l.lookAtHost(r.Host)
	}
	peer, ok := parseHop(r.RemoteAddr)
	if !ok || !peer.IsPrivate() && !peer.IsLoopback() { // a visitor may say what they like
		return
	}
	trusted := l.proxies.have(peer)
	named := r.Header.Get("X-Forwarded-For") != "" || r.Header.Get("Forwarded") != ""
	switch {
	case named && !trusted:
		l.hints.UntrustedProxy(peer.String())
	case !named && (trusted || l.public.Scheme == "https"): // TLS ends before us, so the peer is who ends it
		l.hints.SilentProxy(peer.String())
	}
}

// lookAtHost compares where the browser came to with where it should.
func (l *lookout) lookAtHost(host string) {
	came := OriginOf(&url.URL{Scheme: l.public.Scheme, Host: host})
	if strings.EqualFold(came, OriginOf(l.public)) || OnlyHere(host) && OnlyHere(l.public.Host) {
		return
	}
	l.hints.OtherHost(host, strings.TrimRight(l.public.String(), "/"))
}

// OnlyHere reports whether a host with or without port is this machine alone.
func OnlyHere(host string) bool {
	name := (&url.URL{Host: host}).Hostname()
	addr, err := netip.ParseAddr(name)
	return name == "localhost" || strings.HasSuffix(name, ".localhost") || err == nil && addr.IsLoopback()
}

// bufferedEnough is how many conversations' pages have to poll beside an open stream of
// theirs before a proxy is suspected: a page does so when nothing comes by the stream.
const bufferedEnough = 3

// polled counts a poll of a conversation that waits beside so many streams of the same.
func (l *lookout) polled(number int64, streams int) {
	if streams > 0 && l.beside.add(number) >= bufferedEnough {
		l.hints.Buffering()
	}
}

// few remembers the first few numbers it is given.
type few struct {
	mu   sync.Mutex
	list []int64
}

// add returns how many different ones there were, up to bufferedEnough.
func (f *few) add(n int64) int {
	f.mu.Lock()
	defer f.mu.Unlock()
	if len(f.list) < bufferedEnough && !slices.Contains(f.list, n) {
		f.list = append(f.list, n)
	}
	return len(f.list)
}
