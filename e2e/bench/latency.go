package main

import (
	"context"
	"fmt"
	"path/filepath"
	"time"
)

// kind is one of the things that are measured, with its samples and the median of each round.
type kind struct {
	name    string
	once    func() (time.Duration, error)
	all     []time.Duration
	medians []time.Duration
}

// latency measures deliveries in both directions and their parts, in turn within each round, and
// prints the ratios.
func latency(ctx context.Context, bin, dir string, rounds, each int) error {
	p, err := startDemo(ctx, bin, filepath.Join(dir, "latency"))
	if err != nil {
		return err
	}
	defer p.stop()
	hop, err := newHop(p.xmpp)
	if err != nil {
		return err
	}
	commit, err := newCommit(ctx, dir)
	if err != nil {
		return err
	}
	defer commit.store.Close()
	exchange := newExchange()
	defer exchange.server.Close()
	chat, err := newChat(ctx, p)
	if err != nil {
		return err
	}
	defer chat.close()
	kinds := []*kind{
		{name: "server hop, client to client", once: hop.once},
		{name: "durable commit", once: func() (time.Duration, error) { return commit.once(byVisitor) }},
		{name: "loopback HTTP exchange", once: exchange.once},
		{name: "visitor to operator", once: chat.toOperator},
		{name: "operator to visitor", once: chat.toVisitor},
	}
	for round := range rounds + 1 {
		for i := range kinds {
			k := kinds[(i+round)%len(kinds)]
			samples, err := sample(each, k.once)
			if err != nil {
				return fmt.Errorf("%s: %w", k.name, err)
			}
			if round > 0 { // the first one warms up
				k.all = append(k.all, samples...)
				k.medians = append(k.medians, median(samples))
			}
		}
	}
	printLatencies(kinds)
	return nil
}

func printLatencies(kinds []*kind) {
	fmt.Printf("%-32s %10s %10s %10s\n", "at 250/s, one at a time", "p50", "p90", "p99")
	for _, k := range kinds {
		fmt.Printf("%-32s %10v %10v %10v\n", k.name, median(k.medians).Round(time.Microsecond),
			percentile(k.all, 90).Round(time.Microsecond), percentile(k.all, 99).Round(time.Microsecond))
	}
	parts, tail := time.Duration(0), time.Duration(0)
	for _, k := range kinds[:3] {
		parts += median(k.medians)
		tail += percentile(k.all, 99)
	}
	fmt.Printf("%-32s %10v %10s %10v\n", "sum of the three parts", parts.Round(time.Microsecond), "", tail.Round(time.Microsecond))
	for _, k := range kinds[3:] {
		var ratios []float64
		for i := range k.medians {
			sum := kinds[0].medians[i] + kinds[1].medians[i] + kinds[2].medians[i]
			ratios = append(ratios, float64(k.medians[i])/float64(sum))
		}
		fmt.Printf("%s: median %.2f × the sum of its parts, p99 %.2f ×\n", k.name, middle(ratios),
			float64(percentile(k.all, 99))/float64(tail))
	}
}
