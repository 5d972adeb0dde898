package main

import (
	"context"
	"crypto/rand"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"

	"porchlight/component/stream"
	"porchlight/e2e/visitor"
)

// ringEvery is the time between two short requests; more of them would be a storm.
const ringEvery = 2500 * time.Millisecond

var (
	offerText = regexp.MustCompile(`(?m)^#(\d+) ring\d+, `)
	sumText   = regexp.MustCompile(`(?m)^(?:\d+ waits?: |Offered again, ).*$`) // what waits, told to who comes online
	ringText  = regexp.MustCompile(`#(\d+) ring\d+`)
	yoursText = regexp.MustCompile(`(?m)^#(\d+) is yours`)
	theirText = regexp.MustCompile(`(?m)^#(\d+) (?:was )?taken by`)
	gapText   = regexp.MustCompile(`The link to the server was down from (\d\d:\d\d:\d\d) to (\d\d:\d\d:\d\d) UTC`)
)

// taker takes every short request that the desk offers to an operator, and says so again until it is answered: a line may get lost with
// a link.
type taker struct {
	s    *staff
	mu   sync.Mutex
	open map[int64]bool
	err  error
}

func newTaker(s *staff) *taker {
	t := &taker{s: s, open: make(map[int64]bool)}
	s.hear = t.hear
	return t
}

// hear takes in what the desk says.
func (t *taker) hear(el *stream.Element) {
	body := el.ChildText("", "body")
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, number := range numbersIn(ringText, body) {
		t.s.w.sheet.named(number, t.s.user+": "+body)
	}
	for _, number := range append(numbersIn(offerText, body), numbersIn(ringText, strings.Join(sumText.FindAllString(body, -1), "\n"))...) {
		t.s.w.sheet.ask(number)
		if !t.s.w.sheet.taken(number) {
			t.open[number] = true
		}
	}
	for _, number := range numbersIn(yoursText, body) {
		t.s.w.sheet.take(number, t.s.user)
		delete(t.open, number)
	}
	for _, number := range numbersIn(theirText, body) {
		delete(t.open, number)
	}
	if t.s != t.s.w.op { // the words are those of another operator
		return
	}
	for _, m := range gapText.FindAllStringSubmatch(body, -1) {
		if err := t.s.w.sheet.told(m[1], m[2], time.Now()); err != nil && t.err == nil {
			t.err = err
		}
	}
}

// numbersIn returns the numbers of the requests that a text tells of.
func numbersIn(of *regexp.Regexp, body string) (list []int64) {
	for _, m := range of.FindAllStringSubmatch(body, -1) {
		if n, err := strconv.ParseInt(m[1], 10, 64); err == nil {
			list = append(list, n)
		}
	}
	return list
}

// work takes what is open, once a second.
func (t *taker) work(ctx context.Context) {
	for ctx.Err() == nil {
		t.mu.Lock()
		var numbers []int64
		for number := range t.open {
			numbers = append(numbers, number)
		}
		t.mu.Unlock()
		if c := t.s.client(); c != nil {
			for _, number := range numbers {
				_ = c.Chat(desk, rand.Text(), fmt.Sprint(number)) // comes again
			}
		}
		t.s.w.pause(ctx, time.Second)
	}
}

// ringer makes short requests, one after the other: each waits until it is taken, and ends.
func (w *crewWorld) ringer(ctx context.Context, client *visitor.Client) {
	for n := 1; ctx.Err() == nil && !w.op.quiet.Load(); n++ {
		var c *visitor.Conversation
		for ctx.Err() == nil {
			var err error
			once, cancel := context.WithTimeout(ctx, 3*time.Second)
			c, err = client.Ask(once, visitor.Inquiry{ClientID: fmt.Sprintf("faults-ring-number-%d", n), Name: fmt.Sprintf("ring%d", n), Email: "ring@example.org", Reason: "faults"})
			cancel()
			if err == nil {
				w.sheet.mu.Lock()
				w.sheet.rung(c.Number)
				w.sheet.mu.Unlock()
				break
			}
			w.pause(ctx, 50*time.Millisecond)
		}
		for ctx.Err() == nil && !w.sheet.taken(c.Number) {
			w.pause(ctx, 50*time.Millisecond)
		}
		for ctx.Err() == nil {
			once, cancel := context.WithTimeout(ctx, 3*time.Second)
			err := c.Post(once, "/close", nil)
			cancel()
			if err == nil {
				break
			}
			w.pause(ctx, 50*time.Millisecond)
		}
		w.pause(ctx, ringEvery)
	}
}
