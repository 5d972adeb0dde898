package bridge_test

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"porchlight/bridge"
	"porchlight/bridge/phrase"
)

// watched is a house where Olga has a conversation and Xavi watches it.
func watched(t *testing.T) (*house, bridge.Opened) {
	t.Helper()
	h := newHouse(t)
	h.come(xavi, olga)
	c := h.mustAsk("a")
	h.must(h.Take(t.Context(), olga, c.Number))
	h.must(h.Moves.Watch(t.Context(), xavi, c.Number))
	return h, c
}

// part is an operator's part in a conversation.
func (h *house) part(number int64, o bridge.OperatorJID) (p bridge.Participant) {
	h.t.Helper()
	err := h.store.View(h.t.Context(), func(r bridge.Reader) error {
		list, err := r.Participants(number)
		if i := slices.IndexFunc(list, func(p bridge.Participant) bool { return p.Operator == o }); i >= 0 {
			p = list[i]
		}
		return err
	})
	if err != nil {
		h.t.Fatal(err)
	}
	return p
}

func (h *house) refuses(want string, err error) {
	h.t.Helper()
	if err == nil || !strings.Contains(err.Error(), want) {
		h.t.Errorf("got %v, want an error with %q", err, want)
	}
}

func (h *house) says(jid bridge.OperatorJID, c bridge.Opened, text string) error {
	_, err := h.OperatorWrites(h.t.Context(), jid, c.Visitor, bridge.Said{Text: text})
	return err
}

// said lists the words of a log that visitors see.
func (h *house) shown(number int64) (list []string) {
	h.t.Helper()
	events, err := h.Events(h.t.Context(), number, 0, 100)
	if err != nil {
		h.t.Fatal(err)
	}
	for _, e := range events {
		if e.Type.Public() {
			list = append(list, strings.TrimSpace(string(e.Type)+" "+e.Name+" "+e.Text))
		}
	}
	return list
}

// Who watches gets the log and appears to the visitor by no channel: no event is public, typing is not passed on, and no
// cursor of theirs is a receipt, neither as news nor in the snapshot.
func TestWatch_TheVisitorLearnsNothing(t *testing.T) {
	h := newHouse(t)
	h.come(xavi, olga)
	c := h.mustAsk("a")
	h.must(h.Take(t.Context(), olga, c.Number))
	proves := func(o bridge.OperatorJID) {
		t.Helper()
		for _, status := range []bridge.ReceiptStatus{bridge.Confirmed, bridge.Delivered, bridge.Displayed} {
			if err := h.Cursors.Prove(t.Context(), []bridge.Cursor{{Conversation: c.Number, Operator: o, Upto: h.snapshot(c.Number).Seq, Status: status}}); err != nil {
				t.Fatal(err)
			}
		}
	}
	proves(olga)
	before, was := h.shown(c.Number), h.snapshot(c.Number)
	if was.Receipts[bridge.Displayed] == 0 {
		t.Fatal("the owner's receipts don't count")
	}
	s := &side{}
	defer h.Join(s)()
	h.must(h.Moves.Watch(t.Context(), xavi, c.Number))
	if p := h.part(c.Number, xavi); p.Left || !p.Watches {
		t.Fatalf("%+v", p)
	}
	proves(xavi)
	proves(olga) // she gets what stands in the log of the watch, and no receipt tells the visitor so
	if err := h.OperatorTypes(t.Context(), xavi, "phone", c.Visitor, true); err != nil {
		t.Fatal(err)
	}
	h.must(h.Note(t.Context(), xavi, c.Visitor, "", "for us only"))
	h.must(h.Moves.Unwatch(t.Context(), xavi, c.Number))
	if got := h.shown(c.Number); !slices.Equal(got, before) {
		t.Errorf("shown %q, before %q", got, before)
	}
	is := h.snapshot(c.Number)
	if !maps.Equal(is.Receipts, was.Receipts) || is.OperatorName != was.OperatorName {
		t.Errorf("the snapshot is %+v, before %+v", is, was)
	}
	for _, heard := range s.all() {
		if strings.HasPrefix(heard, "typing") || !strings.HasPrefix(heard, "events") {
			t.Errorf("the sides heard %q", heard)
		}
	}
	if p := h.part(c.Number, xavi); !p.Left || !p.Watches || p.Joined > 0 {
		t.Errorf("after unwatch: %+v", p)
	}
}

