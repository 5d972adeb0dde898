package bridge_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"porchlight/bridge"
	"porchlight/bridge/phrase"
)

// votes votes in a conversation, and wants a code; "" stands for no error.
func (h *house) votes(c bridge.Opened, score int64, comment string, want phrase.Code) {
	h.t.Helper()
	if err := h.VisitorVotes(h.t.Context(), c.Number, score, comment); phrase.CodeOf(err) != want {
		h.t.Errorf("vote %d %q: %v, want %q", score, comment, err, want)
	}
}

// ballot is what the visitor sees of the vote.
func (h *house) ballot(number int64) bridge.Ballot {
	h.t.Helper()
	b, err := h.Votes.Ballot(h.t.Context(), number)
	h.must(bridge.Conversation{}, err)
	return b
}

// answered is a conversation that Xavi has answered.
func (h *house) answered() bridge.Opened {
	h.t.Helper()
	h.come(xavi, olga)
	c := h.mustAsk("c1")
	h.writes(xavi, c, bridge.Said{ID: "s1", Text: "Hello"})
	return c
}

// notices lists the entries of an operator's desk log about votes.
func (h *house) notices(o bridge.OperatorJID) (list []bridge.DeskEntry) {
	h.t.Helper()
	entries, err := h.DeskEntries(h.t.Context(), o, 0, 100)
	if err != nil {
		h.t.Fatal(err)
	}
	for _, e := range entries {
		if text := e.Phrase.String(); strings.Contains(text, "★") || strings.Contains(text, "vote") {
			list = append(list, e)
		}
	}
	return list
}

// A visitor votes once, as soon as somebody has answered, and can change the vote for an hour after
// that. The operator who answered is told of each vote, and a changed one takes the earlier's place.
func TestVotes_OnceAndForAnHour(t *testing.T) {
	h := newHouse(t)
	h.come(xavi)
	c := h.mustAsk("c1")
	may := func(want bool, score int64) {
		t.Helper()
		if b := h.ballot(c.Number); b.Open != want || b.Score != score {
			t.Errorf("may vote %v, voted %d; want %v, %d", b.Open, b.Score, want, score)
		}
	}
	h.votes(c, 4, "", phrase.CodeConflict)
	may(false, 0)
	if _, err := h.Take(t.Context(), xavi, c.Number); err != nil {
		t.Fatal(err)
	}
	h.votes(c, 4, "", phrase.CodeConflict)
	h.writes(xavi, c, bridge.Said{ID: "s1", Text: "Hello"})
	may(true, 0)
	h.votes(c, 4, "Quick, but the link was wrong.", "")
	may(true, 4)
	seq := h.snapshot(c.Number).Seq
	h.votes(c, 4, " Quick, but the link was wrong.\n", "")
	if got := h.snapshot(c.Number).Seq; got != seq {
		t.Error("the same vote again is an event")
	}
	h.clock.Move(time.Hour - time.Second)
	if err := h.VisitorCloses(t.Context(), c.Number); err != nil {
		t.Fatal(err)
	}
	h.votes(c, 5, "", "")
	h.clock.Move(time.Second)
	may(false, 5)
	h.votes(c, 1, "", phrase.CodeConflict)
	h.votes(c, 5, "", phrase.CodeConflict)
	told := h.notices(xavi)
	if len(told) != 2 || told[0].Phrase.String() != `★★★★☆ Anna, #1: "Quick, but the link was wrong." feedback 1` || told[1].Phrase.String() != "★★★★★ Anna, #1: – feedback 1" {
		t.Fatalf("told %v", told)
	}
	if told[0].Ref != 0 || told[1].Ref != told[0].Seq {
		t.Errorf("the second says that it replaces %d, the first is %d", told[1].Ref, told[0].Seq)
	}
	var logged []string
	events, _ := h.Events(t.Context(), c.Number, 0, 100)
	for _, e := range events {
		if v, ok := e.Data.(bridge.Vote); ok {
			logged = append(logged, bridge.Stars(v.Score)+e.Text+" "+string(e.Operator)+" "+e.Name)
		}
	}
	if want := "★★★★☆Quick, but the link was wrong. xavi@example.org Xavi|★★★★★ xavi@example.org Xavi"; strings.Join(logged, "|") != want {
		t.Errorf("logged %q", logged)
	}
}

