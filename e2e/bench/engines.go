package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"porchlight/bridge"
	"porchlight/bridge/phrase"
	"porchlight/db/postgres"
	"porchlight/db/sqlite"
	"porchlight/demo/pgd"
)

// engine is a store that appends are measured on.
type engine struct {
	name  string
	store interface {
		bridge.Store
		io.Closer
	}
	tell  func(number, seq int64) // called after each commit; may be nil
	dir   string                  // the folder of its server; "": it has none
	url   string                  // of the database at that server
	took  []time.Duration
	sum   tally
	rates []float64
}

// tally is what a round has found.
type tally struct {
	messages int
	time     time.Duration
	cpu      time.Duration // of this process and of the server
}

// engineTalks is how many conversations are written in, and engineRound how long one engine is measured at a time.
const (
	engineTalks = 1000
	engineRound = 500 * time.Millisecond
)

// engines measures an append, in the steps of a visitor's message, on SQLite and on PostgreSQL, and there with hints to another
// node, and beside n closed conversations.
func engines(ctx context.Context, dir string, rounds, n int) error {
	dir = filepath.Join(dir, "engines")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	server, err := pgd.Start(ctx, pgd.Config{})
	if err != nil {
		return err
	}
	defer server.Close()
	file, err := sqlite.Open(ctx, filepath.Join(dir, "porchlight.db"), sqlite.Options{})
	if err != nil {
		return err
	}
	defer file.Close()
	list := []*engine{{name: "SQLite", store: file}}
	for _, name := range []string{"PostgreSQL", "with hints", "grown"} {
		e, err := inDatabase(ctx, server, name)
		if err != nil {
			return err
		}
		defer e.store.Close()
		list = append(list, e)
	}
	for _, e := range list {
		if err := e.seed(ctx); err != nil {
			return err
		}
	}
	for _, made := range []struct {
		e    *engine
		more int
	}{{list[1], 1}, {list[2], 1}, {list[3], n}} {
		if err := made.e.grow(ctx, made.more); err != nil {
			return err
		}
	}
	pair, err := newPair(ctx, list[2].url)
	if err != nil {
		return err
	}
	defer pair.close()
	list[2].tell = pair.told
	fmt.Printf("one append, %d rounds of %v; ratios to SQLite are medians of the rounds, processor time is that of both ends\n", rounds, engineRound)
	for _, senders := range []int{1, 16, 64} {
		if err := rotate(ctx, list, senders, rounds); err != nil {
			return err
		}
		for _, e := range list {
			fmt.Printf("%2d senders, %-10s %6.0f/s (%.2f), p50 %5.1f ms (%.1f), p99 %5.1f ms, %4.0f µs a message\n", senders, e.name, e.rate(), e.ratio(list[0]),
				millisOf(percentile(e.took, 50)), float64(percentile(e.took, 50))/float64(percentile(list[0].took, 50)), millisOf(percentile(e.took, 99)), micros(e.sum.cpu)/float64(e.sum.messages))
		}
		fmt.Printf("            hints: %.2f of the rate without, %s; beside %d closed conversations %.2f of the rate\n", list[2].ratio(list[1]), pair.ages(), n, list[3].ratio(list[1]))
	}
	fmt.Println()
	return nil
}

// inDatabase makes a database of its own.
func inDatabase(ctx context.Context, server *pgd.Server, name string) (*engine, error) {
	url, err := server.Create(strings.ReplaceAll(name, " ", "_"), "template0")
	if err != nil {
		return nil, err
	}
	store, err := postgres.Open(ctx, url, postgres.Options{})
	if err != nil {
		return nil, err
	}
	return &engine{name: name, store: store, dir: filepath.Dir(server.Log()), url: url}, nil
}

func millisOf(d time.Duration) float64 { return micros(d) / 1000 }

