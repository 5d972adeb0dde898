package e2e_test

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"porchlight/component/stream"
	"porchlight/demo"
)

// TestPairs: two visitors and two operators talk at the same time, and every
// message arrives once, in order, at the right end and nowhere else.
func TestPairs(t *testing.T) {
	t.Parallel()
	const messages = 20
	s := start(t, nil)
	team := s.operators("xavi", "olga")
	names := []string{"Anna", "Ben"}
	pages := make([]*page, 2)
	jids := make([]string, 2)
	for i, name := range names {
		pages[i] = newVisitor(t)
		pages[i].open(s.shop)
		pages[i].ring(name, "", "I am "+name)
		number := int64(i + 1)
		for _, o := range team {
			o.hears(demo.Desk, fmt.Sprintf("#%d %s, Support: I am %s", number, name, name))
		}
		jids[i] = s.visitorOf(team[i], number)
		pages[i].title(called(team[i]))
	}
	var both sync.WaitGroup
	for i := range names {
		both.Go(func() {
			for _, text := range numbered(names[i]+" ", messages) {
				pages[i].write(text)
			}
		})
		both.Go(func() {
			for _, text := range numbered("to "+names[i]+" ", messages) {
				team[i].says(jids[i], text)
			}
		})
	}
	both.Wait()
	for i, name := range names {
		pages[i].shows(fmt.Sprintf("to %s %d", name, messages))
		team[i].hears(jids[i], fmt.Sprintf("%s %d", name, messages))
		if got, want := team[i].heard(jids[i], startsWith(name+" ")), numbered(name+" ", messages); !slices.Equal(got, want) {
			t.Errorf("from %s the operator got %q", name, got)
		}
		if got, want := pages[i].said("them: "), numbered("them: to "+name+" ", messages); !slices.Equal(got, want) {
			t.Errorf("%s got %q", name, got)
		}
		mine := append([]string{"me: I am " + name}, numbered("me: "+name+" ", messages)...)
		if got := pages[i].said("me: "); !slices.Equal(got, mine) {
			t.Errorf("%s sees own %q", name, got)
		}
		for _, el := range team[1-i].All() {
			if el.Local == "message" && strings.HasPrefix(el.Get("from"), jids[i]) && el.Child("", "body") != nil {
				t.Errorf("the other operator got %s", el.Append(nil))
			}
		}
	}
}

// visitorOf takes a request and returns the visitor's bare JID from the desk's answer.
func (s *site) visitorOf(o *person, number int64) string {
	s.t.Helper()
	answer := o.desk(fmt.Sprint(number), fmt.Sprintf("#%d is yours", number))
	jid := answer[strings.LastIndexByte(answer, ' ')+1:]
	o.hears(jid, fmt.Sprintf("#%d ", number))
	return jid
}

// TestTaking: when two operators take a request at the same moment, exactly one gets it, and the
// other is told who has it.
func TestTaking(t *testing.T) {
	t.Parallel()
	s := start(t, nil)
	team := s.operators("xavi", "olga")
	for i := range 20 {
		c := s.ask(fmt.Sprintf("Visitor %d", i), "Who is first?")
		for _, o := range team {
			o.hears(demo.Desk, fmt.Sprintf("#%d ", c.Number))
		}
		var won, lost []*person
		var mu sync.Mutex
		at := make(chan struct{})
		var both sync.WaitGroup
		for _, o := range team {
			both.Go(func() {
				<-at
				o.Chat(demo.Desk, fmt.Sprint("take", c.Number), fmt.Sprint(c.Number))
				answer := o.expect("the answer", func(el *stream.Element) bool {
					body := el.ChildText("", "body")
					return strings.HasPrefix(body, fmt.Sprintf("#%d is yours", c.Number)) || strings.HasPrefix(body, fmt.Sprintf("#%d was taken by", c.Number))
				})
				mu.Lock()
				defer mu.Unlock()
				if strings.Contains(answer.ChildText("", "body"), "is yours") {
					won = append(won, o)
				} else {
					lost = append(lost, o)
				}
			})
		}
		close(at)
		both.Wait()
		if len(won) != 1 || len(lost) != 1 {
			t.Fatalf("#%d: %d won, %d lost", c.Number, len(won), len(lost))
		}
		lost[0].expect("the offer's end", outcome(fmt.Sprintf("#%d taken by %s", c.Number, called(won[0]))))
		won[0].hears(c.Visitor, fmt.Sprintf("#%d ", c.Number))
	}
}

// TestTaking_ByWriting: when two operators write to a visitor whom nobody has taken, one gets the
// conversation. The other's words are not delivered, and come back to the other's client.
func TestTaking_ByWriting(t *testing.T) {
	t.Parallel()
	s := start(t, nil)
	team := s.operators("xavi", "olga")
	for i := range 20 {
		c := s.ask(fmt.Sprintf("Visitor %d", i), "Who is first?")
		for _, o := range team {
			o.hears(demo.Desk, fmt.Sprintf("#%d ", c.Number))
		}
		id := fmt.Sprint("first", c.Number)
		var mu sync.Mutex
		var won []*person
		at := make(chan struct{})
		var both sync.WaitGroup
		for _, o := range team {
			both.Go(func() {
				<-at
				o.Chat(c.Visitor, id, "Hello from "+called(o))
				el := o.expect("receipt or error", func(el *stream.Element) bool {
					return el.Child(nsReceipts, "received").Get("id") == id || el.Get("type") == "error" && el.Get("id") == id
				})
				if el.Get("type") != "error" {
					mu.Lock()
					won = append(won, o)
					mu.Unlock()
					return
				}
				o.hears(c.Visitor, "was taken by")
			})
		}
		close(at)
		both.Wait()
		if len(won) != 1 {
			t.Fatalf("#%d: %d won", c.Number, len(won))
		}
		log, err := c.Poll(within(t), 0, 0)
		if err != nil {
			t.Fatal(err)
		}
		var heard []string
		for _, e := range log.Events {
			if e.Type == "message" && e.From == "operator" {
				heard = append(heard, e.Text)
			}
		}
		if want := []string{"Hello from " + called(won[0])}; !slices.Equal(heard, want) {
			t.Errorf("#%d: the visitor heard %q, want %q", c.Number, heard, want)
		}
	}
}

// called is the name by which visitors know an operator: xavi@localhost is Xavi.
func called(o *person) string { return strings.ToUpper(o.Bare[:1]) + strings.Split(o.Bare, "@")[0][1:] }
