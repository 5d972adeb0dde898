package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"porchlight/component/stream"
	"porchlight/demo"
	"porchlight/demo/xmppd"
	"porchlight/e2e/operator"
	"porchlight/e2e/rig"
)

// talks is how many conversations go on at the same time under load.
const talks = 128

// throughput floods both directions and prints the rates beside the smaller of two floors: a bare
// component on the same server, and the store alone. Rates are medians over the rounds. Ratios are
// taken within each round, and their medians are printed.
func throughput(ctx context.Context, bin, dir, servers string, n, rounds int) error {
	for _, s := range []struct {
		name string
		cfg  xmppd.Config
	}{
		{"prosody", xmppd.Config{}},
		{"stock", xmppd.Config{Untuned: true}},
		{"ejabberd", xmppd.Config{Kind: "ejabberd"}},
	} {
		if !strings.Contains(servers, s.name) {
			continue
		}
		s.cfg.Dir = filepath.Join(dir, "on-"+s.name)
		s.cfg.Host, s.cfg.Component, s.cfg.Secret, s.cfg.Accounts = demo.Host, demo.Domain, rig.Secret, demo.Accounts()
		if err := os.MkdirAll(s.cfg.Dir, 0o755); err != nil {
			return err
		}
		fmt.Printf("messages a second on %s, %d of them in %d conversations, %d rounds:\n", s.name, n/talks*talks, talks, rounds)
		if err := onServer(ctx, bin, s.cfg, n/talks*talks, rounds); err != nil {
			return fmt.Errorf("%s: %w", s.name, err)
		}
	}
	return nil
}

// results are the rates and loads of each phase and the costs of the parts, one of each round, and
// how many messages were refused.
type results struct {
	rates   map[string][]float64
	loads   map[string][]load
	costs   []cost
	refused int
}

func onServer(ctx context.Context, bin string, cfg xmppd.Config, n, rounds int) error {
	server, err := xmppd.Start(ctx, cfg)
	if err != nil {
		return err
	}
	defer server.Stop()
	r := results{rates: make(map[string][]float64), loads: make(map[string][]load)}
	for range rounds {
		if err := r.parts(ctx, server, cfg.Dir, n); err != nil {
			return fmt.Errorf("parts: %w", err)
		}
		if err := r.floors(ctx, server, cfg.Dir, n); err != nil {
			return err
		}
		if err := r.program(ctx, bin, server, cfg.Dir, n); err != nil {
			return err
		}
	}
	r.print()
	return nil
}

// timed runs a phase of n messages, and notes its rate and load.
func (r *results) timed(phase string, server, program, n int, f func() error) error {
	began := time.Now()
	l, err := spent(server, program, n, f)
	if err != nil {
		return fmt.Errorf("%s: %w", phase, err)
	}
	r.rates[phase] = append(r.rates[phase], float64(n)/time.Since(began).Seconds())
	r.loads[phase] = append(r.loads[phase], l)
	return nil
}

// parts measures what each part of a message costs alone.
func (r *results) parts(ctx context.Context, server *xmppd.Server, dir string, n int) error {
	sub, err := os.MkdirTemp(dir, "parts-")
	if err != nil {
		return err
	}
	p, err := startParts(ctx, sub, server)
	if err != nil {
		return err
	}
	defer p.close()
	c, err := p.measure(n)
	r.costs = append(r.costs, c)
	return err
}

func (r *results) floors(ctx context.Context, server *xmppd.Server, dir string, n int) error {
	b, err := newBare(ctx, server)
	if err != nil {
		return fmt.Errorf("bare component: %w", err)
	}
	defer b.close()
	if err := r.timed("down", server.Pid(), 0, n, func() error { return b.down(n, false) }); err != nil {
		return err
	}
	if err := r.timed("whole", server.Pid(), 0, n, func() error { return b.down(n, true) }); err != nil {
		return err
	}
	if err := r.timed("up", server.Pid(), 0, n, func() error { return b.up(n, false) }); err != nil {
		return err
	}
	if err := r.timed("acknowledged", server.Pid(), 0, n, func() error { return b.up(n, true) }); err != nil {
		return err
	}
	sub, err := os.MkdirTemp(dir, "log-")
	if err != nil {
		return err
	}
	l, err := newLog(ctx, sub)
	if err != nil {
		return fmt.Errorf("bare store: %w", err)
	}
	defer l.close()
	return r.timed("log", server.Pid(), 0, n, func() error { return l.append(n, byVisitor) })
}

