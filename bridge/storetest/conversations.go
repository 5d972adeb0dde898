package storetest

import (
	"errors"
	"slices"
	"time"

	"porchlight/bridge"
	"porchlight/bridge/phrase"
)

var conversationRules = []rule{
	{"comes back whole, however it is found", conversationRoundTrip},
	{"is not found before it is there", conversationAbsent},
	{"has a higher number than every earlier one", conversationNumbers},
	{"is created once for each key", conversationKey},
	{"keeps what the visitor gave when asking", requestRoundTrip},
	{"changes only if its log still ends where it was read", compareAndSwap},
	{"keeps every change, whatever was read before", keepsEveryChange},
	{"is refused in a state that does not exist", refusesNoState},
	{"is listed by number, visitor, owner and due time", conversationLists},
	{"is found by its visitor in every update", visitorsConversations},
	{"is listed where it goes on", mergedLists},
	{"has tags, which are counted", tags},
	{"counts for the numbers of namesakes while it is open", namesakes},
}

func conversationRoundTrip(t *trial) {
	t.hire(xavi)
	c := t.create(Sample(1))
	c.Kind, c.State, c.Reason, c.Owner, c.Email = bridge.Ticket, bridge.Active, "reopened", xavi, "anna@example.net"
	c.Seq, c.Present, c.OpenedAt, c.ClosedAt, c.WaitsSince, c.Unanswered = 3, true, at(1), at(2), at(3), at(4)
	c.Into = 7
	c.Due = bridge.Due{Waiting: at(15), Visitor: at(14), Operator: at(13), IdleWarn: at(12), IdleClose: at(11), Receipt: at(10), Offer: at(9), Later: at(8), Overflow: at(5), Escalate: at(7), Remind: at(6), Answer: at(4), Solve: at(3)}
	c.Escalated, c.Reminded = time.Minute, 3*time.Minute
	c.Promise = bridge.Promise{Targets: bridge.Targets{First: time.Second, Next: 2 * time.Second, Solved: 3 * time.Second}, First: at(2), Solve: at(1), Used: 4 * time.Second,
		Answer: bridge.Endangers, Solution: bridge.Fails}
	whole(t, c)
	whole(t, c.Due)
	whole(t, c.Promise)
	t.update(func(tx bridge.Tx) error { return tx.SaveConversation(c, 0) })

	c.OpenedAt, c.ClosedAt, c.WaitsSince, c.Unanswered = stored(at(1)), stored(at(2)), stored(at(3)), stored(at(4))
	c.Due = bridge.Due{Waiting: stored(at(15)), Visitor: stored(at(14)), Operator: stored(at(13)), IdleWarn: stored(at(12)), IdleClose: stored(at(11)),
		Receipt: stored(at(10)), Offer: stored(at(9)), Later: stored(at(8)), Overflow: stored(at(5)), Escalate: stored(at(7)), Remind: stored(at(6)), Answer: stored(at(4)), Solve: stored(at(3))}
	c.Promise.First, c.Promise.Solve = stored(at(2)), stored(at(1))
	t.view(func(r bridge.Reader) error {
		expect(t, c)(r.Conversation(c.Number))
		expect(t, c)(r.ConversationByKey("key of id-1"))
		expect(t, c)(r.LatestConversation(c.Visitor))
		byID, hash, err := r.ConversationByID(c.ID)
		expect(t, c)(byID, err)
		expect(t, "hash")(string(hash), nil)
		if byID != c {
			t.Error("conversations read twice are not equal by ==")
		}
		return nil
	})
}

func mergedLists(t *trial) {
	goesOn := t.create(Sample(1))
	for i := range 2 {
		c := t.create(Sample(2 + i))
		c.State, c.Reason, c.Into, c.Seq = bridge.Closed, bridge.ReasonMerged, goesOn.Number, 1
		t.update(func(tx bridge.Tx) error { return tx.SaveConversation(c, 0) })
	}
	t.view(func(r bridge.Reader) error {
		list, err := r.MergedInto(goesOn.Number)
		if err != nil || len(list) != 2 || list[0].Number != goesOn.Number+2 || list[1].Number != goesOn.Number+1 {
			t.Errorf("joined with #%d: %+v, %v", goesOn.Number, list, err)
		}
		list, err = r.MergedInto(goesOn.Number + 1)
		expect(t, 0)(len(list), err)
		return nil
	})
}

