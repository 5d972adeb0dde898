package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
)

// plan returns n faults, as many of every kind, or of those whose names have the text.
func (w *crewWorld) plan(n int, only string, r *rand.Rand) (all []fault, err error) {
	kinds := slices.DeleteFunc(w.kinds(r), func(f fault) bool { return !strings.Contains(f.name, only) })
	if len(kinds) == 0 {
		return nil, fmt.Errorf("no fault is called %q", only)
	}
	for i := range n {
		all = append(all, kinds[i%len(kinds)])
	}
	r.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	return all, nil
}

// kinds are what may go wrong. Each has gone by when its function returns, but not what follows from it.
func (w *crewWorld) kinds(r *rand.Rand) []fault {
	between := func(least, most int) time.Duration { return time.Duration(least+r.IntN(most-least)) * time.Millisecond }
	some := func() *crewNode { return w.nodes[r.IntN(len(w.nodes))] }
	ways := func() *proxy { // to the database or to the server
		n := some()
		return []*proxy{n.db, n.link}[r.IntN(2)]
	}
	kinds := []fault{
		{"kill a node", func(ctx context.Context) error { return w.gone(ctx, some(), (*crewNode).kill, between(10, 3000)) }},
		{"end a node", func(ctx context.Context) error { return w.gone(ctx, some(), (*crewNode).end, between(10, 3000)) }},
		{"kill the holder", func(ctx context.Context) error {
			return w.gone(ctx, w.holder(ctx, some()), (*crewNode).kill, between(10, 8000))
		}},
		{"kill the holder, and whoever takes the link", func(ctx context.Context) error {
			return w.killBoth(ctx, w.holder(ctx, some()), between(1, 800), between(10, 3000))
		}},
		{"end the holder", func(ctx context.Context) error {
			return w.gone(ctx, w.holder(ctx, some()), (*crewNode).end, between(10, 3000))
		}},
		{"a node's machine dies", func(ctx context.Context) error { return w.gone(ctx, some(), (*crewNode).vanish, between(10, 8000)) }},
		{"freeze a node", func(ctx context.Context) error { return w.frozen(ctx, some(), between(3000, 20000)) }},
		{"freeze the holder", func(ctx context.Context) error { return w.frozen(ctx, w.holder(ctx, some()), between(3000, 20000)) }},
		{"cut a way", func(context.Context) error { ways().cut(false); return nil }},
		{"half-open a way", func(context.Context) error { ways().cut(true); return nil }},
		{"stall a way", func(ctx context.Context) error { return w.stalled(ctx, ways(), between(1000, 12000)) }},
		{"stall the holder's way to the database", func(ctx context.Context) error { return w.stalled(ctx, w.holder(ctx, some()).db, between(3000, 12000)) }},
		{"crash the database", func(ctx context.Context) error { return errors.Join(w.store.Crash(), w.store.Restart(ctx)) }},
		{"end a connection to the database", func(ctx context.Context) error { return w.terminate(ctx, "ORDER BY random() LIMIT 1") }},
		{"end all connections to the database", func(ctx context.Context) error { return w.terminate(ctx, "") }},
		{"restart the XMPP server", w.server.Restart},
	}
	return kinds
}

func (n *crewNode) kill() error { n.Kill(); return nil }
func (n *crewNode) end() error  { n.Stop(); return nil }

// vanish ends a node as the death of its machine does: nobody at the other end of its connections is told.
func (n *crewNode) vanish() error {
	if err := n.Freeze(); err != nil {
		return err
	}
	n.db.strand()
	n.link.strand()
	n.Kill()
	return nil
}

// gone ends a node, and starts it again later.
func (w *crewWorld) gone(ctx context.Context, n *crewNode, end func(*crewNode) error, down time.Duration) error {
	if err := end(n); err != nil {
		return err
	}
	if err := w.pause(ctx, down); err != nil {
		return err
	}
	return n.Start(ctx)
}