func (r *results) program(ctx context.Context, bin string, server *xmppd.Server, dir string, n int) error {
	sub, err := os.MkdirTemp(dir, "program-")
	if err != nil {
		return err
	}
	p, err := rig.New(bin, sub, rig.Config{Server: server.ComponentAddr(), Path: filepath.Join(sub, "porchlight.db")})
	if err != nil {
		return err
	}
	defer p.Close()
	if err := p.Start(ctx); err != nil {
		return err
	}
	defer p.Stop()
	first, err := newChat(ctx, &program{web: "http://" + p.Web, xmpp: server.ClientAddr()})
	if err != nil {
		return err
	}
	f, err := newFlood(first, p.Web)
	if err != nil {
		return err
	}
	defer f.close()
	if err := r.timed("to operator", server.Pid(), p.Pid(), n, func() error { return f.toOperator(n) }); err != nil {
		return err
	}
	if err := r.timed("to visitors", server.Pid(), p.Pid(), n, func() error { return f.toVisitors(n) }); err != nil {
		return err
	}
	err = r.timed("with receipts", server.Pid(), p.Pid(), n, func() error { return f.acknowledged(n) })
	r.refused += f.refused
	return err
}

func (r *results) print() {
	r.printCosts()
	rate := func(phase string) float64 { return middle(r.rates[phase]) }
	fmt.Printf("bare component to client %.0f (%.0f with receipt request, marker, chat state and origin-id), back %.0f (%.0f with receipts), store alone %.0f\n",
		rate("down"), rate("whole"), rate("up"), rate("acknowledged"), rate("log"))
	for _, d := range []struct{ name, phase, floor string }{
		{"visitors to operator", "to operator", "down"},
		{"visitors to operator, beside messages with the same in them", "to operator", "whole"},
		{"operator to visitors", "to visitors", "up"},
		{"operator to visitors, with receipts back", "with receipts", "acknowledged"},
	} {
		var ratios []float64
		for i, got := range r.rates[d.phase] {
			ratios = append(ratios, got/min(r.rates[d.floor][i], r.rates["log"][i]))
		}
		fmt.Printf("%s %.0f, %.2f of the smaller floor\n", d.name, rate(d.phase), middle(ratios))
	}
	fmt.Printf("refused: %d\n\n", r.refused)
}

// printCosts prints the processor time that porchlight and the parts use for a message. Each ratio
// is of one round.
func (r *results) printCosts() {
	parts := func(f func(cost) time.Duration) float64 {
		var all []float64
		for _, c := range r.costs {
			all = append(all, micros(f(c)))
		}
		return middle(all)
	}
	fmt.Printf("processor time of the parts alone: HTTP exchange %.0f µs, durable append %.0f µs (an operator's message: %.0f µs), stanza written %.0f µs, event written %.0f µs\n",
		parts(func(c cost) time.Duration { return c.exchange }), parts(func(c cost) time.Duration { return c.visitor }), parts(func(c cost) time.Duration { return c.operator }),
		parts(func(c cost) time.Duration { return c.stanza }), parts(func(c cost) time.Duration { return c.event }))
	for _, phase := range []string{"to operator", "to visitors", "with receipts"} {
		var program, server, clients, ratios []float64
		for i, l := range r.loads[phase] {
			program, server, clients = append(program, micros(l.program)), append(server, micros(l.server)), append(clients, micros(l.clients))
			ratios = append(ratios, micros(l.program)/micros(r.costs[i].of(phase)))
		}
		fmt.Printf("processor time a message, %s: porchlight %.0f µs, %.2f × the parts, %.0f µs (server %.0f µs, clients %.0f µs)\n",
			phase, middle(program), middle(ratios), parts(func(c cost) time.Duration { return c.of(phase) }), middle(server), middle(clients))
	}
}

