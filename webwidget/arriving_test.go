package webwidget_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// raw sends bytes as they are and returns the connection.
func (s *service) raw(text string) net.Conn {
	s.Helper()
	conn, err := net.Dial("tcp", s.host)
	s.must(err)
	s.Cleanup(func() { conn.Close() })
	_, err = io.WriteString(conn, text)
	s.must(err)
	s.must(conn.SetReadDeadline(time.Now().Add(patience)))
	return conn
}

// A request whose body does not come is answered, whatever the call, and its connection is
// closed.
func TestArriving_BodyNeverComes(t *testing.T) {
	s := start(t, func(o *setup) { o.RequestsPerMinute, o.LeastRate = 1000, 4096 }).online()
	s.Quicken(0, 0, 50*time.Millisecond)
	o := s.ask("")
	mine := "/v1/conversations/" + o.ID
	auth := "Authorization: Bearer " + o.Token + "\r\n"
	const json, length, chunks = "Content-Type: application/json\r\n", "Content-Length: 50\r\n", "Transfer-Encoding: chunked\r\n"
	for name, c := range map[string]struct {
		request, headers string
		status           int
	}{
		"unknown path":    {"POST /nothing", length, 404},
		"method":          {"POST /v1/status", length, 405},
		"foreign origin":  {"POST /v1/conversations", length + "Origin: https://evil.example\r\n", 403},
		"type":            {"POST /v1/conversations", length + "Content-Type: text/html\r\n", 415},
		"no token":        {"POST " + mine + "/messages", length + json, 404},
		"inquiry":         {"POST /v1/conversations", length + json, 400},
		"too long":        {"POST /v1/conversations", "Content-Length: 99999999\r\n" + json, 413},
		"message":         {"POST " + mine + "/messages", length + json + auth, 400},
		"leave":           {"POST " + mine + "/leave", length + auth, 204},
		"typing":          {"POST " + mine + "/typing", chunks + json + auth, 400},
		"page":            {"POST /chat", length + "Content-Type: application/x-www-form-urlencoded\r\n", 400},
		"page's message":  {"POST /chat/messages", length, 415},
		"get":             {"GET /v1/status", length, 200},
		"get with chunks": {"GET /v1/status", chunks, 200},
		"log with chunks": {"GET " + mine, chunks + auth, 200},
		"health":          {"GET /healthz", chunks, 200},
		"poll":            {"GET " + mine + "/events?after=0", chunks + auth, 200},
		"widget":          {"GET /widget.js", length, 200},
		"file":            {"POST " + mine + "/files", length + auth + "Content-Type: multipart/form-data; boundary=B\r\n", 400},
		"file of no form": {"POST " + mine + "/files", length + auth, 415},
		"options":         {"OPTIONS /v1/conversations", length + "Origin: https://www.example.org\r\nAccess-Control-Request-Method: POST\r\n", 204},
		"half a chunk":    {"POST /nothing", chunks + "\r\n20\r\nabc", 404},
		"no trailer":      {"POST " + mine + "/typing", chunks + json + auth + "Trailer: A\r\n\r\n2\r\n{}\r\n0\r\nA: ", 400},
		"all but one":     {"POST /nothing", length + "\r\n" + strings.Repeat("x", 49), 404},
		"close at last":   {"POST " + mine + "/close", length + auth, 204},
	} {
		t.Run(name, func(t *testing.T) {
			headers := c.headers
			if !strings.Contains(headers, "\r\n\r\n") {
				headers += "\r\n"
			}
			conn := s.raw(c.request + " HTTP/1.1\r\nHost: " + s.host + "\r\n" + headers)
			in := bufio.NewReader(conn)
			r, err := http.ReadResponse(in, nil)
			if err != nil {
				t.Fatal(err)
			}
			if r.StatusCode != c.status {
				t.Errorf("status %d, want %d", r.StatusCode, c.status)
			}
			if _, err := io.Copy(io.Discard, r.Body); err != nil {
				t.Error(err)
			}
			if n, err := io.Copy(io.Discard, in); err != nil && !strings.Contains(err.Error(), "reset") {
				t.Errorf("%d bytes, then %v: the connection was not closed", n, err)
			}
		})
	}
	s.soon("no connection is left but the client's", func() bool { return s.Stats().Connections.Open <= 1 })
}

