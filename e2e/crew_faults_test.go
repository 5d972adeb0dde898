package e2e_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"porchlight/component/stream"
	"porchlight/demo"
	"porchlight/demo/pgd"
	"porchlight/e2e/visitor"
)

// crewTolerates are the errors that the death of a neighbour, a server or a database brings with it.
func (g *gang) tolerate(parts ...string) {
	for _, node := range g.nodes {
		node.tolerate(append(parts, "the XMPP link")...)
	}
}

// TestCrew_TakeOver: when the node with the link is killed, or ends in order, the other takes the link. The conversation goes on, the page
// at the dead node goes on at the other one from its last event, and nobody misses anything or sees it twice.
func TestCrew_TakeOver(t *testing.T) {
	t.Parallel()
	g := startGang(t, 2, nil)
	x := g.operators("xavi")[0]
	c := g.ask("Anna", "Question")
	page := g.follow(c)
	x.take(c.Number, c.Visitor)
	want := []string{"Question"}
	talk := func(i int) {
		mine, answer := fmt.Sprintf("question %d", i), fmt.Sprintf("answer %d", i)
		insist(t, c, mine)
		x.hears(c.Visitor, mine)
		x.says(c.Visitor, answer)
		want = append(want, mine, answer)
		sameWords(t, page, want)
	}
	talk(0)
	for i, how := range []syscall.Signal{syscall.SIGKILL, syscall.SIGTERM} {
		link := g.holder()
		x.Forget()
		began := time.Now()
		if how == syscall.SIGKILL {
			g.nodes[link].kill()
		} else if status, _ := g.nodes[link].stop(how); status != 0 {
			t.Errorf("%v: exit status %d", how, status)
		}
		insist(t, c, fmt.Sprintf("during %d", i))
		want = append(want, fmt.Sprintf("during %d", i))
		x.hears(c.Visitor, fmt.Sprintf("during %d", i))
		t.Logf("after %v the visitor's words came after %v", how, since(began))
		talk(2*i + 1)
		g.nodes[link].up()
		g.allReady()
		if now := g.holder(); now == link {
			t.Errorf("node %d has come back and has taken the link", link+1)
		}
		talk(2*i + 2)
	}
	if got := x.heard(c.Visitor, startsWith("during ")); strings.Join(got, ", ") != "during 0, during 1" {
		t.Errorf("the operator got %q", got)
	}
}

// TestCrew_NobodyIsHungUp: the start, the end and the death of a node close no conversation whose visitor comes back within
// visitor_grace. One who does not come back is gone, as ever.
func TestCrew_NobodyIsHungUp(t *testing.T) {
	t.Parallel()
	g := startGang(t, 2, settings{"timing.visitor_grace": `"5s"`})
	x := g.operators("xavi")[0]
	c := g.ask("Stays", "Question")
	page := g.follow(c)
	x.take(c.Number, c.Visitor)
	for i, end := range []func(*site){(*site).kill, func(s *site) { s.stop(syscall.SIGTERM) }} {
		gone := g.ask(fmt.Sprintf("Goes%d", i), "Question")
		link := g.holder()
		s, err := g.at(g.nodes[link], gone).Stream(within(t), 0)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := s.Next(); err != nil {
			t.Fatal(err)
		}
		x.take(gone.Number, gone.Visitor)
		end(g.nodes[link])
		s.Close()
		g.nodes[link].up()
		g.allReady()
		x.hears(gone.Visitor, "left the page")
		if s, err := c.Snapshot(within(t)); err != nil || s.State != "active" {
			t.Errorf("who came back: %+v, %v", s, err)
		}
	}
	x.says(c.Visitor, "Still there?")
	sameWords(t, page, []string{"Question", "Still there?"})
}

// TestCrew_Leaves: a node that is told to stop says so to the balancer first, and serves whoever comes meanwhile.
func TestCrew_Leaves(t *testing.T) {
	t.Parallel()
	g := startGang(t, 2, nil)
	g.operators("xavi")
	node := g.nodes[g.holder()]
	c := g.ask("Stays", "Question")
	if err := node.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	for {
		r, status := readyOf(node)
		if status == http.StatusServiceUnavailable && slices.Contains(r.Reasons, "this node is stopping") {
			break
		}
		if status != http.StatusOK {
			t.Fatalf("/readyz of a node that was told to stop: %d, %v", status, r.Reasons)
		}
	}
	if _, err := g.at(node, c).Write(within(t), "still-served-0000001", "Still served"); err != nil {
		t.Errorf("a node that is about to stop: %v", err)
	}
}

