package webwidget

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"porchlight/bridge/phrase"
)

// origins holds the sites that may use the API from a browser.
type origins struct {
	own  string
	list map[string]bool // all allowed origins, own included
	all  []string        // the origins of the config, in its order
}

func newOrigins(public *url.URL, allowed []string) (origins, error) {
	o := origins{own: OriginOf(public), list: make(map[string]bool, len(allowed)+1)}
	o.list[o.own] = true
	for _, a := range allowed {
		u, err := url.Parse(a)
		if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" || strings.Trim(u.Path, "/")+u.RawQuery+u.Fragment != "" || u.User != nil {
			return o, fmt.Errorf("allowed origin %q: want http:// or https:// and a host, nothing else", a)
		}
		o.list[OriginOf(u)] = true
		o.all = append(o.all, OriginOf(u))
	}
	return o, nil
}

// OriginOf returns the origin of a URL in the form that browsers write: in lower case and
// without the default port (RFC 6454 §6.2).
func OriginOf(u *url.URL) string {
	host := strings.ToLower(u.Host)
	if port := u.Port(); port == "" || u.Scheme == "http" && port == "80" || u.Scheme == "https" && port == "443" {
		host = strings.TrimSuffix(host, ":"+port)
	}
	return u.Scheme + "://" + host
}

// allows reports whether a page of that origin may call. A page of the server's own host
// always may; only the hosts are compared, since a proxy may have changed the scheme.
func (o origins) allows(origin, host string) bool {
	if o.list[origin] {
		return true
	}
	for _, scheme := range []string{"http://", "https://"} {
		if h, ok := strings.CutPrefix(origin, scheme); ok && h != "" && strings.EqualFold(h, host) {
			return true
		}
	}
	return false
}

// ancestors is the list for frame-ancestors (CSP level 3 §6.4.2).
func (o origins) ancestors() string { return strings.Join(append([]string{"'self'"}, o.all...), " ") }

// preflightAge is how long browsers may remember the answer to a preflight, in seconds.
// Chromium remembers none for longer.
const preflightAge = "7200"

// listedOrigin lets in pages of listed origins, and callers that are no page and so have
// no Origin. It answers preflights. Anybody else learns nothing.
func (s *Server) listedOrigin(next http.Handler) http.Handler {
	exposed := []string{"Retry-After"}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		origin := r.Header.Get("Origin")
		if origin != "" && !s.origins.allows(origin, r.Host) {
			s.lookout.hints.ForeignOrigin(origin)
			s.refuse(w, r, newProblem(codeForeign, phrase.Say("Pages of this site may not talk to porchlight.")))
			return
		}
		if origin != "" {
			h.Set("Access-Control-Allow-Origin", origin)
			h["Access-Control-Expose-Headers"] = exposed
		}
		if r.Method == http.MethodOptions && r.Header.Get("Access-Control-Request-Method") != "" {
			h.Set("Access-Control-Allow-Methods", "GET, POST")
			h.Set("Access-Control-Allow-Headers", "Authorization, Content-Type, Last-Event-ID")
			h.Set("Access-Control-Max-Age", preflightAge)
			w.WriteHeader(http.StatusNoContent)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// sameOrigin keeps other sites from posting the page's forms with the visitor's
// cookie.
func (s *Server) sameOrigin(next http.Handler) http.Handler {
	protection := http.NewCrossOriginProtection()
	if err := protection.AddTrustedOrigin(s.origins.own); err != nil {
		s.log.Warn("own origin can't be trusted", "err", err)
	}
	protection.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.refuse(w, r, newProblem(codeForeign, phrase.Say("This form was sent from another site. Open the page again and send it from there.")))
	}))
	return protection.Handler(next)
}
