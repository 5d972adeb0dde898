package storetest

import (
	"fmt"
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
	const writers, each = 50, 10
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
