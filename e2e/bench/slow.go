package main

import (
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"syscall"
	"time"

	"porchlight/e2e/rig"
)

// slowReaders is how many open streams nobody reads.
const slowReaders = 100

// slow writes to streams that nobody reads until they are cut off, and prints the most bytes that
// the kernel held for one of them on the program's side.
func slow(ctx context.Context, bin, dir string) error {
	site, err := newSite(ctx, bin, filepath.Join(dir, "slow"))
	if err != nil {
		return err
	}
	defer site.close()
	p, server, metrics := site.program, site.server, site.metrics
	first, err := newChat(ctx, &program{web: "http://" + p.Web, xmpp: server.ClientAddr()})
	if err != nil {
		return err
	}
	f, err := openTalks(first, p.Web, slowReaders)
	if err != nil {
		return err
	}
	defer f.close()
	for _, c := range f.chats {
		conn, err := narrow.DialContext(ctx, "tcp", p.Web)
		if err != nil {
			return err
		}
		defer conn.Close()
		if _, err := fmt.Fprintf(conn, "GET /v1/conversations/%s/events HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\nAccept: text/event-stream\r\n\r\n", c.id, c.token); err != nil {
			return err
		}
	}
	if err := f.hear("<received"); err != nil {
		return err
	}
	before, err := memory(metrics, p.Pid())
	if err != nil {
		return err
	}
	most, sent, err := f.overflow(ctx, metrics, p)
	if err != nil {
		return err
	}
	after, err := memory(metrics, p.Pid())
	if err != nil {
		return err
	}
	fmt.Printf("%d streams that nobody reads: all cut off after %d messages each; the kernel held at most %d bytes for one, the program's live heap grew by %.0f bytes each\n\n",
		slowReaders, sent, most, max(0, after.live-before.live)/slowReaders)
	return nil
}

// narrow makes connections with a small buffer for what is received, so that unread bytes stay
// with the sender.
var narrow = net.Dialer{Control: func(_, _ string, raw syscall.RawConn) error {
	return raw.Control(func(fd uintptr) { syscall.SetsockoptInt(int(fd), syscall.SOL_SOCKET, syscall.SO_RCVBUF, 4096) })
}}

// overflow writes to all streams until none is open, and returns the most that
// one socket held and how many messages each was sent.
func (f *flood) overflow(ctx context.Context, metrics string, p *rig.Program) (most, sent int, err error) {
	for end := time.Now().Add(time.Minute); ; {
		m, err := scrape(metrics)
		if err != nil {
			return 0, 0, err
		}
		held, err := socketMemory(ctx, p.Web)
		if err != nil {
			return 0, 0, err
		}
		most = max(most, held)
		if m["porchlight_streams_open"] == 0 && sent > 0 {
			return most, sent, nil
		}
		if time.Now().After(end) {
			return 0, 0, fmt.Errorf("%.0f streams are still open after %d messages each", m["porchlight_streams_open"], sent)
		}
		const burst = 20
		if err := f.acknowledged(burst * len(f.chats)); err != nil {
			return 0, 0, err
		}
		sent += burst
	}
}

// skmem matches what ss(8) says of a socket's memory: received, queued for writing, ancillary.
var skmem = regexp.MustCompile(`skmem:\(r(\d+),.*?,w(\d+),o(\d+)`)

// socketMemory is the most that the kernel holds for one connection of a server.
func socketMemory(ctx context.Context, addr string) (int, error) {
	_, port, err := net.SplitHostPort(addr)
	if err != nil {
		return 0, err
	}
	cmd := exec.CommandContext(ctx, "ss", "-tmnHO", "sport = :"+port)
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		return 0, fmt.Errorf("ask ss for socket memory: %w", err)
	}
	most := 0
	for _, m := range skmem.FindAllSubmatch(out, -1) {
		sum := 0
		for _, field := range m[1:] {
			n, _ := strconv.Atoi(string(field)) // the expression matches digits alone
			sum += n
		}
		most = max(most, sum)
	}
	return most, nil
}
