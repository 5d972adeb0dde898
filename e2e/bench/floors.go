package main

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"porchlight/bridge"
	"porchlight/component/stream"
	"porchlight/demo"
	"porchlight/demo/xmppd"
	"porchlight/e2e/operator"
	"porchlight/e2e/rig"
)

// bareLink is a component that only sends and counts, and an operator's client beside it.
type bareLink struct {
	conn *stream.Conn
	op   *operator.Client
	came *counter
	back atomic.Pointer[counter]
	echo atomic.Bool // whether the component answers with receipts
}

func newBare(ctx context.Context, server *xmppd.Server) (*bareLink, error) {
	b := &bareLink{came: newCounter()}
	var err error
	if b.conn, err = stream.Dial(ctx, stream.Config{Addr: server.ComponentAddr(), Domain: demo.Domain, Secret: rig.Secret}); err != nil {
		return nil, err
	}
	if b.op, err = operator.Login(server.ClientAddr(), demo.Host, "xavi", demo.Password, "bare", ""); err != nil {
		return nil, err
	}
	if err := b.reached(); err != nil {
		return nil, err
	}
	bodies := finder{needle: []byte("<body")}
	receipts := finder{needle: []byte("<received")}
	go b.read() // ends with the connection
	return b, b.op.Flow(func(p []byte) { b.came.add(bodies.count(p) + receipts.count(p)) })
}

// reached waits until messages get through. ejabberd keeps messages for later that come in the
// first moments after a login, except for headlines.
func (b *bareLink) reached() (err error) {
	for range 100 {
		if err = b.conn.Send(stream.New("", "message").With("type", "headline", "from", demo.Domain, "to", b.op.Bare)); err != nil {
			return err
		}
		got := func(el *stream.Element) bool { return el.Local == "message" && el.Get("type") == "headline" }
		if _, err = b.op.Expect("a headline", got, 100*time.Millisecond); err == nil {
			return nil
		}
	}
	return err
}

func (b *bareLink) read() {
	for {
		el, err := b.conn.Next()
		if err != nil {
			return
		}
		if el.Local != "message" {
			continue
		}
		if b.echo.Load() {
			b.conn.Send(stream.New("", "message", stream.New("urn:xmpp:receipts", "received").With("id", el.Get("id"))).
				With("type", "chat", "from", el.Get("to"), "to", el.Get("from"), "id", el.Get("id")))
		} else if c := b.back.Load(); c != nil {
			c.add(1)
		}
	}
}

func (b *bareLink) close() {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	b.op.Close(true)
	b.conn.Close(ctx)
}

// down floods the operator with messages that have a body alone, or all that porchlight's messages
// have.
func (b *bareLink) down(n int, all bool) error {
	b.came.expect(n)
	for i := range n {
		el := message(fmt.Sprintf("v%d@%s", i%talks, demo.Domain), "xavi@"+demo.Host, fmt.Sprint("d", i), all)
		if all {
			el = whole(el, i)
		}
		if err := b.came.send(1); err != nil {
			return err
		}
		if err := b.conn.Send(el); err != nil {
			return err
		}
	}
	return b.came.wait()
}

// up floods the component. If acknowledged, it waits for the receipts.
func (b *bareLink) up(n int, acknowledged bool) error {
	c := newCounter()
	b.echo.Store(acknowledged)
	if acknowledged {
		c = b.came
	}
	c.expect(n)
	b.back.Store(c)
	if err := floodFrom(b.op, c, n, acknowledged, func(i int) string { return fmt.Sprintf("v%d@%s", i%talks, demo.Domain) }); err != nil {
		return err
	}
	return c.wait()
}

// whole adds all that porchlight's messages have beside a request for a receipt.
func whole(el *stream.Element, i int) *stream.Element {
	el.Children = append(el.Children, stream.New("urn:xmpp:chat-markers:0", "markable"), stream.New("http://jabber.org/protocol/chatstates", "active"),
		stream.New("urn:xmpp:sid:0", "origin-id").With("id", bridge.StanzaID("bare", int64(i))))
	return el
}

func message(from, to, id string, receipt bool) *stream.Element {
	el := stream.New("", "message", stream.Text("", "body", text)).With("type", "chat", "from", from, "to", to, "id", id)
	if receipt {
		el.Children = append(el.Children, stream.New("urn:xmpp:receipts", "request"))
	}
	return el
}

// floodFrom has an operator's client send n messages, many in one write. c counts them.
func floodFrom(op *operator.Client, c *counter, n int, receipt bool, to func(int) string) error {
	var buf []byte
	held := 0
	for i := range n {
		buf = message("", to(i), fmt.Sprintf("u%d-%d", time.Now().UnixNano(), i), receipt).Append(buf)
		held++
		if len(buf) < 16<<10 && i < n-1 {
			continue
		}
		if err := c.send(held); err != nil {
			return err
		}
		if err := op.SendXML(string(buf)); err != nil {
			return err
		}
		buf, held = buf[:0], 0
	}
	return nil
}

// log is the program's store, to which many goroutines append.
type log struct {
	commit *commit
	convs  []bridge.Conversation
}

func newLog(ctx context.Context, dir string) (*log, error) {
	k, err := newCommit(ctx, dir)
	if err != nil {
		return nil, err
	}
	l := &log{commit: k}
	for i := range talks {
		c := k.c
		c.ID = bridge.ConversationID(fmt.Sprint("bare", i))
		if err := k.store.Update(ctx, func(tx bridge.Tx) error {
			return tx.CreateConversation(&c, bridge.Request{Name: "Anna", Reason: "bench"}, fmt.Sprint("bare", i), make([]byte, 32))
		}); err != nil {
			return nil, err
		}
		l.convs = append(l.convs, c)
	}
	return l, nil
}

// append appends n messages that say makes, one after the other in each conversation.
func (l *log) append(n int, say saying) error {
	var group sync.WaitGroup
	errs := make(chan error, talks)
	for _, conv := range l.convs {
		group.Go(func() {
			c := commit{store: l.commit.store, c: conv}
			for range n / talks {
				if _, err := c.once(say); err != nil {
					errs <- err
					return
				}
			}
		})
	}
	group.Wait()
	close(errs)
	return <-errs
}

func (l *log) close() { l.commit.store.Close() }
