package bridge_test

import (
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"porchlight/bridge"
	"porchlight/bridge/phrase"
)

// lastTold is the last entry of an operator's desk log, in words.
func (h *house) lastTold(o bridge.OperatorJID) string {
	h.t.Helper()
	list := h.deskTexts(o)
	if len(list) == 0 {
		return ""
	}
	return list[len(list)-1]
}

// supervisors has Sam serve support, with some rights.
func (h *house) supervisors(rights ...bridge.Permission) {
	h.t.Helper()
	if _, err := h.Team.Change(h.t.Context(), sam, func(o *bridge.Operator) { o.Departments, o.Permissions = bridge.Circle{"support"}, rights }); err != nil {
		h.t.Fatal(err)
	}
}

// Who takes over is the owner, and the visitor sees that. The owner until now is told, and stays only if they are there and have
// written.
func TestTakeOver_TheOwnerIsTold(t *testing.T) {
	for _, wrote := range []bool{false, true} {
		h := newHouse(t)
		h.come(xavi, olga)
		c := h.mustAsk("a")
		h.must(h.Take(t.Context(), olga, c.Number))
		if wrote {
			if err := h.says(olga, c, "Hello"); err != nil {
				t.Fatal(err)
			}
		}
		got, err := h.Moves.TakeOver(t.Context(), xavi, c.Number)
		if err != nil || got.Owner != xavi {
			t.Fatalf("%+v, %v", got, err)
		}
		if p := h.part(c.Number, olga); p.Left == wrote {
			t.Errorf("has written %v: %+v", wrote, p)
		}
		if told := h.lastTold(olga); !strings.Contains(told, "Xavi has taken #1 over from you.") || strings.Contains(told, "You still take part") != wrote {
			t.Errorf("has written %v: told %q", wrote, told)
		}
		shown := h.shown(c.Number)
		if !slices.Contains(shown, "operator Xavi") || h.snapshot(c.Number).OperatorName != "Xavi" {
			t.Errorf("the visitor sees %q", shown)
		}
		if err := h.says(olga, c, "I was not done"); (err == nil) != wrote {
			t.Errorf("has written %v: Olga writes: %v", wrote, err)
		}
		if err := h.says(xavi, c, "Hello, I am Xavi"); err != nil {
			t.Error(err)
		}
	}
}

// Of several supervisors who take over at once exactly one wins, and the others are told who.
func TestTakeOver_AtOnce(t *testing.T) {
	h := newHouse(t)
	h.supervisors(bridge.MayTakeOver)
	h.come(xavi, olga, sam)
	c := h.mustAsk("a")
	h.must(h.Take(t.Context(), olga, c.Number))
	var errs [2]error
	start := make(chan struct{})
	var wg sync.WaitGroup
	for i, o := range []bridge.OperatorJID{xavi, sam} {
		wg.Go(func() {
			<-start
			_, errs[i] = h.Moves.TakeOver(t.Context(), o, c.Number)
		})
	}
	close(start)
	wg.Wait()
	if (errs[0] == nil) == (errs[1] == nil) {
		t.Fatalf("%v, %v", errs[0], errs[1])
	}
	h.refuses("#1 was taken over by ", errors.Join(errs[:]...))
	winner, loser := xavi, sam
	if errs[0] != nil {
		winner, loser = sam, xavi
	}
	if got := h.conversation(c.Number).Owner; got != winner {
		t.Errorf("it is with %s", got)
	}
	h.clock.Move(time.Minute)
	h.must(h.Moves.TakeOver(t.Context(), loser, c.Number))
}

// To take over takes the right; what is one's own or over is refused, and what waits is taken.
func TestTakeOver_Refused(t *testing.T) {
	h := newHouse(t)
	h.supervisors()
	h.come(xavi, olga, sam)
	c := h.mustAsk("a")
	h.must(h.Moves.TakeOver(t.Context(), olga, c.Number))
	_, err := h.Moves.TakeOver(t.Context(), sam, c.Number)
	if h.refuses("You may not use take 1 !, and #1 is with Olga.", err); phrase.CodeOf(err) != phrase.CodeForbidden {
		t.Error(err)
	}
	_, err = h.Moves.TakeOver(t.Context(), olga, c.Number)
	h.refuses("#1 is yours already.", err)
	h.must(h.Close(t.Context(), olga, c.Visitor, ""))
	_, err = h.Moves.TakeOver(t.Context(), xavi, c.Number)
	h.refuses("#1 is closed.", err)
}

