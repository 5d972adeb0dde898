package onsite

import (
	"net/url"
	"strings"
	"unicode"

	"porchlight/bridge"
)

// OnPage reports whether an address is one that a pattern means. The pattern is a path, such as /shop, which means that page
// and all below it; * stands for any letters: /shop/*/reviews. With https:// in front it is compared with the whole address.
// The empty pattern means every page. A query counts for nothing.
func OnPage(pattern, address string) bool {
	if pattern == "" {
		return true
	}
	u, err := url.Parse(address)
	if err != nil {
		return false
	}
	at := "/" + strings.TrimPrefix(u.Path, "/")
	if strings.Contains(pattern, "://") {
		at = u.Scheme + "://" + u.Host + at
	}
	if strings.Contains(pattern, "*") {
		return glob(pattern, at)
	}
	pattern = strings.TrimSuffix(pattern, "/")
	rest, ok := strings.CutPrefix(at, pattern)
	return ok && (rest == "" || rest[0] == '/')
}

// glob reports whether a text is what a pattern means, in which * stands for any letters. It goes over the text once for
// each *.
func glob(pattern, text string) bool {
	parts := strings.Split(pattern, "*")
	first, last := parts[0], parts[len(parts)-1]
	if !strings.HasPrefix(text, first) || len(text) < len(first)+len(last) || !strings.HasSuffix(text, last) {
		return false
	}
	text = text[len(first) : len(text)-len(last)]
	for _, part := range parts[1 : len(parts)-1] {
		i := strings.Index(text, part)
		if i < 0 {
			return false
		}
		text = text[i+len(part):]
	}
	return true
}

// The longest texts of a page that are kept, in bytes.
const longestURL, longestTitle = 500, 120

// tidy is a page as operators see it: what stands after the path may be a secret, and is left out unless query says
// otherwise; of the page from which the visitor came, only the host is kept.
func tidy(p bridge.Page, query bool) bridge.Page {
	u := address(p.URL, query)
	from, err := url.Parse(p.Referrer)
	if err != nil || from.Host == u.Host {
		from = new(url.URL)
	}
	return bridge.Page{URL: clean(u.String(), longestURL), Title: clean(p.Title, longestTitle), Referrer: clean(from.Hostname(), longestTitle)}
}

// address is the address of a page without what may be a secret, the zero one if it is none. query says that the query is kept.
func address(s string, query bool) *url.URL {
	u, err := url.Parse(s)
	if err != nil || u.Host == "" {
		u = new(url.URL)
	}
	u.User, u.Fragment = nil, ""
	if !query {
		u.RawQuery, u.ForceQuery = "", false
	}
	return u
}

// clean makes one line of a text, without what can't be seen, and cuts it.
func clean(s string, most int) string {
	seen := strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Cf, r) {
			return -1
		}
		return r
	}, bridge.CleanText(s))
	return bridge.Cut(strings.Join(strings.Fields(seen), " "), most)
}
