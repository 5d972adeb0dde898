package e2e_test

import (
	"bufio"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"porchlight/demo"
	"porchlight/demo/xmppd"
	"porchlight/e2e/operator"
	"porchlight/e2e/visitor"
)

// greedy is a client at an address of its own that takes all it can get.
type greedy struct {
	*site
	dialer net.Dialer
	client *visitor.Client
	mu     sync.Mutex
	held   []net.Conn
	done   context.Context
	busy   sync.WaitGroup
}

// beGreedy makes a greedy client, which ends with the test.
func beGreedy(s *site) *greedy {
	ctx, stop := context.WithCancel(context.Background())
	g := &greedy{site: s, done: ctx}
	g.dialer = net.Dialer{LocalAddr: &net.TCPAddr{IP: net.IPv4(127, 9, 9, 9)}, Timeout: patience}
	transport := &http.Transport{DialContext: g.dialer.DialContext, DisableKeepAlives: true}
	g.client = &visitor.Client{Base: s.url, HTTP: &http.Client{Transport: transport, Timeout: patience}}
	s.t.Cleanup(func() {
		stop()
		g.mu.Lock()
		for _, c := range g.held {
			c.Close()
		}
		g.mu.Unlock()
		g.busy.Wait()
		transport.CloseIdleConnections()
	})
	return g
}

// hold opens n connections, sends a text on each, and keeps them open.
func (g *greedy) hold(n int, send string) {
	for range n {
		c, err := g.dialer.DialContext(g.done, "tcp", strings.TrimPrefix(g.url, "http://"))
		if err != nil {
			continue // refused: the client has all it can get
		}
		io.WriteString(c, send) // may fail, since a connection may be refused now, too
		g.mu.Lock()
		g.held = append(g.held, c)
		g.mu.Unlock()
	}
}

// stream opens an event stream, waits until it has begun, and keeps it. The error says why it was refused.
func (g *greedy) stream(request string) error {
	c, err := g.dialer.DialContext(g.done, "tcp", strings.TrimPrefix(g.url, "http://"))
	if err != nil {
		return err
	}
	g.mu.Lock()
	g.held = append(g.held, c)
	g.mu.Unlock()
	if err := c.SetDeadline(time.Now().Add(patience)); err != nil {
		return err
	}
	if _, err := io.WriteString(c, request); err != nil {
		return err
	}
	a, err := http.ReadResponse(bufio.NewReader(c), nil)
	if err == nil && a.StatusCode != http.StatusOK {
		err = errors.New(a.Status)
	}
	return err
}

// again calls do again and again until the test ends. The callers' pace is several times what a
// stock Prosody lets a client send (mod_limits, 10 kB/s): a faster one would only show how fast
// that server is.
func (g *greedy) again(every time.Duration, do func()) {
	g.busy.Go(func() {
		for g.done.Err() == nil {
			do()
			select {
			case <-g.done.Done():
			case <-time.After(every):
			}
		}
	})
}

// taken calls do until do is refused for the first time.
func (g *greedy) taken(what string, most int, do func() error) {
	g.t.Helper()
	for i := range most {
		if err := do(); err != nil {
			g.t.Logf("%s: %d, then %v", what, i, err)
			return
		}
	}
	g.t.Errorf("%s: %d, and no end", what, most)
}

// story is a visitor's way from the button to an answer. It returns how long that took.
func (s *site) story(t *testing.T, x *person) time.Duration {
	t.Helper()
	began := time.Now()
	ctx := within(t)
	v := visitor.New(s.url)
	if status, err := v.Status(ctx); err != nil || status.Status != "online" {
		t.Fatalf("the button: %+v, %v", status, err)
	}
	token := rand.Text()
	c, err := v.Ask(ctx, visitor.Inquiry{Name: "Vicky", Reason: "story " + token})
	if err != nil {
		t.Fatal(err)
	}
	x.t = t
	x.take(c.Number, c.Visitor)
	if _, err := c.Write(ctx, rand.Text(), "question "+token); err != nil {
		t.Fatal(err)
	}
	x.hears(c.Visitor, "question "+token)
	x.says(c.Visitor, "answer "+token)
	(&besieged{site: s, x: x, c: c}).hears(t, "answer "+token)
	a, err := c.Do(ctx, sendFile(c, "picture.png"))
	if err != nil || a.Status != http.StatusCreated {
		t.Fatalf("the file: %d %s, %v", a.Status, a.Body, err)
	}
	if err := c.Post(ctx, "/close", nil); err != nil {
		t.Fatal(err)
	}
	return time.Since(began)
}

// pngPixel is the beginning of a PNG, by which porchlight knows the type of a file.
const pngPixel = "\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89"

// sendFile makes the request that sends a file.
func sendFile(c *visitor.Conversation, name string) visitor.Request {
	r := c.At("POST", "/files", nil)
	r.Header = map[string]string{"Content-Type": "multipart/form-data; boundary=B"}
	r.Body = []byte("--B\r\nContent-Disposition: form-data; name=\"client_id\"\r\n\r\n" + rand.Text() +
		"\r\n--B\r\nContent-Disposition: form-data; name=\"file\"; filename=\"" + name + "\"\r\n\r\n" + pngPixel + "\r\n--B--\r\n")
	return r
}