// What is assigned is the colleague's at once, whether it waited or had an owner, who is told.
func TestAssign_IsTheirsAtOnce(t *testing.T) {
	h := newHouse(t)
	h.come(xavi, olga)
	c := h.mustAsk("a")
	got, err := h.Moves.Assign(t.Context(), xavi, c.Number, h.operator(olga))
	if err != nil || got.Owner != olga {
		t.Fatalf("%+v, %v", got, err)
	}
	if told := h.lastTold(olga); !strings.Contains(told, "Xavi gave you #1: see the chat with anna-") {
		t.Errorf("Olga was told %q", told)
	}
	h.supervisors()
	h.come(sam)
	if got, err = h.Moves.Assign(t.Context(), xavi, c.Number, h.operator(sam)); err != nil || got.Owner != sam || got.State != bridge.Active {
		t.Fatalf("%+v, %v", got, err)
	}
	if told := h.lastTold(olga); !strings.Contains(told, "Xavi has given #1 to Sam.") {
		t.Errorf("Olga was told %q", told)
	}
	if shown := h.shown(c.Number); !slices.Contains(shown, "operator Sam") || h.snapshot(c.Number).OperatorName != "Sam" {
		t.Errorf("the visitor sees %q", shown)
	}
}

// Nobody is given what they could not answer: who is away, does not serve the department, is disabled or has it already. The right
// is needed, and what is refused changes nothing.
func TestAssign_Refused(t *testing.T) {
	h := newHouse(t)
	h.come(xavi, olga)
	c := h.mustAsk("a")
	seq := h.conversation(c.Number).Seq
	_, err := h.Moves.Assign(t.Context(), xavi, c.Number, h.operator(sam))
	h.refuses("Sam does not serve support. Nothing was changed.", err)
	h.supervisors()
	_, err = h.Moves.Assign(t.Context(), xavi, c.Number, h.operator(sam))
	h.refuses("Sam is not on duty, so #1 would lie with nobody. Nothing was changed.", err)
	_, err = h.Moves.Assign(t.Context(), olga, c.Number, h.operator(olga))
	h.refuses("You may not use assign.", err)
	o := h.operator(olga)
	if _, err := h.Team.Change(t.Context(), olga, func(o *bridge.Operator) { o.Enabled = false }); err != nil {
		t.Fatal(err)
	}
	_, err = h.Moves.Assign(t.Context(), xavi, c.Number, o)
	h.refuses("There is no such operator.", err)
	if got := h.conversation(c.Number); got.State != bridge.Waiting || got.Seq != seq {
		t.Errorf("%+v", got)
	}
	h.must(h.Take(t.Context(), xavi, c.Number))
	_, err = h.Moves.Assign(t.Context(), xavi, c.Number, h.operator(xavi))
	h.refuses("#1 is with Xavi already.", err)
}

// To somebody who has as many as they may have it is offered, and to the others as well.
func TestAssign_NoRoom(t *testing.T) {
	h := newHouse(t)
	h.come(xavi, olga)
	full := h.mustAsk("a")
	h.must(h.Take(t.Context(), olga, full.Number))
	if _, err := h.Team.Change(t.Context(), olga, func(o *bridge.Operator) { o.Limit = 1 }); err != nil {
		t.Fatal(err)
	}
	waits, active := h.mustAsk("b"), h.mustAsk("c")
	h.must(h.Take(t.Context(), xavi, active.Number))
	for _, c := range []bridge.Opened{waits, active} {
		got, err := h.Moves.Assign(t.Context(), xavi, c.Number, h.operator(olga))
		if err != nil || got.State != bridge.Waiting || !got.Due.Offer.IsZero() {
			t.Fatalf("%+v, %v", got, err)
		}
		if asked, err := h.AskedNow(t.Context(), c.Number); err != nil || !slices.Contains(asked, olga) || !slices.Contains(asked, xavi) {
			t.Errorf("asked %v, %v", asked, err)
		}
	}
}

