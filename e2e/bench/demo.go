package main

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// program is a running porchlight demo.
type program struct {
	cmd        *exec.Cmd
	web, xmpp  string
	readyAfter time.Duration
}

// startDemo starts porchlight demo on free ports and waits for its "ready".
func startDemo(ctx context.Context, bin, dir string, more ...string) (*program, error) {
	args := append([]string{"demo", "--no-console", "--web", "127.0.0.1:0", "--xmpp", "127.0.0.1:0", "--dir", dir}, more...)
	p := &program{cmd: exec.CommandContext(ctx, bin, args...)}
	log, err := os.Create(filepath.Join(filepath.Dir(dir), "demo.log"))
	if err != nil {
		return nil, err
	}
	defer log.Close()
	p.cmd.Stderr = log
	p.cmd.Cancel = func() error { return p.cmd.Process.Signal(os.Interrupt) }
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	began := time.Now()
	if err := p.cmd.Start(); err != nil {
		return nil, err
	}
	for s := bufio.NewScanner(out); s.Scan(); {
		switch line := s.Text(); {
		case strings.HasPrefix(line, "web: "):
			p.web = strings.TrimSuffix(line[5:], "/")
		case strings.HasPrefix(line, "xmpp: "):
			p.xmpp = line[6:]
		case line == "ready":
			p.readyAfter = time.Since(began)
			go func() { // ends with the program
				for s.Scan() {
				}
			}()
			return p, nil
		}
	}
	p.stop()
	return nil, fmt.Errorf("the demo did not get ready; see %s", log.Name())
}

func (p *program) stop() {
	p.cmd.Process.Signal(os.Interrupt)
	p.cmd.Wait()
}

// demoReady prints how long the demo takes to be ready.
func demoReady(ctx context.Context, bin, dir string) error {
	var times []time.Duration
	for i := range 5 {
		p, err := startDemo(ctx, bin, filepath.Join(dir, fmt.Sprint("ready", i)))
		if err != nil {
			return err
		}
		times = append(times, p.readyAfter)
		p.stop()
	}
	fmt.Printf("demo ready after: median %v of %v, %.2f of the 3 s allowed\n\n",
		median(times).Round(time.Millisecond), len(times), median(times).Seconds()/3)
	return nil
}

func median(d []time.Duration) time.Duration { return percentile(d, 50) }

// percentile returns the p-th percentile of samples in any order.
func percentile(d []time.Duration, p int) time.Duration {
	if len(d) == 0 {
		return 0
	}
	s := slices.Sorted(slices.Values(d))
	return s[min(len(s)-1, len(s)*p/100)]
}
