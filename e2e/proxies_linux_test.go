package e2e_test

import (
	"bufio"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"porchlight/demo/xmppd"
)

// behind starts a proxy before porchlight, by the proxy's sample in deploy, without TLS and at a
// free address. It returns the site as visitors reach it through the proxy.
func (s *site) behind(kind string) *site {
	s.t.Helper()
	bin, err := exec.LookPath(kind)
	if err != nil {
		lacking(s.t, err)
	}
	addr, err := xmppd.FreeAddr("127.0.0.1:0")
	if err != nil {
		s.t.Fatal(err)
	}
	dir, upstream := s.t.TempDir(), strings.TrimPrefix(s.url, "http://")
	var config string
	var args []string
	switch kind {
	case "nginx":
		text := strings.Replace(sample(s.t, "nginx.conf"), "listen 443 ssl http2;", "listen "+addr+";", 1)
		text = regexp.MustCompile(`(?m)^\s*(listen \[|ssl_certificate).*$`).ReplaceAllString(text, "")
		config = fmt.Sprintf("daemon off; pid %[1]s/pid; error_log stderr; events { }\nhttp { access_log off;\nclient_body_temp_path %[1]s/body; proxy_temp_path %[1]s/proxy;\n"+
			"fastcgi_temp_path %[1]s/fastcgi; uwsgi_temp_path %[1]s/uwsgi; scgi_temp_path %[1]s/scgi;\n%[2]s\n}\n", dir, strings.Replace(text, "127.0.0.1:8080", upstream, 1))
		args = []string{"-e", "stderr", "-c", filepath.Join(dir, "config")}
	case "caddy":
		text := strings.Replace(sample(s.t, "Caddyfile"), "chat.example.org {", "http://"+addr+" {", 1)
		text = strings.Replace(text, "read_body 10m", "read_body 5s", 1) // the test can't wait for the sample's limit
		config = strings.Replace(strings.Replace(text, "127.0.0.1:8080", upstream, 1), "servers {", "admin off\n\tservers {", 1)
		args = []string{"run", "--adapter", "caddyfile", "--config", filepath.Join(dir, "config")}
	}
	if err := os.WriteFile(filepath.Join(dir, "config"), []byte(config), 0o600); err != nil {
		s.t.Fatal(err)
	}
	var said strings.Builder
	cmd := exec.CommandContext(s.t.Context(), bin, args...)
	cmd.Env = append(os.Environ(), "HOME="+dir, "XDG_DATA_HOME="+dir, "XDG_CONFIG_HOME="+dir)
	cmd.Stdout, cmd.Stderr = &said, &said
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.WaitDelay = 5 * time.Second
	if err := cmd.Start(); err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() { // the test's context has ended the proxy
		if err := cmd.Wait(); err != nil && s.t.Failed() {
			s.t.Logf("%s: %v\n%s", kind, err, said.String())
		}
	})
	through := *s
	through.url = "http://" + addr
	through.ready()
	return &through
}

// sample reads a file of deploy.
func sample(t *testing.T, name string) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("..", "deploy", name))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// TestProxies_Samples: behind proxies that are set as in deploy, porchlight tells visitors apart,
// a body that never comes is answered, and one client that holds many such requests keeps nobody
// from a whole conversation.
func TestProxies_Samples(t *testing.T) {
	t.Parallel()
	for _, kind := range []string{"nginx", "caddy"} {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			metrics, err := xmppd.FreeAddr("127.0.0.1:0")
			if err != nil {
				t.Fatal(err)
			}
			s := start(t, settings{"web.trusted_proxies": `["127.0.0.1/32"]`, "web.metrics_listen": fmt.Sprintf("%q", metrics),
				"limits.connections_per_address": "20", "limits.conversations_per_minute": "10"})
			p := s.behind(kind)
			x := s.operators("xavi")[0]
			p.story(t, x)
			g := beGreedy(p)
			host := " HTTP/1.1\r\nHost: " + strings.TrimPrefix(p.url, "http://") + "\r\n"
			g.hold(100, "POST /nothing"+host+"Content-Length: 50\r\n\r\n")
			g.hold(100, "GET /v1/status"+host+"Transfer-Encoding: chunked\r\n\r\n")
			p.story(t, x)
			answered := g.held[0]
			answered.SetReadDeadline(time.Now().Add(time.Minute))
			r, err := http.ReadResponse(bufio.NewReader(answered), nil)
			var late net.Error
			if errors.As(err, &late) && late.Timeout() {
				t.Error("a body that never comes is never answered")
			} else if err == nil && r.StatusCode != http.StatusNotFound && r.StatusCode != http.StatusTooManyRequests && r.StatusCode != http.StatusRequestTimeout {
				t.Errorf("it is answered with %d", r.StatusCode)
			}
			if n := s.metric(metrics, "porchlight_connections_refused_total"); n != 0 {
				t.Errorf("%v of the proxy's connections were refused", n)
			}
			if strings.Contains(s.stderr.String(), "set up wrongly") {
				t.Errorf("by its sample the proxy is set up wrongly")
			}
		})
	}
}
