package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
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

func (k *commit) once() (time.Duration, error) {
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
		return tx.Append(bridge.Event{Conversation: c.Number, Seq: c.Seq, Type: bridge.EventMessage, From: bridge.FromVisitor,
			At: time.Now(), Text: text, Origin: fmt.Sprint("v:", c.Seq)})
	})
	return time.Since(began), err
}

// exchange is one POST over the loopback interface that answers with little.
type exchange struct {
	server *httptest.Server
	client *http.Client
}

func newExchange() *exchange {
	return &exchange{client: &http.Client{}, server: httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		io.Copy(io.Discard, r.Body)
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusCreated)
		io.WriteString(w, `{"seq":1,"client_id":"0123456789abcdef","at":"2026-11-21T12:00:00.000Z"}`)
	}))}
}

func (x *exchange) once() (time.Duration, error) {
	began := time.Now()
	resp, err := x.client.Post(x.server.URL, "application/json", strings.NewReader(`{"client_id":"0123456789abcdef","text":"`+text+`"}`))
	if err != nil {
		return 0, err
	}
	_, err = io.Copy(io.Discard, resp.Body)
	resp.Body.Close()
	return time.Since(began), err
}