// TestCrew_Frozen: the node with the link stands still for longer than its lease. Another takes the link, and when the first goes on, it
// stores and acknowledges nothing of what it had read.
func TestCrew_Frozen(t *testing.T) {
	t.Parallel()
	g := startGang(t, 2, settings{"cluster.lease": `"2s"`})
	g.tolerate("store unavailable", "another node has the XMPP link", "Nothing can be stored")
	x := g.operators("xavi")[0]
	c := g.ask("Anna", "Question")
	x.take(c.Number, c.Visitor)
	page := g.follow(c)
	for i := range 3 {
		link := g.holder()
		g.freeze(g.nodes[link])
		for n := range 5 { // they lie in the frozen node's socket, unless the server knows better
			x.Chat(c.Visitor, fmt.Sprintf("o-frozen-%d-%d", i, n), fmt.Sprintf("o-frozen-%d-%d", i, n))
		}
		other := g.others(link)[0]
		eventually(t, "the other has the link", func() bool { r, _ := readyOf(other); return r.HoldsLink })
		x.expect("the desk is back", presenceOf(demo.Desk, ""))
		after := fmt.Sprintf("o-after-%d", i)
		x.Chat(c.Visitor, after, after)
		x.expect("the receipt", func(el *stream.Element) bool { return el.Child(nsReceipts, "received").Get("id") == after })
		if err := g.nodes[link].cmd.Process.Signal(syscall.SIGCONT); err != nil {
			t.Fatal(err)
		}
		g.allReady()
		if now := g.holder(); g.nodes[now] != other {
			t.Errorf("node %d has the link", now+1)
		}
		insist(t, c, fmt.Sprintf("v%d", i))
		x.hears(c.Visitor, fmt.Sprintf("v%d", i))
	}
	acknowledged(t, x, c)
	eventually(t, "the page shows the end", func() bool { got := page.texts(); return len(got) > 0 && got[len(got)-1] == "v2" })
}

// TestCrew_DatabaseGone: without the database visitors are told to try again, and streams stay open. When it is back, all goes on by itself.
func TestCrew_DatabaseGone(t *testing.T) {
	t.Parallel()
	server, err := pgd.Start(t.Context(), ofTests)
	if err != nil {
		lacking(t, err)
	}
	t.Cleanup(func() { server.Close() })
	url, err := server.Create("porchlight", "template0")
	if err != nil {
		t.Fatal(err)
	}
	g := startGangOn(t, 2, url, nil)
	g.tolerate("")
	x := g.operators("xavi")[0]
	c := g.ask("Anna", "Question")
	x.take(c.Number, c.Visitor)
	var pages []*visitor.Stream
	for _, node := range g.nodes {
		s, err := g.at(node, c).Stream(t.Context(), 0)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(s.Close)
		pages = append(pages, s)
	}
	for _, end := range []func() error{server.Stop, server.Crash} {
		if err := end(); err != nil {
			t.Fatal(err)
		}
		for i, node := range g.nodes {
			a, err := visitor.New(node.url).Do(within(t), c.At("POST", "/messages", map[string]string{"client_id": "", "text": "Lost?"}))
			if err != nil || a.Status != http.StatusServiceUnavailable || a.Header.Get("Retry-After") == "" {
				t.Errorf("node %d answers %d, %v, Retry-After %q", i+1, a.Status, err, a.Header.Get("Retry-After"))
			}
		}
		eventually(t, "nobody has the link", func() bool {
			for _, node := range g.nodes {
				if r, status := readyOf(node); r.HoldsLink || status != http.StatusServiceUnavailable {
					return false
				}
			}
			return true
		})
		x.Forget()
		if err := server.Restart(within(t)); err != nil {
			t.Fatal(err)
		}
		began := time.Now()
		g.allReady()
		g.holder()
		t.Logf("all are ready after %v", since(began))
		x.expect("the desk is back", presenceOf(demo.Desk, ""))
	}
	insist(t, c, "Here again")
	x.hears(c.Visitor, "Here again")
	x.says(c.Visitor, "Me too")
	for i, s := range pages {
		if _, err := s.Until(func(e visitor.Event) bool { return e.Text == "Me too" }); err != nil {
			t.Errorf("the stream at node %d: %v", i+1, err)
		}
	}
	if got := x.heard(c.Visitor, startsWith("Lost?")); len(got) > 0 {
		t.Errorf("the operator got %q, which was refused", got)
	}
}