// The words of who watches never reach the visitor, whether the conversation waits, has an owner or is over, and also after
// a watch that they have not ended themselves.
func TestWatch_WordsDontReachTheVisitor(t *testing.T) {
	h, c := watched(t)
	if err := h.says(olga, c, "Hello"); err != nil {
		t.Fatal(err)
	}
	h.refuses("You only watch #1. To write there, be invited by Olga, or take it over: take 1 !", h.says(xavi, c, "who is this?"))
	h.must(h.Pass(t.Context(), olga, c.Visitor, h.operator(xavi), bridge.Department{}, ""))
	h.refuses("You only watch #1. take 1 takes it.", h.says(xavi, c, "who is this?"))
	h.must(h.Take(t.Context(), olga, c.Number))
	if p := h.part(c.Number, xavi); p.Left || !p.Watches {
		t.Errorf("the watch has not survived a transfer: %+v", p)
	}
	h.must(h.Close(t.Context(), olga, c.Visitor, ""))
	h.refuses("You only watched #1, and it is closed.", h.says(xavi, c, "who was this?"))
	h.votes(c, 5, "", "")
	h.refuses("You only watched #1, and it is closed.", h.says(xavi, c, "who was this?"))
	if p := h.part(c.Number, xavi); !p.Left {
		t.Errorf("the watch goes on after the end: %+v", p)
	}
	for _, line := range h.shown(c.Number) {
		if strings.Contains(line, "who ") {
			t.Errorf("the visitor sees %q", line)
		}
	}
	h.must(h.Moves.Unwatch(t.Context(), xavi, c.Number))
	detach, err := h.attach(c.Number)
	if err != nil {
		t.Fatal(err)
	}
	defer detach()
	h.until("the page is there", func() bool { return h.conversation(c.Number).Present })
	if err := h.says(xavi, c, "hello again"); err != nil {
		t.Errorf("after unwatch: %v", err)
	}
}

// A watch ends when the visitor goes on after the end: a new one has to be wanted.
func TestWatch_EndsAtTheClose(t *testing.T) {
	h, c := watched(t)
	h.must(h.Close(t.Context(), olga, c.Visitor, ""))
	if _, _, err := h.VisitorWrites(t.Context(), c.Number, "b", "One more thing"); err != nil {
		t.Fatal(err)
	}
	if p := h.part(c.Number, xavi); !p.Left {
		t.Errorf("%+v", p)
	}
	h.refuses("take 1 takes it", h.says(xavi, c, "hm"))
	h.must(h.Take(t.Context(), xavi, c.Number))
	if err := h.says(xavi, c, "Yes?"); err != nil {
		t.Error(err)
	}
}

// Who watches keeps nobody: the owner can't leave a conversation to them, and it is offered again when the owner is gone.
func TestWatch_IsNoGuest(t *testing.T) {
	h, c := watched(t)
	_, err := h.Leave(t.Context(), olga, c.Visitor)
	h.refuses("nobody else is here to go on with it", err)
	h.leave(olga)
	h.clock.Move(time.Minute + time.Second)
	h.until("it waits", func() bool { return h.conversation(c.Number).State == bridge.Waiting })
	h.must(h.Leave(t.Context(), xavi, c.Visitor)) // !leave in the chat ends a watch, too
	if p := h.part(c.Number, xavi); !p.Left || !p.Watches || p.Joined > 0 {
		t.Errorf("%+v", p)
	}
}

