package e2e_test

import (
	"crypto/rand"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"porchlight/component/stream"
	"porchlight/demo"
	"porchlight/e2e/operator"
	"porchlight/e2e/visitor"
)

// TestCrew_AnyNode: whoever asks at one node, reads at a second and loads the page again from a third sees one conversation, and the
// operators see it as ever, whichever node has their link. A message without an answer may be sent again to any node.
func TestCrew_AnyNode(t *testing.T) {
	t.Parallel()
	g := startGang(t, 3, nil)
	link := g.holder()
	away := g.others(link)
	x := g.operators("xavi")[0]
	c, err := visitor.New(away[0].url).Ask(within(t), visitor.Inquiry{Name: "Anna", Reason: "How?"})
	if err != nil || c.State != "waiting" {
		t.Fatalf("%+v, %v", c, err)
	}
	page, err := g.at(away[1], c).Stream(within(t), 0)
	if err != nil {
		t.Fatal(err)
	}
	defer page.Close()
	x.hears(demo.Desk, fmt.Sprintf("#%d Anna, Support: How?", c.Number))
	x.take(c.Number, c.Visitor)
	x.says(c.Visitor, "Like this.")
	read := func(what string, match func(visitor.Event) bool) {
		t.Helper()
		if _, err := page.Until(match); err != nil {
			t.Fatalf("%s: %v", what, err)
		}
	}
	read("the answer at another node", func(e visitor.Event) bool { return e.Text == "Like this." })
	for i, node := range g.nodes {
		if s, err := g.at(node, c).Snapshot(within(t)); err != nil || s.State != "active" || s.Operator == nil || s.Operator.Name != "Xavi" {
			t.Errorf("node %d says %+v, %v", i+1, s, err)
		}
	}
	first, err := g.at(away[0], c).Write(within(t), "the-id-of-one-message", "Thanks!")
	if err != nil {
		t.Fatal(err)
	}
	for i, node := range g.nodes {
		again, err := g.at(node, c).Write(within(t), "the-id-of-one-message", "Thanks!")
		if err != nil || again != first {
			t.Errorf("node %d answers %+v, %v; want %+v", i+1, again, err, first)
		}
	}
	m := x.expect("the message", operator.Body(c.Visitor, "Thanks!"))
	read("passed on", func(e visitor.Event) bool { return e.Type == "receipt" && e.Upto >= first.Seq })
	passing(t, g, x, c, away[0], read)
	x.Send(stream.New("", "message", stream.New(nsMarkers, "displayed").With("id", m.Get("id"))).With("type", "chat", "to", c.Visitor))
	read("seen", func(e visitor.Event) bool { return e.Type == "receipt" && e.Status == "seen" && e.Upto >= first.Seq })
	if got := x.heard(c.Visitor, func(s string) bool { return s == "Thanks!" }); len(got) != 1 {
		t.Errorf("the operator got %q", got)
	}
}

// passing: what is not kept reaches the other side, too, however often it has to be tried: hints may get lost.
func passing(t *testing.T, g *gang, x *person, c *visitor.Conversation, node *site, read func(string, func(visitor.Event) bool)) {
	t.Helper()
	if err := g.at(node, c).Post(within(t), "/typing", map[string]bool{"active": true}); err != nil {
		t.Fatal(err)
	}
	x.expect("composing", func(el *stream.Element) bool { return el.Child(nsStates, "composing") != nil })
	x.Send(stream.New("", "message", stream.New(nsStates, "composing")).With("type", "chat", "to", c.Visitor))
	read("Xavi types", func(e visitor.Event) bool { return e.Type == "typing" && e.Active })
	id := x.says(c.Visitor, "You are welcome.")
	s, err := g.at(node, c).Snapshot(within(t))
	if err != nil {
		t.Fatal(err)
	}
	if err := g.at(node, c).Post(within(t), "/seen", map[string]int64{"seq": s.Seq}); err != nil {
		t.Fatal(err)
	}
	x.expect("displayed", func(el *stream.Element) bool { return el.Child(nsMarkers, "displayed").Get("id") == id })
}