// What is passed on to somebody who has as many as they may have is offered to the others as well: they would wait for nothing.
func TestPass_NoRoom(t *testing.T) {
	h := newHouse(t)
	h.come(xavi, olga)
	full, passed := h.mustAsk("a"), h.mustAsk("b")
	h.must(h.Take(t.Context(), olga, full.Number))
	h.must(h.Take(t.Context(), xavi, passed.Number))
	h.alter(olga, func(o *bridge.Operator) { o.Limit = 1 })
	if err := h.Team.Add(t.Context(), bridge.Operator{JID: vera, Name: "Vera", Enabled: true, Departments: []string{"support"}}); err != nil {
		t.Fatal(err)
	}
	h.come(vera)
	got, err := h.Pass(t.Context(), xavi, passed.Visitor, h.operator(olga), bridge.Department{}, "")
	if err != nil || !got.Due.Offer.IsZero() {
		t.Errorf("it is Olga's alone until %v, %v", got.Due.Offer, err)
	}
	if asked, err := h.AskedNow(t.Context(), passed.Number); err != nil || !slices.Contains(asked, olga) || !slices.Contains(asked, vera) {
		t.Errorf("asked %v, %v", asked, err)
	}
}

// A colleague who is asked reads at the desk who asks, about whom, where and what was said last. The answer is read by those who
// take part and never by the visitor; who asked and takes part no more reads it at the desk.
func TestQuestion_AndItsAnswer(t *testing.T) {
	h := newHouse(t)
	h.come(xavi, olga, sam)
	c := h.mustAsk("a")
	h.must(h.Take(t.Context(), olga, c.Number))
	_, err := h.Moves.Answer(t.Context(), sam, c.Number, "Yes")
	h.refuses("Nobody has asked you anything about #1.", err)
	before := h.shown(c.Number)
	h.must(h.Moves.Question(t.Context(), olga, c.Visitor, h.operator(sam), "Do we ship to Andorra?"))
	want := "notice #1 Olga asks you about #1 (Anna, Support): Do we ship to Andorra?\nAnna wrote last: How?\nReply to this message, or send: answer 1 TEXT"
	if got := h.lastTold(sam); got != want {
		t.Errorf("Sam reads %q, want %q", got, want)
	}
	list, err := h.DeskEntries(t.Context(), sam, 0, 100)
	if err != nil {
		t.Fatal(err)
	}
	id := bridge.StanzaID(string(sam), list[len(list)-1].Seq)
	if n, err := h.Moves.AskedBy(t.Context(), sam, id); n != c.Number || err != nil {
		t.Errorf("a reply to the question is about #%d, %v", n, err)
	}
	if n, err := h.Moves.AskedBy(t.Context(), olga, id); n != 0 || err != nil {
		t.Errorf("of another operator: #%d, %v", n, err)
	}
	h.must(h.Moves.Answer(t.Context(), sam, c.Number, "Yes, since May"))
	events, err := h.Events(t.Context(), c.Number, 0, 100)
	if e := events[len(events)-1]; err != nil || e.Type != bridge.EventQuestion || e.Text != "Yes, since May" || e.Data != (bridge.Question{To: olga, ToName: "Olga", Of: e.Seq - 1}) {
		t.Errorf("%+v, %v", e, err)
	}
	if got := h.shown(c.Number); !slices.Equal(got, before) {
		t.Errorf("the visitor sees %q", got)
	}
	if told := h.lastTold(olga); strings.Contains(told, "since May") {
		t.Errorf("Olga is told twice: %q", told)
	}
	h.must(h.Pass(t.Context(), olga, c.Visitor, h.operator(xavi), bridge.Department{}, ""))
	h.must(h.Moves.Answer(t.Context(), sam, c.Number, "And to San Marino"))
	if told := h.lastTold(olga); !strings.Contains(told, "Sam about #1: And to San Marino") {
		t.Errorf("Olga was told %q", told)
	}
}

