package xmppd

import (
	"net/http"
	"strings"
	"testing"
)

// Web pages reach the server by a WebSocket (RFC 7395 §3.1) only if Config has an address
// for them.
func TestStart_WebSocket(t *testing.T) {
	each(t, func(t *testing.T, kind string) {
		if got := start(t, kind).WebSocket(); got != "" {
			t.Errorf("nobody wanted %s", got)
		}
		s, err := Start(t.Context(), Config{Kind: kind, Dir: t.TempDir(), Secret: "s3cret", WebAddr: "127.0.0.1:0"})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(s.Stop)
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, strings.Replace(s.WebSocket(), "ws:", "http:", 1), nil)
		if err != nil {
			t.Fatal(err)
		}
		for name, value := range map[string]string{"Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13",
			"Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==", "Sec-WebSocket-Protocol": "xmpp", "Origin": "http://localhost:8000"} {
			req.Header.Set(name, value)
		}
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		if res.StatusCode != http.StatusSwitchingProtocols || res.Header.Get("Sec-WebSocket-Protocol") != "xmpp" {
			t.Errorf("got %s, %v", res.Status, res.Header)
		}
	})
}
