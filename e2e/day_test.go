package e2e_test

import (
	"crypto/rand"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"porchlight/component/stream"
	"porchlight/demo"
	"porchlight/demo/xmppd"
	"porchlight/e2e/visitor"
)

// A day has so many operators and visitors.
const (
	dayCrew   = 20
	dayGuests = 120
	dayWaves  = 30 // visitors at the same time
)

// worker is an operator of the day, who takes what is offered, misses every fifth offer, and answers each message.
type worker struct {
	*person
	mu     sync.Mutex
	asked  int            // offers
	heard  map[string]int // what visitors wrote, by address and text
	fallen error          // what could not be sent
}

// takes in a stanza, on the client's reading goroutine.
func (w *worker) takes(el *stream.Element) {
	body := el.ChildText("", "body")
	var number int64
	var name string
	from, _, _ := strings.Cut(el.Get("from"), "/")
	w.mu.Lock()
	defer w.mu.Unlock()
	send := func(to, text string) {
		if err := w.Chat(to, rand.Text(), text); err != nil && w.fallen == nil {
			w.fallen = err
		}
	}
	switch _, err := fmt.Sscanf(body, "#%d %s", &number, &name); {
	case from == demo.Desk && err == nil && strings.HasPrefix(name, "Guest") && el.Child(nsReplace, "replace") == nil:
		if w.asked++; w.asked%5 != 0 {
			send(demo.Desk, fmt.Sprint(number))
		}
	case from != demo.Desk && strings.HasPrefix(body, "say "):
		if w.heard[from+" "+body]++; w.heard[from+" "+body] == 1 {
			send(from, "re "+strings.TrimPrefix(body, "say "))
		}
	}
}

// guest asks, writes three messages, each when the one before is answered, and goes. It returns what it saw of operators.
func (s *site) guest(i int) (address string, seen []string, err error) {
	c, err := visitor.New(s.url).Ask(s.t.Context(), visitor.Inquiry{Name: fmt.Sprint("Guest", i), Reason: "a question"})
	if err != nil {
		return "", nil, err
	}
	after, said := int64(0), 0
	for ctx := within(s.t); said < 4; {
		list, err := c.Poll(ctx, after, 10)
		if err != nil {
			return c.Visitor, seen, fmt.Errorf("guest %d, who saw %q: %w", i, seen, err)
		}
		for _, e := range list.Events {
			after = e.Seq
			joins := e.Type == "operator" && e.Action == "joined"
			if e.Type == "message" && e.From == "operator" {
				seen = append(seen, e.Text)
			}
			if !joins && e.Text != fmt.Sprint("re ", said) {
				continue
			}
			if said++; said < 4 {
				_, err = c.Write(ctx, "", fmt.Sprint("say ", said))
			}
			if err != nil {
				return c.Visitor, seen, err
			}
		}
	}
	return c.Visitor, seen, c.Post(s.t.Context(), "/close", nil)
}

// TestDay: 20 operators in their clients serve 120 visitors, 30 at a time, asked in turn, three each at the most; every fifth offer
// lapses. Each visitor is answered, each message comes once, everybody gets their share, and in the end nothing waits.
func TestDay(t *testing.T) {
	t.Parallel()
	var names, jids []string
	s := startOn(t, settings{"timing.offer": `"2s"`, "super_operators": `["op0@localhost"]`}, func(c *xmppd.Config) {
		desk := xmppd.Contact{JID: demo.Desk, Name: "Support desk", Subscription: "both"}
		c.Accounts = nil
		for i := range dayCrew {
			c.Accounts = append(c.Accounts, xmppd.Account{Name: fmt.Sprint("op", i), Password: demo.Password, Contacts: []xmppd.Contact{desk}})
			names, jids = append(names, fmt.Sprint("op", i)), append(jids, fmt.Sprintf("op%d@localhost", i))
		}
	})
	s.tolerate("alarm=storm") // so many ask at once
	boss := s.operators(names[0])[0]
	for i, jid := range jids[1:] {
		boss.desk(fmt.Sprintf("operator-add %s Op%d support", jid, i+1), jid)
	}
	crew := []*worker{{person: boss, heard: map[string]int{}}}
	for _, name := range names[1:] {
		crew = append(crew, &worker{person: login(t, s.server.ClientAddr(), name, ""), heard: map[string]int{}})
	}
	s.online(dayCrew)
	boss.desk("department-edit support routing=in-turn limit=3", "routing ring-all → in-turn")
	for _, w := range crew {
		w.Tap(w.takes)
	}

	var wg sync.WaitGroup
	free := make(chan struct{}, dayWaves)
	addresses := make([]string, dayGuests)
	for i := range dayGuests {
		free <- struct{}{}
		wg.Go(func() {
			defer func() { <-free }()
			address, seen, err := s.guest(i)
			addresses[i] = address
			if err != nil || !slices.Equal(seen, numbered("re ", 3)) {
				t.Errorf("guest %d: saw %q, %v", i, seen, err)
			}
		})
	}
	wg.Wait()

	heard, asked := map[string]int{}, []int{}
	for _, w := range crew {
		w.mu.Lock()
		asked = append(asked, w.asked)
		for what, n := range w.heard {
			heard[what] += n
		}
		if w.fallen != nil {
			t.Error(w.fallen)
		}
		w.mu.Unlock()
	}
	for _, address := range addresses {
		for k := range 3 {
			if n := heard[fmt.Sprintf("%s say %d", address, k+1)]; n != 1 {
				t.Errorf("what %s said as number %d came %d times", address, k+1, n)
			}
		}
	}
	least, most := slices.Min(asked), slices.Max(asked)
	t.Logf("offers to each operator: %v", asked)
	if least == 0 || most > 4*least {
		t.Errorf("operators were asked between %d and %d times", least, most)
	}
	boss.Tap(nil)
	boss.desk("queue", "Nobody waits")
}
