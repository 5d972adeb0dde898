package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"sync"
	"time"

	"porchlight/component/stream"
	"porchlight/demo"
	"porchlight/demo/xmppd"
	"porchlight/e2e/rig"
)

// This file measures what a message costs at least: one HTTP exchange, one durable append and one
// written stanza. A process of its own does each alone, as often as the flood does, so that its
// processor time can be told from that of the bench.

// aloneVar in the environment makes the program be that process. The variable holds a folder and
// the server's address for components.
const aloneVar = "PORCHLIGHT_BENCH_ALONE"

// alone runs the process: it carries out one command a line, and answers each with a line.
func alone(ctx context.Context, what string, in io.Reader, out io.Writer) error {
	dir, server, _ := strings.Cut(what, " ")
	x := newExchange()
	defer x.server.Close()
	l, err := newLog(ctx, dir)
	if err != nil {
		return fmt.Errorf("bare store: %w", err)
	}
	defer l.close()
	conn, err := stream.Dial(ctx, stream.Config{Addr: server, Domain: demo.Domain, Secret: rig.Secret})
	if err != nil {
		return fmt.Errorf("bare component: %w", err)
	}
	defer conn.Close(ctx)
	go drain(conn)
	fmt.Fprintln(out, x.server.Listener.Addr())
	for lines := bufio.NewScanner(in); lines.Scan(); {
		var n int
		switch _, err := fmt.Sscanf(lines.Text(), "append %d", &n); {
		case err == nil:
			if err := l.append(n); err != nil {
				return err
			}
		default:
			if _, err := fmt.Sscanf(lines.Text(), "stanza %d", &n); err != nil {
				return fmt.Errorf("told %q: %w", lines.Text(), err)
			}
			for i := range n {
				if err := conn.Send(wholeMessage(i)); err != nil {
					return err
				}
			}
		}
		fmt.Fprintln(out, "done")
	}
	return nil
}

// drain reads what comes over a stream until it ends.
func drain(conn *stream.Conn) {
	for {
		var refused *stream.StanzaError
		if _, err := conn.Next(); err != nil && !errors.As(err, &refused) {
			return
		}
	}
}

// parts is the process, seen from the bench.
type parts struct {
	cmd *exec.Cmd
	in  io.WriteCloser
	out *bufio.Scanner
	web string
}

func startParts(ctx context.Context, dir string, server *xmppd.Server) (*parts, error) {
	p := &parts{cmd: exec.CommandContext(ctx, os.Args[0])}
	p.cmd.Env = append(os.Environ(), aloneVar+"="+dir+" "+server.ComponentAddr())
	p.cmd.Stderr = os.Stderr
	var err error
	if p.in, err = p.cmd.StdinPipe(); err != nil {
		return nil, err
	}
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	p.out = bufio.NewScanner(out)
	if err := p.cmd.Start(); err != nil {
		return nil, err
	}
	if !p.out.Scan() {
		p.close()
		return nil, errors.New("the parts did not start")
	}
	p.web = p.out.Text()
	return p, nil
}

func (p *parts) close() {
	p.in.Close()
	p.cmd.Wait()
}

// tell has the process carry out a command n times and waits for its answer.
func (p *parts) tell(what string, n int) error {
	if _, err := fmt.Fprintln(p.in, what, n); err != nil {
		return err
	}
	if !p.out.Scan() || p.out.Text() != "done" {
		return fmt.Errorf("the parts ended at %s %d", what, n)
	}
	return nil
}

// exchanges posts n messages over as many connections as there are talks.
func (p *parts) exchanges(n int) error {
	body := fmt.Appendf(nil, `{"client_id":"0123456789abcdef","text":"v %s"}`, text)
	var group sync.WaitGroup
	errs := make(chan error, talks)
	for range talks {
		w, err := dialWire(p.web, "/", "0123456789abcdef0123456789abcdef")
		if err != nil {
			return err
		}
		defer w.conn.Close()
		group.Go(func() {
			for range n / talks {
				if err := w.post(body); err != nil {
					errs <- err
					return
				}
			}
		})
	}
	group.Wait()
	close(errs)
	return <-errs
}

// cost is the processor time of each part for one message.
type cost struct{ exchange, append, stanza time.Duration }

func (c cost) sum() time.Duration { return c.exchange + c.append + c.stanza }

// measure does each part n times.
func (p *parts) measure(n int) (c cost, err error) {
	pid := p.cmd.Process.Pid
	for _, m := range []struct {
		into *time.Duration
		do   func() error
	}{
		{&c.exchange, func() error { return p.exchanges(n) }},
		{&c.append, func() error { return p.tell("append", n) }},
		{&c.stanza, func() error { return p.tell("stanza", n) }},
	} {
		l, err := spent(pid, pid, n, m.do)
		if err != nil {
			return c, err
		}
		*m.into = l.program
	}
	return c, nil
}

// wholeMessage is message i with all that porchlight's messages have in them. Its receiver is
// offline.
func wholeMessage(i int) *stream.Element {
	el := message(fmt.Sprintf("v%d@%s", i%talks, demo.Domain), "vera@"+demo.Host, fmt.Sprint("d", i), true)
	return whole(el, i)
}
