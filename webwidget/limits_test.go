package webwidget_test

import (
	"fmt"
	"net"
	"net/http"
	"strconv"
	"testing"
	"time"
)

func TestLimits(t *testing.T) {
	s := start(t, func(o *setup) {
		o.ConversationsPerMinute, o.MessagesPerMinute, o.RequestsPerMinute = 2, 3, 100
		o.TrustedProxies = prefixes("127.0.0.1/32", "::1/128")
	}).online()
	from := func(address string) string { return "X-Forwarded-For: " + address }
	var o opened
	for range 2 {
		s.do("POST", "/v1/conversations", `{"reason":"x"}`, from("203.0.113.9")).into(t, 201, &o)
	}
	limited := s.do("POST", "/v1/conversations", `{"reason":"x"}`, from("203.0.113.9"), "Origin: https://www.example.org")
	limited.refused(t, http.StatusTooManyRequests, "busy")
	if n, err := strconv.Atoi(limited.header.Get("Retry-After")); err != nil || n < 1 || n > 60 {
		t.Errorf("Retry-After %q", limited.header.Get("Retry-After"))
	}
	if limited.header.Get("Access-Control-Allow-Origin") == "" {
		t.Error("the page can't read that it is limited")
	}
	s.do("POST", "/v1/conversations", `{"reason":"x"}`, from("198.51.100.1, 203.0.113.9")).want(t, 429) // the client invents an address before its own
	s.do("POST", "/v1/conversations", `{"reason":"x"}`, from("203.0.113.8")).want(t, 201)
	for i := range 4 {
		r := s.call(o, "POST", "/messages", fmt.Sprintf(`{"client_id":"client-id-number-%d","text":"x"}`, i), from("203.0.113.9"))
		if want := map[bool]int{true: 201, false: 429}[i < 3]; r.status != want {
			t.Errorf("message %d: status %d, want %d", i, r.status, want)
		}
	}
	s.call(o, "GET", "", "", from("203.0.113.9")).want(t, 200)
	for i := 0; ; i++ {
		if r := s.do("GET", "/v1/status", "", from("203.0.113.7")); r.status == 429 {
			if i != 100 {
				t.Errorf("%d requests went through, want 100", i)
			}
			break
		}
	}
	s.do("GET", "/healthz", "", from("203.0.113.7")).want(t, 200)
	if r := s.do("GET", "/chat", "", from("203.0.113.7")); r.status != 429 || r.header.Get("Content-Type") != "text/html; charset=utf-8" {
		t.Errorf("a person who is limited sees %d %s", r.status, r.header.Get("Content-Type"))
	}
}

// Without trusted proxies no header makes a client pass for another.
func TestLimits_SpoofedHeadersCountForNothing(t *testing.T) {
	s := start(t, func(o *setup) { o.ConversationsPerMinute = 1 }).online()
	s.ask("")
	for _, h := range []string{"X-Forwarded-For: 203.0.113.9", "Forwarded: for=203.0.113.9", "X-Real-IP: 203.0.113.9", "True-Client-IP: 203.0.113.9", "X-Client-IP: 203.0.113.9"} {
		s.do("POST", "/v1/conversations", `{"reason":"x"}`, h).refused(t, 429, "busy")
	}
}

func TestLimits_ZeroIsNone(t *testing.T) {
	s := start(t).online()
	for range 15 {
		s.ask(`{"reason":"x"}`)
	}
}

// A request whose body does not come does not hold its connection for ever.
func TestLimits_SlowBody(t *testing.T) {
	s := start(t).online()
	s.Quicken(0, 0, 50*time.Millisecond)
	conn, err := net.Dial("tcp", s.host)
	s.must(err)
	defer conn.Close()
	_, err = fmt.Fprintf(conn, "POST /v1/conversations HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{")
	s.must(err)
	s.must(conn.SetReadDeadline(time.Now().Add(patience)))
	head := make([]byte, 12)
	if _, err := conn.Read(head); err != nil || string(head) != "HTTP/1.1 400" {
		t.Errorf("%q, %v; want a 400", head, err)
	}
}
