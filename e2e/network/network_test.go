package network

import (
	"bufio"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// through makes a network before a server, and returns it.
func through(t *testing.T, cfg Config, serve http.HandlerFunc) *Network {
	t.Helper()
	server := httptest.NewServer(serve)
	t.Cleanup(server.Close)
	n, err := New(server.Listener.Addr().String(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(n.Close)
	return n
}

// drip sends a line, flushes it, and another one when next is closed.
func drip(next <-chan struct{}) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		io.WriteString(w, "one\n")
		w.(http.Flusher).Flush()
		select {
		case <-next:
			io.WriteString(w, "two\n")
		case <-r.Context().Done():
		}
	}
}

// TestNetwork_PassesOn: without anything in the way, what has been written comes at once, and the request is noted.
func TestNetwork_PassesOn(t *testing.T) {
	t.Parallel()
	next := make(chan struct{})
	n := through(t, Config{}, drip(next))
	answer, err := http.Get(n.URL + "/a?b=c")
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	r := bufio.NewReader(answer.Body)
	if line, err := r.ReadString('\n'); line != "one\n" || err != nil {
		t.Errorf("%q, %v", line, err)
	}
	close(next)
	if rest, err := io.ReadAll(r); string(rest) != "two\n" || err != nil {
		t.Errorf("%q, %v", rest, err)
	}
	if all := n.Asked(); len(all) != 1 || all[0] != (Asked{Method: "GET", Path: "/a", Query: "b=c"}) {
		t.Errorf("%+v", all)
	}
	if n.Bytes() < 100 {
		t.Errorf("%d bytes", n.Bytes())
	}
}

// TestNetwork_Holds: nothing of an answer comes, not even its head, before a piece is full or the answer has ended.
func TestNetwork_Holds(t *testing.T) {
	t.Parallel()
	next := make(chan struct{})
	n := through(t, Config{Hold: 1000}, drip(next))
	came := make(chan string)
	go func() {
		answer, err := http.Get(n.URL)
		if err != nil {
			came <- err.Error()
			return
		}
		defer answer.Body.Close()
		came <- "the head"
		text, _ := io.ReadAll(answer.Body)
		came <- string(text)
	}()
	select {
	case what := <-came:
		t.Errorf("%s came before the end", what)
	case <-time.After(100 * time.Millisecond):
	}
	close(next)
	if head, text := <-came, <-came; head != "the head" || text != "one\ntwo\n" {
		t.Errorf("%q, %q", head, text)
	}
	p := &pieces{from: strings.NewReader("abcdefgh"), size: 3}
	var got []string
	for b := make([]byte, 10); ; {
		size, err := p.Read(b)
		if err != nil {
			break
		}
		got = append(got, string(b[:size]))
	}
	if strings.Join(got, " ") != "abc def gh" {
		t.Errorf("%q", got)
	}
}

// TestNetwork_Cuts: a connection ends after its time, whatever is going on.
func TestNetwork_Cuts(t *testing.T) {
	t.Parallel()
	n := through(t, Config{Cut: 200 * time.Millisecond}, drip(nil))
	answer, err := http.Get(n.URL)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	if text, err := io.ReadAll(answer.Body); string(text) != "one\n" || err == nil {
		t.Errorf("%q, %v", text, err)
	}
}

// TestWay_Arrival: a packet comes after those before it have left, and the way itself; a lost one later.
func TestWay_Arrival(t *testing.T) {
	t.Parallel()
	began := time.Now()
	thin := newWay(Config{Delay: 200 * time.Millisecond, Rate: 50_000}, 1)
	for i, want := range []time.Duration{230 * time.Millisecond, 260 * time.Millisecond} {
		if got := thin.arrival(began, 1500).Sub(began); got != want {
			t.Errorf("packet %d after %v, want %v", i, got, want)
		}
	}
	if got := thin.arrival(began.Add(time.Second), 0).Sub(began); got != 1200*time.Millisecond {
		t.Errorf("on a free line: %v", got)
	}
	lossy := newWay(Config{Loss: 0.05, Seed: 1}, 1)
	lost, most := 0, time.Duration(0)
	for range 10_000 {
		late := lossy.arrival(began, 1500).Sub(began)
		most = max(most, late)
		if late >= soon {
			lost++
		} else if late != 0 {
			t.Fatalf("%v", late)
		}
	}
	if lost < 400 || lost > 600 || most < late {
		t.Errorf("%d of 10000 are lost, the longest is late by %v", lost, most)
	}
}