func conversationAbsent(t *trial) {
	t.view(func(r bridge.Reader) error {
		_, e1 := r.Conversation(1)
		_, _, e2 := r.ConversationByID("x")
		_, e3 := r.ConversationByKey("x")
		_, e4 := r.LatestConversation("x")
		_, e5 := r.Request(1)
		for _, err := range []error{e1, e2, e3, e4, e5} {
			expectCode(t, phrase.CodeNotFound, err)
		}
		return nil
	})
	t.refused(phrase.CodeNotFound, func(tx bridge.Tx) error { return tx.SaveRequestEmail(1, "a@b.c") })
	t.refused(phrase.CodeNotFound, func(tx bridge.Tx) error { return tx.SaveRequestName(1, "A") })
}

func conversationNumbers(t *trial) {
	last := int64(0)
	for i := range 5 {
		if i == 2 { // a conversation that is not kept
			t.refused(phrase.CodeConflict, func(tx bridge.Tx) error {
				c := Sample(99)
				return errors.Join(Create(&c)(tx), phrase.Fail(phrase.CodeConflict, "%s", ""))
			})
		}
		number := t.create(Sample(i)).Number
		if number <= last {
			t.Errorf("conversation %d comes after %d", number, last)
		}
		last = number
	}
}

func conversationKey(t *trial) {
	t.create(Sample(1))
	t.update(func(tx bridge.Tx) error {
		c := Sample(2)
		expectCode(t, phrase.CodeConflict, tx.CreateConversation(&c, bridge.Request{}, "key of id-1", nil))
		return tx.CreateConversation(&c, bridge.Request{}, "key of id-2", nil) // the transaction is still good
	})
}

func requestRoundTrip(t *trial) {
	c := t.create(Sample(1))
	q := bridge.Request{Conversation: 77, Name: "Anna Ümläut", Email: "anna@example.org", Reason: "How?\nWhy?", Verified: "sub-1",
		Page: bridge.Page{URL: "https://example.org/?a=b", Title: "Students", Referrer: "https://example.net"}, Language: "de-AT", Browser: "Mozilla/5.0",
		Attributes: `{"plan":"pro"}`, TimeZone: "Europe/Vienna", Address: "192.0.2.7", Namesake: 2, Digest: "d1", Fields: `{"Order number":"7"}`,
		Invited: bridge.Invited{By: "Xavi", Rule: "pricing", Page: "/pricing", Text: "Shall I help?"}}
	whole(t, q)
	whole(t, q.Invited)
	whole(t, q.Page)
	c.ID = "id-2"
	t.update(func(tx bridge.Tx) error { return tx.CreateConversation(&c, q, "k", []byte{0, 1}) })
	t.update(func(tx bridge.Tx) error { return tx.SaveRequestEmail(c.Number, "new@example.org") })
	q.Conversation, q.Email = c.Number, "new@example.org"
	t.view(func(r bridge.Reader) error { expect(t, q)(r.Request(c.Number)); return nil })
	q.Name, q.Email, q.Verified = "Anna Berg", "berg@example.org", "sub-2"
	t.update(func(tx bridge.Tx) error { return tx.SaveRequestIdentity(q) })
	t.refused(phrase.CodeNotFound, func(tx bridge.Tx) error { return tx.SaveRequestIdentity(bridge.Request{Conversation: 99}) })
	t.view(func(r bridge.Reader) error {
		expect(t, q)(r.Request(c.Number))
		for subject, want := range map[string][]int64{"sub-2": {c.Number}, "sub-1": nil, "": nil} {
			list, err := r.Identified(subject, 9)
			var got []int64
			for _, found := range list {
				got = append(got, found.Number)
			}
			expect(t, want)(got, err)
		}
		return nil
	})
}

func compareAndSwap(t *trial) {
	c := t.create(Sample(1))
	save := func(c bridge.Conversation, was int64) func(bridge.Tx) error {
		return func(tx bridge.Tx) error { return tx.SaveConversation(c, was) }
	}
	c.Seq = 2
	t.update(save(c, 0))
	c.Seq, c.Reason = 5, "late"
	t.refused(phrase.CodeConflict, save(c, 0))
	t.refused(phrase.CodeConflict, save(bridge.Conversation{Number: 99, Department: "support", Kind: bridge.Chat, State: bridge.Waiting}, 0))
	t.refused(phrase.CodeConflict, func(tx bridge.Tx) error { // an engine may save a conversation that was read by a shorter way
		got, err := tx.Conversation(c.Number)
		got.Seq = 9
		return errors.Join(err, tx.SaveConversation(got, 1))
	})
	t.view(func(r bridge.Reader) error {
		got, err := r.Conversation(c.Number)
		expect(t, int64(2))(got.Seq, err)
		expect(t, "")(got.Reason, err)
		return nil
	})
}

