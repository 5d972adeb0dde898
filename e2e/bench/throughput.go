package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"porchlight/bridge"
	"porchlight/component/stream"
	"porchlight/demo"
	"porchlight/demo/xmppd"
	"porchlight/e2e/operator"
)

// talks is how many conversations go on at the same time under load.
const talks = 64

// throughput floods both directions and prints the rates beside the smaller of
// two floors: a bare component on the same kind of server, and the store alone.
func throughput(ctx context.Context, bin, dir string, n int) error {
	down, up, err := bareComponent(ctx, dir, n)
	if err != nil {
		return fmt.Errorf("bare component: %w", err)
	}
	store, err := bareStore(ctx, dir, n)
	if err != nil {
		return fmt.Errorf("bare store: %w", err)
	}
	p, err := startDemo(ctx, bin, filepath.Join(dir, "throughput"))
	if err != nil {
		return err
	}
	defer p.stop()
	toOperators, toVisitors, err := flood(ctx, p, n)
	if err != nil {
		return err
	}
	fmt.Printf("messages a second, durable before they are acknowledged (%d of them, %d conversations):\n", n, talks)
	fmt.Printf("bare component to client %.0f, client to bare component %.0f, store alone %.0f\n", down, up, store)
	fmt.Printf("visitors to operator %.0f, %.2f of the smaller floor (%d HTTP clients share the two cores)\n", toOperators, toOperators/min(down, store), talks)
	fmt.Printf("operator to visitors %.0f, %.2f of the smaller floor\n\n", toVisitors, toVisitors/min(up, store))
	return nil
}

// rate is how many of n a second.
func rate(n int, began time.Time) float64 { return float64(n) / time.Since(began).Seconds() }

// bareComponent floods from a component that does nothing else to a client, and
// back.
func bareComponent(ctx context.Context, dir string, n int) (down, up float64, err error) {
	server, err := xmppd.Start(ctx, xmppd.Config{Dir: filepath.Join(dir, "bare"), Host: demo.Host, Component: demo.Domain, Secret: "bare",
		Accounts: demo.Accounts(), Log: slog.New(slog.NewTextHandler(io.Discard, nil))})
	if err != nil {
		return 0, 0, err
	}
	defer server.Stop()
	conn, err := stream.Dial(ctx, stream.Config{Addr: server.ComponentAddr(), Domain: demo.Domain, Secret: "bare"})
	if err != nil {
		return 0, 0, err
	}
	op, err := operator.Login(server.ClientAddr(), demo.Host, "xavi", demo.Password, "bench", "")
	if err != nil {
		return 0, 0, err
	}
	defer op.Close(true)
	came := newCounter(n)
	op.Tap(func(el *stream.Element) {
		if el.Local == "message" {
			came.add()
		}
	})
	began := time.Now()
	for i := range n {
		if err := conn.Send(message(fmt.Sprintf("v%d@%s", i%talks, demo.Domain), "xavi@"+demo.Host, fmt.Sprint("d", i))); err != nil {
			return 0, 0, err
		}
	}
	if err := came.wait(); err != nil {
		return 0, 0, err
	}
	down = rate(n, began)
	back := newCounter(n)
	go func() { // ends with the connection
		for {
			el, err := conn.Next()
			if err != nil {
				return
			}
			if el.Local == "message" {
				back.add()
			}
		}
	}()
	began = time.Now()
	if err := floodFrom(op, n, func(i int) string { return fmt.Sprintf("v%d@%s", i%talks, demo.Domain) }); err != nil {
		return 0, 0, err
	}
	if err := back.wait(); err != nil {
		return 0, 0, err
	}
	up = rate(n, began)
	closing, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	conn.Close(closing)
	return down, up, nil
}

func message(from, to, id string) *stream.Element {
	return stream.New("", "message", stream.Text("", "body", text), stream.New("urn:xmpp:receipts", "request")).
		With("type", "chat", "from", from, "to", to, "id", id)
}

