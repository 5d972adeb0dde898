package webwidget

import (
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"sync"
)

// lookAtSetup tells the super operators what a visitor's request shows of an
// installation that is set up wrongly.
func (s *Server) lookAtSetup(r *http.Request) {
	if r.Header.Get("Sec-Fetch-Site") != "" { // else it is no browser
		s.lookAtHost(r.Host)
	}
	peer, ok := parseHop(r.RemoteAddr)
	if !ok || !peer.IsPrivate() && !peer.IsLoopback() { // a visitor may say what they like
		return
	}
	trusted := slices.ContainsFunc(s.opts.TrustedProxies, func(p netip.Prefix) bool { return p.Contains(peer) })
	named := r.Header.Get("X-Forwarded-For") != "" || r.Header.Get("Forwarded") != ""
	switch {
	case named && !trusted:
		s.hints.UntrustedProxy(peer.String())
	case !named && (trusted || s.secure): // TLS ends before us, so the peer is who ends it
		s.hints.SilentProxy(peer.String())
	}
}

// lookAtHost compares where the browser came to with where it should.
func (s *Server) lookAtHost(host string) {
	public := strings.TrimRight(s.opts.PublicURL, "/")
	u, err := url.Parse(public)
	if err != nil || strings.EqualFold(OriginOf(&url.URL{Scheme: u.Scheme, Host: host}), OriginOf(u)) || OnlyHere(host) && OnlyHere(u.Host) {
		return
	}
	s.hints.OtherHost(host, public)
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

// seemsBuffered counts a poll that waits beside a stream of the same conversation.
func (s *Server) seemsBuffered(number int64) {
	if s.streams.places.Of(number) > 1 && s.polledBeside.add(number) >= bufferedEnough {
		s.hints.Buffering()
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
