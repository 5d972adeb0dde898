// Bench measures porchlight beside the parts it is made of, in one run on one
// machine, and prints ratios: absolute times say more about the machine. It
// starts a real Prosody and the real program. docs/performance.md says how to
// read it.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"strings"

	"porchlight/e2e/rig"
)

func main() {
	rounds := flag.Int("rounds", 7, "rounds; medians are taken over them")
	each := flag.Int("each", 200, "samples of each kind in a round")
	visitors := flag.Int("crowd", 13000, "idle visitors")
	archived := flag.Int("archived", 1_000_000, "closed conversations in the database")
	only := flag.String("only", "size,widget,networks,ready,latency,throughput,crowd,slow,outbox,growth,desk,search,engines,nodes", "what to measure")
	servers := flag.String("servers", "prosody,stock,ejabberd", "where throughput is measured; stock is Prosody with its garbage collector and Nagle as they come")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if what := os.Getenv(aloneVar); what != "" {
		if err := alone(ctx, what, os.Stdin, os.Stdout); err != nil {
			fmt.Fprintln(os.Stderr, "bench: a part alone:", err)
			os.Exit(1)
		}
		return
	}
	if err := run(ctx, *only, *servers, *rounds, *each, *visitors, *archived); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, only, servers string, rounds, each, visitors, archived int) error {
	dir, err := os.MkdirTemp("", "porchlight-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	if err := os.Chmod(dir, 0o755); err != nil {
		return err
	}
	bin, err := rig.Build(ctx, dir)
	if err != nil {
		return err
	}
	for _, m := range []struct {
		name string
		do   func() error
	}{
		{"size", scriptSize},
		{"widget", func() error { return scriptTime(ctx, bin, dir, rounds) }},
		{"networks", func() error { return networks(ctx, bin, dir, min(rounds, 5)) }},
		{"ready", func() error { return demoReady(ctx, bin, dir) }},
		{"latency", func() error { return latency(ctx, bin, dir, rounds, each) }},
		{"throughput", func() error { return throughput(ctx, bin, dir, servers, 20000, 3) }},
		{"slow", func() error { return slow(ctx, bin, dir) }},
		{"outbox", func() error { return outbox(ctx, bin, dir, 100_000) }},
		{"desk", func() error { return deskLoad(ctx, dir) }},
		{"search", func() error { return lookBack(ctx, dir, archived) }},
		{"engines", func() error { return engines(ctx, dir, rounds, archived) }},
		{"nodes", func() error { return idleNodes(ctx, bin, dir, visitors) }},
		{"growth", func() error { return growth(ctx, bin, dir, archived, each) }},
		{"crowd", func() error { return crowd(ctx, bin, dir, visitors, 5*each) }},
	} {
		if !strings.Contains(only, m.name) {
			continue
		}
		if err := m.do(); err != nil {
			return fmt.Errorf("%s: %w", m.name, err)
		}
	}
	return nil
}
