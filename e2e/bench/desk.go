package main

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"porchlight/bridge"
	"porchlight/bridge/desk"
	statistics "porchlight/bridge/report"
	"porchlight/db/sqlite"
	"porchlight/demo"
)

// The site in which the desk's commands are measured.
const (
	deskOperators   = 200 // every second one is available
	deskDepartments = 30
	deskWaiting     = 500
	deskArchived    = 20_000
	deskRuns        = 20
)

// deskCommands are what is measured.
var deskCommands = []string{"operators", "operators 2", "operators op 7", "departments", "departments dep7", "queue", "who", "stats all 30d text", "help", "help team",
	"status", "permissions op 7", "clients", "hours", "feedback op 7 30d", "audit"}

// deskAllowed is the processor time that one command may take.
const deskAllowed = 50 * time.Millisecond

// deskLoad prints the processor time of the operators' commands in a large site on a busy day. Bridge, desk
// and store run in this process, without XMPP, so it is the commands alone that are measured.
func deskLoad(ctx context.Context, dir string) error {
	path := filepath.Join(dir, "desk.db")
	if err := oldTalks(ctx, path, deskArchived); err != nil {
		return fmt.Errorf("make archive: %w", err)
	}
	store, err := sqlite.Open(ctx, path, sqlite.Options{})
	if err != nil {
		return err
	}
	defer store.Close()
	b, err := bridge.Open(ctx, store, bridge.Options{Domain: demo.Domain, SuperOperators: []bridge.OperatorJID{xavi}, PublicURL: "https://chat.example.org",
		Timing: bridge.Timing{Offer: 30 * time.Second, VisitorGrace: time.Hour, OperatorGrace: time.Minute, WaitingLimit: time.Hour, Reopen: time.Hour},
		Limits: bridge.Limits{Message: 8192, Name: 100, Email: 254, Reason: 2000, URL: 2048, Waiting: 2 * deskWaiting},
		Clock:  bridge.SystemClock{}, Log: slog.New(slog.DiscardHandler)})
	if err == nil {
		err = fillSite(ctx, b)
	}
	if err != nil {
		return err
	}
	r := statistics.New(store, statistics.Options{Clock: bridge.SystemClock{}, Log: slog.New(slog.DiscardHandler), Missed: b.Missed, Zone: func() *time.Location { return time.UTC }})
	ctx, stop := context.WithCancel(ctx)
	counted := make(chan struct{})
	go func() {
		defer close(counted)
		r.Run(ctx)
	}()
	defer func() {
		stop()
		<-counted
	}()
	if err := r.CatchUp(ctx); err != nil {
		return err
	}
	return measureDesk(ctx, b, desk.New(b, desk.Statistics(r)))
}

// fillSite makes departments, operators and waiting visitors.
func fillSite(ctx context.Context, b *bridge.Bridge) error {
	b.Link.Up()
	err := b.Team.Administer(ctx, func(tx bridge.Tx) error {
		var err error
		for i := range deskDepartments {
			err = cmp.Or(err, tx.SaveDepartment(bridge.Department{Name: fmt.Sprint("dep", i), Title: fmt.Sprint("Department ", i), Hours: "Mon-Fri 9-18"}))
		}
		for i := range deskOperators {
			circle := bridge.Circle{fmt.Sprint("dep", i%deskDepartments), fmt.Sprint("dep", (i*7+1)%deskDepartments), fmt.Sprint("dep", (i*11+2)%deskDepartments)}
			err = cmp.Or(err, tx.SaveOperator(bridge.Operator{JID: deskOperator(i), Name: fmt.Sprint("Op ", i), Enabled: true, Departments: circle, Hours: "Mon-Fri 8-16; Sat 9-12", CreatedAt: b.Now()}))
		}
		return err
	})
	for i := 0; i < deskOperators && err == nil; i += 2 {
		err = b.Reach.Presence(ctx, deskOperator(i), "phone", bridge.ShowAvailable)
	}
	for i := 0; i < deskWaiting && err == nil; i++ {
		_, err = b.Ask(ctx, bridge.Inquiry{ClientID: fmt.Sprintf("client-%016d", i), Department: fmt.Sprint("dep", i%deskDepartments),
			Request: bridge.Request{Name: fmt.Sprint("Visitor ", i), Email: fmt.Sprintf("v%d@example.net", i), Reason: text, Page: bridge.Page{URL: "https://www.example.org/pricing"}}})
	}
	return err
}

func deskOperator(i int) bridge.OperatorJID {
	return bridge.OperatorJID(fmt.Sprintf("op%03d@%s", i, demo.Host))
}

// measureDesk gives the commands as a super operator, and asks for the list of ad-hoc commands.
func measureDesk(ctx context.Context, b *bridge.Bridge, d *desk.Desk) error {
	fmt.Printf("commands with %d operators, %d departments, %d waiting visitors, %d closed conversations, processor time of each (%v allowed):\n",
		deskOperators, deskDepartments, deskWaiting, deskArchived, deskAllowed)
	super, _ := b.Team.Operator(xavi)
	for _, line := range deskCommands {
		var answer string
		took, err := processorTimeOf(func() (err error) {
			answer, err = d.Line(ctx, desk.Call{Operator: super}, line)
			return err
		})
		if err != nil {
			fmt.Printf("%-24s refused: %v\n", line, err)
			continue
		}
		fmt.Printf("%-24s %8.2f ms, %.2f of what is allowed, %d lines\n", line, micros(took)/1000, float64(took)/float64(deskAllowed), strings.Count(answer, "\n")+1)
	}
	took, err := processorTimeOf(func() error {
		d.For(super)
		return nil
	})
	fmt.Printf("%-24s %8.2f ms, %.2f of what is allowed\n\n", "the list of ad-hoc commands", micros(took)/1000, float64(took)/float64(deskAllowed))
	return err
}

// processorTimeOf is the processor time that this process takes for one run of f, on average, after one
// run that is not counted.
func processorTimeOf(f func() error) (time.Duration, error) {
	if err := f(); err != nil {
		return 0, err
	}
	before := ownTime()
	for range deskRuns {
		if err := f(); err != nil {
			return 0, err
		}
	}
	return (ownTime() - before) / deskRuns, nil
}

// ownTime is the processor time that this process has taken so far.
func ownTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
