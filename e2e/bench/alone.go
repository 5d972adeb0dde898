package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"time"

	"porchlight/component/stream"
	"porchlight/demo"
	"porchlight/demo/xmppd"
	"porchlight/e2e/rig"
)

// This file measures what a message costs at least: one HTTP exchange, one durable append of the row
// that it is stored as, one written stanza, and one event written to an open stream. A process of its
// own does each alone, as often as the flood does, so that its processor time can be told from that
// of the bench.

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
	commands := map[string]func(int) error{
		"visitor":  func(n int) error { return l.append(n, byVisitor) },
		"operator": func(n int) error { return l.append(n, byOperator) },
		"event":    x.events,
		"stanza": func(n int) error {
			for i := range n {
				if err := conn.Send(wholeMessage(i)); err != nil {
					return err
				}
			}
			return nil
		},
	}
	fmt.Fprintln(out, x.server.Listener.Addr())
	for lines := bufio.NewScanner(in); lines.Scan(); {
		what, times, _ := strings.Cut(lines.Text(), " ")
		n, err := strconv.Atoi(times)
		if err != nil || commands[what] == nil {
			return fmt.Errorf("told %q", lines.Text())
		}
		if err := commands[what](n); err != nil {
			return fmt.Errorf("%s: %w", what, err)
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

// events has n events written to as many streams as there are talks.
func (p *parts) events(n int) error {
	came := newCounter()
	came.expect(n)
	for range talks {
		ends := finder{needle: []byte("\n\n")}
		s, err := streamTo(p.web, "/", "0123456789abcdef0123456789abcdef", func(b []byte) { came.add(ends.count(b)) })
		if err != nil {
			return err
		}
		defer s.Close()
	}
	if err := p.tell("event", n); err != nil {
		return err
	}
	return came.wait()
}

// cost is the processor time of each part for one message. An append differs by who says it, since an
// operator's message is known again by an address, an id and its content.
type cost struct{ exchange, visitor, operator, stanza, event time.Duration }

// of is the sum of the parts of a phase: an exchange, an append and a stanza; a visitor's own message is an
// event of their stream besides. In the other direction the exchange stands for the event, and the written
// stanza for the one that is read.
func (c cost) of(phase string) time.Duration {
	if phase == "to operator" {
		return c.exchange + c.visitor + c.stanza + c.event
	}
	return c.exchange + c.operator + c.stanza
}

// measure does each part n times.
func (p *parts) measure(n int) (c cost, err error) {
	pid := p.cmd.Process.Pid
	for _, m := range []struct {
		into *time.Duration
		do   func() error
	}{
		{&c.exchange, func() error { return p.exchanges(n) }},
		{&c.visitor, func() error { return p.tell("visitor", n) }},
		{&c.operator, func() error { return p.tell("operator", n) }},
		{&c.stanza, func() error { return p.tell("stanza", n) }},
		{&c.event, func() error { return p.events(n) }},
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
// offline, so it is a headline: a message of another type would come back (RFC 6121 §8.5.2.2.1).
func wholeMessage(i int) *stream.Element {
	el := message(fmt.Sprintf("v%d@%s", i%talks, demo.Domain), "vera@"+demo.Host, fmt.Sprint("d", i), true)
	return whole(el, i).With("type", "headline")
}
