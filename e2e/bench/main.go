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
	"os/exec"
	"os/signal"
	"path/filepath"
)

func main() {
	rounds := flag.Int("rounds", 7, "rounds; medians are taken over them")
	each := flag.Int("each", 200, "samples of each kind in a round")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, *rounds, *each); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, rounds, each int) error {
	dir, err := os.MkdirTemp("", "porchlight-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	if err := os.Chmod(dir, 0o755); err != nil {
		return err
	}
	bin := filepath.Join(dir, "porchlight")
	build := exec.CommandContext(ctx, "go", "build", "-o", bin, ".")
	build.Stderr = os.Stderr
	if err := build.Run(); err != nil {
		return fmt.Errorf("build porchlight: %w", err)
	}
	if err := scriptSize(); err != nil {
		return err
	}
	if err := demoReady(ctx, bin, dir); err != nil {
		return err
	}
	return latency(ctx, bin, dir, rounds, each)
}
