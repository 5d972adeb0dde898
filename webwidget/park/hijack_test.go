//go:build linux

package park

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"
)

type connKey struct{}

// A connection that was closed before it is taken over, because others needed the room, is gone, and that
// is nobody's fault.
func TestHijack_ClosedMeanwhile(t *testing.T) {
	lot, err := New(":\n", time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	defer lot.Close()
	done := make(chan error, 1)
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.Context().Value(connKey{}).(net.Conn).Close()
		_, err := lot.Hijack(w, r)
		done <- err
	}))
	server.Config.ConnContext = func(ctx context.Context, c net.Conn) context.Context { return context.WithValue(ctx, connKey{}, c) }
	server.Start()
	defer server.Close()
	if resp, err := http.Get(server.URL); err == nil {
		resp.Body.Close()
	}
	if err := <-done; !errors.Is(err, ErrGone) {
		t.Errorf("Hijack: %v", err)
	}
}