// The server does not wait for a body that keeps coming, but slower than it has to.
func TestArriving_LeastRate(t *testing.T) {
	s := start(t, func(o *setup) { o.LeastRate = 1 << 20 }).online()
	s.Quicken(0, 0, 2*time.Second)
	conn := s.raw("POST /v1/conversations HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 60000\r\n\r\n{")
	go func() { // sends one byte in time, again and again
		for {
			if _, err := conn.Write([]byte(" ")); err != nil {
				return
			}
			time.Sleep(5 * time.Millisecond)
		}
	}()
	r, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		t.Fatal(err)
	}
	if r.StatusCode != 400 || s.Stats().TooSlow != 1 {
		t.Errorf("status %d, %d were too slow", r.StatusCode, s.Stats().TooSlow)
	}
	conn.Close()
}

// The answer to a request that came whole has no time limit: a poll waits longer than a
// body may take.
func TestArriving_WholeIsNotLimited(t *testing.T) {
	s := start(t).online()
	s.Quicken(0, 0, 20*time.Millisecond)
	o := s.ask("")
	conn := s.raw(fmt.Sprintf("GET /v1/conversations/%s/events?after=1000&wait=1 HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\nContent-Length: 2\r\n\r\n{}", o.ID, o.Token))
	in := bufio.NewReader(conn)
	for range 2 { // two requests on one connection
		r, err := http.ReadResponse(in, nil)
		if err != nil || r.StatusCode != 200 {
			t.Fatal(r, err)
		}
		io.Copy(io.Discard, r.Body)
		_, err = fmt.Fprintf(conn, "GET /v1/conversations/%s HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\n\r\n", o.ID, o.Token)
		s.must(err)
	}
}

// The slowest file of the conversation that sends most gives way to a file of another.
func TestUpload_TheSlowestGivesWay(t *testing.T) {
	s := start(t, func(o *setup) { o.MaxUploads, o.UploadsPerConversation = 2, 2 }).online()
	greedy, other := s.ask(""), s.ask("")
	head := "--B\r\nContent-Disposition: form-data; name=\"client_id\"\r\n\r\n"
	begin := func() net.Conn {
		return s.raw(fmt.Sprintf("POST /v1/conversations/%s/files HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\nContent-Type: multipart/form-data; boundary=B\r\nContent-Length: 1000\r\n\r\n%s",
			greedy.ID, greedy.Token, head))
	}
	slow := []net.Conn{begin(), begin()}
	s.soon("both have a place", func() bool { return s.Stats().Uploads.Used == 2 })
	if r, err := http.ReadResponse(bufio.NewReader(begin()), nil); err != nil || r.StatusCode != 429 {
		t.Errorf("the third of a conversation: %v, %v", r, err)
	}
	s.send(other, "file-of-another-1", "a.png", pixel).want(t, 201)
	told := make(chan int, 2) // one of the two is told that it gave way; their pace decides which
	for _, c := range slow {
		go func() {
			if r, err := http.ReadResponse(bufio.NewReader(c), nil); err == nil {
				told <- r.StatusCode
			}
		}()
	}
	if got := <-told; got != 429 {
		t.Errorf("the slowest was told %d", got)
	}
	if st := s.Stats().Uploads; st.GaveWay != 1 || st.Refused != 1 {
		t.Errorf("uploads %+v", st)
	}
}

// A file that came whole is stored even if its place was given to another meanwhile.
func TestUpload_WholeIsStored(t *testing.T) {
	s := start(t, func(o *setup) { o.MaxUploads, o.UploadsPerConversation = 2, 2 }).online()
	greedy, other := s.ask(""), s.ask("")
	var hold atomic.Int64 // the first to read the store while so many files have a place has to wait
	held, release := make(chan struct{}), make(chan struct{})
	s.store.set(func(g *gate) {
		g.hook = func() {
			if n := s.Stats().Uploads.Used; n > 0 && hold.CompareAndSwap(n, 0) {
				held <- struct{}{}
				<-release
			}
		}
	})
	answers := make(chan reply, 2)
	for n := range int64(2) {
		hold.Store(n + 1)
		go func() { answers <- s.send(greedy, fmt.Sprintf("file-of-greedy-%d", n), "a.png", pixel) }()
		<-held
	}
	s.send(other, "file-of-another-1", "a.png", pixel).want(t, 201)
	close(release)
	for range 2 {
		(<-answers).want(t, 201)
	}
	if st := s.Stats().Uploads; st.GaveWay != 1 {
		t.Errorf("uploads %+v", st)
	}
}