// floodFrom has an operator's client send n messages, many in one write.
func floodFrom(op *operator.Client, n int, to func(int) string) error {
	var buf []byte
	for i := range n {
		buf = message("", to(i), fmt.Sprint("u", i)).Append(buf)
		if len(buf) > 16<<10 || i == n-1 {
			if err := op.SendXML(string(buf)); err != nil {
				return err
			}
			buf = buf[:0]
		}
	}
	return nil
}

// bareStore appends to the program's store from many goroutines.
func bareStore(ctx context.Context, dir string, n int) (float64, error) {
	k, err := newCommit(ctx, filepath.Join(dir, "bare"))
	if err != nil {
		return 0, err
	}
	defer k.store.Close()
	convs := make([]bridge.Conversation, talks)
	for i := range convs {
		convs[i] = k.c
		convs[i].ID = bridge.ConversationID(fmt.Sprint("bare", i))
		if err := k.store.Update(ctx, func(tx bridge.Tx) error {
			return tx.CreateConversation(&convs[i], bridge.Request{Name: "Anna", Reason: "bench"}, fmt.Sprint("bare", i), make([]byte, 32))
		}); err != nil {
			return 0, err
		}
	}
	var group sync.WaitGroup
	var failed atomic.Value
	began := time.Now()
	for i := range convs {
		group.Go(func() {
			c := commit{store: k.store, c: convs[i]}
			for range n / talks {
				if _, err := c.once(); err != nil {
					failed.Store(err)
					return
				}
			}
		})
	}
	group.Wait()
	if err, ok := failed.Load().(error); ok {
		return 0, err
	}
	return rate(n/talks*talks, began), nil
}

// flood sends n messages in each direction through the program.
func flood(ctx context.Context, p *program, n int) (toOperators, toVisitors float64, err error) {
	chats := make([]*chat, talks)
	first, err := newChat(ctx, p)
	if err != nil {
		return 0, 0, err
	}
	defer first.close()
	chats[0] = first
	for i := 1; i < talks; i++ {
		if chats[i], err = first.another(i); err != nil {
			return 0, 0, err
		}
	}
	came, receipts := newCounter(n/talks*talks), newCounter(n)
	first.op.Tap(func(el *stream.Element) {
		if len(el.ChildText("", "body")) == len("v "+text) {
			came.add()
		}
		if strings.HasPrefix(el.Child("urn:xmpp:receipts", "received").Get("id"), "u") {
			receipts.add()
		}
	})
	var group sync.WaitGroup
	var failed atomic.Value
	began := time.Now()
	for _, c := range chats {
		group.Go(func() {
			for i := range n / talks {
				if err := c.post("/v1/conversations/"+c.id+"/messages", map[string]string{"client_id": fmt.Sprint("flood-", i), "text": "v " + text}, nil); err != nil {
					failed.Store(err)
					return
				}
			}
		})
	}
	group.Wait()
	if err, ok := failed.Load().(error); ok {
		return 0, 0, err
	}
	if err := came.wait(); err != nil {
		return 0, 0, err
	}
	toOperators = rate(n/talks*talks, began)
	began = time.Now()
	if err := floodFrom(first.op, n, func(i int) string { return chats[i%talks].visitor }); err != nil {
		return 0, 0, err
	}
	if err := receipts.wait(); err != nil {
		return 0, 0, err
	}
	return toOperators, rate(n, began), nil
}

// counter waits for n things.
type counter struct {
	left atomic.Int64
	done chan struct{}
}

func newCounter(n int) *counter {
	c := &counter{done: make(chan struct{})}
	c.left.Store(int64(n))
	return c
}

func (c *counter) add() {
	if c.left.Add(-1) == 0 {
		close(c.done)
	}
}

func (c *counter) wait() error {
	select {
	case <-c.done:
		return nil
	case <-time.After(60 * time.Second):
		return fmt.Errorf("%d messages did not come within a minute", c.left.Load())
	}
}
