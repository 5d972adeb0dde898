package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"porchlight/bridge"
	"porchlight/bridge/report"
	"porchlight/db/sqlite"
	"porchlight/demo"
)

// growth measures, in turn, a program whose database holds n closed conversations and one with a
// new database, and prints the ratios. Each ratio is of one round.
func growth(ctx context.Context, bin, dir string, n, each int) error {
	dir = filepath.Join(dir, "growth")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	grown := filepath.Join(dir, "grown.db")
	if err := oldTalks(ctx, grown, n); err != nil {
		return fmt.Errorf("make archive: %w", err)
	}
	info, err := os.Stat(grown)
	if err != nil {
		return err
	}
	var starts []time.Duration
	var medians, tails, rates [2][]float64
	for round := range growthRounds {
		fresh, old, err := beside(ctx, bin, filepath.Join(dir, fmt.Sprint(round)), grown, each)
		if err != nil {
			return err
		}
		starts = append(starts, old.start)
		for d := range medians {
			medians[d] = append(medians[d], float64(median(old.pairs[d]))/float64(median(fresh.pairs[d])))
			tails[d] = append(tails[d], float64(percentile(old.pairs[d], 99))/float64(percentile(fresh.pairs[d], 99)))
			rates[d] = append(rates[d], float64(fresh.floods[d])/float64(old.floods[d]))
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

// turns is how often, within a round, the two programs take their turn. The disk is faster in one
// second than in the next, so that what is compared has to be close together.
const turns = 10

// directions name what is measured in pairs.
var directions = []string{"visitor to operator", "operator to visitor"}

// beside runs a program with a new database and one on the database at path, and measures them in
// turn.
func beside(ctx context.Context, bin, dir, path string, each int) (fresh, old *subject, err error) {
	both := make([]*subject, 2)
	for i, p := range []string{filepath.Join(dir, "new.db"), path} {
		if both[i], err = newSubject(ctx, bin, filepath.Join(dir, fmt.Sprint(i)), p); err != nil {
			return nil, nil, err
		}
		defer both[i].stop()
	}
	for _, step := range []func(*subject) error{
		func(s *subject) error { return s.latency(each / turns) },
		func(s *subject) error { return s.flood(20000 / turns / talks * talks) },
	} {
		for turn := range turns + 1 {
			for i := range both {
				s := both[(i+turn)%2]
				if turn == 1 {
					s.forget() // what warmed up
				}
				if err := step(s); err != nil {
					return nil, nil, err
				}
			}
		}
	}
	return both[0], both[1], errors.Join(both[0].closeAll(), both[1].closeAll())
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

// oldTalks writes n closed conversations as the program writes them.
func oldTalks(ctx context.Context, path string, n int) error {
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
	if err == nil {
		err = count(ctx, store)
	}
	return cmp.Or(err, store.Close())
}

// count lets the statistics read all logs: they would do so beside what is measured.
func count(ctx context.Context, store *sqlite.DB) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	r := report.New(store, report.Options{Clock: bridge.SystemClock{}, Log: slog.New(slog.DiscardHandler),
		Zone: func() *time.Location { return time.UTC }, Missed: func() int64 { return 0 }})
	go r.Run(ctx)
	return r.CatchUp(ctx)
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