// TestCrew_OneTakes: one of two operators gets each request, through whichever node it was made, and the other is told.
func TestCrew_OneTakes(t *testing.T) {
	t.Parallel()
	g := startGang(t, 2, nil)
	both := g.operators("xavi", "olga")
	for i := range 6 {
		c := g.ask(fmt.Sprintf("Anna%d", i), "Who?")
		for _, p := range both {
			p.hears(demo.Desk, fmt.Sprintf("#%d Anna%d, Support: Who?", c.Number, i))
		}
		var lines sync.WaitGroup
		for _, p := range both {
			lines.Go(func() { p.Chat(demo.Desk, rand.Text(), fmt.Sprint(c.Number)) })
		}
		lines.Wait()
		got := 0
		for _, p := range both {
			answer := p.expect("an answer", func(el *stream.Element) bool {
				return operator.Body(demo.Desk, fmt.Sprintf("#%d is yours", c.Number))(el) || operator.Body(demo.Desk, fmt.Sprintf("#%d was taken by", c.Number))(el)
			})
			if strings.Contains(answer.ChildText("", "body"), "is yours") {
				got++
			}
		}
		if got != 1 {
			t.Errorf("#%d was taken by %d", c.Number, got)
		}
	}
}

// TestCrew_Blocks: a visitor who is blocked is refused by every node, and a lamp turns at every node.
func TestCrew_BlocksAndLamps(t *testing.T) {
	t.Parallel()
	g := startGang(t, 3, nil)
	x := g.operators("xavi")[0]
	lamp := func(status string) {
		began := time.Now()
		g.everywhere(status, func(c *visitor.Client) bool {
			s, err := c.Status(t.Context())
			return err == nil && s.Status == status
		})
		t.Logf("%s at all nodes after %v", status, since(began))
	}
	lamp("online")
	x.Presence("away")
	lamp("offline")
	x.Presence("")
	lamp("online")
	c := g.ask("Anna", "Spam")
	x.hears(demo.Desk, "Anna, Support: Spam")
	x.take(c.Number, c.Visitor)
	x.Chat(c.Visitor, rand.Text(), "!block 2h spam")
	x.hears(c.Visitor, "is blocked until")
	began := time.Now()
	for i, node := range g.nodes {
		eventually(t, fmt.Sprintf("node %d refuses", i+1), func() bool {
			_, err := g.at(node, c).Write(t.Context(), "", "More spam")
			var p *visitor.Problem
			return errors.As(err, &p) && p.HTTPStatus == http.StatusForbidden
		})
	}
	t.Logf("refused by all nodes after %v", since(began))
}

// TestCrew_OtherTab: a tab that closes at one node is no goodbye while another is open at another node.
func TestCrew_OtherTab(t *testing.T) {
	t.Parallel()
	g := startGang(t, 2, settings{"timing.visitor_grace": `"4s"`})
	x := g.operators("xavi")[0]
	stays, goes := g.ask("Stays", "Question"), g.ask("Goes", "Question")
	open := func(node *site, c *visitor.Conversation) *visitor.Stream {
		s, err := g.at(node, c).Stream(within(t), 0)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := s.Next(); err != nil {
			t.Fatal(err)
		}
		return s
	}
	kept := open(g.nodes[1], stays)
	defer kept.Close()
	tabs := []*visitor.Stream{open(g.nodes[0], stays), open(g.nodes[0], goes)}
	for _, c := range []*visitor.Conversation{stays, goes} {
		x.take(c.Number, c.Visitor)
	}
	for i, c := range []*visitor.Conversation{stays, goes} {
		if err := g.at(g.nodes[0], c).Post(within(t), "/leave", nil); err != nil {
			t.Fatal(err)
		}
		tabs[i].Close()
	}
	x.hears(goes.Visitor, "left the page")
	if s, err := stays.Snapshot(within(t)); err != nil || s.State != "active" {
		t.Errorf("with a tab open elsewhere: %+v, %v", s, err)
	}
	if got := x.heard(stays.Visitor, func(s string) bool { return strings.Contains(s, "left the page") }); len(got) > 0 {
		t.Errorf("Xavi is told %q", got)
	}
}

// sameWords fails unless the page has shown the texts, each once and in order.
func sameWords(t *testing.T, r *shownLog, want []string) {
	t.Helper()
	eventually(t, "the page shows "+want[len(want)-1], func() bool { return slices.Contains(r.texts(), want[len(want)-1]) })
	if got := r.texts(); !slices.Equal(got, want) {
		t.Errorf("the page has shown %q, want %q", got, want)
	}
}
