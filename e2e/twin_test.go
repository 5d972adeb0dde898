package e2e_test

import (
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"porchlight/demo"
	"porchlight/demo/xmppd"
	"porchlight/e2e/operator"
)

// TestTwin: a second porchlight on the same domain, with a database of its own, is noticed within
// 30 s: in a log, in the metrics and at the desk. The servers differ: Prosody throws out the older
// connection, ejabberd gives each connection some of the stanzas.
func TestTwin(t *testing.T) {
	t.Parallel()
	addr, err := xmppd.FreeAddr("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := start(t, settings{"web.metrics_listen": strconv.Quote(addr)})
	x := s.operators("xavi")[0]
	web, err := xmppd.FreeAddr("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	twin := &site{t: t, dir: t.TempDir(), server: s.server, url: "http://" + web, shop: s.shop}
	twin.configure(web, nil)
	twin.process = launch(t, twin.dir, "serve", "--config", twin.config())
	for _, p := range []*process{s.process, twin.process} {
		p.tolerate("alarm=conflict", "the XMPP link")
	}
	patient(t, "an alarm in the log", began, func() bool {
		return strings.Contains(s.stderr.String()+twin.stderr.String(), "alarm=conflict")
	})
	patient(t, "the count of conflicts", began, func() bool { return s.metric(addr, "porchlight_link_conflicts_total") > 0 })
	if _, err := x.Expect("the alarm at the desk", operator.Body(demo.Desk, "is a second porchlight running"), time.Until(began.Add(30*time.Second))); err != nil {
		t.Fatal(err)
	}
	if links := s.links() + strings.Count(twin.stderr.String(), "XMPP link up"); links > 8 {
		t.Errorf("they threw each other out %d times in %v", links, since(began))
	}
}

// patient waits for news of a twin. An idle machine has them within 30 s.
func patient(t *testing.T, what string, began time.Time, ok func() bool) {
	t.Helper()
	for !ok() {
		if time.Since(began) > 2*time.Minute {
			t.Fatalf("%s: not within 2 minutes", what)
		}
		time.Sleep(20 * time.Millisecond)
	}
}

// metric reads one of porchlight's metrics; -1 if there is no such metric.
func (s *site) metric(addr, name string) float64 {
	answer, err := http.Get("http://" + addr + "/metrics")
	if err != nil {
		return -1
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		return -1
	}
	for line := range strings.Lines(string(text)) {
		var value float64
		if n, _ := fmt.Sscanf(line, name+" %g", &value); n == 1 {
			return value
		}
	}
	return -1
}