// TestEverybody_OneCannotTakeAll: one address with its conversations, one operator and one
// stranger take all they can get of every kind of resource, and meanwhile another visitor's
// story goes as it always does.
func TestEverybody_OneCannotTakeAll(t *testing.T) {
	t.Parallel()
	metrics, err := xmppd.FreeAddr("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := start(t, settings{
		"web.metrics_listen":              strconv.Quote(metrics),
		"limits.conversations_per_minute": "10", "limits.messages_per_minute": "120", "limits.requests_per_minute": "3000",
		"limits.connections_per_address": "40", "limits.streams": "60", "limits.streams_per_address": "50", "limits.streams_per_conversation": "40",
		"limits.uploads": "6", "limits.uploads_per_conversation": "2", "limits.uploads_per_address": "5", "limits.files": "10",
		"limits.offers_at_once": "3", "limits.commands_per_minute": "60",
	})
	all := s.operators("xavi", "olga")
	x, olga := all[0], all[1]
	usual := s.story(t, x)

	g := beGreedy(s)
	ctx := t.Context()
	s.tolerate("alarm=storm")
	var mine []*visitor.Conversation
	g.taken("waiting requests", 1000, func() error {
		c, err := g.client.Ask(ctx, visitor.Inquiry{Name: "Greedy", Reason: "me first " + rand.Text()})
		if err == nil {
			mine = append(mine, c)
		}
		return err
	})
	const host = "\r\nHost: x\r\n"
	for _, c := range mine {
		g.hold(3, "POST /v1/conversations/"+c.ID+"/files HTTP/1.1"+host+"Authorization: Bearer "+c.Token+
			"\r\nContent-Type: multipart/form-data; boundary=B\r\nContent-Length: 5000\r\n\r\n--B\r\n")
	}
	g.taken("messages", 1000, func() error { _, err := mine[0].Write(ctx, rand.Text(), "me again"); return err })
	g.taken("files", 1000, func() error {
		a, err := g.client.Do(ctx, sendFile(mine[1], "mine.png"))
		if err == nil && a.Status != http.StatusCreated {
			err = fmt.Errorf("status %d", a.Status)
		}
		return err
	})
	g.taken("streams", 1000, func() error { return g.stream("GET /v1/events HTTP/1.1" + host + "\r\n") })
	for _, c := range mine {
		auth := host + "Authorization: Bearer " + c.Token + "\r\n"
		at := "/v1/conversations/" + c.ID
		g.hold(30, "GET "+at+"/events HTTP/1.1"+auth+"Accept: text/event-stream\r\n\r\n")
		g.hold(3, "POST "+at+"/messages HTTP/1.1"+auth+"Content-Type: application/json\r\nContent-Length: 5000\r\n\r\n{")
		g.hold(3, "GET "+at+"/events?wait=60&after=1000 HTTP/1.1"+auth+"\r\n")
	}
	g.hold(100, "GET /v1/events HTTP/1.1"+host+"\r\n")
	g.hold(100, "")
	g.hold(100, "POST /nothing HTTP/1.1"+host+"Content-Length: 50\r\n\r\n")
	g.hold(100, "GET /widget.js HTTP/1.1"+host+strings.Repeat("X: y\r\n", 10))
	g.again(5*time.Millisecond, func() { g.hold(1, "POST /chat HTTP/1.1"+host+"Transfer-Encoding: chunked\r\n\r\n5\r\n") })

	stranger, err := operator.Login(s.server.ClientAddr(), demo.Host, "vera", demo.Password, "flood", "chat")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { stranger.Close(false) })
	target := mine[0].Visitor
	g.again(50*time.Millisecond, func() {
		id := rand.Text()
		for _, to := range []string{demo.Desk, target, demo.Domain} {
			stranger.Chat(to, id, "take 1") // Chat fails when the test ends the stream
			stranger.SendXML(`<iq type="get" id="` + id + `" to="` + to + `"><query xmlns="http://jabber.org/protocol/disco#items"/></iq>`)
			stranger.SendXML(`<presence type="subscribe" to="` + to + `"/>`)
		}
	})
	g.again(50*time.Millisecond, func() {
		olga.Chat(demo.Desk, rand.Text(), "queue")
		olga.Chat(demo.Desk, rand.Text(), "help")
		olga.SendXML(`<iq type="set" id="` + rand.Text() + `" to="` + demo.Desk + `"><command xmlns="http://jabber.org/protocol/commands" node="status" action="execute"/></iq>`)
	})

	eventually(t, "commands are refused", func() bool { return s.metric(metrics, "porchlight_stanzas_refused_total") > 0 })
	lines := strings.Count(s.stderr.String(), "\n")
	x.t = t
	for i := range 3 {
		now := s.story(t, x)
		t.Logf("the story took %v before, and %v now", usual.Round(time.Millisecond), now.Round(time.Millisecond))
		if now > 20*usual+patience/2 {
			t.Errorf("%d: the story took %v, and %v before", i, now, usual)
		}
	}
	for name, most := range map[string]float64{"connections_open": 40 + 40, "streams_open": 60, "uploads_open": 6} {
		if n := s.metric(metrics, "porchlight_"+name); n > most {
			t.Errorf("%s is %v, at most %v are allowed", name, n, most)
		}
	}
	for _, name := range []string{"connections_displaced_total", "streams_refused_total", "uploads_refused_total", "requests_limited_total"} {
		if s.metric(metrics, "porchlight_"+name) == 0 {
			t.Errorf("nothing was counted by %s", name)
		}
	}
	if more := strings.Count(s.stderr.String(), "\n") - lines; more > 200 {
		t.Errorf("the siege wrote %d lines into the log", more)
	}
}
