package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"porchlight/demo"
	"porchlight/demo/pgd"
	"porchlight/demo/xmppd"
	"porchlight/e2e/rig"
)

// idleFor is how long idle streams are watched.
const idleFor = 30 * time.Second

// warm is how many visitors of each node come before its memory is measured, so that connections to the database and the like are there.
const warm = 1000

// idleNodes has the same n idle visitors at one program on SQLite, and spread over three nodes on PostgreSQL, and prints what
// each of them costs there.
func idleNodes(ctx context.Context, bin, dir string, n int) error {
	if err := roomFor(n); err != nil {
		return err
	}
	dir = filepath.Join(dir, "nodes")
	if err := os.MkdirAll(filepath.Join(dir, "one"), 0o755); err != nil {
		return err
	}
	one, err := newSite(ctx, bin, filepath.Join(dir, "one"))
	if err != nil {
		return err
	}
	seats, err := openMany("http://"+one.program.Web, n)
	if err == nil {
		err = idle("1 node, SQLite", []*site{one}, seats)
	}
	one.close()
	if err != nil {
		return err
	}
	server, err := xmppd.Start(ctx, xmppd.Config{Dir: dir, Host: demo.Host, Component: demo.Domain, Secret: rig.Secret, Accounts: demo.Accounts()})
	if err != nil {
		return err
	}
	defer server.Stop()
	store, err := pgd.Start(ctx, pgd.Config{})
	if err != nil {
		return err
	}
	defer store.Close()
	url, err := store.Create("porchlight", "template0")
	if err != nil {
		return err
	}
	var nodes []*site
	for i := range 3 {
		node, err := newNode(ctx, bin, filepath.Join(dir, fmt.Sprint(i+1)), server, url, i+1)
		if err != nil {
			return err
		}
		defer node.close()
		nodes = append(nodes, node)
	}
	if seats, err = openMany("http://"+nodes[0].program.Web, n); err != nil {
		return err
	}
	return idle("3 nodes, PostgreSQL", nodes, seats)
}

// newNode starts one of several programs on a database, with metrics.
func newNode(ctx context.Context, bin, dir string, server *xmppd.Server, url string, number int) (s *site, err error) {
	s = &site{}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return s, err
	}
	if s.metrics, err = freeAddr(); err != nil {
		return s, err
	}
	s.program, err = rig.New(bin, dir, rig.Config{Server: server.ComponentAddr(), Store: url, More: fmt.Sprintf("metrics_listen = %q\n[cluster]\nnode = \"%d\"\n", s.metrics, number)})
	if err != nil {
		return s, err
	}
	return s, s.program.Start(ctx)
}

// idle lets visitors come to nodes in turn, and prints what each costs them all.
func idle(name string, nodes []*site, seats []seat) error {
	var live, streams float64
	var conns []int
	defer func() {
		for _, fd := range conns {
			syscall.Close(fd)
		}
	}()
	for i, node := range nodes {
		share := seats[i*len(seats)/len(nodes) : (i+1)*len(seats)/len(nodes)]
		var at [2]usage
		for j, some := range [][]seat{share[:warm], share[warm:]} {
			more, err := connectMany("http://"+node.program.Web, some)
			conns = append(conns, more...)
			if err != nil {
				return fmt.Errorf("open streams: %w", err)
			}
			if at[j], err = memory(node.metrics, node.program.Pid()); err != nil {
				return err
			}
		}
		live, streams = live+at[1].live-at[0].live, streams+at[1].streams-at[0].streams
	}
	spent := func() (sum time.Duration) {
		for _, node := range nodes {
			sum += processorTime(node.program.Pid())
		}
		return sum
	}
	began := spent()
	time.Sleep(idleFor)
	fmt.Printf("%s: %.0f idle visitors, live heap and stacks %.0f bytes each, %.1f µs of processor time a second each\n", name, streams, live/streams,
		micros(spent()-began)/idleFor.Seconds()/streams)
	return nil
}
