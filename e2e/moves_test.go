package e2e_test

import (
	"crypto/rand"
	"fmt"
	"slices"
	"strings"
	"testing"

	"porchlight/component/stream"
	"porchlight/demo"
	"porchlight/e2e/operator"
)

// TestMoves: a supervisor gives a request to a colleague, reads along, and takes it over; the colleague asks and is answered by a
// reply to the desk's message. The visitor sees who answers, and nothing of the watching, the question and the answer.
func TestMoves(t *testing.T) {
	t.Parallel()
	s := start(t, nil)
	team := s.operators("xavi", "olga")
	x, o := team[0], team[1]
	c := s.ask("Anna", "Do you ship to Andorra?")
	x.expect("the offer", operator.Body(demo.Desk, fmt.Sprintf("#%d Anna", c.Number)))

	x.desk(fmt.Sprintf("assign %d olga", c.Number), fmt.Sprintf("#%d is with Olga now.", c.Number))
	o.hears(demo.Desk, fmt.Sprintf("Xavi gave you #%d", c.Number))
	o.hears(c.Visitor, "Do you ship to Andorra?")

	x.desk(fmt.Sprintf("watch %d", c.Number), fmt.Sprintf("Back: unwatch %d", c.Number))
	x.hears(c.Visitor, "You only watch")
	if a := s.do(t, c.At("POST", "/messages", map[string]string{"client_id": rand.Text(), "text": "And to Malta?"})); a.Status != 201 {
		t.Fatalf("status %d: %s", a.Status, a.Body)
	}
	x.hears(c.Visitor, "And to Malta?")
	x.Send(stream.New("", "message", stream.New(nsStates, "composing")).With("type", "chat", "to", c.Visitor, "id", rand.Text()))
	x.Chat(c.Visitor, rand.Text(), "words of who watches")
	x.hears(c.Visitor, fmt.Sprintf("take %d !", c.Number))

	o.write(c.Visitor, "!ask xavi What about Malta?", "Xavi was asked.")
	question := x.expect("the question", operator.Body(demo.Desk, "What about Malta?"))
	if body := question.ChildText("", "body"); !strings.Contains(body, "Olga asks you about #") || !strings.Contains(body, "Anna wrote last: And to Malta?") {
		t.Errorf("the question reads %q", body)
	}
	x.Send(stream.New("", "message", stream.Text("", "body", "Malta, too"), stream.New(nsReply, "reply").With("to", demo.Desk, "id", question.Get("id"))).
		With("type", "chat", "to", demo.Desk, "id", rand.Text()))
	x.hears(demo.Desk, "was passed on")
	o.hears(c.Visitor, "[Note by Xavi] Malta, too")
	o.says(c.Visitor, "To Malta, too")

	x.desk(fmt.Sprintf("take %d !", c.Number), "Olga was told.")
	o.hears(demo.Desk, fmt.Sprintf("Xavi has taken #%d over from you.", c.Number))
	x.says(c.Visitor, "I am Xavi")
	o.hears(c.Visitor, "[Xavi] I am Xavi")
	x.desk("mine", "Yours: 1")

	events, err := c.Poll(t.Context(), 0, 0)
	if err != nil {
		t.Fatal(err)
	}
	var seen []string
	for _, e := range events.Events {
		seen = append(seen, strings.TrimSpace(strings.Join([]string{e.Type, e.Name, e.Action, e.Text}, " ")))
	}
	got := strings.Join(seen, "\n")
	for _, want := range []string{"operator Olga joined", "operator Xavi joined", "message Olga  To Malta, too", "message Xavi  I am Xavi"} {
		if !strings.Contains(got, want) {
			t.Errorf("the visitor does not see %q in\n%s", want, got)
		}
	}
	for _, not := range []string{"words of who watches", "What about Malta?", "\nmessage Xavi  Malta, too", "watch"} {
		if strings.Contains(got, not) {
			t.Errorf("the visitor sees %q in\n%s", not, got)
		}
	}
	if n := strings.Count(got, "Xavi joined"); n != 1 {
		t.Errorf("the visitor sees Xavi join %d times:\n%s", n, got)
	}
}

// TestMoves_TwoSupervisorsAtOnce: two supervisors take a colleague's conversation over in the same moment. One has it, the other hears
// who, the colleague hears of one, and the visitor gets on with that one alone.
func TestMoves_TwoSupervisorsAtOnce(t *testing.T) {
	t.Parallel()
	s := startShift(t)
	x, o, v := s.team["xavi"], s.team["olga"], s.team["vera"]
	for round := range 5 {
		c := s.ask("Anna", fmt.Sprint("Round ", round))
		o.expect("the offer", operator.Body(demo.Desk, fmt.Sprintf("#%d Anna", c.Number)))
		o.take(c.Number, c.Visitor)
		yours, lost := fmt.Sprintf("#%d is yours", c.Number), fmt.Sprintf("#%d was taken over by ", c.Number)
		for _, p := range []*person{x, v} {
			p.Chat(demo.Desk, rand.Text(), fmt.Sprintf("take %d !", c.Number))
		}
		got := map[*person]string{}
		for _, p := range []*person{x, v} {
			got[p] = p.expect("the answer", func(el *stream.Element) bool {
				return operator.Body(demo.Desk, yours)(el) || operator.Body(demo.Desk, lost)(el)
			}).ChildText("", "body")
		}
		winner, loser := x, v
		if strings.HasPrefix(got[x], lost) {
			winner, loser = v, x
		}
		name := map[*person]string{x: "Xavi", v: "Vera"}[winner]
		if !strings.HasPrefix(got[winner], yours) || !strings.HasPrefix(got[loser], lost+name) {
			t.Fatalf("round %d: %q", round, []string{got[x], got[v]})
		}
		o.hears(demo.Desk, fmt.Sprintf("%s has taken #%d over from you.", name, c.Number))
		winner.says(c.Visitor, "It is me now")
		events, err := c.Poll(t.Context(), 0, 0)
		if err != nil {
			t.Fatal(err)
		}
		var from []string
		for _, e := range events.Events {
			if e.Type == "operator" && e.Action == "joined" || e.Type == "message" && e.From == "operator" {
				from = append(from, e.Name)
			}
		}
		if want := []string{"Olga", name, name}; !slices.Equal(from, want) {
			t.Errorf("round %d: the visitor sees %q, want %q", round, from, want)
		}
		if err := c.Post(t.Context(), "/close", nil); err != nil {
			t.Fatal(err)
		}
	}
}
