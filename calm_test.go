package main

import (
	"bytes"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"porchlight/bridge"
)

// What fails since another node has the link is no error for whoever reads the log; all else stays what it is.
func TestCalm(t *testing.T) {
	var out bytes.Buffer
	log := slog.New(calm{slog.NewTextHandler(&out, &slog.HandlerOptions{Level: slog.LevelDebug})}).With("node", "1").WithGroup("more")
	over := fmt.Errorf("store cursors: %w", errors.Join(errors.New("unavailable"), bridge.ErrTenureOver))
	log.Error("first", "operator", "olga@example.org", "err", over)
	log.Warn("second", "err", over)
	log.Debug("third", "err", over)
	log.Error("fourth", "err", errors.New("disk full"))
	for i, want := range []string{"level=INFO msg=first node=1 more.operator=olga@example.org", "level=INFO msg=second", "level=DEBUG msg=third", "level=ERROR msg=fourth"} {
		if line := strings.Split(out.String(), "\n")[i]; !strings.Contains(line, want) {
			t.Errorf("line %d is %s", i+1, line)
		}
	}
}
