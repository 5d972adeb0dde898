package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"syscall"
	"time"

	"porchlight/config"
	"porchlight/demo"
	"porchlight/demo/pgd"
	"porchlight/demo/xmppd"
)

// Several nodes are processes of this program, so that one can be killed while the others go on.
const (
	demoNodeArg  = "node"           // `porchlight demo node` is one of them; what it has to know comes by its standard input
	demoNodeUp   = "up"             // what it writes when it runs, as a line of its standard output
	demoAway     = 5 * time.Second  // how long a node that has ended is away
	demoLeave    = 15 * time.Second // how long a node may take to end
	demoDatabase = "porchlight"
)

// several runs some nodes on one database until ctx ends.
func (s *stage) several(ctx context.Context, cancel context.CancelCauseFunc) error {
	s.at.Store = s.o.Store
	if s.at.Store == "" {
		server, err := pgd.Start(ctx, pgd.Config{Dir: filepath.Join(s.at.Dir, "postgres")})
		if err != nil {
			return err
		}
		defer server.Close()
		go watchServers(ctx, cancel, "the database ended: %w", server.Done())
		if s.at.Store, err = server.Create(demoDatabase, "template0"); err != nil {
			return err
		}
	}
	mails, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return fmt.Errorf("listen for the page of mails: %w", err)
	}
	page := &http.Server{Handler: s.post.Handler(), ReadHeaderTimeout: time.Minute}
	defer page.Close()
	go func() { _ = page.Serve(mails) }() // ends with Close
	s.at.Mail = "http://" + mails.Addr().String() + "/mail"
	if s.at.Webs, err = freeWebs(s.o.Web, s.o.Nodes); err != nil {
		return err
	}
	cfg, err := s.first(ctx)
	if err != nil {
		return err
	}
	return s.nodes(ctx, cancel, cfg)
}

// freeWebs returns free addresses for n nodes.
func freeWebs(wanted string, n int) ([]string, error) {
	var all []string
	for range n {
		addr, err := xmppd.FreeAddr(wanted)
		if err != nil {
			return nil, err
		}
		all = append(all, addr)
		host, port, err := net.SplitHostPort(addr)
		if err != nil {
			return nil, fmt.Errorf("find free port: %w", err)
		}
		at, err := strconv.Atoi(port)
		if err != nil {
			return nil, fmt.Errorf("find free port: %w", err)
		}
		wanted = net.JoinHostPort(host, strconv.Itoa(at+1))
	}
	return all, nil
}

// first makes the database and what is in it from the start, before any node runs, and returns the config of the first node.
func (s *stage) first(ctx context.Context) (config.Config, error) {
	at := s.at
	at.Web = at.Webs[0]
	cfg, err := at.config(s.e, s.o)
	if err != nil {
		return cfg, err
	}
	opts, err := bridgeOptions(cfg)
	if err != nil {
		return cfg, err
	}
	if opts.Clock, err = clockFrom(s.e.environ); err != nil {
		return cfg, err
	}
	d, err := keeperOf(cfg).open(ctx, opts.Clock, "", s.log)
	if err != nil {
		return cfg, err
	}
	return cfg, errors.Join(demoTeam(ctx, d, opts, s.o), d.Close())
}

// nodes starts the nodes, says where they are, and waits for their end, which comes with that of ctx.
func (s *stage) nodes(ctx context.Context, cancel context.CancelCauseFunc, cfg config.Config) error {
	up := make(chan int) // the process of a node that is up for the first time
	over := make(chan struct{})
	places := demo.Places{Mail: s.at.Mail, Nodes: make([]demo.Node, len(s.at.Webs))}
	for i, web := range s.at.Webs {
		go func() {
			defer func() { over <- struct{}{} }()
			s.keep(ctx, cancel, i, up)
		}()
		select {
		case pid := <-up:
			places.Nodes[i] = demo.Node{Web: "http://" + web + "/", PID: pid}
		case <-ctx.Done():
			for range i + 1 {
				<-over
			}
			return nil
		}
	}
	places.Web = places.Nodes[0].Web
	s.present(ctx, cfg, places)
	for range s.at.Webs {
		<-over
	}
	return <-s.talk
}

// keep runs a node, and again when it was killed, until ctx ends. It says which process it is the first time. A node that
// fails before it was up ends the demo.
func (s *stage) keep(ctx context.Context, cancel context.CancelCauseFunc, i int, up chan<- int) {
	for first := true; ; first = false {
		ran := false
		err := s.node(ctx, i, func(pid int) {
			ran = true
			if first {
				select {
				case up <- pid:
				case <-ctx.Done():
				}
				return
			}
			fmt.Fprintf(s.e.stdout, "node %d is process %d\n", i+1, pid)
		})
		if ctx.Err() != nil {
			return
		}
		if !ran {
			cancel(fmt.Errorf("node %d: %w", i+1, err))
			return
		}
		fmt.Fprintf(s.e.stdout, "node %d has ended (%v) and starts again in %v\n", i+1, err, demoAway)
		select {
		case <-ctx.Done():
			return
		case <-time.After(demoAway):
		}
	}
}

// node runs the process of a node until it ends, which it does in order when ctx ends.
func (s *stage) node(ctx context.Context, i int, up func(pid int)) error {
	program, err := os.Executable()
	if err != nil {
		return fmt.Errorf("find this program: %w", err)
	}
	at := s.at
	at.Web, at.Node = at.Webs[i], strconv.Itoa(i+1)
	told, err := json.Marshal(demoNodeTold{s.o, at})
	if err != nil {
		return fmt.Errorf("tell the node: %w", err)
	}
	cmd := exec.CommandContext(ctx, program, "demo", demoNodeArg)
	cmd.Env, cmd.Stderr = s.e.environ, s.logs
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // keeps Ctrl-C in the terminal from the nodes
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) }
	cmd.WaitDelay = demoLeave
	in, err := cmd.StdinPipe() // ends with this process, and the node with it
	if err != nil {
		return fmt.Errorf("run node: %w", err)
	}
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		return fmt.Errorf("run node: %w", err)
	}
	if _, err = in.Write(append(told, '\n')); err == nil {
		for lines := bufio.NewScanner(out); lines.Scan(); {
			if lines.Text() == demoNodeUp {
				up(cmd.Process.Pid)
			}
		}
	}
	return errors.Join(err, cmd.Wait())
}

// demoNodeTold is what a node has to know.
type demoNodeTold struct {
	Options demo.Options
	At      demoAt
}

// demoNode runs one node of several. It ends with its standard input.
func demoNode(ctx context.Context, e *env) error {
	var told demoNodeTold
	in := bufio.NewReader(e.stdin)
	line, err := in.ReadBytes('\n')
	if err == nil {
		err = json.Unmarshal(line, &told)
	}
	if err != nil {
		return fmt.Errorf("read what to do, which `porchlight demo --nodes` tells: %w", err)
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	go func() {
		_, _ = io.Copy(io.Discard, in) // its end is what counts
		cancel()
	}()
	cfg, err := told.At.config(e, told.Options)
	if err != nil {
		return err
	}
	mails := http.RedirectHandler(told.At.Mail, http.StatusFound)
	p, err := build(ctx, cfg, e, parts{
		log: slog.New(slog.NewTextHandler(e.stderr, nil)), home: demoSites(mails),
		ready: func(context.Context, net.Addr) { fmt.Fprintln(e.stdout, demoNodeUp) },
	})
	if err != nil {
		return err
	}
	return p.run(ctx)
}
