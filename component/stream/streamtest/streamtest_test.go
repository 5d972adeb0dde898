package streamtest

import (
	"fmt"
	"io"
	"net"
	"strings"
	"sync"
	"testing"

	"porchlight/component/stream"
)

// recorder is a testing.TB that notes failures instead of failing.
type recorder struct {
	testing.TB
	mu     sync.Mutex
	failed []string
}

func (r *recorder) Errorf(format string, args ...any) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.failed = append(r.failed, fmt.Sprintf(format, args...))
}

// XML that a component must not write fails its test.
func TestConn_BadXMLFailsTheTest(t *testing.T) {
	for xml, want := range map[string]string{
		"<a/>":             "",
		" <a/> ":           "",
		"<a b='1' b='2'/>": "duplicate attribute", // encoding/xml lets it pass
		"<a>&nbsp;</a>":    "invalid character entity",
		"<a":               "", // an element that is cut off is not bad XML
	} {
		r := &recorder{TB: t}
		c, peer := net.Pipe()
		conn := newConn(r, peer, nil)
		done := make(chan struct{})
		go func() {
			defer close(done)
			_, _ = conn.dec.Token() // the stream's own start tag
			conn.forget()
			_ = conn.read()
		}()
		_, _ = io.WriteString(c, "<stream:stream xmlns:stream='"+stream.NSStreams+"'>")
		_, _ = io.WriteString(c, xml)
		c.Close()
		<-done
		if got := strings.Join(r.failed, "\n"); want == "" && got != "" || !strings.Contains(got, want) {
			t.Errorf("%s: %q", xml, got)
		}
	}
}

// A script stalls, sends, expects and closes.
func TestServer(t *testing.T) {
	srv := New(t)
	done := make(chan error, 1)
	go func() {
		c, err := stream.Dial(t.Context(), srv.Config())
		if err == nil {
			var e *stream.Element
			if e, err = c.Next(); err == nil {
				err = c.Send(stream.New("", "skipped"), e.With("seen", "1"))
			}
			_, _ = c.Next()
			_ = c.Close(t.Context())
		}
		done <- err
	}()
	conn := srv.Accept()
	resume := conn.Stall()
	conn.Send("<message id='1'/>")
	resume()
	got := conn.Expect(func(e *stream.Element) bool { return e.Get("seen") == "1" })
	if got.Local != "message" || got.Get("id") != "1" {
		t.Errorf("%s", got.Append(nil))
	}
	conn.Close()
	if err := <-done; err != nil {
		t.Error(err)
	}
	if conn.Next(0) != nil || conn.Err() != io.EOF {
		t.Errorf("after the end: %v", conn.Err())
	}
}
