package main

import (
	"fmt"
	"sync"
	"time"
)

// window is how many messages of a flood are on their way at one time: enough to
// keep every end busy, and fewer than the lanes of porchlight hold, which rightly
// refuse what is more.
const window = 2048

// patience is how long a counter waits while nothing at all comes.
const patience = time.Minute

// counter counts things on their way: those sent, and those that came or were
// refused. Any goroutine may use it.
type counter struct {
	mu      sync.Mutex
	news    sync.Cond
	sent    int // by send; what others send is only expected
	want    int
	came    int
	refused int
	last    time.Time // something came
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

// add says that n have come.
func (c *counter) add(n int) { c.note(n, 0) }

// refuse says that n have come back as errors.
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

// send says that n more are about to be sent, and returns when the window has
// room for them.
func (c *counter) send(n int) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.sent += n
	return c.until(func() bool { return c.sent-c.came-c.refused <= window })
}

// wait returns when all have come or were refused.
func (c *counter) wait() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.until(func() bool { return c.came+c.refused >= c.want })
}

// until waits as long as something comes. The lock is held.
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

// refusals is how many were refused.
func (c *counter) refusals() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.refused
}
