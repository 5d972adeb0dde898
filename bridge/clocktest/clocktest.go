// Package clocktest has the clock of tests: it stands still until a test moves it.
package clocktest

import (
	"sync"
	"time"
)

// Clock is a bridge.Clock that a test moves. Any goroutine may use it.
type Clock struct {
	mu  sync.Mutex
	now time.Time
}

// At makes a clock that shows t.
func At(t time.Time) *Clock { return &Clock{now: t} }

// Now implements bridge.Clock.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// Move lets time pass.
func (c *Clock) Move(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// Jump sets the clock, as an administrator or the end of a suspension does.
func (c *Clock) Jump(by time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(by).In(time.FixedZone((setAt(c.now) + by).String(), 0))
}

// Passed is how much time has passed since a Now of this clock: what Jump adds has not passed. The
// name of a time's zone says by how much the clock had been set then.
func (c *Clock) Passed(since time.Time) time.Duration {
	now := c.Now()
	return now.Sub(since) - (setAt(now) - setAt(since))
}

func setAt(t time.Time) time.Duration {
	d, _ := time.ParseDuration(t.Location().String()) // UTC: the clock had not been set
	return d
}
