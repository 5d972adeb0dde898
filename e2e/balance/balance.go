// Package balance is a small load balancer for tests: it hands each request to any node that /readyz says is ready, so that
// nothing that works behind it needs stickiness.
package balance

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/httputil"
	"slices"
	"sync"
	"time"
)

// look is the time between two looks at a node's /readyz.
const look = 100 * time.Millisecond

// Balancer is a running balancer. Its methods may be called by any goroutine.
type Balancer struct {
	URL string

	targets []string // host:port of each node
	server  *http.Server
	looks   *http.Client
	stop    context.CancelFunc
	ended   sync.WaitGroup

	mu    sync.Mutex
	ready []string
	rand  *rand.Rand
}

// errNobody is the reason for an answer without any node.
var errNobody = errors.New("no node is ready")

// New starts a balancer for nodes, each a host:port. The seed chooses who gets which request.
func New(seed uint64, targets ...string) (*Balancer, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("start balancer: %w", err)
	}
	ctx, stop := context.WithCancel(context.Background())
	b := &Balancer{URL: "http://" + l.Addr().String(), targets: targets, stop: stop, rand: rand.New(rand.NewPCG(seed, 3)),
		looks: &http.Client{Timeout: time.Second}}
	proxy := &httputil.ReverseProxy{Rewrite: b.choose, FlushInterval: -1, ErrorHandler: refuse, Transport: &http.Transport{MaxIdleConnsPerHost: 100}}
	b.server = &http.Server{Handler: proxy, ReadHeaderTimeout: time.Minute}
	b.ended.Go(func() { _ = b.server.Serve(l) }) // ends with Close
	for _, target := range targets {
		b.ended.Go(func() { b.follow(ctx, target) })
	}
	return b, nil
}

// choose sends a request to any ready node, and to none if none is: its address is one that nobody can listen on.
func (b *Balancer) choose(r *httputil.ProxyRequest) {
	b.mu.Lock()
	defer b.mu.Unlock()
	r.Out.URL.Scheme, r.Out.URL.Host = "http", "127.0.0.1:0"
	if len(b.ready) > 0 {
		r.Out.URL.Host = b.ready[b.rand.IntN(len(b.ready))]
	}
}

func refuse(w http.ResponseWriter, r *http.Request, _ error) {
	w.Header().Set("Retry-After", "1")
	http.Error(w, errNobody.Error(), http.StatusBadGateway)
}

// follow looks again and again whether a node is ready.
func (b *Balancer) follow(ctx context.Context, target string) {
	for {
		ready := false
		if request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+target+"/readyz", nil); err == nil {
			if answer, err := b.looks.Do(request); err == nil {
				answer.Body.Close()
				ready = answer.StatusCode == http.StatusOK
			}
		}
		b.mu.Lock()
		b.ready = slices.DeleteFunc(b.ready, func(s string) bool { return s == target })
		if ready {
			b.ready = append(b.ready, target)
		}
		b.mu.Unlock()
		select {
		case <-ctx.Done():
			return
		case <-time.After(look):
		}
	}
}

// Ready returns how many nodes are ready.
func (b *Balancer) Ready() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return len(b.ready)
}

// Close ends the balancer and cuts its connections.
func (b *Balancer) Close() {
	b.stop()
	_ = b.server.Close() // what it was for is over
	b.ended.Wait()
}
