package main

import (
	"bufio"
	"bytes"
	"fmt"
	"net"
	"net/http"
	"os"
	"strconv"
	"strings"
)

// usage is a program's memory, in bytes, and its open streams.
type usage struct{ live, resident, streams float64 }

// memory reads the program's own metrics of heap and stacks until the collector has run several
// times. Each reading makes garbage, so the least value is what is live.
func memory(metrics string, pid int) (usage, error) {
	const cycles = 5
	var best usage
	for first := -1.0; ; {
		m, err := scrape(metrics)
		if err != nil {
			return best, err
		}
		runs := m["go_gc_duration_seconds_count"]
		live := m["go_memstats_heap_alloc_bytes"] + m["go_memstats_stack_inuse_bytes"]
		if first < 0 {
			first, best.live = runs, live
		}
		best.live, best.streams = min(best.live, live), m["porchlight_streams_open"]
		if runs >= first+cycles {
			break
		}
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