// keepsEveryChange reads, changes and changes back: an engine may write few columns if the
// others are as they were read, and what it remembers for that could be out of date.
func keepsEveryChange(t *trial) {
	t.hire(xavi)
	a, b := t.create(Sample(1)), t.create(Sample(2))
	active := a
	active.State, active.Owner, active.Seq = bridge.Active, xavi, 1
	active.Due.IdleWarn = stored(at(9))
	t.update(func(tx bridge.Tx) error {
		if _, err := tx.Conversation(a.Number); err != nil {
			return err
		}
		if _, err := tx.Conversation(b.Number); err != nil {
			return err
		}
		return tx.SaveConversation(active, 0)
	})
	t.view(func(r bridge.Reader) error { expect(t, active)(r.Conversation(a.Number)); return nil })

	t.update(func(tx bridge.Tx) error { // active as read, waiting, active again
		c, err := tx.Conversation(a.Number)
		if err != nil {
			return err
		}
		waiting := c
		waiting.State, waiting.Owner, waiting.Seq = bridge.Waiting, "", 2
		if err := tx.SaveConversation(waiting, 1); err != nil {
			return err
		}
		c.Seq = 3
		return tx.SaveConversation(c, 2)
	})
	active.Seq = 3
	t.view(func(r bridge.Reader) error { expect(t, active)(r.Conversation(a.Number)); return nil })
}

func refusesNoState(t *trial) {
	c := t.create(Sample(1))
	for name, change := range map[string]func(*bridge.Conversation){
		"state":      func(c *bridge.Conversation) { c.State = "gone" },
		"kind":       func(c *bridge.Conversation) { c.Kind = "" },
		"department": func(c *bridge.Conversation) { c.Department = "nowhere" },
		"owner":      func(c *bridge.Conversation) { c.Owner = "nobody@example.org" },
		"opened":     func(c *bridge.Conversation) { c.OpenedAt = time.Time{} },
	} {
		wrong := c
		change(&wrong)
		if err := t.store.Update(t.Context(), func(tx bridge.Tx) error { return tx.SaveConversation(wrong, 0) }); phrase.CodeOf(err) != phrase.CodeInternal {
			t.Errorf("%s: error %v, want an internal one", name, err)
		}
	}
}

// waited is since when the conversations of several wait.
var waited = stored(at(2))

// several stores seven conversations: 1 to 6 are Anna's, 7 is Bert's. Xavi owns 2 and 5, 3 is
// closed, 4 is a ticket. Olga takes part in 1, 2 and 3, and has left 5.
func several(t *trial) {
	t.hire(xavi, olga)
	for i := 1; i <= 6; i++ {
		c := t.create(Sample(i))
		c.WaitsSince = waited
		switch i {
		case 2, 5:
			c.State, c.Owner = bridge.Active, xavi
			c.Due.Operator = at(10 - i)
		case 3:
			c.State, c.ClosedAt = bridge.Closed, at(1)
		case 4:
			c.Kind = bridge.Ticket
			c.Due.Waiting, c.Due.IdleClose = at(100), at(4)
		}
		t.update(func(tx bridge.Tx) error { return tx.SaveConversation(c, 0) })
	}
	other := Sample(7)
	other.Visitor, other.WaitsSince = "bert-1111@support.example.org", waited
	t.create(other)
	t.update(func(tx bridge.Tx) error {
		for _, p := range []bridge.Participant{{Conversation: 1}, {Conversation: 2}, {Conversation: 3}, {Conversation: 5, Left: true}} {
			p.Operator = olga
			if err := tx.SaveParticipant(p); err != nil {
				return err
			}
		}
		return nil
	})
}

