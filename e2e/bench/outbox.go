package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"porchlight/bridge"
	"porchlight/db/sqlite"
	"porchlight/demo"
	"porchlight/demo/xmppd"
	"porchlight/e2e/operator"
	"porchlight/e2e/rig"
)

// outbox measures how long a program that starts with n undelivered events takes until it serves,
// and until the operator has all events.
func outbox(ctx context.Context, bin, dir string, n int) error {
	dir = filepath.Join(dir, "outbox")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	server, err := xmppd.Start(ctx, xmppd.Config{Dir: dir, Host: demo.Host, Component: demo.Domain, Secret: rig.Secret, Accounts: demo.Accounts()})
	if err != nil {
		return err
	}
	defer server.Stop()
	path := filepath.Join(dir, "porchlight.db")
	if err := undelivered(ctx, path, n); err != nil {
		return fmt.Errorf("make outbox: %w", err)
	}
	op, err := operator.Login(server.ClientAddr(), demo.Host, "xavi", demo.Password, "bench", "")
	if err != nil {
		return err
	}
	defer op.Close(true)
	came := newCounter()
	came.expect(n)
	bodies := finder{needle: []byte("<body>" + text)}
	if err := op.Flow(func(b []byte) { came.add(bodies.count(b)) }); err != nil {
		return err
	}
	p, err := rig.New(bin, dir, rig.Config{Server: server.ComponentAddr(), Path: path})
	if err != nil {
		return err
	}
	defer p.Close()
	began := time.Now()
	if err := p.Start(ctx); err != nil {
		return err
	}
	if err := ready(ctx, p.Web); err != nil {
		return err
	}
	start := time.Since(began)
	if err := came.wait(); err != nil {
		return err
	}
	fmt.Printf("with %d undelivered events: ready after %v, all with the operator after %.1f s\n\n", n, start.Round(time.Millisecond), time.Since(began).Seconds())
	p.Stop()
	return nil
}

// undelivered writes conversations that Xavi has taken, with n messages that were stored while
// there was no link.
func undelivered(ctx context.Context, path string, n int) error {
	store, err := sqlite.Open(ctx, path, sqlite.Options{})
	if err != nil {
		return err
	}
	defer store.Close()
	if err := store.Update(ctx, func(tx bridge.Tx) error { return tx.SaveOperator(bridge.Operator{JID: xavi, Name: "Xavi"}) }); err != nil {
		return err
	}
	const each = 100
	for i := range n / each {
		if err := store.Update(ctx, func(tx bridge.Tx) error { return backlog(tx, i, each) }); err != nil {
			return err
		}
	}
	return nil
}

// backlog stores conversation i with n messages that nobody has.
func backlog(tx bridge.Tx, i, n int) error {
	at := time.Now()
	v := bridge.VisitorJID(fmt.Sprintf("anna-%07d@%s", i, demo.Domain))
	if err := tx.CreateVisitor(bridge.Visitor{JID: v, Name: "Anna", CreatedAt: at}); err != nil {
		return err
	}
	c := bridge.Conversation{ID: bridge.ConversationID(fmt.Sprintf("backlog-%07d", i)), Visitor: v, Department: "support", Kind: bridge.Chat,
		State: bridge.Active, Owner: xavi, Seq: int64(n + 1), OpenedAt: at}
	if err := tx.CreateConversation(&c, bridge.Request{Name: "Anna", Reason: "bench"}, fmt.Sprintf("backlog-%07d", i), make([]byte, 32)); err != nil {
		return err
	}
	events := []bridge.Event{{Conversation: c.Number, Seq: 1, Type: bridge.EventOperator, At: at, From: bridge.FromOperator, Operator: xavi, Data: bridge.Part{Action: bridge.Joined}}}
	for seq := int64(2); seq <= c.Seq; seq++ {
		events = append(events, bridge.Event{Conversation: c.Number, Seq: seq, Type: bridge.EventMessage, At: at, From: bridge.FromVisitor, Text: text})
	}
	if err := tx.Append(events...); err != nil {
		return err
	}
	return tx.SaveParticipant(bridge.Participant{Conversation: c.Number, Operator: xavi, Joined: 1, Confirmed: 1})
}
