package webwidget_test

import (
	"net/http"
	"net/netip"
	"strings"
	"testing"

	"porchlight/webwidget"
)

func prefixes(list ...string) []netip.Prefix {
	var p []netip.Prefix
	for _, s := range list {
		p = append(p, netip.MustParsePrefix(s))
	}
	return p
}

func TestClientAddr(t *testing.T) {
	trusted := prefixes("127.0.0.1/32", "10.0.0.0/8", "::1/128")
	for _, c := range []struct {
		name, remote, headers, want string
	}{
		{"direct", "192.0.2.7:1234", "", "192.0.2.7"},
		{"direct IPv6", "[2001:db8::7]:1234", "", "2001:db8::7"},
		{"mapped", "[::ffff:192.0.2.7]:1234", "", "192.0.2.7"},
		{"stranger's header", "192.0.2.7:1234", "X-Forwarded-For: 203.0.113.9", "192.0.2.7"},
		{"stranger's Forwarded", "192.0.2.7:1234", "Forwarded: for=203.0.113.9", "192.0.2.7"},
		{"stranger's other headers", "192.0.2.7:1234", "X-Real-IP: 203.0.113.9|True-Client-IP: 203.0.113.9|CF-Connecting-IP: 203.0.113.9", "192.0.2.7"},
		{"proxy's other headers", "127.0.0.1:1234", "X-Real-IP: 203.0.113.9", "127.0.0.1"},
		{"by a proxy", "127.0.0.1:1234", "X-Forwarded-For: 203.0.113.9", "203.0.113.9"},
		{"mapped proxy", "[::ffff:127.0.0.1]:1234", "X-Forwarded-For: 203.0.113.9", "203.0.113.9"},
		{"invented before the proxy's word", "127.0.0.1:1234", "X-Forwarded-For: 198.51.100.1, 203.0.113.9", "203.0.113.9"},
		{"invented proxy", "127.0.0.1:1234", "X-Forwarded-For: 198.51.100.1, 10.0.0.1, 203.0.113.9", "203.0.113.9"},
		{"two proxies", "127.0.0.1:1234", "X-Forwarded-For: 203.0.113.9, 10.0.0.1", "203.0.113.9"},
		{"two lines", "127.0.0.1:1234", "X-Forwarded-For: 198.51.100.1|X-Forwarded-For: 203.0.113.9", "203.0.113.9"},
		{"all trusted", "127.0.0.1:1234", "X-Forwarded-For: 10.0.0.2, 10.0.0.1", "10.0.0.2"},
		{"with port", "127.0.0.1:1234", "X-Forwarded-For: 203.0.113.9:555", "203.0.113.9"},
		{"IPv6", "[::1]:1234", "X-Forwarded-For: 2001:db8::9", "2001:db8::9"},
		{"IPv6 with port", "[::1]:1234", "X-Forwarded-For: [2001:db8::9]:555", "2001:db8::9"},
		{"nonsense", "127.0.0.1:1234", "X-Forwarded-For: nonsense", "127.0.0.1"},
		{"nonsense behind a proxy", "127.0.0.1:1234", "X-Forwarded-For: nonsense, 10.0.0.1", "10.0.0.1"},
		{"empty", "127.0.0.1:1234", "X-Forwarded-For: ", "127.0.0.1"},
		{"Forwarded", "127.0.0.1:1234", "Forwarded: for=203.0.113.9;proto=https;by=10.0.0.1", "203.0.113.9"},
		{"Forwarded IPv6", "127.0.0.1:1234", `Forwarded: proto=https; FOR="[2001:db8::9]:555"`, "2001:db8::9"},
		{"Forwarded twice", "127.0.0.1:1234", `Forwarded: for=198.51.100.1, for="203.0.113.9"`, "203.0.113.9"},
		{"Forwarded with a comma in quotes", "127.0.0.1:1234", `Forwarded: for=198.51.100.1, host="a,b\",for=1.1.1.1";for=203.0.113.9`, "203.0.113.9"},
		{"Forwarded unknown", "127.0.0.1:1234", `Forwarded: for=198.51.100.1, for=unknown`, "127.0.0.1"},
		{"Forwarded without for", "127.0.0.1:1234", `Forwarded: for=198.51.100.1, proto=https`, "127.0.0.1"},
		{"both agree", "127.0.0.1:1234", "Forwarded: for=203.0.113.9|X-Forwarded-For: 203.0.113.9", "203.0.113.9"},
		{"both disagree", "127.0.0.1:1234", "Forwarded: for=198.51.100.1|X-Forwarded-For: 203.0.113.9", "127.0.0.1"},
	} {
		h := http.Header{}
		for _, line := range strings.Split(c.headers, "|") {
			if name, value, ok := strings.Cut(line, ": "); ok {
				h.Add(name, value)
			}
		}
		if got := webwidget.ClientAddr(c.remote, h, trusted); got.String() != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
	if got := webwidget.ClientAddr("@", http.Header{"X-Forwarded-For": {"203.0.113.9"}}, trusted); got.IsValid() {
		t.Errorf("no address: got %s", got)
	}
}