// Who is offline, takes part or is the one who asks is not asked, and who takes no part asks nobody.
func TestQuestion_Refused(t *testing.T) {
	h := newHouse(t)
	h.come(xavi, olga)
	c := h.mustAsk("a")
	h.must(h.Take(t.Context(), olga, c.Number))
	seq := h.conversation(c.Number).Seq
	for _, x := range []struct {
		by, to     bridge.OperatorJID
		text, want string
	}{
		{olga, sam, "Hm?", "Sam is offline. Nobody was asked. Here are: Xavi."}, {olga, olga, "Hm?", "That is you."},
		{xavi, olga, "Hm?", "#1 was taken by Olga."}, {olga, xavi, " ", "There is no question."}, {sam, xavi, "Hm?", "which is not yours"},
	} {
		_, err := h.Moves.Question(t.Context(), x.by, c.Visitor, h.operator(x.to), x.text)
		h.refuses(x.want, err)
	}
	h.must(h.Invite(t.Context(), olga, c.Visitor, h.operator(xavi)))
	_, err := h.Moves.Question(t.Context(), olga, c.Visitor, h.operator(xavi), "Hm?")
	h.refuses("Xavi takes part in #1 and reads what you write with !note. Nobody was asked.", err)
	if got := h.conversation(c.Number).Seq; got != seq+1 {
		t.Errorf("the log goes up to %d, before it was %d", got, seq)
	}
}

