package main

import (
	"bufio"
	"errors"
	"fmt"
	"net"
	"strings"
	"sync"
	"syscall"
)

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
