package bridge

import (
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"
)

// A wrong set-up is told once a day, a few times for each kind, and only with what looks like
// a host: strangers cause what is seen.
func TestHints(t *testing.T) {
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	var log strings.Builder
	h := &Hints{hub: newHub(), clock: clockFunc(func() time.Time { return now }), log: slog.New(slog.NewTextHandler(&log, nil)), told: make(map[string]map[string]time.Time)}
	for range 2 {
		h.ForeignOrigin("https://www.example.org")
		h.UntrustedProxy("127.0.0.1")
	}
	for _, bad := range []string{"https://x.example/\nfake=1", "https://" + strings.Repeat("a", 300), "https://\u202eevil", `https://"x"`} {
		h.ForeignOrigin(bad)
	}
	for i := range 1000 {
		h.ForeignOrigin(fmt.Sprintf("https://%d.example", i))
	}
	if n := strings.Count(log.String(), "\n"); n != 4 || len(h.told["foreign origin"]) != hintsADay {
		t.Errorf("%d lines: %s", n, log.String())
	}
	if !strings.Contains(log.String(), "https://www.example.org is not in web.allowed_origins") {
		t.Errorf("it does not say what to do: %s", log.String())
	}
	now = now.Add(24 * time.Hour)
	h.ForeignOrigin("https://www.example.org")
	if n := strings.Count(log.String(), "\n"); n != 5 {
		t.Errorf("%d lines a day later", n)
	}
}

type clockFunc func() time.Time

func (f clockFunc) Now() time.Time { return f() }