// killBoth kills the holder and, some time after another node has got the lease, that one. It starts both again later.
func (w *crewWorld) killBoth(ctx context.Context, first *crewNode, after, down time.Duration) error {
	first.Kill()
	second := first
	for end := time.Now().Add(10 * time.Second); second == first && time.Now().Before(end); {
		if err := w.pause(ctx, 5*time.Millisecond); err != nil {
			return err
		}
		for _, n := range w.nodes {
			if n != first && holds(ctx, n) {
				second = n
			}
		}
	}
	if second == first { // it was dead or frozen, or can't reach the database
		return errors.Join(w.pause(ctx, down), first.Start(ctx))
	}
	if err := w.pause(ctx, after); err != nil {
		return err
	}
	second.Kill()
	return errors.Join(w.pause(ctx, down), first.Start(ctx), second.Start(ctx))
}

func (w *crewWorld) frozen(ctx context.Context, n *crewNode, d time.Duration) error {
	if err := n.Freeze(); err != nil {
		return err
	}
	return errors.Join(w.pause(ctx, d), n.Thaw())
}

func (w *crewWorld) stalled(ctx context.Context, p *proxy, d time.Duration) error {
	p.setStall(true)
	err := w.pause(ctx, d)
	p.setStall(false)
	return err
}

// terminate ends connections of the nodes to the database from within.
func (w *crewWorld) terminate(ctx context.Context, which string) error {
	c, err := pgx.Connect(ctx, w.store.URL("porchlight"))
	if err != nil {
		return err
	}
	_, err = c.Exec(ctx, "SELECT pg_terminate_backend(pid) FROM (SELECT pid FROM pg_stat_activity WHERE datname = 'porchlight' AND pid <> pg_backend_pid() "+which+") AS c")
	return errors.Join(err, c.Close(ctx))
}

// holder returns the node that says that it has the link, or another if there is none at the moment.
func (w *crewWorld) holder(ctx context.Context, other *crewNode) *crewNode {
	for _, n := range w.nodes {
		if holds(ctx, n) {
			return n
		}
	}
	return other
}

func holds(ctx context.Context, n *crewNode) bool {
	ctx, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+n.Web+"/readyz", nil)
	if err != nil {
		return false
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		return false
	}
	defer answer.Body.Close()
	var r struct {
		Holds bool `json:"holds_link"`
	}
	return json.NewDecoder(answer.Body).Decode(&r) == nil && r.Holds
}

// measure kills and ends the holder some times, one at a time, and says for how long the desk was gone: the longest time in which no
// message of an operator was sent that was acknowledged. It compares the visitors' messages of the take-over with those before.
func (w *crewWorld) measure(ctx context.Context, times int, out io.Writer) error {
	for _, how := range []struct {
		name string
		end  func(*crewNode) error
	}{{"kill -9", (*crewNode).kill}, {"SIGTERM", (*crewNode).end}} {
		for range times {
			if err := w.calm(ctx); err != nil {
				return err
			}
			n := w.holder(ctx, w.nodes[0])
			began := time.Now()
			if err := errors.Join(how.end(n), w.calm(ctx, n), n.Start(ctx), w.calm(ctx)); err != nil {
				return err
			}
			gap := w.sheet.longestGap(began)
			before, m := w.sheet.percentile(0.99, began.Add(-5*time.Second), began.Add(-100*time.Millisecond))
			during, k := w.sheet.percentile(0.99, began, began.Add(max(gap, 2*time.Second)))
			fmt.Fprintf(out, "%s of the holder: the desk was gone for %v; p99 of the visitors' messages %v (of %d), before %v (of %d)\n", how.name,
				gap.Round(10*time.Millisecond), during.Round(time.Millisecond), k, before.Round(time.Millisecond), m)
		}
	}
	return nil
}

// calm waits until all nodes but some are ready, the desk answers what is written from now on, and some seconds have gone by.
func (w *crewWorld) calm(ctx context.Context, but ...*crewNode) error {
	for began := time.Now(); w.via.Ready() < len(w.nodes)-len(but) || !w.sheet.answeredSince(began); {
		if time.Since(began) > time.Minute {
			return fmt.Errorf("after a minute %d of %d nodes are ready, and the desk answers: %v", w.via.Ready(), len(w.nodes)-len(but), w.sheet.answeredSince(began))
		}
		if err := w.pause(ctx, 50*time.Millisecond); err != nil {
			return err
		}
	}
	return w.pause(ctx, 6*time.Second)
}