// mine lists what one owns, takes part in and watches, each with who wrote last.
func TestMine_WhoWroteLast(t *testing.T) {
	h := newHouse(t)
	h.come(xavi, olga)
	own, guest, watched := h.mustAsk("a"), h.mustAsk("b"), h.mustAsk("c")
	h.must(h.Take(t.Context(), xavi, own.Number))
	for _, c := range []bridge.Opened{guest, watched} {
		h.must(h.Take(t.Context(), olga, c.Number))
	}
	h.must(h.Invite(t.Context(), olga, guest.Visitor, h.operator(xavi)))
	h.must(h.Moves.Watch(t.Context(), xavi, watched.Number))
	h.clock.Move(time.Minute)
	if err := h.says(xavi, own, "Hello"); err != nil {
		t.Fatal(err)
	}
	m, err := h.MinePage(t.Context(), xavi, 1, 10)
	if err != nil || m.Counts != [4]int{1, 1, 1, 0} || m.More || len(m.Owned) != 1 || len(m.Guest) != 1 || len(m.Watched) != 1 {
		t.Fatalf("%+v, %v", m, err)
	}
	if w := m.Owned[0].Last; w.From != bridge.FromOperator || w.Name != "Xavi" || !w.At.Equal(h.clock.Now()) {
		t.Errorf("own: %+v", w)
	}
	if w := m.Watched[0].Last; w.From != bridge.FromVisitor || m.Watched[0].Number != watched.Number {
		t.Errorf("watched: %+v", w)
	}
	for page, want := range []int64{own.Number, guest.Number, watched.Number} {
		m, err := h.MinePage(t.Context(), xavi, page+1, 1)
		if list := slices.Concat(m.Owned, m.Guest, m.Watched); err != nil || len(list) != 1 || list[0].Number != want || m.More != (page < 2) {
			t.Errorf("page %d: %+v, %v", page+1, m, err)
		}
	}
	if m, err := h.MinePage(t.Context(), xavi, 4, 1); err != nil || len(m.Owned)+len(m.Guest)+len(m.Watched) > 0 || m.More {
		t.Errorf("page 4: %+v, %v", m, err)
	}
	_, err = h.Defer(t.Context(), xavi, own.Visitor, h.clock.Now().Add(time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	if m, err = h.MinePage(t.Context(), xavi, 1, 10); err != nil || m.Counts != [4]int{0, 1, 1, 1} || len(m.Later) != 1 {
		t.Errorf("put off: %+v, %v", m, err)
	}
}

// Who assigns to themselves what a colleague has takes it over: that right is needed, and just once in a while it can be done.
func TestAssign_ToOneself(t *testing.T) {
	h := newHouse(t)
	h.supervisors(bridge.MayAssign)
	h.come(xavi, sam)
	c := h.mustAsk("a")
	h.must(h.Take(t.Context(), xavi, c.Number))
	_, err := h.Moves.Assign(t.Context(), sam, c.Number, h.operator(sam))
	h.refuses("You may not use take 1 !, and #1 is with Xavi.", err)
	h.supervisors(bridge.MayAssign, bridge.MayTakeOver)
	if got, err := h.Moves.Assign(t.Context(), sam, c.Number, h.operator(sam)); err != nil || got.Owner != sam {
		t.Fatalf("%+v, %v", got, err)
	}
	if told := h.lastTold(xavi); !strings.Contains(told, "Sam has taken #1 over from you.") {
		t.Errorf("Xavi was told %q", told)
	}
	_, err = h.Moves.Assign(t.Context(), xavi, c.Number, h.operator(xavi))
	h.refuses("#1 was taken over by Sam a moment ago", err)
	if got := h.conversation(c.Number); got.Owner != sam {
		t.Errorf("%+v", got)
	}
}

// Who passes a conversation on is told once who has taken it, and once that nobody has within the time of the offer.
func TestPass_WhoPassedItOnIsTold(t *testing.T) {
	told := func(h *house) (list []string) {
		for _, text := range h.deskTexts(xavi) {
			if strings.Contains(text, "passed on") {
				list = append(list, text)
			}
		}
		return list
	}
	begin := func() (*house, bridge.Opened, bridge.Operator) {
		h := newHouse(t)
		h.stop()
		h.come(xavi, olga, sam)
		c := h.mustAsk("a")
		h.see(c.Number)
		h.must(h.Take(t.Context(), xavi, c.Number))
		o, _ := h.Team.Operator(olga)
		return h, c, o
	}
	late, taken := "notice #1 Nobody has taken #1 so far, which you passed on. take 1 has it back.", "notice #1 Olga has taken #1, which you passed on."

	h, c, o := begin()
	h.must(h.Pass(t.Context(), xavi, c.Visitor, o, bridge.Department{}, ""))
	h.must(h.Take(t.Context(), olga, c.Number))
	h.pass(2 * time.Minute)
	if got := told(h); !slices.Equal(got, []string{taken}) {
		t.Errorf("after she has taken it Xavi is told %q", got)
	}

	h, c, o = begin()
	h.must(h.Pass(t.Context(), xavi, c.Visitor, o, bridge.Department{}, ""))
	h.pass(90 * time.Second)
	if got := told(h); !slices.Equal(got, []string{late}) {
		t.Errorf("after the offer's time Xavi is told %q", got)
	}

	h, c, _ = begin()
	sales := bridge.Department{Name: "sales", Title: "Sales"}
	h.department(sales)
	h.alter(olga, func(o *bridge.Operator) { o.Departments = bridge.Circle{"sales"} })
	h.must(h.Pass(t.Context(), xavi, c.Visitor, bridge.Operator{}, sales, ""))
	h.pass(2 * time.Minute)
	if got := told(h); !slices.Equal(got, []string{late}) {
		t.Errorf("of a department that asks all Xavi is told %q", got)
	}

	own := bridge.Department{Name: "support", Title: "Support"}
	for what, settings := range map[string][]string{"usual": nil, "without an escalation": {"escalation", "off"}} {
		h, c, _ = begin()
		if settings != nil {
			h.sets(settings...)
		}
		h.must(h.Pass(t.Context(), xavi, c.Visitor, bridge.Operator{}, own, ""))
		h.pass(2 * time.Minute)
		if got := told(h); !slices.Equal(got, []string{late}) {
			t.Errorf("%s: of a department that asks all, which it was in before, Xavi is told %q", what, got)
		}
	}

	for what, to := range map[string]struct {
		colleague  bool
		department bridge.Department
	}{"its department": {department: own}, "a colleague": {colleague: true}} {
		h := newHouse(t)
		h.stop()
		c, err := h.ask("a", "anna@example.net")
		h.must(c.Conversation, err)
		h.come(xavi, olga)
		h.must(h.Take(t.Context(), xavi, c.Number))
		guest := bridge.Operator{}
		if to.colleague {
			guest, _ = h.Team.Operator(olga)
		}
		h.must(h.Pass(t.Context(), xavi, c.Visitor, guest, to.department, ""))
		h.pass(5 * time.Minute)
		if got := told(h); !slices.Equal(got, []string{late}) {
			t.Errorf("of a ticket for %s Xavi is told %q", what, got)
		}
	}

	h, c, o = begin()
	h.must(h.Pass(t.Context(), xavi, c.Visitor, o, bridge.Department{}, ""))
	h.must(h.Take(t.Context(), xavi, c.Number))
	if got := told(h); len(got) > 0 {
		t.Errorf("who has it back is told %q", got)
	}
}