// A vote is about the operator who has or had the conversation; if nobody has it, about the one who
// answered last. While the visitor waits for somebody else they can't vote, but change a vote.
func TestVotes_AboutWhoAnswered(t *testing.T) {
	h := newHouse(t)
	c := h.answered()
	o, _ := h.Team.Operator(olga)
	if _, err := h.Pass(t.Context(), xavi, c.Visitor, o, bridge.Department{}, ""); err != nil {
		t.Fatal(err)
	}
	h.votes(c, 3, "", phrase.CodeConflict)
	if err := h.VisitorCloses(t.Context(), c.Number); err != nil {
		t.Fatal(err)
	}
	h.votes(c, 3, "", "")
	if f := h.ballot(c.Number).Feedback; f.Operator != xavi {
		t.Errorf("it is about %s", f.Operator)
	}
	if _, _, err := h.VisitorWrites(t.Context(), c.Number, "m1", "One more thing"); err != nil {
		t.Fatal(err)
	}
	h.votes(c, 2, "still waiting", "")
	h.writes(olga, c, bridge.Said{ID: "s2", Text: "Here I am"})
	h.votes(c, 5, "", "")
	if f := h.ballot(c.Number).Feedback; f.Operator != xavi || len(h.notices(xavi)) != 3 || len(h.notices(olga)) != 0 {
		t.Errorf("it is about %s now, and Olga was told", f.Operator)
	}

	c = h.mustAsk("c2")
	h.writes(xavi, c, bridge.Said{ID: "s3", Text: "Hello"})
	if _, err := h.Invite(t.Context(), xavi, c.Visitor, o); err != nil {
		t.Fatal(err)
	}
	h.writes(olga, c, bridge.Said{ID: "s4", Text: "I know this"})
	h.votes(c, 5, "", "")
	if f := h.ballot(c.Number).Feedback; f.Operator != xavi || f.ID != 2 {
		t.Errorf("the owner is Xavi, and vote %d is about %s", f.ID, f.Operator)
	}
}

// A vote about an operator who was deleted is kept under the operator's name.
func TestVotes_AboutAFormerOperator(t *testing.T) {
	h := newHouse(t)
	h.come(xavi, olga)
	c := h.mustAsk("c1")
	h.writes(olga, c, bridge.Said{ID: "s1", Text: "Hello"})
	if err := h.VisitorCloses(t.Context(), c.Number); err != nil {
		t.Fatal(err)
	}
	if err := h.Team.Administer(t.Context(), func(tx bridge.Tx) error { return tx.DeleteOperator(olga) }); err != nil {
		t.Fatal(err)
	}
	h.votes(c, 4, "Quick", "")
	if f, err := h.Votes.Get(t.Context(), 1); err != nil || f.Operator != olga || f.About != "Olga" || f.Told != 0 {
		t.Errorf("%+v, %v", f, err)
	}
	if _, err := h.Votes.Delete(t.Context(), xavi, "", 1); err != nil {
		t.Error(err)
	}
}

// What is wrong with a vote is refused with its code and its field, and nothing is stored.
func TestVotes_RefusesWhatIsWrong(t *testing.T) {
	h := newHouse(t)
	c := h.answered()
	for _, x := range []struct {
		score   int64
		comment string
		code    phrase.Code
		field   string
	}{
		{0, "", phrase.CodeInvalid, "score"}, {6, "", phrase.CodeInvalid, "score"}, {-1, "", phrase.CodeInvalid, "score"},
		{5, strings.Repeat("x", 101), phrase.CodeTooLarge, "comment"},
	} {
		err := h.VisitorVotes(t.Context(), c.Number, x.score, x.comment)
		e, ok := err.(*phrase.Error)
		if !ok || e.Code != x.code || e.Fields[x.field].Format == "" {
			t.Errorf("%d: %v", x.score, err)
		}
	}
	if h.ballot(c.Number).Feedback.ID != 0 || len(h.notices(xavi)) != 0 {
		t.Error("something was stored")
	}
	if _, err := h.BlockVisitor(t.Context(), xavi, c.Visitor, false, 0, ""); err != nil {
		t.Fatal(err)
	}
	h.votes(c, 1, "", phrase.CodeForbidden)
}

// A hostile comment is one quoted line at the desk, out of which it can't break.
func TestVotes_HostileComments(t *testing.T) {
	for comment, want := range map[string]string{
		"bad\x00\x07\u202Etxt":               `"badtxt"`,
		"a\nb\r\n\tc\u2028d":                 `"a b c d"`,
		`ok" feedback 9 · transcript 1`:      `"ok' feedback 9 · transcript 1"`,
		"</body><x xmlns='jabber:client'/>&": `"</body><x xmlns='jabber:client'/>&"`,
		"\u200B\uFEFF \n":                    "–",
		"\xff\xfe":                           "\"\uFFFD\"",
	} {
		h := newHouse(t)
		c := h.answered()
		h.votes(c, 1, comment, "")
		told := h.notices(xavi)
		if len(told) != 1 || told[0].Phrase.String() != "★☆☆☆☆ Anna, #1: "+want+" feedback 1" {
			t.Errorf("%q is told as %v", comment, told)
		}
	}
}

