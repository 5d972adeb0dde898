package main

import (
	"bytes"
	"context"
	"fmt"
	"strconv"
	"sync"
	"time"

	"porchlight/component/stream"
)

// flow sends messages at a steady pace, in many conversations in turn. Each message has the time of
// its sending in it.
type flow struct {
	*flood
	wires []*wire
	n     int

	mu   sync.Mutex
	came [2][]time.Duration // visitor to operator, operator to visitor
	news chan struct{}
}

func newFlow(ctx context.Context, web, xmpp string) (*flow, error) {
	first, err := newChat(ctx, &program{web: "http://" + web, xmpp: xmpp})
	if err != nil {
		return nil, err
	}
	f := &flow{news: make(chan struct{}, 1)}
	if f.flood, err = openTalks(first, web, active); err != nil {
		return nil, err
	}
	for _, c := range f.chats {
		marks := stamps{needle: []byte(`"text":"o `)}
		if err := f.stream(c, func(b []byte) { f.take(1, marks.find(b)) }); err != nil {
			return nil, err
		}
		w, err := dialWire(web, "/v1/conversations/"+c.id+"/messages", c.token)
		if err != nil {
			return nil, err
		}
		f.wires = append(f.wires, w)
	}
	marks := stamps{needle: []byte("<body>v ")}
	return f, f.op.Flow(func(b []byte) { f.take(0, marks.find(b)) })
}

func (f *flow) take(direction int, came []time.Duration) {
	f.mu.Lock()
	f.came[direction] = append(f.came[direction], came...)
	f.mu.Unlock()
	select {
	case f.news <- struct{}{}:
	default:
	}
}

// both measures each direction each times.
func (f *flow) both(each int) ([2][]time.Duration, error) {
	f.mu.Lock()
	f.came = [2][]time.Duration{}
	f.mu.Unlock()
	for direction, send := range []func(int, string) error{f.visitorSends, f.operatorSends} {
		next := time.Now()
		for range each {
			time.Sleep(time.Until(next))
			next = time.Now().Add(pace)
			f.n++
			if err := send(f.n%len(f.chats), strconv.FormatInt(time.Now().UnixNano(), 10)+" "+text); err != nil {
				return f.came, err
			}
		}
		if err := f.wait(direction, each); err != nil {
			return f.came, err
		}
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.came, nil
}

func (f *flow) visitorSends(i int, text string) error {
	return f.wires[i].post(fmt.Appendf(nil, `{"client_id":"flow-%016d","text":"v %s"}`, f.n, text))
}

func (f *flow) operatorSends(i int, text string) error {
	return f.op.Send(stream.New("", "message", stream.Text("", "body", "o "+text)).
		With("type", "chat", "to", f.chats[i].visitor, "id", fmt.Sprint("flow-", f.n)))
}

// wait returns when n messages have come in a direction.
func (f *flow) wait(direction, n int) error {
	late := time.After(10 * time.Second)
	for {
		f.mu.Lock()
		got := len(f.came[direction])
		f.mu.Unlock()
		if got >= n {
			return nil
		}
		select {
		case <-f.news:
		case <-late:
			return fmt.Errorf("%s: %d of %d messages came", directions[direction], got, n)
		}
	}
}

func (f *flow) close() {
	for _, w := range f.wires {
		w.conn.Close()
	}
	f.flood.close()
}

// stamps finds the times of sending in a stream of bytes: each is a number of nanoseconds between
// a needle and a space.
type stamps struct{ needle, rest []byte }

// find returns how long ago the times were that b completes.
func (s *stamps) find(b []byte) []time.Duration {
	now := time.Now().UnixNano()
	var ages []time.Duration
	s.rest = append(s.rest, b...)
	for {
		i := bytes.Index(s.rest, s.needle)
		if i < 0 {
			s.rest = append(s.rest[:0], s.rest[max(0, len(s.rest)-len(s.needle)+1):]...)
			return ages
		}
		s.rest = s.rest[i:]
		digits, after, whole := bytes.Cut(s.rest[len(s.needle):], []byte(" "))
		if !whole {
			return ages
		}
		if at, err := strconv.ParseInt(string(digits), 10, 64); err == nil {
			ages = append(ages, time.Duration(now-at))
		}
		s.rest = after
	}
}