// seed stores the conversations.
func (e *engine) seed(ctx context.Context) error {
	return e.store.Update(ctx, func(tx bridge.Tx) error {
		if err := tx.SaveOperator(bridge.Operator{JID: xavi, Name: "Xavi"}); err != nil {
			return err
		}
		for i := range engineTalks {
			if err := backlog(tx, i, 1); err != nil {
				return err
			}
		}
		return nil
	})
}

// rotate measures all engines in turn, each round beginning with the next one. The first round is not counted.
func rotate(ctx context.Context, list []*engine, senders, rounds int) error {
	for _, e := range list {
		e.took, e.sum, e.rates = nil, tally{}, nil
	}
	for r := range rounds + 1 {
		for i := range list {
			e := list[(r+i)%len(list)]
			took, s, err := e.round(ctx, senders)
			if err != nil {
				return fmt.Errorf("%s: %w", e.name, err)
			}
			if r > 0 {
				e.took = append(e.took, took...)
				e.rates = append(e.rates, float64(s.messages)/s.time.Seconds())
				e.sum.messages, e.sum.cpu = e.sum.messages+s.messages, e.sum.cpu+s.cpu
			}
		}
	}
	return nil
}

// round has so many senders append for a while, each in conversations of its own.
func (e *engine) round(ctx context.Context, senders int) (took []time.Duration, s tally, err error) {
	var mu sync.Mutex
	var all sync.WaitGroup
	var over atomic.Bool
	time.AfterFunc(engineRound, func() { over.Store(true) })
	before, began := e.cpu(), time.Now()
	for w := range senders {
		all.Go(func() {
			var mine []time.Duration
			var failed error
			for n := w; !over.Load() && failed == nil; n += senders {
				at := time.Now()
				failed = e.append(ctx, int64(n%engineTalks)+1, fmt.Sprintf("v:%d-%d", at.UnixNano(), n))
				mine = append(mine, time.Since(at))
			}
			mu.Lock()
			defer mu.Unlock()
			took, err = append(took, mine...), firstError(err, failed)
		})
	}
	all.Wait()
	return took, tally{messages: len(took), time: time.Since(began), cpu: e.cpu() - before}, err
}

func firstError(a, b error) error {
	if a != nil {
		return a
	}
	return b
}

// append stores a visitor's message in the steps of the bridge.
func (e *engine) append(ctx context.Context, number int64, origin string) error {
	var seq int64
	err := e.store.Update(ctx, func(tx bridge.Tx) error {
		c, err := tx.Conversation(number)
		if err != nil {
			return err
		}
		if _, err := tx.EventByOrigin(number, origin); phrase.CodeOf(err) != phrase.CodeNotFound {
			return err
		}
		was, now := c.Seq, time.Now()
		c.Seq++
		seq = c.Seq
		c.Due.IdleWarn = now.Add(time.Hour)
		if err := tx.SaveConversation(c, was); err != nil {
			return err
		}
		return tx.Append(bridge.Event{Conversation: number, Seq: c.Seq, Type: bridge.EventMessage, At: now, From: bridge.FromVisitor, Name: "Anna", Text: text, Origin: origin})
	})
	if err == nil && e.tell != nil {
		e.tell(number, seq)
	}
	return err
}

// cpu is the processor time that this process and the engine's server have used so far.
func (e *engine) cpu() time.Duration {
	sum := processorTime(os.Getpid())
	if e.dir == "" {
		return sum
	}
	links, _ := filepath.Glob("/proc/[0-9]*/cwd")
	for _, l := range links {
		if at, err := os.Readlink(l); err == nil && strings.HasPrefix(at, e.dir+"/") { // the server's processes stand in its data
			pid, _ := strconv.Atoi(filepath.Base(filepath.Dir(l)))
			sum += processorTime(pid)
		}
	}
	return sum
}

func (e *engine) rate() float64 { return middle(e.rates) }

// ratio is the median of the rounds' ratios of the rates.
func (e *engine) ratio(to *engine) float64 {
	var list []float64
	for i := range e.rates {
		list = append(list, e.rates[i]/to.rates[i])
	}
	return middle(list)
}
