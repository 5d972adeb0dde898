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

// lookout tells the super operators when visitors' requests show that the installation is
// set up wrongly. Any goroutine may call its methods.
type lookout struct {
	hints   *bridge.Hints
	proxies proxies
	public  *url.URL // Options.PublicURL
	beside  few      // conversations that polled beside their stream
}

// look examines a request for a conversation.
func (l *lookout) look(r *http.Request) {
	if r.Header.Get("Sec-Fetch-Site") != "" { // without it the caller is no browser
		l.lookAtHost(r.Host)
	}
	peer, ok := parseHop(r.RemoteAddr)
	if !ok || !peer.IsPrivate() && !peer.IsLoopback() { // what a visitor from outside sends proves nothing
		return
	}
	trusted := l.proxies.have(peer)
	named := r.Header.Get("X-Forwarded-For") != "" || r.Header.Get("Forwarded") != ""
	switch {
	case named && !trusted:
		l.hints.UntrustedProxy(peer.String())
	case !named && (trusted || l.public.Scheme == "https"): // TLS ends before us, so the peer is the proxy that ends it
		l.hints.SilentProxy(peer.String())
	}
}

// lookAtHost compares the host that the browser called with that of the public URL.
func (l *lookout) lookAtHost(host string) {
	came := OriginOf(&url.URL{Scheme: l.public.Scheme, Host: host})
	if strings.EqualFold(came, OriginOf(l.public)) || OnlyHere(host) && OnlyHere(l.public.Host) {
		return
	}
	l.hints.OtherHost(host, strings.TrimRight(l.public.String(), "/"))
}

// OnlyHere reports whether a host, with or without a port, can be reached on its own
// machine only.
func OnlyHere(host string) bool {
	name := (&url.URL{Host: host}).Hostname()
	addr, err := netip.ParseAddr(name)
	return name == "localhost" || strings.HasSuffix(name, ".localhost") || err == nil && addr.IsLoopback()
}

// bufferedEnough is the number of conversations whose pages have to poll beside an open
// stream of theirs before a proxy is suspected of holding streams back. A page polls when
// nothing comes by its stream.
const bufferedEnough = 3

// polled counts a poll of a conversation. Streams is the number of the conversation's other
// streams and polls that wait at the same time.
func (l *lookout) polled(number int64, streams int) {
	if streams > 0 && l.beside.add(number) >= bufferedEnough {
		l.hints.Buffering()
	}
}

// few remembers the first few numbers that it is given.
type few struct {
	mu   sync.Mutex
	list []int64
}

// add returns how many different numbers there were, up to bufferedEnough.
func (f *few) add(n int64) int {
	f.mu.Lock()
	defer f.mu.Unlock()
	if len(f.list) < bufferedEnough && !slices.Contains(f.list, n) {
		f.list = append(f.list, n)
	}
	return len(f.list)
}
