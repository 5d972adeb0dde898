package main

import (
	"context"
	"fmt"
	"sync"
	"time"

	"porchlight/demo"
	"porchlight/demo/xmppd"
	"porchlight/e2e/rig"
	"porchlight/e2e/visitor"
)

// world is everything that runs: the server, the bridge, a proxy on either side of the bridge, the
// operator and the visitors.
type world struct {
	bin, dir string
	server   *xmppd.Server
	link     *proxy // between the bridge and the server
	pages    *proxy // between the visitors and the bridge
	bridge   *rig.Program
	sheet    *sheet
	pace     time.Duration // between two messages of one writer
	op       *staff
	visits   []*visit
	stop     context.CancelFunc
	until    context.Context // ends with stop
	talking  sync.WaitGroup  // the goroutines that read
	writing  sync.WaitGroup  // the goroutines that write
}

// newWorld starts a server and prepares a bridge with its database at path.
func newWorld(ctx context.Context, kind, bin, dir, path string) (*world, error) {
	w := &world{bin: bin, dir: dir, sheet: newSheet(), pace: pace}
	w.sheet.spool = kind == "ejabberd"
	var err error
	w.server, err = xmppd.Start(ctx, xmppd.Config{Kind: kind, Dir: dir, Host: demo.Host, Component: demo.Domain, Secret: rig.Secret, Accounts: demo.Accounts()})
	if err != nil {
		return nil, err
	}
	if w.link, err = newProxy(w.server.ComponentAddr()); err != nil {
		return nil, err
	}
	if w.bridge, err = rig.New(bin, dir, rig.Config{Server: w.link.addr(), Path: path}); err != nil {
		return nil, err
	}
	w.pages, err = newProxy(w.bridge.Web)
	return w, err
}

func (w *world) pause(ctx context.Context, d time.Duration) error { return pause(ctx, d) }

// begin starts the bridge and n conversations, which the operator takes. Everybody then writes all
// the time.
func (w *world) begin(ctx context.Context, n int) error {
	if err := w.bridge.Start(ctx); err != nil {
		return err
	}
	return w.talk(ctx, visitor.New("http://"+w.pages.addr()), n, func(context.Context) {})
}

// talk begins n conversations and has everybody write. more is called before the operator logs in, with a context that ends with the
// world.
func (w *world) talk(ctx context.Context, client *visitor.Client, n int, more func(context.Context)) error {
	ctx, w.stop = context.WithCancel(ctx)
	w.until = ctx
	w.op = newStaff(w, "xavi")
	more(ctx)
	w.talking.Go(func() { w.op.read(ctx) })
	for end := time.Now().Add(20 * time.Second); ; {
		if s, err := client.Status(ctx); err == nil && s.Status == "online" {
			break
		}
		if time.Now().After(end) {
			return fmt.Errorf("the operator does not come online")
		}
		if err := w.pause(ctx, 20*time.Millisecond); err != nil {
			return err
		}
	}
	for i := range n {
		v, err := newVisit(ctx, w, client, i)
		for end := time.Now().Add(20 * time.Second); err != nil && time.Now().Before(end); { // a node may hear later than another that somebody is there
			if err := w.pause(ctx, 50*time.Millisecond); err != nil {
				return err
			}
			v, err = newVisit(ctx, w, client, i)
		}
		if err != nil {
			return err
		}
		w.visits = append(w.visits, v)
	}
	w.op.serve(w.visits)
	for i, v := range w.visits {
		w.writing.Go(func() { v.write(ctx) })
		w.talking.Go(func() { v.read(ctx) })
		w.writing.Go(func() { w.op.write(ctx, i) })
	}
	return nil
}

// settle ends the writing and waits until every acknowledged message has come.
func (w *world) settle(ctx context.Context) error {
	w.op.quiet.Store(true)
	for _, v := range w.visits {
		v.quiet.Store(true)
	}
	written := make(chan struct{}) // messages under way may still be acknowledged
	go func() { w.writing.Wait(); close(written) }()
	for end := time.Now().Add(90 * time.Second); !over(written) || len(w.sheet.missing()) > 0; {
		if time.Now().After(end) {
			return w.sheet.verdict()
		}
		if err := w.pause(ctx, 100*time.Millisecond); err != nil {
			return err
		}
	}
	return nil
}

func over(done <-chan struct{}) bool {
	select {
	case <-done:
		return true
	default:
		return false
	}
}

func (w *world) close() {
	if w.stop != nil {
		w.stop()
	}
	w.bridge.Close()
	w.pages.close()
	w.link.close()
	w.server.Stop()
	w.talking.Wait()
	w.writing.Wait()
}
