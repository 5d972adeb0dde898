package main

import (
	"fmt"
	"sync"
	"time"
)

// window is how many messages of a flood are on their way at the same time. That is enough to keep
// every end busy, and less than the lanes of porchlight hold, which refuse the rest.
const window = 2048

// patience is how long a counter waits while nothing at all comes.
const patience = time.Minute

// counter counts messages that were sent, and those that came or were refused. Its methods may be
// called by any goroutine.
type counter struct {
	mu      sync.Mutex
	news    sync.Cond
	sent    int // counted by send; messages of other senders are only expected
	want    int
	came    int
	refused int
	last    time.Time // when something came last
}

func newCounter() *counter {
	c := &counter{}
	c.news.L = &c.mu
	return c
}

// expect begins to count n things anew.
func (c *counter) expect(n int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.sent, c.want, c.came, c.refused, c.last = 0, n, 0, 0, time.Now()
}

// add counts n messages that have come.
func (c *counter) add(n int) { c.note(n, 0) }

// refuse counts n messages that have come back as errors.
func (c *counter) refuse(n int) { c.note(0, n) }

func (c *counter) note(came, refused int) {
	if came+refused == 0 {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.came, c.refused, c.last = c.came+came, c.refused+refused, time.Now()
	c.news.Broadcast()
}

// send counts n messages that are about to be sent, and returns when the window has room for
// them.
func (c *counter) send(n int) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.sent += n
	return c.until(func() bool { return c.sent-c.came-c.refused <= window })
}

// wait returns when all expected messages have come or were refused.
func (c *counter) wait() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.until(func() bool { return c.came+c.refused >= c.want })
}

// until waits until done returns true, and gives up when nothing has come for the time of
// patience. The lock is held.
func (c *counter) until(done func() bool) error {
	for !done() {
		rest := time.Until(c.last.Add(patience))
		if rest <= 0 {
			return fmt.Errorf("%d of %d did not come (%d were refused), and nothing else for %v", c.want-c.came-c.refused, c.want, c.refused, patience)
		}
		wake := time.AfterFunc(rest, func() {
			c.mu.Lock()
			defer c.mu.Unlock()
			c.news.Broadcast()
		})
		c.news.Wait()
		wake.Stop()
	}
	return nil
}

// refusals returns how many messages were refused.
func (c *counter) refusals() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.refused
}
