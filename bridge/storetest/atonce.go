package storetest

import (
	"fmt"
	"slices"
	"sync"
	"sync/atomic"

	"porchlight/bridge"
	"porchlight/bridge/phrase"
)

var atOnceRules = []rule{
	{"many messages leave no gap", messagesAtOnce},
	{"of many requests under one key one makes a conversation", askAtOnce},
	{"of many swaps from the same state one succeeds", swapAtOnce},
	{"a message that comes many times is stored once", repeatAtOnce},
	{"updates of many conversations, in whatever order they take them, all take place", oppositeOrders},
}

// atOnce runs f n times at the same time, and waits.
func atOnce(n int, f func(i int)) {
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() { f(i) })
	}
	wg.Wait()
}

func messagesAtOnce(t *trial) {
	const writers, each = 64, 8
	number := t.conversation()
	var mu sync.Mutex
	acknowledged := make(map[int64]string)
	atOnce(writers, func(w int) {
		for i := range each {
			origin := fmt.Sprintf("v:%d-%d", w, i)
			var seq int64
			if err := t.store.Update(t.Context(), Say(number, origin, origin, &seq)); err != nil {
				t.Error(err)
				return
			}
			mu.Lock()
			acknowledged[seq] = origin
			mu.Unlock()
		}
	})
	log := t.texts(number)
	if len(log) != writers*each || len(acknowledged) != writers*each {
		t.Fatalf("%d events, %d acknowledged, want %d", len(log), len(acknowledged), writers*each)
	}
	for i, text := range log { // texts are in the order of seq
		if acknowledged[int64(i+1)] != text {
			t.Errorf("seq %d is %q, but was acknowledged for %q", i+1, text, acknowledged[int64(i+1)])
		}
	}
}

func askAtOnce(t *trial) {
	t.update(func(tx bridge.Tx) error { return tx.CreateVisitor(bridge.Visitor{JID: anna}) })
	var won atomic.Int32
	atOnce(20, func(i int) {
		c := Sample(i)
		err := t.store.Update(t.Context(), func(tx bridge.Tx) error { return tx.CreateConversation(&c, bridge.Request{}, "key", nil) })
		if err == nil {
			won.Add(1)
			return
		}
		expectCode(t, phrase.CodeConflict, err)
	})
	expect(t, int32(1))(won.Load(), nil)
	t.view(func(r bridge.Reader) error {
		list, err := r.VisitorConversations(anna, 100)
		expect(t, 1)(len(list), err)
		return nil
	})
}

func swapAtOnce(t *trial) {
	c := t.create(Sample(1))
	var won atomic.Int32
	atOnce(20, func(i int) {
		mine := c
		mine.Seq, mine.Email = c.Seq+1, fmt.Sprint(i)
		err := t.store.Update(t.Context(), func(tx bridge.Tx) error { return tx.SaveConversation(mine, c.Seq) })
		if err == nil {
			won.Add(1)
			return
		}
		expectCode(t, phrase.CodeConflict, err)
	})
	expect(t, int32(1))(won.Load(), nil)
}

func repeatAtOnce(t *trial) {
	number := t.conversation()
	atOnce(20, func(int) {
		if err := t.store.Update(t.Context(), Say(number, "v:1", "one", nil)); err != nil {
			t.Error(err)
		}
	})
	expect(t, []string{"one"})(t.texts(number), nil)
}

func oppositeOrders(t *trial) {
	const conversations, each = 10, 10
	var numbers []int64
	for i := range conversations {
		numbers = append(numbers, t.create(Sample(i)).Number)
	}
	atOnce(2, func(w int) {
		order := slices.Clone(numbers)
		if w > 0 {
			slices.Reverse(order)
		}
		for i := range each {
			text := fmt.Sprintf("v:%d-%d", w, i)
			err := t.store.Update(t.Context(), func(tx bridge.Tx) error {
				for _, number := range order {
					if err := Say(number, text, text, nil)(tx); err != nil {
						return err
					}
				}
				return nil
			})
			if err != nil {
				t.Errorf("%s: %v", text, err)
			}
		}
	})
	for _, number := range numbers {
		expect(t, 2*each)(len(t.texts(number)), nil)
	}
}