// flood is many conversations of one operator.
type flood struct {
	web     string
	op      *operator.Client
	chats   []*chat
	streams []func()
	came    *counter                // bodies and receipts at the operator
	shown   *counter                // messages at the visitors
	now     atomic.Pointer[counter] // the counter of what the operator sends
	refused int
	written int // how many messages each visitor has written so far
}

// newFlood opens further conversations beside the first one, all with the same operator.
func newFlood(first *chat, web string) (*flood, error) {
	f, err := openTalks(first, web, talks)
	if err != nil {
		return nil, err
	}
	for _, c := range f.chats {
		messages := finder{needle: []byte(`"from":"operator"`)}
		if err := f.stream(c, func(b []byte) { f.shown.add(messages.count(b)) }); err != nil {
			return nil, err
		}
	}
	return f, f.hear("<body>v ", "<received")
}

// hear counts what comes to the operator, and what comes back as an error.
func (f *flood) hear(needles ...string) error {
	errors := finder{needle: []byte("<error ")}
	all := make([]finder, len(needles))
	for i, n := range needles {
		all[i].needle = []byte(n)
	}
	return f.op.Flow(func(b []byte) {
		for i := range all {
			f.came.add(all[i].count(b))
		}
		f.now.Load().refuse(errors.count(b))
	})
}

// openTalks opens n conversations, the first one included.
func openTalks(first *chat, web string, n int) (*flood, error) {
	f := &flood{web: web, came: newCounter(), shown: newCounter()}
	f.now.Store(f.came)
	first.cancel() // ends the first one's stream, which decodes each event
	f.op, f.chats = first.op, []*chat{first}
	first.op.Tap(func(*stream.Element) {})
	for i := 1; i < n; i++ {
		c, err := first.another(i)
		if err != nil {
			return nil, err
		}
		f.chats = append(f.chats, c)
	}
	return f, nil
}

// stream opens a conversation's event stream, whose bytes go to f.
func (f *flood) stream(c *chat, take func([]byte)) error {
	s, err := streamTo(f.web, "/v1/conversations/"+c.id+"/events", c.token, take)
	if err == nil {
		f.streams = append(f.streams, func() { s.Close() })
	}
	return err
}

func (f *flood) close() {
	for _, end := range f.streams {
		end()
	}
	f.op.Close(true)
}

// toOperator has every visitor write one message after the other, each when the one before is
// acknowledged, and waits until the operator has all of them.
func (f *flood) toOperator(n int) error {
	f.came.expect(n)
	first := f.written
	f.written += n / talks
	var group sync.WaitGroup
	errs := make(chan error, talks)
	for _, c := range f.chats {
		w, err := dialWire(f.web, "/v1/conversations/"+c.id+"/messages", c.token)
		if err != nil {
			return err
		}
		defer w.conn.Close()
		group.Go(func() {
			for i := range n / talks {
				if err := w.post(fmt.Appendf(nil, `{"client_id":"flood-%016d","text":"v %s"}`, first+i, text)); err != nil {
					errs <- err
					return
				}
			}
		})
	}
	group.Wait()
	close(errs)
	if err := <-errs; err != nil {
		return err
	}
	return f.came.wait()
}

// toVisitors has the operator write to all visitors, and waits until their pages have all messages.
func (f *flood) toVisitors(n int) error {
	f.shown.expect(n)
	f.now.Store(f.shown)
	if err := floodFrom(f.op, f.shown, n, false, func(i int) string { return f.chats[i%talks].visitor }); err != nil {
		return err
	}
	err := f.shown.wait()
	f.refused += f.shown.refusals()
	return err
}

// acknowledged does as toVisitors, with requests for receipts, and waits for the receipts.
func (f *flood) acknowledged(n int) error {
	f.came.expect(n)
	f.now.Store(f.came)
	if err := floodFrom(f.op, f.came, n, true, func(i int) string { return f.chats[i%len(f.chats)].visitor }); err != nil {
		return err
	}
	err := f.came.wait()
	f.refused += f.came.refusals()
	return err
}