// To watch takes the right; who loses it watches no more and is told so. Who watches already or takes part is refused, and
// so is a closed conversation. The audit names who watched whom.
func TestWatch_TakesTheRight(t *testing.T) {
	h, c := watched(t)
	_, err := h.Moves.Watch(t.Context(), olga, c.Number)
	h.refuses("You may not watch conversations.", err)
	may := func(p ...bridge.Permission) {
		t.Helper()
		if _, err := h.Team.Change(t.Context(), sam, func(o *bridge.Operator) { o.Departments, o.Permissions = bridge.Circle{"support"}, p }); err != nil {
			t.Fatal(err)
		}
	}
	may(bridge.MayWatch)
	h.must(h.Moves.Watch(t.Context(), sam, c.Number))
	_, err = h.Moves.Watch(t.Context(), sam, c.Number)
	h.refuses("You watch #1 already", err)
	may()
	if p := h.part(c.Number, sam); !p.Left {
		t.Errorf("Sam watches without the right: %+v", p)
	}
	if texts := h.deskTexts(sam); !strings.Contains(texts[len(texts)-1], "Your part in #1 has ended, because you may not watch conversations any more.") {
		t.Errorf("Sam was told %q", texts)
	}
	if err := h.Team.Administer(t.Context(), func(tx bridge.Tx) error { return tx.SaveDepartment(bridge.Department{Name: "sales", Title: "Sales"}) }); err != nil {
		t.Fatal(err)
	}
	may(bridge.MayWatch)
	h.must(h.Moves.Watch(t.Context(), sam, c.Number))
	if _, err := h.Team.Change(t.Context(), sam, func(o *bridge.Operator) { o.Departments = bridge.Circle{"sales"} }); err != nil {
		t.Fatal(err)
	}
	if p := h.part(c.Number, sam); !p.Left {
		t.Errorf("Sam watches in a department that is not theirs: %+v", p)
	}
	h.refuses("belongs to the department support, which is not yours", h.says(sam, c, "oops"))
	h.must(h.Invite(t.Context(), olga, c.Visitor, h.operator(xavi)))
	if err := h.says(xavi, c, "Hello"); err != nil {
		t.Errorf("invited: %v", err)
	}
	_, err = h.Moves.Watch(t.Context(), xavi, c.Number)
	h.refuses("You take part in #1 already", err)
	_, err = h.Moves.Unwatch(t.Context(), xavi, c.Number)
	h.refuses("You don't watch #1.", err)
	h.must(h.Close(t.Context(), olga, c.Visitor, ""))
	if _, err = h.Moves.Watch(t.Context(), xavi, c.Number); phrase.CodeOf(err) != phrase.CodeConflict {
		t.Errorf("closed: %v", err)
	}
	var lines []string
	h.must(bridge.Conversation{}, h.store.View(t.Context(), func(r bridge.Reader) error {
		list, err := r.Audits(string(olga), time.Time{}, h.clock.Now().Add(time.Hour), 10)
		for _, a := range list {
			lines = append(lines, a.ByName+": "+a.Line)
		}
		return err
	}))
	if want := []string{"Sam: watch 1", "Sam: watch 1", "Xavi: watch 1"}; !slices.Equal(lines, want) {
		t.Errorf("audit %q, want %q", lines, want)
	}
}

// A message to somebody who watches that comes back ends the watch, and nothing of that is public.
func TestWatch_MessageComesBack(t *testing.T) {
	h, c := watched(t)
	before := h.shown(c.Number)
	if err := h.Reach.Unreachable(t.Context(), xavi, c.Number, 1); err != nil {
		t.Fatal(err)
	}
	if p := h.part(c.Number, xavi); !p.Left {
		t.Errorf("%+v", p)
	}
	if got := h.shown(c.Number); !slices.Equal(got, before) {
		t.Errorf("shown %q, before %q", got, before)
	}
	if state := h.conversation(c.Number); state.State != bridge.Active || state.Owner != olga {
		t.Errorf("%+v", state)
	}
	h.must(h.Moves.Watch(t.Context(), xavi, c.Number))
}