func conversationLists(t *trial) {
	several(t)
	numbers := func(want ...int64) func([]bridge.Conversation, error) {
		return func(list []bridge.Conversation, err error) {
			t.Helper()
			var got []int64
			for _, c := range list {
				got = append(got, c.Number)
			}
			expect(t, want)(got, err)
		}
	}
	t.view(func(r bridge.Reader) error {
		numbers(1, 4, 6, 7)(r.OpenConversations(bridge.Waiting, 0, 10))
		numbers(6)(r.OpenConversations(bridge.Waiting, 4, 1))
		numbers(2, 5)(r.OpenConversations(bridge.Active, 0, 10))
		numbers(1, 2, 4, 5, 6, 7)(r.OpenConversations(bridge.New, 0, 10))
		numbers(4, 5)(r.OpenConversations(bridge.New, 2, 2))
		numbers(2, 5)(r.OwnedBy(xavi))
		numbers()(r.OwnedBy(olga))
		expect(t, map[bridge.OperatorJID]int{xavi: 2})(r.CountOwned())
		expect(t, 4)(r.TookPart(olga))
		expect(t, 0)(r.TookPart(vera))
		part, err := r.TakesPart(olga)
		slices.Sort(part)
		expect(t, []int64{1, 2})(part, err)
		numbers(6, 5, 4, 3, 2, 1)(r.VisitorConversations(anna, 10))
		numbers(6, 5)(r.VisitorConversations(anna, 2))
		numbers()(r.VisitorConversations("nobody", 2))
		numbers(4, 5)(r.DueConversations(at(5), 10)) // 4 is due at 4 s and 5 at 5 s; 2 is due at 8 s
		numbers(4)(r.DueConversations(at(9), 1))
		numbers()(r.DueConversations(at(3), 10))
		latest, err := r.LatestConversation(anna)
		expect(t, int64(6))(latest.Number, err)
		latest, err = r.LatestConversation("bert-1111@support.example.org")
		expect(t, int64(7))(latest.Number, err)
		since := waited
		expect(t, 1)(r.WaitingChats("support", since, 6)) // conversation 1; the ticket 4 does not count
		expect(t, 0)(r.WaitingChats("support", since, 1))
		expect(t, 0)(r.WaitingChats("support", since.Add(-time.Millisecond), 6)) // who has waited longer is first
		expect(t, 3)(r.WaitingChats("support", since.Add(time.Millisecond), 1))
		numbers(6, 7)(r.WaitingBehind("support", since, 1, 10))
		numbers(6)(r.WaitingBehind("support", since, 1, 1))
		numbers(1, 6, 7)(r.WaitingBehind("support", since.Add(-time.Millisecond), 9, 10))
		numbers()(r.WaitingBehind("support", since.Add(time.Millisecond), 1, 10))
		expect(t, 4)(r.Waiting(""))
		expect(t, 3)(r.Waiting(bridge.Chat))
		expect(t, 1)(r.Waiting(bridge.Ticket))
		expect(t, 0)(r.WaitingChats("sales", since.Add(time.Hour), 100))
		return nil
	})
	for _, n := range []int64{6, 5} { // the open one counts, though another is newer
		t.update(func(tx bridge.Tx) error {
			c, err := tx.Conversation(n)
			if err != nil {
				return err
			}
			c.State, c.ClosedAt = bridge.Closed, at(9)
			return tx.SaveConversation(c, c.Seq)
		})
	}
	t.view(func(r bridge.Reader) error {
		latest, err := r.LatestConversation(anna)
		expect(t, int64(4))(latest.Number, err)
		return nil
	})
}

// visitorsConversations changes what it has read: an update may remember which conversations
// a visitor has, but must know of a new one and of every change.
func visitorsConversations(t *trial) {
	first := t.create(Sample(1))
	var got []bridge.Conversation
	look := func(limit int) {
		t.Helper()
		t.update(func(tx bridge.Tx) (err error) {
			got, err = tx.VisitorConversations(first.Visitor, limit)
			return err
		})
		t.view(func(r bridge.Reader) error {
			expect(t, got)(r.VisitorConversations(first.Visitor, limit))
			return nil
		})
	}
	look(5)
	look(5)
	t.create(Sample(2))
	for _, limit := range []int{5, 5, 1, 5} {
		look(limit)
		expect(t, min(2, limit))(len(got), nil)
	}
	t.update(func(tx bridge.Tx) error {
		c := got[1]
		c.Seq++
		return tx.SaveConversation(c, c.Seq-1)
	})
	look(5)
	expect(t, first.Seq+1)(got[1].Seq, nil)
}

func namesakes(t *trial) {
	for i, name := range []string{"Anna", "ANNA", "Bert", "anna"} {
		c := Sample(i)
		c.Visitor = bridge.VisitorJID(string(rune('a'+i)) + "@support.example.org")
		t.update(func(tx bridge.Tx) error {
			if err := tx.CreateVisitor(bridge.Visitor{JID: c.Visitor}); err != nil {
				return err
			}
			err := tx.CreateConversation(&c, bridge.Request{Name: name, Namesake: i}, string(c.ID), nil)
			if err != nil || i != 3 {
				return err
			}
			c.State = bridge.Closed
			return tx.SaveConversation(c, 0)
		})
	}
	t.view(func(r bridge.Reader) error {
		all, err := r.Namesakes("Anna", "x@y")
		slices.Sort(all)
		expect(t, []int{0, 1})(all, err)
		expect(t, []int{1})(r.Namesakes("anna", "a@support.example.org"))
		return nil
	})
}
