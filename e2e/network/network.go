// Package network stands in for what lies between a visitor's browser and porchlight: a proxy that
// holds answers back, one that cuts every connection, a long and thin line that loses packets. It
// notes what is asked through it. Nothing of the kernel's is needed for it.
package network

import (
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// Config says what a network does to what passes it. The zero value passes everything on at once.
type Config struct {
	Hold  int           // answers come in pieces of so many bytes, or whole when they have ended; 0: as they come
	Cut   time.Duration // a connection ends after so long; 0: never
	Delay time.Duration // how long a packet takes to the other end
	Loss  float64       // the share of packets that are lost and sent again, 0 to 1
	Rate  int           // how many bytes a second pass in each direction, on all connections together; 0: no limit
	Seed  uint64        // decides which packets are lost
}

// Asked is a request that came through.
type Asked struct {
	Method, Path, Query, Accept string
}

// Network passes connections on from an address of its own. Its methods may be called by any
// goroutine.
type Network struct {
	URL string // of porchlight, as browsers reach it through the network; without a slash at the end

	cfg      Config
	front    net.Listener // browsers connect here
	inner    net.Listener // reads the requests, behind what the line does to packets
	up, down *way
	bytes    atomic.Int64
	mu       sync.Mutex
	asked    []Asked
	links    map[net.Conn]bool // both ends of each connection
}

// New makes a network before the program that serves at target (host:port). Close ends it.
func New(target string, cfg Config) (*Network, error) {
	n := &Network{cfg: cfg, up: newWay(cfg, 1), down: newWay(cfg, 2), links: make(map[net.Conn]bool)}
	var err error
	if n.front, err = net.Listen("tcp", "127.0.0.1:0"); err != nil {
		return nil, fmt.Errorf("listen for browsers: %w", err)
	}
	if n.inner, err = net.Listen("tcp", "127.0.0.1:0"); err != nil {
		n.front.Close()
		return nil, fmt.Errorf("listen behind the line: %w", err)
	}
	n.URL = "http://" + n.front.Addr().String()
	go http.Serve(n.inner, n.handler(target)) // ends with the listener
	go n.accept()                             // ends with the listener
	return n, nil
}

// handler notes each request and passes it on.
func (n *Network) handler(target string) http.Handler {
	proxy := &httputil.ReverseProxy{
		Rewrite:       func(r *httputil.ProxyRequest) { r.SetURL(&url.URL{Scheme: "http", Host: target}) },
		FlushInterval: -1,
		ErrorLog:      log.New(io.Discard, "", 0), // connections break on purpose
	}
	if n.cfg.Hold > 0 {
		proxy.ModifyResponse = n.hold
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		n.mu.Lock()
		n.asked = append(n.asked, Asked{r.Method, r.URL.Path, r.URL.RawQuery, r.Header.Get("Accept")})
		n.mu.Unlock()
		proxy.ServeHTTP(w, r)
	})
}

// Asked lists the requests that have come so far, preflights among them.
func (n *Network) Asked() []Asked {
	n.mu.Lock()
	defer n.mu.Unlock()
	return slices.Clone(n.asked)
}

// Bytes is how many bytes have passed so far, in both directions.
func (n *Network) Bytes() int64 { return n.bytes.Load() }

// Close ends all connections and takes no more.
func (n *Network) Close() {
	n.front.Close()
	n.inner.Close()
	n.mu.Lock()
	defer n.mu.Unlock()
	for c := range n.links {
		c.Close()
	}
}
