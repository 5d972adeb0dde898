package rig

import (
	"context"
	"net"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"
)

// TestCut_EndsWithoutGoingOn cuts a program that writes all the time: nothing may come after what a cut has seen.
func TestCut_EndsWithoutGoingOn(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	bin := filepath.Join(dir, "writes")
	if err := os.WriteFile(bin, []byte("#!/bin/sh\nexec yes >&2\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	web, err := net.Listen("tcp", "127.0.0.1:0") // stands in for the program's
	if err != nil {
		t.Fatal(err)
	}
	defer web.Close()
	p, err := New(bin, dir, Config{Web: web.Addr().String()})
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	written := func() int64 {
		info, err := os.Stat(p.Log())
		if err != nil {
			t.Fatal(err)
		}
		return info.Size()
	}
	var held sync.WaitGroup
	defer held.Wait()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	for range 4 { // between two calls of the program's methods time goes by, as on a busy machine
		held.Go(func() {
			for ctx.Err() == nil {
				p.mu.Lock()
				time.Sleep(time.Millisecond)
				p.mu.Unlock()
			}
		})
	}
	for range 10 {
		if err := p.Start(t.Context()); err != nil {
			t.Fatal(err)
		}
		var seen int64
		if err := p.Cut(func() error { seen = written(); return nil }); err != nil {
			t.Fatal(err)
		}
		if after := written(); after != seen {
			t.Fatalf("%d bytes were written after the cut", after-seen)
		}
	}
}
