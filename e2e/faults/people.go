package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"porchlight/component/stream"
	"porchlight/e2e/operator"
	"porchlight/e2e/visitor"
)

// pace is the time between two messages of one writer; with several nodes it is an option.
const pace = 15 * time.Millisecond

// visit is a visitor: one goroutine writes, one reads.
type visit struct {
	w     *world
	name  string
	conv  *visitor.Conversation
	quiet atomic.Bool
}

func newVisit(ctx context.Context, w *world, client *visitor.Client, i int) (*visit, error) {
	v := &visit{w: w, name: fmt.Sprintf("anna%d", i)}
	var err error
	v.conv, err = client.Ask(ctx, visitor.Inquiry{ClientID: fmt.Sprintf("faults-visitor-%d", i), Name: v.name, Reason: "faults"})
	return v, err
}

// write sends numbered messages. As the widget does, it sends each with the same id until the
// message is acknowledged.
func (v *visit) write(ctx context.Context) {
	for n := 1; ctx.Err() == nil; n++ {
		if v.quiet.Load() {
			return
		}
		for ctx.Err() == nil {
			began := time.Now()
			if err := v.send(ctx, n); err == nil {
				v.w.sheet.posted(began)
				v.w.sheet.ack(toOperator+v.name, n)
				break
			}
			v.w.pause(ctx, 20*time.Millisecond)
		}
		v.w.pause(ctx, v.w.pace)
	}
}

// five is how many times some messages are sent at the same time, as by a page that has got no
// answer and by the visitor's other tabs.
const five = 5

// send sends message n once; every tenth message it sends five times at once, and all answers must
// be the same.
func (v *visit) send(ctx context.Context, n int) error {
	ctx, cancel := context.WithTimeout(ctx, 3*time.Second)
	defer cancel()
	copies := 1
	if n%10 == 0 {
		copies = five
	}
	seqs, errs := make([]int64, copies), make([]error, copies)
	var group sync.WaitGroup
	for i := range copies {
		group.Go(func() {
			var s visitor.Stored
			s, errs[i] = v.conv.Write(ctx, fmt.Sprintf("%s-message-number-%d", v.name, n), fmt.Sprintf("%s %d", v.name, n))
			seqs[i] = s.Seq
		})
	}
	group.Wait()
	if err := errors.Join(errs...); err != nil {
		return err
	}
	for _, seq := range seqs {
		if seq != seqs[0] {
			v.w.sheet.differ(toOperator+v.name, n)
		}
	}
	return nil
}

// read reads the event stream, and opens it again from the last event on whenever it ends.
func (v *visit) read(ctx context.Context) {
	last := int64(0)
	for ctx.Err() == nil {
		s, err := v.conv.Stream(ctx, last)
		if err != nil {
			v.w.pause(ctx, 20*time.Millisecond)
			continue
		}
		for {
			e, err := s.Next()
			if err != nil {
				break
			}
			if e.Seq == 0 {
				continue
			}
			if who, n, ok := numbered(e.Text); ok && who == "to-"+v.name {
				v.w.sheet.come(toVisitor+v.name, n, false) // an event shown twice counts as repeated
			}
			last = max(last, e.Seq)
		}
		s.Close()
	}
}

// numbered reads "name 12".
func numbered(s string) (name string, n int, ok bool) {
	c, err := fmt.Sscanf(s, "%s %d", &name, &n)
	return name, n, err == nil && c == 2
}

// staff is an operator, who logs in again whenever the connection ends. A receipt (XEP-0184)
// acknowledges a message. As clients do, staff sends no message again that got no receipt.
type staff struct {
	w     *world
	user  string
	hear  func(*stream.Element) // is told of what the desk says; may be nil
	quiet atomic.Bool
	mu    sync.Mutex
	c     *operator.Client
	jids  map[string]string // visitor's name → JID
	names map[string]string
	seen  map[string]bool // the stanza ids that came, by which a client knows a repetition
}

func newStaff(w *world, user string) *staff {
	return &staff{w: w, user: user, jids: map[string]string{}, names: map[string]string{}, seen: map[string]bool{}}
}

func (s *staff) serve(visits []*visit) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, v := range visits {
		s.jids[v.name], s.names[v.conv.Visitor] = v.conv.Visitor, v.name
	}
}

func (s *staff) client() *operator.Client {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.c
}

// read reads what comes, and logs in again whenever the connection ends.
func (s *staff) read(ctx context.Context) {
	for ctx.Err() == nil {
		c, err := operator.Login(s.w.server.ClientAddr(), "localhost", s.user, "demo", "faults", "none")
		if err != nil {
			s.w.pause(ctx, 50*time.Millisecond)
			continue
		}
		c.Tap(func(el *stream.Element) { s.take(c, el) })
		c.Presence("")
		s.mu.Lock()
		s.c = c
		s.mu.Unlock()
		stop := context.AfterFunc(ctx, func() { c.Close(false) })
		c.Wait()
		stop()
		c.Close(false)
	}
}

// take takes in a stanza: a visitor's message, or a receipt.
func (s *staff) take(c *operator.Client, el *stream.Element) {
	if el.Local != "message" {
		return
	}
	bare, _, _ := strings.Cut(el.Get("from"), "/")
	if el.Get("type") == "error" {
		if name, n, ok := numbered(strings.Replace(el.Get("id"), "/", " ", 1)); ok {
			s.w.sheet.refuse(toVisitor+name, n)
		}
		return
	}
	if bare == desk && s.hear != nil {
		s.hear(el)
	}
	if r := el.Child("urn:xmpp:receipts", "received"); r != nil {
		if name, n, ok := numbered(strings.Replace(r.Get("id"), "/", " ", 1)); ok {
			s.w.sheet.ack(toVisitor+name, n)
		}
		return
	}
	id := el.Get("id")
	if el.Child("urn:xmpp:receipts", "request") != nil {
		c.Send(stream.New("", "message", stream.New("urn:xmpp:receipts", "received").With("id", id)).With("type", "chat", "to", bare))
	}
	if name, n, ok := numbered(el.ChildText("", "body")); ok && strings.HasPrefix(name, "anna") {
		s.w.sheet.come(toOperator+name, n, el.Child("urn:xmpp:delay", "delay") != nil)
		return
	}
	s.transcript(el.ChildText("", "body"))
}

// transcript takes in the visitor's words from a transcript, which has the messages from before the
// conversation was taken, or taken again.
func (s *staff) transcript(body string) {
	for line := range strings.Lines(body) {
		if _, text, ok := strings.Cut(line, ": "); ok {
			if name, n, ok := numbered(text); ok && strings.HasPrefix(name, "anna") && strings.Contains(line, "] "+name+":") {
				s.w.sheet.come(toOperator+name, n, false)
			}
		}
	}
}

// write sends numbered messages to the i-th visitor.
func (s *staff) write(ctx context.Context, i int) {
	name := s.w.visits[i].name
	for n := 1; ctx.Err() == nil && !s.quiet.Load(); n++ {
		if c := s.client(); c != nil {
			at := time.Now()
			err := c.Chat(s.jids[name], fmt.Sprintf("%s/%d", name, n), fmt.Sprintf("to-%s %d", name, n))
			if errors.Is(err, context.Canceled) {
				return
			}
			if err == nil {
				s.w.sheet.send(toVisitor+name, n, at)
			}
		}
		s.w.pause(ctx, s.w.pace)
	}
}
