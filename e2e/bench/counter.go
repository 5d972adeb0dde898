package main

import (
	"fmt"
	"sync"
	"time"
)

// counter waits for a number of things. Any goroutine may use it.
type counter struct {
	mu   sync.Mutex
	left int
	done chan struct{}
}

// expect begins to count down from n.
func (c *counter) expect(n int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.left, c.done = n, make(chan struct{})
}

func (c *counter) add(n int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.left > 0 && c.left <= n {
		close(c.done)
	}
	c.left -= n
}

func (c *counter) wait() error {
	c.mu.Lock()
	done := c.done
	c.mu.Unlock()
	select {
	case <-done:
		return nil
	case <-time.After(60 * time.Second):
		c.mu.Lock()
		defer c.mu.Unlock()
		return fmt.Errorf("%d things did not come within a minute", c.left)
	}
}