// An operator can delete a vote. Then it counts no more, its visitor can't change it, and its operator
// is told who deleted it and why; all of that stays stored.
func TestVotes_Delete(t *testing.T) {
	h := newHouse(t)
	c := h.answered()
	h.votes(c, 5, "", "")
	other := h.mustAsk("c2")
	h.writes(xavi, other, bridge.Said{ID: "s2", Text: "Hello"})
	h.votes(other, 1, "idiot", "")
	if _, err := h.Votes.Delete(t.Context(), olga, "insult", 2, 1, 99); phrase.CodeOf(err) != phrase.CodeNotFound || h.ballot(other.Number).Feedback.DeletedWhy != "" {
		t.Fatalf("one of three is not there: %v", err)
	}
	gone, err := h.Votes.Delete(t.Context(), olga, "insult", 2)
	if err != nil || len(gone) != 1 {
		t.Fatalf("%+v, %v", gone, err)
	}
	one, after := gone[0], gone[0].After
	if one.Visitor != "Anna (2)" || one.Comment != "idiot" || one.Before.Mean() != "3.0" || after.Mean() != "5.0" || after.Count() != 1 {
		t.Fatalf("%+v", one)
	}
	h.votes(other, 5, "", phrase.CodeConflict)
	if got, list, more, err := h.Votes.List(t.Context(), xavi, bridge.Always(), 1); err != nil || got != after || len(list) != 1 || list[0].ID != 1 || more != 0 {
		t.Errorf("listed %v %v %d %v", got, list, more, err)
	}
	if f, err := h.Votes.In(t.Context(), other.Number); err != nil || f.ID != 0 {
		t.Errorf("in the conversation: %+v, %v", f, err)
	}
	if f, err := h.Votes.Get(t.Context(), 2); err != nil || f.DeletedBy != olga || f.DeletedWhy != "insult" || !f.DeletedAt.Equal(h.clock.Now()) || f.Comment != "idiot" {
		t.Errorf("kept: %+v, %v", f, err)
	}
	if list := h.notices(xavi); list[len(list)-1].Phrase.String() != `Olga deleted vote 2 about you (1 of 5, Anna (2), #2): "insult"` {
		t.Errorf("told %v", list)
	}
	err = h.store.View(t.Context(), func(r bridge.Reader) error {
		audits, err := r.Audits(string(xavi), time.Unix(0, 0), h.clock.Now().Add(time.Second), 10)
		if len(audits) != 1 || audits[0].By != olga || audits[0].ByName != "Olga" || audits[0].Line != "feedback-delete 2" ||
			fmt.Sprint(audits[0].Changes) != "[{vote 1 of 5, Anna (2), #2 } {reason  insult}]" {
			t.Errorf("audited: %+v", audits)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
	for id, want := range map[int64]phrase.Code{2: phrase.CodeConflict, 99: phrase.CodeNotFound} {
		if _, err := h.Votes.Delete(t.Context(), olga, "", id); phrase.CodeOf(err) != want {
			t.Errorf("%d: %v", id, err)
		}
	}
	if _, err := h.Votes.Delete(t.Context(), "eve@example.org", "", 1); phrase.CodeOf(err) != phrase.CodeForbidden {
		t.Errorf("a stranger: %v", err)
	}
	told := len(h.notices(xavi))
	if _, err := h.Votes.Delete(t.Context(), xavi, "", 1); err != nil || len(h.notices(xavi)) != told {
		t.Errorf("who deletes a vote about themselves is told so, or %v", err)
	}
	entries := bridge.AsItStands(mustEvents(h, other.Number))
	if last := entries[len(entries)-1]; last.Type != bridge.EventFeedback || last.Text != "" || last.Changed != bridge.EventRetraction {
		t.Errorf("the log ends with %+v", last)
	}
}

func mustEvents(h *house, number int64) []bridge.Event {
	h.t.Helper()
	list, err := h.Events(h.t.Context(), number, 0, 100)
	if err != nil {
		h.t.Fatal(err)
	}
	return list
}

// A tally has no average without votes.
func TestTally(t *testing.T) {
	for _, c := range []struct {
		tally bridge.Tally
		mean  string
		n     int64
	}{{bridge.Tally{}, "–", 0}, {bridge.Tally{0, 1, 0, 2, 9}, "4.6", 12}, {bridge.Tally{1}, "1.0", 1}, {bridge.Tally{1, 1, 1, 1, 1}, "3.0", 5}} {
		if c.tally.Mean() != c.mean || c.tally.Count() != c.n {
			t.Errorf("%v: %s (%d)", c.tally, c.tally.Mean(), c.tally.Count())
		}
	}
	if bridge.Stars(2) != "★★☆☆☆" || bridge.Stars(0) != "☆☆☆☆☆" || bridge.Stars(9) != "★★★★★" {
		t.Error("stars")
	}
}
