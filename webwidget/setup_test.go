package webwidget_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
)

// When a visitor's request shows that the installation is set up wrongly, the log says so
// once.
func TestHints(t *testing.T) {
	for name, c := range map[string]struct {
		change  func(*setup)
		headers []string
		want    string // "": the log says nothing
	}{
		"foreign origin":  {nil, []string{"Origin: https://shop.example.org"}, "https://shop.example.org is not in web.allowed_origins"},
		"listed origin":   {nil, []string{"Origin: https://www.example.org"}, ""},
		"another host":    {nil, []string{"Sec-Fetch-Site: cross-site"}, "but web.public_url is http://chat.example.org"},
		"no browser":      {nil, nil, ""},
		"this machine":    {func(o *setup) { o.PublicURL = "http://localhost:8080" }, []string{"Sec-Fetch-Site: cross-site"}, ""},
		"untrusted proxy": {nil, []string{"X-Forwarded-For: 192.0.2.1"}, "is not in web.trusted_proxies"},
		"silent proxy":    {func(o *setup) { o.TrustedProxies = prefixes("127.0.0.1/32") }, nil, "does not say who the visitors are"},
		"silent and TLS":  {func(o *setup) { o.PublicURL = "https://chat.example.org" }, nil, "does not say who the visitors are"},
		"good proxy":      {func(o *setup) { o.TrustedProxies = prefixes("127.0.0.1/32") }, []string{"X-Forwarded-For: 192.0.2.1"}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			var s *service
			if c.change != nil {
				s = start(t, c.change)
			} else {
				s = start(t)
			}
			s.online()
			for range 3 {
				s.do("POST", "/v1/conversations", `{"reason":"x"}`, c.headers...)
			}
			said := strings.Count(s.log.String(), "set up wrongly")
			if c.want == "" && said != 0 || c.want != "" && (said != 1 || !strings.Contains(s.log.String(), c.want)) {
				t.Errorf("%d times: %s", said, s.log.String())
			}
		})
	}
}

// When pages of three conversations poll beside their open streams, the log says that a proxy
// holds streams back.
func TestHints_Buffering(t *testing.T) {
	s := start(t).online()
	for i := range 3 {
		o := s.ask(fmt.Sprintf(`{"reason":"%d"}`, i))
		s.stream(o, 0).event()
		s.call(o, "GET", "/events?wait=1&after=0", "").want(t, http.StatusOK)
		if said := strings.Contains(s.log.String(), "event streams"); said != (i == 2) {
			t.Errorf("after %d conversations: said %v", i+1, said)
		}
	}
}
