package main

import (
	"context"
	"fmt"
	"net"
	"os"
	"strconv"
	"time"
)

// notifySystemd tells systemd that the program is ready, that it lives, and that it stops
// (sd_notify(3)). Outside systemd it does nothing. It pets the watchdog only while the database
// answers: if the database hangs, systemd restarts the program, and everything goes on from the
// cursors. A lost XMPP link does not stop the petting, since a restart would not bring the server
// back.
func (p *program) notifySystemd(ctx context.Context) error {
	addr := os.Getenv("NOTIFY_SOCKET")
	if addr == "" {
		return nil
	}
	conn, err := net.Dial("unixgram", addr)
	if err != nil {
		return fmt.Errorf("dial systemd: %w", err)
	}
	defer conn.Close()
	tell := func(s string) {
		if _, err := conn.Write([]byte(s)); err != nil {
			p.log.Warn("notify systemd", "err", err)
		}
	}
	tell("READY=1")
	defer tell("STOPPING=1")
	var pet <-chan time.Time
	if usec, err := strconv.ParseInt(os.Getenv("WATCHDOG_USEC"), 10, 64); err == nil && usec > 0 {
		t := time.NewTicker(time.Duration(usec) * time.Microsecond / 3)
		defer t.Stop()
		pet = t.C
	}
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-pet:
			if err := p.alive(); err != nil {
				p.log.Error("not petting the watchdog", "err", err)
				continue
			}
			tell("WATCHDOG=1")
		}
	}
}
