package main

import (
	"context"
	"fmt"
	"log/slog"
	"path/filepath"
	"time"

	"porchlight/bridge"
	"porchlight/component/stream"
	"porchlight/db/sqlite"
	"porchlight/e2e/operator"
)

// This file has the parts of a delivery, each measured alone.

// pace is the time between two samples: the system is not under load.
const pace = 4 * time.Millisecond

// sample calls f n times, at the pace.
func sample(n int, f func() (time.Duration, error)) ([]time.Duration, error) {
	var all []time.Duration
	next := time.Now()
	for range n {
		time.Sleep(time.Until(next))
		next = time.Now().Add(pace)
		d, err := f()
		if err != nil {
			return nil, err
		}
		all = append(all, d)
	}
	return all, nil
}

// hop is a message from one client through the server to another.
type hop struct {
	from, to *operator.Client
	came     chan time.Time
}

func newHop(xmpp string) (*hop, error) {
	h := &hop{came: make(chan time.Time, 1)}
	var err error
	if h.from, err = operator.Login(xmpp, "localhost", "olga", "demo", "hop", "dnd"); err != nil {
		return nil, err
	}
	if h.to, err = operator.Login(xmpp, "localhost", "vera", "demo", "hop", ""); err != nil {
		return nil, err
	}
	h.to.Tap(func(el *stream.Element) {
		if el.Local == "message" && el.Child("", "body") != nil {
			h.came <- time.Now()
		}
	})
	return h, nil
}

func (h *hop) once() (time.Duration, error) {
	began := time.Now()
	if err := h.from.Chat("vera@localhost", fmt.Sprint("h", began.UnixNano()), text); err != nil {
		return 0, err
	}
	return arrival(began, h.came)
}

// text is the body of every message that is measured.
const text = "Hello there, how can I help? Hello there, how can I help? Hello there, how can I help?"

// arrival waits for a message that was sent at began.
func arrival(began time.Time, came <-chan time.Time) (time.Duration, error) {
	select {
	case at := <-came:
		return at.Sub(began), nil
	case <-time.After(5 * time.Second):
		return 0, fmt.Errorf("a message did not arrive within 5 s")
	}
}

// commit is one durable append to the log, by the program's own store.
type commit struct {
	store *sqlite.DB
	c     bridge.Conversation
}

func newCommit(ctx context.Context, dir string) (*commit, error) {
	store, err := sqlite.Open(ctx, filepath.Join(dir, "commit.db"), sqlite.Options{Clock: bridge.SystemClock{}, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		return nil, err
	}
	k := &commit{store: store, c: bridge.Conversation{ID: "bench", Visitor: "anna-bench@support.localhost", Department: "support",
		Kind: bridge.Chat, State: bridge.Waiting, OpenedAt: time.Now()}}
	return k, store.Update(ctx, func(tx bridge.Tx) error {
		if err := tx.CreateVisitor(bridge.Visitor{JID: k.c.Visitor, Name: "Anna", CreatedAt: time.Now()}); err != nil {
			return err
		}
		return tx.CreateConversation(&k.c, bridge.Request{Name: "Anna", Reason: "bench"}, "bench", make([]byte, 32))
	})
}

// saying makes event seq of a conversation as the program stores it.
type saying func(number, seq int64) bridge.Event

func byVisitor(number, seq int64) bridge.Event {
	return bridge.Event{Conversation: number, Seq: seq, Type: bridge.EventMessage, From: bridge.FromVisitor, At: time.Now(), Text: text,
		Origin: bridge.VisitorOrigin(fmt.Sprintf("flood-%016d", seq))}
}

// byOperator is a message with the origin that a stanza's has: address, id and a digest of the content.
func byOperator(number, seq int64) bridge.Event {
	return bridge.Event{Conversation: number, Seq: seq, Type: bridge.EventMessage, From: bridge.FromOperator, At: time.Now(), Text: text, Operator: "xavi@localhost", Name: "Xavi",
		Origin: fmt.Sprintf("%s\n%024x\n", bridge.OperatorOrigin("xavi@localhost", fmt.Sprintf("u%d-%d", time.Now().UnixNano(), seq)), seq)}
}

func (k *commit) once(say saying) (time.Duration, error) {
	began := time.Now()
	err := k.store.Update(context.Background(), func(tx bridge.Tx) error {
		c, err := tx.Conversation(k.c.Number)
		if err != nil {
			return err
		}
		was := c.Seq
		c.Seq++
		if err := tx.SaveConversation(c, was); err != nil {
			return err
		}
		return tx.Append(say(c.Number, c.Seq))
	})
	return time.Since(began), err
}
