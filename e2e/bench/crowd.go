package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"
)

// active is how many of a crowd's conversations have messages flowing.
const active = 500

// crowd has messages flow in some conversations, without and with n idle visitors beside them.
// Each idle visitor has a conversation and an open event stream. crowd prints how much memory an
// idle visitor costs the program, and how much latency the others.
func crowd(ctx context.Context, bin, dir string, n, each int) error {
	site, err := newSite(ctx, bin, filepath.Join(dir, "crowd"))
	if err != nil {
		return err
	}
	defer site.close()
	p, server, metrics := site.program, site.server, site.metrics
	seats, err := openMany("http://"+p.Web, n) // nobody is online yet, so these are tickets, which are closed at once
	if err != nil {
		return err
	}
	flow, err := newFlow(ctx, p.Web, server.ClientAddr())
	if err != nil {
		return err
	}
	defer flow.close()
	if _, err := flow.both(each / 5); err != nil { // to warm up
		return err
	}
	alone, err := flow.both(each)
	if err != nil {
		return err
	}
	before, err := memory(metrics, p.Pid())
	if err != nil {
		return err
	}
	conns, err := connectMany("http://"+p.Web, seats)
	if err != nil {
		return err
	}
	defer func() {
		for _, fd := range conns {
			syscall.Close(fd)
		}
	}()
	after, err := memory(metrics, p.Pid())
	if err != nil {
		return err
	}
	among, err := flow.both(each)
	if err != nil {
		return err
	}
	fmt.Printf("%d idle visitors with open streams (%.0f parked in all): live heap and stacks %+.0f bytes each, resident memory %+.0f bytes each\n",
		len(conns), after.streams, (after.live-before.live)/float64(len(conns)), (after.resident-before.resident)/float64(len(conns)))
	for i, name := range directions {
		fmt.Printf("%s, in %d conversations among them: median %.2f × without, p99 %.2f ×\n", name, active,
			float64(median(among[i]))/float64(median(alone[i])), float64(percentile(among[i], 99))/float64(percentile(alone[i], 99)))
	}
	fmt.Println()
	return nil
}

// pairs measures each direction each times.
func pairs(c *chat, each int) (out [2][]time.Duration, err error) {
	for i, once := range []func() (time.Duration, error){c.toOperator, c.toVisitor} {
		if out[i], err = sample(each, once); err != nil {
			return out, err
		}
	}
	return out, nil
}

// seat is a conversation with an open stream.
type seat struct{ ID, Token string }

// openMany opens n conversations and ends them. Their pages stay open.
func openMany(web string, n int) ([]seat, error) {
	seats := make([]seat, n)
	var group sync.WaitGroup
	errs := make(chan error, 16)
	for worker := range 16 {
		group.Go(func() {
			for i := worker; i < n; i += 16 {
				c := &chat{web: web}
				err := c.post("/v1/conversations", map[string]string{"client_id": fmt.Sprint("crowd-visitor-number-", i), "name": "Idle", "email": "idle@example.org", "reason": "crowd"}, &seats[i])
				if err == nil {
					c.token = seats[i].Token
					err = c.post("/v1/conversations/"+seats[i].ID+"/close", struct{}{}, nil)
				}
				if err != nil {
					errs <- err
					return
				}
			}
		})
	}
	group.Wait()
	select {
	case err := <-errs:
		return nil, err
	default:
		return seats, nil
	}
}

// connectMany opens an event stream for each seat, and reads its beginning. It returns bare
// descriptors, so that the streams cost this process nothing.
func connectMany(web string, seats []seat) ([]int, error) {
	conns := make([]int, len(seats))
	var group sync.WaitGroup
	var mu sync.Mutex
	var failed error
	for worker := range 16 {
		group.Go(func() {
			for i := worker; i < len(seats); i += 16 {
				conn, err := connect(web, seats[i])
				if err != nil {
					mu.Lock()
					failed = err
					mu.Unlock()
					return
				}
				conns[i] = conn
			}
		})
	}
	group.Wait()
	return conns, failed
}

func connect(web string, s seat) (int, error) {
	conn, err := net.Dial("tcp", strings.TrimPrefix(web, "http://"))
	if err != nil {
		return 0, err
	}
	defer conn.Close()
	fmt.Fprintf(conn, "GET /v1/conversations/%s/events HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\nAccept: text/event-stream\r\n\r\n", s.ID, s.Token)
	r := bufio.NewReaderSize(conn, 1024)
	for { // up to the end of the log
		line, err := r.ReadString('\n')
		if err != nil {
			return 0, err
		}
		if strings.Contains(line, `"state":"closed"`) {
			return bare(conn.(*net.TCPConn))
		}
	}
}

// bare duplicates a connection's descriptor.
func bare(conn *net.TCPConn) (fd int, err error) {
	raw, err := conn.SyscallConn()
	if err != nil {
		return 0, err
	}
	err2 := raw.Control(func(p uintptr) { fd, err = syscall.Dup(int(p)) })
	return fd, errors.Join(err, err2)
}

// usage is a program's memory, in bytes, and its open streams.
type usage struct{ live, resident, streams float64 }

// memory reads the program's own metrics of heap and stacks several times. Each reading makes
// garbage, and the collector runs between them, so the least value is what is live.
func memory(metrics string, pid int) (usage, error) {
	var best usage
	for i := range 600 {
		m, err := scrape(metrics)
		if err != nil {
			return best, err
		}
		live := m["go_memstats_heap_alloc_bytes"] + m["go_memstats_stack_inuse_bytes"]
		if i == 0 || live < best.live {
			best.live = live
		}
		best.streams = m["porchlight_streams_open"]
	}
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/statm", pid))
	if err != nil {
		return best, err
	}
	pages, err := strconv.Atoi(strings.Fields(string(b))[1])
	best.resident = float64(pages * os.Getpagesize())
	return best, err
}

func scrape(addr string) (map[string]float64, error) {
	resp, err := http.Get("http://" + addr + "/metrics")
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	m := make(map[string]float64)
	for s := bufio.NewScanner(resp.Body); s.Scan(); {
		if name, value, ok := bytes.Cut(s.Bytes(), []byte(" ")); ok && name[0] != '#' {
			m[string(name)], _ = strconv.ParseFloat(string(value), 64)
		}
	}
	return m, nil
}

func freeAddr() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	defer l.Close()
	return l.Addr().String(), nil
}
