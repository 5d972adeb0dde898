package webwidget_test

import (
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"
)

func TestHealth(t *testing.T) {
	var ready error
	s := start(t, func(o *setup) {
		o.Version = "v1.2.3"
		o.RequestsPerMinute = 1
		o.Ready = func() error { return ready }
		o.Node, o.HoldsLink = "1", func() bool { return ready == nil }
	})
	for _, c := range []struct {
		path   string
		ready  error
		status int
		body   string
	}{
		{"/healthz", nil, 200, `{"status":"ok","reasons":[],"version":"v1.2.3"}`},
		{"/readyz", nil, 200, `{"status":"ready","reasons":[],"node":"1","pid":PID,"holds_link":true}`},
		{"/readyz", errors.New("XMPP link is down"), 503, `{"status":"unavailable","reasons":["XMPP link is down"],"node":"1","pid":PID,"holds_link":false}`},
		{"/readyz", errors.Join(errors.New("a"), errors.New("b")), 503, `{"status":"unavailable","reasons":["a","b"],"node":"1","pid":PID,"holds_link":false}`},
		{"/readyz", fmt.Errorf("check: %w", errors.New("c")), 503, `{"status":"unavailable","reasons":["check: c"],"node":"1","pid":PID,"holds_link":false}`},
		{"/healthz", errors.New("XMPP link is down"), 200, `{"status":"ok","reasons":[],"version":"v1.2.3"}`},
	} {
		ready = c.ready
		c.body = strings.ReplaceAll(c.body, "PID", strconv.Itoa(os.Getpid()))
		if r := s.do("GET", c.path, ""); r.status != c.status || r.body != c.body {
			t.Errorf("%s with %v: %d %s, want %d %s", c.path, c.ready, r.status, r.body, c.status, c.body)
		}
	}
}
