package sqlite

import (
	"context"
	"fmt"
	"path/filepath"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"porchlight/bridge"
	"porchlight/bridge/phrase"
)

// The benchmarks measure what a visitor's message costs: find the conversation,
// look for the message's origin, save the conversation, append the event.

func BenchmarkUpdate_1(b *testing.B)   { benchmarkUpdate(b, 1) }
func BenchmarkUpdate_16(b *testing.B)  { benchmarkUpdate(b, 16) }
func BenchmarkUpdate_128(b *testing.B) { benchmarkUpdate(b, 128) }

func benchmarkUpdate(b *testing.B, writers int) {
	const conversations = 1000
	d, err := Open(b.Context(), filepath.Join(b.TempDir(), "porchlight.db"), Options{})
	if err != nil {
		b.Fatal(err)
	}
	defer d.Close()
	err = d.Update(b.Context(), func(t bridge.Tx) error {
		for i := range conversations {
			if err := seed(t, i); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
	cpu := cpuTime(b)
	var left atomic.Int64
	left.Store(int64(b.N))
	b.ReportAllocs()
	b.ResetTimer()
	var wg sync.WaitGroup
	for w := range writers {
		wg.Go(func() {
			for i := w; left.Add(-1) >= 0; i += writers {
				number := int64(1 + i%conversations)
				if err := d.Update(context.Background(), message(number, fmt.Sprintf("v:%d-%d", w, i), "How can I edit my students' information?")); err != nil {
					b.Error(err)
				}
			}
		})
	}
	wg.Wait()
	b.StopTimer()
	s := d.Stats()
	b.ReportMetric(float64((cpuTime(b)-cpu).Microseconds())/float64(b.N), "cpu-µs/message")
	b.ReportMetric(float64(s.Updates)/float64(s.Commits), "updates/commit")
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "messages/s")
}

// message returns an update that stores a visitor's message in the same steps as the bridge.
func message(number int64, origin, text string) func(bridge.Tx) error {
	return func(t bridge.Tx) error {
		c, err := t.Conversation(number)
		if err != nil {
			return err
		}
		if _, err := t.EventByOrigin(number, origin); phrase.CodeOf(err) != phrase.CodeNotFound {
			return err
		}
		was, now := c.Seq, time.UnixMilli(1_800_000_000_000)
		c.Seq++
		c.Due.IdleWarn, c.Due.IdleClose = now.Add(time.Duration(was)*time.Second), now.Add(time.Hour)
		if err := t.SaveConversation(c, was); err != nil {
			return err
		}
		return t.Append(bridge.Event{Conversation: number, Seq: c.Seq, Type: bridge.EventMessage, At: now,
			From: bridge.FromVisitor, Name: "Anna", Text: text, Origin: origin})
	}
}

func seed(t bridge.Tx, i int) error {
	v := bridge.Visitor{JID: bridge.VisitorJID(fmt.Sprintf("v%d@support.example.org", i)), Name: "Anna"}
	if err := t.CreateVisitor(v); err != nil {
		return err
	}
	c := bridge.Conversation{ID: bridge.ConversationID(fmt.Sprintf("%032d", i)), Visitor: v.JID, Department: "support", Kind: bridge.Chat, State: bridge.Waiting, OpenedAt: time.UnixMilli(1_800_000_000_000)}
	return t.CreateConversation(&c, bridge.Request{Reason: "x"}, fmt.Sprint("key", i), []byte("hash"))
}

// cpuTime returns the CPU time that this process has used so far, in user and kernel mode.
func cpuTime(b *testing.B) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
