package main

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"porchlight/bridge"
	"porchlight/db/sqlite"
	"porchlight/demo"
	"porchlight/demo/xmppd"
	"porchlight/e2e/rig"
)

// growth measures, in turn, a program whose database holds n closed conversations and one with a
// new database, and prints the ratios. Each ratio is of one round.
func growth(ctx context.Context, bin, dir string, n, each int) error {
	dir = filepath.Join(dir, "growth")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	grown := filepath.Join(dir, "grown.db")
	if err := archive(ctx, grown, n); err != nil {
		return fmt.Errorf("make archive: %w", err)
	}
	info, err := os.Stat(grown)
	if err != nil {
		return err
	}
	var starts []time.Duration
	var medians, tails, rates [2][]float64
	for round := range growthRounds {
		var s [2]state
		for i, path := range []string{filepath.Join(dir, fmt.Sprintf("new-%d.db", round)), grown} {
			if s[i], err = measure(ctx, bin, filepath.Join(dir, fmt.Sprint(round, i)), path, each); err != nil {
				return err
			}
		}
		starts = append(starts, s[1].start)
		for d := range medians {
			medians[d] = append(medians[d], float64(median(s[1].pairs[d]))/float64(median(s[0].pairs[d])))
			tails[d] = append(tails[d], float64(percentile(s[1].pairs[d], 99))/float64(percentile(s[0].pairs[d], 99)))
			rates[d] = append(rates[d], s[1].rates[d]/s[0].rates[d])
		}
	}
	fmt.Printf("with %d closed conversations in the database (%d MB), beside a new one, %d rounds:\n", n, info.Size()>>20, growthRounds)
	fmt.Printf("start: median %v\n", median(starts).Round(time.Millisecond))
	for d, name := range directions {
		fmt.Printf("%s: median %.2f × and p99 %.2f × the time, %.2f × the messages a second\n", name, middle(medians[d]), middle(tails[d]), middle(rates[d]))
	}
	fmt.Println()
	return nil
}

const growthRounds = 5

// directions name what is measured in pairs.
var directions = []string{"visitor to operator", "operator to visitor"}

// state is what was measured of a program.
type state struct {
	start time.Duration
	pairs [2][]time.Duration // latencies in both directions
	rates [2]float64         // messages a second in both directions
}

// measure runs a program on the database at path, on a server of its own.
func measure(ctx context.Context, bin, dir, path string, each int) (s state, err error) {
	server, err := xmppd.Start(ctx, xmppd.Config{Dir: dir, Host: demo.Host, Component: demo.Domain, Secret: rig.Secret, Accounts: demo.Accounts()})
	if err != nil {
		return s, err
	}
	defer server.Stop()
	p, err := rig.New(bin, dir, rig.Config{Server: server.ComponentAddr(), Path: path})
	if err != nil {
		return s, err
	}
	defer p.Close()
	began := time.Now()
	if err := p.Start(ctx); err != nil {
		return s, err
	}
	if err := ready(ctx, p.Web); err != nil {
		return s, err
	}
	s.start = time.Since(began)
	defer p.Stop()
	chat, err := newChat(ctx, &program{web: "http://" + p.Web, xmpp: server.ClientAddr()})
	if err != nil {
		return s, err
	}
	if s.pairs, err = pairs(chat, each); err != nil {
		return s, err
	}
	f, err := newFlood(chat, p.Web)
	if err != nil {
		return s, err
	}
	defer f.close()
	const n = 10000 / talks * talks
	for i, direction := range []func(int) error{f.toOperator, f.toVisitors} {
		began := time.Now()
		if err := direction(n); err != nil {
			return s, fmt.Errorf("%s: %w", directions[i], err)
		}
		s.rates[i] = n / time.Since(began).Seconds()
	}
	for _, c := range f.chats { // open conversations would burden the next round
		if err := c.post("/v1/conversations/"+c.id+"/close", struct{}{}, nil); err != nil {
			return s, err
		}
	}
	return s, nil
}

// ready waits until the program says that it is ready.
func ready(ctx context.Context, web string) error {
	for {
		resp, err := http.Get("http://" + web + "/readyz")
		if err == nil {
			resp.Body.Close()
			if resp.StatusCode == http.StatusOK {
				return nil
			}
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(2 * time.Millisecond):
		}
	}
}

// archive writes n closed conversations as the program writes them.
func archive(ctx context.Context, path string, n int) error {
	store, err := sqlite.Open(ctx, path, sqlite.Options{})
	if err != nil {
		return err
	}
	err = store.Update(ctx, func(tx bridge.Tx) error { return tx.SaveOperator(bridge.Operator{JID: xavi, Name: "Xavi"}) })
	const batch = 500
	for first := 0; first < n && err == nil; first += batch {
		err = store.Update(ctx, func(tx bridge.Tx) error {
			for i := first; i < min(n, first+batch); i++ {
				if err := closedConversation(tx, i); err != nil {
					return err
				}
			}
			return nil
		})
	}
	return cmp.Or(err, store.Close())
}

const xavi = bridge.OperatorJID("xavi@" + demo.Host)

// closedConversation stores a closed conversation in which Xavi has answered.
func closedConversation(tx bridge.Tx, i int) error {
	at := time.Unix(1_700_000_000+int64(i), 0)
	v := bridge.VisitorJID(fmt.Sprintf("anna-%07d@%s", i, demo.Domain))
	if err := tx.CreateVisitor(bridge.Visitor{JID: v, Name: "Anna", CreatedAt: at}); err != nil {
		return err
	}
	c := bridge.Conversation{ID: bridge.ConversationID(fmt.Sprintf("archive-%07d", i)), Visitor: v, Department: "support", Kind: bridge.Chat,
		State: bridge.Closed, Reason: bridge.ReasonOperator, Owner: xavi, Seq: 6, OpenedAt: at, ClosedAt: at}
	if err := tx.CreateConversation(&c, bridge.Request{Name: "Anna", Reason: text}, fmt.Sprintf("archive-%07d", i), make([]byte, 32)); err != nil {
		return err
	}
	e := func(seq int64, t bridge.EventType, from bridge.Role, data bridge.Data, text string) bridge.Event {
		return bridge.Event{Conversation: c.Number, Seq: seq, Type: t, At: at, From: from, Operator: xavi, Data: data, Text: text}
	}
	if err := tx.Append(e(1, bridge.EventState, bridge.FromSystem, bridge.Turn{State: "waiting"}, ""), e(2, bridge.EventMessage, bridge.FromVisitor, nil, text),
		e(3, bridge.EventState, bridge.FromSystem, bridge.Turn{State: "active"}, ""), e(4, bridge.EventOperator, bridge.FromOperator, bridge.Part{Action: bridge.Joined}, ""),
		e(5, bridge.EventMessage, bridge.FromOperator, nil, text), e(6, bridge.EventState, bridge.FromSystem, bridge.Turn{State: "closed"}, "")); err != nil {
		return err
	}
	return tx.SaveParticipant(bridge.Participant{Conversation: c.Number, Operator: xavi, Joined: 4, Confirmed: 6, Delivered: 6, Displayed: 6, Settled: true})
}
