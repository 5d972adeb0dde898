package e2e_test

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"os"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"porchlight/demo/pgd"
	"porchlight/demo/xmppd"
	"porchlight/e2e/balance"
	"porchlight/e2e/visitor"
)

// database starts the PostgreSQL that all tests share, once.
var database = sync.OnceValues(func() (*pgd.Server, error) { return pgd.Start(context.Background(), ofTests) })

// ofTests are settings of a database server that need not outlast the machine.
var ofTests = pgd.Config{Settings: []string{"fsync=off", "max_connections=400"}}

// gang is an installation of several porchlights on one database, beside one XMPP server and behind a balancer.
type gang struct {
	*site // the XMPP server, and the balancer's address; it has no process of its own
	nodes []*site
	via   *balance.Balancer
}

// startGang starts n nodes on a database of their own.
func startGang(t *testing.T, n int, more settings) *gang {
	t.Helper()
	server, err := database()
	if err != nil {
		lacking(t, err)
	}
	url, err := server.Create("e2e_"+strings.ToLower(rand.Text()), "template0") // a test may run several times
	if err != nil {
		t.Fatal(err)
	}
	return startGangOn(t, n, url, more)
}

// startGangOn starts n nodes on a database, one after the other.
func startGangOn(t *testing.T, n int, url string, more settings) *gang {
	t.Helper()
	g := &gang{site: &site{t: t, dir: t.TempDir()}}
	g.startServer()
	var targets []string
	for range n {
		web, err := xmppd.FreeAddr("127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		targets = append(targets, web)
	}
	var err error
	if g.via, err = balance.New(1, targets...); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(g.via.Close)
	for i, web := range targets {
		node := &site{t: t, dir: t.TempDir(), server: g.server, url: "http://" + web, shop: "https://shop.example"}
		if i%2 == 0 {
			node.binary = os.Getenv("E2E_OTHER")
		}
		all := settings{"store.path": `""`, "store.url": strconv.Quote(url), "cluster.node": fmt.Sprintf(`"%d"`, i+1), "web.public_url": strconv.Quote(g.via.URL)}
		maps.Copy(all, more)
		node.configure(web, all)
		g.nodes = append(g.nodes, node)
		node.up()
	}
	g.url = g.via.URL
	g.allReady()
	return g
}

// allReady waits until the balancer takes every node for ready.
func (g *gang) allReady() {
	g.t.Helper()
	eventually(g.t, "all nodes are ready", func() bool { return g.via.Ready() == len(g.nodes) })
}

// readiness is what /readyz says of a node.
type readiness struct {
	Node      string
	PID       int
	HoldsLink bool `json:"holds_link"`
	Reasons   []string
}

// readyOf asks a node for its readiness; the status is 0 if there is no answer.
func readyOf(node *site) (r readiness, status int) {
	answer, err := http.Get(node.url + "/readyz")
	if err != nil {
		return r, 0
	}
	defer answer.Body.Close()
	if json.NewDecoder(answer.Body).Decode(&r) != nil {
		return r, 0
	}
	return r, answer.StatusCode
}

// operators logs in operators and waits until every node knows that they are there.
func (g *gang) operators(users ...string) []*person {
	g.t.Helper()
	all := g.site.operators(users...)
	g.everywhere("the operators are there", func(c *visitor.Client) bool {
		s, err := c.Status(g.t.Context())
		return err == nil && s.Operators == len(users)
	})
	return all
}

// holder waits until exactly one node says that it has the link, and returns its number.
func (g *gang) holder() (n int) {
	g.t.Helper()
	eventually(g.t, "one node has the link", func() bool {
		holders := 0
		for i, node := range g.nodes {
			if r, _ := readyOf(node); r.HoldsLink {
				holders, n = holders+1, i
			}
		}
		return holders == 1
	})
	return n
}

// others returns the nodes but one.
func (g *gang) others(not int) (list []*site) {
	for i, node := range g.nodes {
		if i != not {
			list = append(list, node)
		}
	}
	return list
}

// at is a conversation through one node instead of the balancer.
func (g *gang) at(node *site, c *visitor.Conversation) *visitor.Conversation {
	through := *c
	through.Client = visitor.New(node.url)
	return &through
}

// everywhere waits until something is so at all nodes.
func (g *gang) everywhere(what string, so func(*visitor.Client) bool) {
	g.t.Helper()
	for i, node := range g.nodes {
		eventually(g.t, fmt.Sprintf("%s at node %d", what, i+1), func() bool { return so(visitor.New(node.url)) })
	}
}

// freeze stops a node as SIGSTOP does.
func (g *gang) freeze(node *site) {
	g.t.Helper()
	if err := xmppd.Freeze(node.cmd.Process); err != nil {
		g.t.Fatal(err)
	}
	g.t.Cleanup(func() { node.cmd.Process.Signal(syscall.SIGCONT) }) // may have ended
}

// shownLog follows a conversation's stream through the balancer as a page does: it goes on from its last event when the stream ends.
type shownLog struct {
	mu   sync.Mutex
	seen []visitor.Event
}

// follow reads until the test ends.
func (g *gang) follow(c *visitor.Conversation) *shownLog {
	r := &shownLog{}
	ctx, cancel := context.WithCancel(context.Background())
	var reading sync.WaitGroup
	reading.Go(func() {
		for last := int64(0); ctx.Err() == nil; {
			s, err := c.Stream(ctx, last)
			if err != nil {
				select {
				case <-ctx.Done():
				case <-time.After(look):
				}
				continue
			}
			for {
				e, err := s.Next()
				if err != nil {
					break
				}
				if e.Seq > 0 {
					last = e.Seq
					r.mu.Lock()
					r.seen = append(r.seen, e)
					r.mu.Unlock()
				}
			}
			s.Close()
		}
	})
	g.t.Cleanup(func() { cancel(); reading.Wait() })
	return r
}

// texts returns what was read of the people's words, in order.
func (r *shownLog) texts() (list []string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, e := range r.seen {
		if e.Type == "message" && e.From != "system" {
			list = append(list, e.Text)
		}
	}
	return list
}
