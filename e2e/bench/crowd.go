package main

import (
	"context"
	"fmt"
	"path/filepath"
	"syscall"
	"time"
)

// active is how many of a crowd's conversations have messages flowing.
const active = 500

// crowd has messages flow in some conversations of two programs in turn: n idle visitors are beside
// the one's, and none beside the other's. Each idle visitor has a conversation and an open event
// stream. crowd prints how much memory an idle visitor costs the program, and how much latency the
// others.
func crowd(ctx context.Context, bin, dir string, n, each int) error {
	if err := roomFor(n); err != nil {
		return err
	}
	among, err := newHall(ctx, bin, filepath.Join(dir, "crowd"), n)
	if err != nil {
		return err
	}
	defer among.close()
	without, err := newHall(ctx, bin, filepath.Join(dir, "alone"), n)
	if err != nil {
		return err
	}
	defer without.close()
	both := []*hall{among, without}
	for _, h := range both {
		if err := h.warmUp(ctx); err != nil {
			return fmt.Errorf("warm up: %w", err)
		}
	}
	one, err := costOfOne(among)
	if err != nil {
		return err
	}
	for turn := range turns {
		for i := range both {
			if err := both[(i+turn)%2].measure(each / turns); err != nil {
				return fmt.Errorf("turn %d: %w", turn, err)
			}
		}
	}
	fmt.Printf("%d idle visitors with open streams (%.0f parked in all): live heap and stacks %+.0f bytes each, resident memory %+.0f bytes each\n",
		n, one.streams, one.live, one.resident)
	for i, name := range directions {
		fmt.Printf("%s, in %d conversations among them: median %.2f × without, p99 %.2f ×\n", name, active,
			float64(median(among.came[i]))/float64(median(without.came[i])), float64(percentile(among.came[i], 99))/float64(percentile(without.came[i], 99)))
	}
	fmt.Println()
	return nil
}

// roomFor reports an error if the program would close idle connections to make room for a crowd of
// n: it does so once three quarters of the files that it may open are taken.
func roomFor(n int) error {
	var files syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &files); err != nil {
		return fmt.Errorf("read limit of open files: %w", err)
	}
	if need := uint64(n+3*active) * 4 / 3; need > files.Cur {
		return fmt.Errorf("a crowd of %d takes %d open files, and the system lets a program have %d: raise the limit (ulimit -n), or ask for a smaller crowd (-crowd)", n, need, files.Cur)
	}
	return nil
}

// hall is a site with messages flowing, and with the seats of a crowd.
type hall struct {
	*site
	flow  *flow
	seats []seat
	conns []int // of the crowd that has come
	came  [2][]time.Duration
}

func newHall(ctx context.Context, bin, dir string, n int) (h *hall, err error) {
	h = &hall{}
	defer func() {
		if err != nil {
			h.close()
		}
	}()
	if h.site, err = newSite(ctx, bin, dir); err != nil {
		return h, err
	}
	// Nobody is online yet, so the seats are tickets, which are closed at once.
	h.seats, err = openMany("http://"+h.program.Web, n)
	return h, err
}

// warmUp opens the conversations in which messages flow, and sends one in each, as the program
// soon closes a connection on which no request comes.
func (h *hall) warmUp(ctx context.Context) (err error) {
	if h.flow, err = newFlow(ctx, h.program.Web, h.server.ClientAddr()); err == nil {
		_, err = h.flow.both(active)
	}
	return err
}

// measure samples each direction.
func (h *hall) measure(each int) error {
	came, err := h.flow.both(each)
	for i := range came {
		h.came[i] = append(h.came[i], came[i]...)
	}
	return err
}

func (h *hall) close() {
	for _, fd := range h.conns {
		syscall.Close(fd)
	}
	if h.flow != nil {
		h.flow.close()
	}
	if h.site != nil {
		h.site.close()
	}
}

// costOfOne lets the crowd come, and returns what each of it costs.
func costOfOne(h *hall) (usage, error) {
	before, err := memory(h.metrics, h.program.Pid())
	if err != nil {
		return usage{}, err
	}
	if h.conns, err = connectMany("http://"+h.program.Web, h.seats); err != nil {
		return usage{}, fmt.Errorf("open streams: %w", err)
	}
	after, err := memory(h.metrics, h.program.Pid())
	n := float64(len(h.conns))
	return usage{live: (after.live - before.live) / n, resident: (after.resident - before.resident) / n, streams: after.streams}, err
}

// pairs measures each direction each times.
func pairs(c *chat, each int) (out [2][]time.Duration, err error) {
	for i, once := range []func() (time.Duration, error){c.toOperator, c.toVisitor} {
		if out[i], err = sample(each, once); err != nil {
			return out, err
		}
	}
	return out, nil
}
