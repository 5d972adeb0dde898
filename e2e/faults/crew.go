package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"time"

	"porchlight/demo"
	"porchlight/demo/pgd"
	"porchlight/demo/xmppd"
	"porchlight/e2e/balance"
	"porchlight/e2e/rig"
	"porchlight/e2e/visitor"
)

// crewWorld is a world with several nodes on one database.
type crewWorld struct {
	*world
	store  *pgd.Server
	nodes  []*crewNode
	via    *balance.Balancer
	olga   *staff
	takers []*taker
}

// crewNode is a node, with a proxy to the database and one to the XMPP server.
type crewNode struct {
	*rig.Program
	db, link *proxy
}

func (n *crewNode) close() {
	n.Program.Close()
	n.db.close()
	n.link.close()
}

// newCrewWorld starts the servers, and the nodes behind a balancer.
func newCrewWorld(ctx context.Context, o options, bin, dir string) (w *crewWorld, err error) {
	w = &crewWorld{world: &world{bin: bin, dir: dir, sheet: newSheet(), pace: o.pace}}
	defer func() {
		if err != nil {
			w.close()
		}
	}()
	w.sheet.spool = o.server == "ejabberd"
	w.server, err = xmppd.Start(ctx, xmppd.Config{Kind: o.server, Dir: dir, Host: demo.Host, Component: demo.Domain, Secret: rig.Secret, Accounts: demo.Accounts()})
	if err != nil {
		return w, err
	}
	if w.store, err = pgd.Start(ctx, pgd.Config{Settings: []string{"max_connections=300"}}); err != nil {
		return w, err
	}
	if _, err := w.store.Create("porchlight", "template0"); err != nil {
		return w, err
	}
	var webs []string
	for range o.nodes {
		web, err := xmppd.FreeAddr("127.0.0.1:0")
		if err != nil {
			return w, err
		}
		webs = append(webs, web)
	}
	if w.via, err = balance.New(uint64(o.seed), webs...); err != nil {
		return w, err
	}
	for i, web := range webs {
		if err := w.node(ctx, i, web); err != nil {
			return w, err
		}
	}
	return w, nil
}

// node starts the i-th node.
func (w *crewWorld) node(ctx context.Context, i int, web string) error {
	dir := filepath.Join(w.dir, fmt.Sprintf("node%d", i+1))
	if err := os.Mkdir(dir, 0o755); err != nil {
		return err
	}
	n := &crewNode{}
	var err error
	if n.db, err = newProxy(w.store.Socket()); err != nil {
		return err
	}
	if n.link, err = newProxy(w.server.ComponentAddr()); err != nil {
		return err
	}
	n.Program, err = rig.New(w.bin, dir, rig.Config{Server: n.link.addr(), Store: "postgres://postgres@" + n.db.addr() + "/porchlight?sslmode=disable&connect_timeout=2",
		Web: web, Public: w.via.URL, Super: []string{"xavi@localhost", "olga@localhost"}, Grace: "60s", More: fmt.Sprintf("[cluster]\nnode = \"%d\"\n", i+1)})
	if err != nil {
		return err
	}
	w.nodes = append(w.nodes, n)
	return n.Start(ctx)
}

// begin has n visitors and an operator talk, and short requests come, which two operators take.
func (w *crewWorld) begin(ctx context.Context, n int) error {
	client := visitor.New(w.via.URL)
	w.olga = newStaff(w.world, "olga")
	w.takers = []*taker{newTaker(w.olga)}
	if err := w.talk(ctx, client, n, func(ctx context.Context) {
		w.takers = append(w.takers, newTaker(w.op))
		w.talking.Go(func() { w.olga.read(ctx) })
		for _, t := range w.takers {
			w.talking.Go(func() { t.work(ctx) })
		}
	}); err != nil {
		return err
	}
	w.writing.Go(func() { w.ringer(w.until, client) })
	for _, v := range w.visits { // only who owns a conversation is told of gaps
		for {
			if s, err := v.conv.Snapshot(ctx); err == nil && s.State == "active" {
				break
			}
			if err := w.pause(ctx, 50*time.Millisecond); err != nil {
				return err
			}
		}
	}
	return nil
}

// check waits until all has come, and looks whether every promise was kept.
func (w *crewWorld) check(ctx context.Context) error {
	if err := w.settle(ctx); err != nil {
		return err
	}
	for end := time.Now().Add(time.Minute); time.Now().Before(end); { // the last words may wait at a busy node for some time
		if silent, _ := w.sheet.silent(); len(silent) == 0 {
			break
		}
		if err := w.pause(ctx, 100*time.Millisecond); err != nil {
			return err
		}
	}
	var errs []error
	for _, t := range w.takers {
		errs = append(errs, t.err)
	}
	for _, v := range w.visits {
		s, err := v.conv.Snapshot(ctx)
		if err == nil && s.State == "closed" {
			err = fmt.Errorf("%s's conversation is closed (%s), and the page was open all the time", v.name, s.Reason)
		}
		errs = append(errs, err)
	}
	return errors.Join(append(errs, w.sheet.crewVerdict())...)
}

func (w *crewWorld) close() {
	if w.stop != nil {
		w.stop()
	}
	for _, n := range w.nodes {
		n.close()
	}
	if w.via != nil {
		w.via.Close()
	}
	if w.store != nil {
		w.store.Close()
	}
	if w.server != nil {
		w.server.Stop()
	}
	w.talking.Wait()
	w.writing.Wait()
}

// crewFaults has everybody talk through several nodes while the faults happen.
func crewFaults(ctx context.Context, o options, random *rand.Rand, bin, dir string, out io.Writer) error {
	w, err := newCrewWorld(ctx, o, bin, dir)
	if err != nil {
		return err
	}
	defer w.close()
	if err := w.begin(ctx, 4); err != nil {
		return err
	}
	faults, err := w.plan(o.faults, o.only, random)
	if err != nil {
		return err
	}
	began := time.Now()
	for i, f := range faults {
		if err := w.pause(ctx, time.Duration(200+random.IntN(2500))*time.Millisecond); err != nil {
			return err
		}
		at := time.Now()
		if err := f.do(ctx); err != nil {
			return fmt.Errorf("%s: %w", f.name, err)
		}
		if o.verbose {
			fmt.Fprintf(out, "%s %3d %s (%v)\n", at.UTC().Format("15:04:05"), i+1, f.name, time.Since(at).Round(time.Millisecond))
		}
		if i%50 == 49 {
			fmt.Fprintf(out, "%4d faults, %v: %s; %s\n", i+1, time.Since(began).Round(time.Second), w.sheet.summary(), w.sheet.crewSummary())
		}
	}
	if err := w.measure(ctx, o.gaps, out); err != nil {
		return err
	}
	err = w.check(ctx)
	fmt.Fprintf(out, "%d nodes, %d faults in %v: %s; %s\n", o.nodes, o.faults, time.Since(began).Round(time.Second), w.sheet.summary(), w.sheet.crewSummary())
	return err
}
