package crew

import (
	"context"
	"errors"
	"log/slog"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"porchlight/bridge"
)

const ttl = 5 * time.Second

// meeting is the store of a crew, in memory.
type meeting struct {
	mu     sync.Mutex
	nodes  map[string]Node
	lease  Lease
	until  time.Time
	ears   []*ear
	sent   []string // all payloads
	pagers []string
}

// ear is a connection that listens.
type ear struct {
	of     *place
	heard  chan string
	broken chan struct{}
}

// place is the meeting as one node reaches it.
type place struct {
	*meeting
	cut    bool          // nothing comes through
	mute   bool          // no Notify does, and it is told so
	eats   int           // so many of the next messages get lost, and nobody is told
	deaf   bool          // it hears nothing
	old    bool          // it sends no numbers
	slow   time.Duration // how long a Notify takes
	doubts int64
}

var errCut = errors.New("no way to the store")

// reach locks the meeting, unless nothing comes through.
func (p *place) reach() error {
	p.mu.Lock()
	if p.cut {
		p.mu.Unlock()
		return errCut
	}
	return nil
}

func (p *place) Beat(_ context.Context, n Node) error {
	if err := p.reach(); err != nil {
		return err
	}
	defer p.mu.Unlock()
	n.Seen, n.Started = time.Now(), time.Now()
	if was, known := p.nodes[n.ID]; known {
		n.Started = was.Started
	}
	p.nodes[n.ID] = n
	return nil
}

func (p *place) Nodes(context.Context) (list []Node, err error) {
	if err := p.reach(); err != nil {
		return nil, err
	}
	defer p.mu.Unlock()
	for _, n := range p.nodes {
		n.Alive = time.Since(n.Seen) < 10*time.Second
		list = append(list, n)
	}
	slices.SortFunc(list, func(a, b Node) int { return strings.Compare(a.ID, b.ID) })
	return list, nil
}

func (p *place) Bury(_ context.Context, id string) error {
	if err := p.reach(); err != nil {
		return err
	}
	defer p.mu.Unlock()
	delete(p.nodes, id)
	p.pagers = slices.DeleteFunc(p.pagers, func(x string) bool { return x == id })
	return nil
}

func (p *place) Take(_ context.Context, holder string, ttl time.Duration) (Lease, error) {
	if err := p.reach(); err != nil {
		return Lease{}, err
	}
	defer p.mu.Unlock()
	switch now := time.Now(); {
	case !now.Before(p.until):
		p.lease, p.until = Lease{Holder: holder, Epoch: p.lease.Epoch + 1}, now.Add(ttl)
	case p.lease.Holder == holder:
		p.until = now.Add(ttl)
	}
	l := p.lease
	l.Left = time.Until(p.until)
	return l, nil
}

func (p *place) Release(_ context.Context, t bridge.Tenure) error {
	if err := p.reach(); err != nil {
		return err
	}
	defer p.mu.Unlock()
	if p.lease.Tenure() == t {
		p.lease.Holder, p.until = "", time.Time{}
	}
	return nil
}

func (p *place) Notify(_ context.Context, payload string) error {
	p.mu.Lock()
	slow := p.slow
	p.mu.Unlock()
	time.Sleep(slow)
	if err := p.reach(); err != nil {
		return err
	}
	defer p.mu.Unlock()
	if p.mute {
		return errCut
	}
	p.sent = append(p.sent, payload)
	if p.eats > 0 {
		p.eats--
		return nil
	}
	if p.old {
		payload = regexp.MustCompile(`"i":\d+,?`).ReplaceAllString(payload, "")
	}
	for _, e := range p.ears {
		if !e.of.deaf {
			e.heard <- payload
		}
	}
	return nil
}

func (p *place) Doubts() int64 {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.doubts
}

func (p *place) Listen(ctx context.Context, heard func(string)) error {
	if err := p.reach(); err != nil {
		return err
	}
	e := &ear{p, make(chan string, 1000), make(chan struct{})}
	p.ears = append(p.ears, e)
	p.mu.Unlock()
	heard("")
	for {
		select {
		case payload := <-e.heard:
			heard(payload)
		case <-e.broken:
			return errCut
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// deafen breaks all connections that listen.
func (m *meeting) deafen() {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, e := range m.ears {
		close(e.broken)
	}
	m.ears = nil
}

func (p *place) View(_ context.Context, f func(bridge.Reader) error) error {
	if err := p.reach(); err != nil {
		return err
	}
	defer p.mu.Unlock()
	return f(reader{pagers: slices.Clone(p.pagers)})
}

type reader struct {
	bridge.Reader
	pagers []string
}

func (r reader) Pagers() ([]string, error) { return r.pagers, nil }

// member is a node of the tests.
type member struct {
	*Crew
	place  *place
	leave  func()        // ends Run, and returns when it has ended
	enough chan struct{} // held returns when it gets an element

	mu       sync.Mutex
	did      []string // what the bridge was told, in words
	heard    []bridge.Hint
	sweeps   []time.Time
	fails    error // what Hear returns
	linkedAt time.Time

	cantMourn, cantFollow error
	cantSweep             int // so many times
	holds                 bool
	refuses               error // what Take returns
	tenure                bridge.Tenure
	follows               bool
}

// join starts a node.
func (m *meeting) join(t *testing.T, id string) *member {
	t.Helper()
	x := &member{place: &place{meeting: m}, enough: make(chan struct{})}
	x.Crew = New(x.place, Options{Node: Node{ID: id, Name: id, Shared: "same"}, TTL: ttl, Log: slog.New(slog.DiscardHandler)})
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		x.Run(ctx, x, x.held)
	}()
	x.leave = func() { cancel(); <-ended }
	return x
}

func newMeeting() *meeting { return &meeting{nodes: make(map[string]Node)} }

func (x *member) held(ctx context.Context) {
	t, _ := bridge.TenureOf(ctx)
	x.note(func() { x.holds, x.tenure, x.linkedAt = true, t, time.Now() })
	select {
	case <-ctx.Done():
	case <-x.enough:
	}
	x.note(func() { x.holds = false; x.did = append(x.did, "closed the link") })
}

func (x *member) note(f func()) {
	x.mu.Lock()
	defer x.mu.Unlock()
	f()
}

// ask returns what f finds.
func ask[T any](x *member, f func() T) T {
	x.mu.Lock()
	defer x.mu.Unlock()
	return f()
}

func (x *member) holding() bool { return ask(x, func() bool { return x.holds }) }

func (x *member) Take(_ context.Context, t bridge.Tenure) error {
	x.note(func() { x.did = append(x.did, "took") })
	return ask(x, func() error { return x.refuses })
}

func (x *member) Drop() { x.note(func() { x.did = append(x.did, "dropped") }) }

func (x *member) Follow(_ context.Context, held bool) error {
	x.note(func() { x.follows = held })
	return ask(x, func() error { return x.cantFollow })
}

func (x *member) Mourn(_ context.Context, id string) error {
	x.note(func() { x.did = append(x.did, "mourned "+id) })
	return ask(x, func() error { return x.cantMourn })
}

func (x *member) Sweep(context.Context) error {
	return ask(x, func() error {
		x.sweeps = append(x.sweeps, time.Now())
		if x.cantSweep--; x.cantSweep >= 0 {
			return errCut
		}
		return nil
	})
}

func (x *member) Hear(_ context.Context, h bridge.Hint) error {
	x.note(func() { x.heard = append(x.heard, h) })
	return ask(x, func() error { return x.fails })
}
