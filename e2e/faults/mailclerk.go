package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"

	"porchlight/component/stream"
	"porchlight/e2e/operator"
)

// clerk is the operator, who takes every request and writes to those who asked. The client logs in again
// whenever the connection ends.
type clerk struct {
	w     *mailWorld
	mu    sync.Mutex
	c     *operator.Client
	top   int64            // the highest number that was offered
	jids  map[int64]string // whom to write to, by the number of the conversation that the clerk has
	order []int64          // the numbers in jids
}

func newClerk(w *mailWorld) *clerk { return &clerk{w: w, jids: map[int64]string{}} }

// read reads what comes, and logs in again whenever the connection ends.
func (k *clerk) read(ctx context.Context) {
	for ctx.Err() == nil {
		c, err := operator.Login(k.w.server.ClientAddr(), "localhost", "xavi", "demo", "mail", "none")
		if err != nil {
			pause(ctx, 50*time.Millisecond)
			continue
		}
		c.Tap(k.hears)
		c.Presence("")
		k.mu.Lock()
		k.c = c
		k.mu.Unlock()
		stop := context.AfterFunc(ctx, func() { c.Close(false) })
		c.Wait()
		stop()
		c.Close(false)
	}
}

var (
	offered  = regexp.MustCompile(`#(\d+) `)
	heading  = regexp.MustCompile(`^#(\d+) `)
	wordForm = regexp.MustCompile(`\bword-(\d+)-\d+\b`)
	saidForm = regexp.MustCompile(`\bsaid-\d+\b`)
)

// hears takes in a stanza: a receipt, an offer, the heading above a conversation that was taken, or a line about a mail.
func (k *clerk) hears(el *stream.Element) {
	if el.Local != "message" || el.Get("type") == "error" {
		return
	}
	if r := el.Child("urn:xmpp:receipts", "received"); r != nil {
		k.w.book.write(func(b *book) {
			if word, ok := b.words[r.Get("id")]; ok {
				word.stored = true
				b.words[r.Get("id")] = word
			}
		})
		return
	}
	from, _, _ := strings.Cut(el.Get("from"), "/")
	body := el.ChildText("", "body")
	k.mu.Lock()
	defer k.mu.Unlock()
	switch {
	case from == desk:
		for _, m := range offered.FindAllStringSubmatch(body, -1) {
			n, _ := strconv.ParseInt(m[1], 10, 64)
			k.top = max(k.top, n)
		}
	case strings.HasSuffix(from, "@support.localhost"):
		if m := heading.FindStringSubmatch(body); m != nil {
			n, _ := strconv.ParseInt(m[1], 10, 64)
			if k.jids[n] == "" {
				k.jids[n], k.order = from, append(k.order, n)
			}
		}
		if strings.Contains(body, "✉") {
			k.w.book.write(func(b *book) { b.heard[body] = true })
		}
	}
}

// take takes all that is not taken, again and again, since an answer may be lost when the bridge dies.
func (k *clerk) take(ctx context.Context) {
	for ctx.Err() == nil && !k.w.quiet.Load() {
		k.mu.Lock()
		c, list := k.c, []int64(nil)
		for n := int64(1); n <= k.top+1; n++ {
			if k.jids[n] == "" {
				list = append(list, n)
			}
		}
		k.mu.Unlock()
		for _, n := range list[:min(len(list), 10)] {
			if c != nil {
				c.Chat(desk, fmt.Sprintf("take-%d-%d", n, time.Now().UnixNano()), fmt.Sprint(n))
			}
		}
		pause(ctx, 300*time.Millisecond)
	}
}

// write writes to one after another.
func (k *clerk) write(ctx context.Context, seed uint64) {
	r := rand.New(rand.NewPCG(seed, 2))
	for i := 1; ctx.Err() == nil && !k.w.quiet.Load(); i++ {
		k.mu.Lock()
		c, number, jid := k.c, int64(0), ""
		if len(k.order) > 0 {
			number = k.order[r.IntN(len(k.order))]
			jid = k.jids[number]
		}
		k.mu.Unlock()
		if c != nil && number > 0 {
			word := fmt.Sprintf("word-%d-%d", number, i)
			k.w.book.write(func(b *book) { b.words[word] = spoken{number: number} })
			c.Chat(jid, word, "This is "+word+".")
		}
		pause(ctx, time.Duration(50+r.IntN(200))*time.Millisecond)
	}
}
