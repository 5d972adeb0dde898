package sqlite

import (
	"errors"
	"slices"
	"testing"
	"time"

	"porchlight/bridge"
	"porchlight/bridge/phrase"
)

func TestConversation_RoundTrip(t *testing.T) {
	d := openNew(t)
	hire(t, d, "xavi@example.org")
	c := create(t, d, sample(1))
	c.Kind, c.State, c.Reason, c.Owner, c.Email = bridge.Ticket, bridge.Active, "reopened", "xavi@example.org", "anna@example.net"
	c.Seq, c.Present, c.OpenedAt, c.ClosedAt = 3, true, at(1), at(2)
	c.Due = bridge.Due{Waiting: at(15), Visitor: at(14), Operator: at(13), IdleWarn: at(12), IdleClose: at(11)}
	update(t, d, func(tx bridge.Tx) error { return tx.SaveConversation(c, 0) })

	c.OpenedAt, c.ClosedAt = stored(at(1)), stored(at(2))
	c.Due = bridge.Due{Waiting: stored(at(15)), Visitor: stored(at(14)), Operator: stored(at(13)), IdleWarn: stored(at(12)), IdleClose: stored(at(11))}
	view(t, d, func(r bridge.Reader) error {
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

func TestConversation_Absent(t *testing.T) {
	d := openNew(t)
	view(t, d, func(r bridge.Reader) error {
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
	expectCode(t, phrase.CodeNotFound, d.Update(t.Context(), func(tx bridge.Tx) error { return tx.SaveRequestEmail(1, "a@b.c") }))
}

func TestCreateConversation_NumbersCountUpAndAreNotGivenTwice(t *testing.T) {
	d := openNew(t)
	for i := range 3 {
		expect(t, int64(i+1))(create(t, d, sample(i)).Number, nil)
	}
	update(t, d, func(bridge.Tx) error {
		_, err := d.writer.c.Exec(`DELETE FROM conversations WHERE number = 3`, nil)
		return err
	})
	expect(t, int64(4))(create(t, d, sample(3)).Number, nil)
}

func TestCreateConversation_KeyIsUnique(t *testing.T) {
	d := openNew(t)
	create(t, d, sample(1))
	update(t, d, func(tx bridge.Tx) error {
		c := sample(2)
		expectCode(t, phrase.CodeConflict, tx.CreateConversation(&c, bridge.Request{}, "key of id-1", nil))
		return tx.CreateConversation(&c, bridge.Request{}, "key of id-2", nil) // the transaction is still good
	})
}

func TestRequest_RoundTrip(t *testing.T) {
	d := openNew(t)
	c := create(t, d, sample(1))
	q := bridge.Request{Conversation: 77, Name: "Anna Ümläut", Email: "anna@example.org", Reason: "How?\nWhy?", Verified: "sub-1",
		Page: bridge.Page{URL: "https://example.org/?a=b", Title: "Students", Referrer: "https://example.net"}, Language: "de-AT", Browser: "Mozilla/5.0", Attributes: `{"plan":"pro"}`, TimeZone: "Europe/Vienna", Address: "192.0.2.7"}
	c.ID = "id-2"
	update(t, d, func(tx bridge.Tx) error { return tx.CreateConversation(&c, q, "k", []byte{0, 1}) })
	update(t, d, func(tx bridge.Tx) error { return tx.SaveRequestEmail(c.Number, "new@example.org") })
	q.Conversation, q.Email = c.Number, "new@example.org"
	view(t, d, func(r bridge.Reader) error { expect(t, q)(r.Request(c.Number)); return nil })
}

func TestSaveConversation_ComparesAndSwaps(t *testing.T) {
	d := openNew(t)
	c := create(t, d, sample(1))
	save := func(c bridge.Conversation, was int64) error {
		return d.Update(t.Context(), func(tx bridge.Tx) error { return tx.SaveConversation(c, was) })
	}
	c.Seq = 2
	if err := save(c, 0); err != nil {
		t.Fatal(err)
	}
	c.Seq, c.Reason = 5, "late"
	expectCode(t, phrase.CodeConflict, save(c, 0))
	expectCode(t, phrase.CodeConflict, save(bridge.Conversation{Number: 99, Department: "support", Kind: bridge.Chat, State: bridge.Waiting}, 0))
	err := d.Update(t.Context(), func(tx bridge.Tx) error { // the short way, after reading
		got, err := tx.Conversation(c.Number)
		got.Seq = 9
		return errors.Join(err, tx.SaveConversation(got, 1))
	})
	expectCode(t, phrase.CodeConflict, err)
	view(t, d, func(r bridge.Reader) error {
		got, err := r.Conversation(c.Number)
		expect(t, int64(2))(got.Seq, err)
		expect(t, "")(got.Reason, err)
		return nil
	})
}

// SaveConversation writes few columns when the others are as read; this walks
// through the ways in which what it remembers could be out of date.
func TestSaveConversation_KeepsEveryChange(t *testing.T) {
	d := openNew(t)
	hire(t, d, "xavi@example.org")
	a, b := create(t, d, sample(1)), create(t, d, sample(2))
	active := a
	active.State, active.Owner, active.Seq = bridge.Active, "xavi@example.org", 1
	active.Due.IdleWarn = stored(at(9))
	update(t, d, func(tx bridge.Tx) error {
		if _, err := tx.Conversation(a.Number); err != nil {
			return err
		}
		if _, err := tx.Conversation(b.Number); err != nil {
			return err
		}
		return tx.SaveConversation(active, 0)
	})
	view(t, d, func(r bridge.Reader) error { expect(t, active)(r.Conversation(a.Number)); return nil })

	update(t, d, func(tx bridge.Tx) error { // active as read, waiting, active again
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
	view(t, d, func(r bridge.Reader) error { expect(t, active)(r.Conversation(a.Number)); return nil })
}

func TestSaveConversation_RefusesWhatIsNoState(t *testing.T) {
	d := openNew(t)
	c := create(t, d, sample(1))
	for name, change := range map[string]func(*bridge.Conversation){
		"state":      func(c *bridge.Conversation) { c.State = "gone" },
		"kind":       func(c *bridge.Conversation) { c.Kind = "" },
		"department": func(c *bridge.Conversation) { c.Department = "nowhere" },
		"owner":      func(c *bridge.Conversation) { c.Owner = "nobody@example.org" },
		"opened":     func(c *bridge.Conversation) { c.OpenedAt = time.Time{} },
	} {
		wrong := c
		change(&wrong)
		if err := d.Update(t.Context(), func(tx bridge.Tx) error { return tx.SaveConversation(wrong, 0) }); phrase.CodeOf(err) != phrase.CodeInternal {
			t.Errorf("%s: error %v, want an internal one", name, err)
		}
	}
}

func TestConversations_Lists(t *testing.T) {
	d := openNew(t)
	hire(t, d, "xavi@example.org", "olga@example.org")
	for i := 1; i <= 6; i++ {
		c := create(t, d, sample(i))
		switch i {
		case 2, 5:
			c.State, c.Owner = bridge.Active, "xavi@example.org"
			c.Due.Operator = at(10 - i)
		case 3:
			c.State, c.ClosedAt = bridge.Closed, at(1)
		case 4:
			c.Kind = bridge.Ticket
			c.Due.Waiting, c.Due.IdleClose = at(100), at(4)
		}
		update(t, d, func(tx bridge.Tx) error { return tx.SaveConversation(c, 0) })
	}
	other := sample(7)
	other.Visitor = "bert-1111@support.example.org"
	create(t, d, other)

	update(t, d, func(tx bridge.Tx) error {
		for _, p := range []bridge.Participant{{Conversation: 1}, {Conversation: 2}, {Conversation: 3}, {Conversation: 5, Left: true}} {
			p.Operator = "olga@example.org"
			if err := tx.SaveParticipant(p); err != nil {
				return err
			}
		}
		return nil
	})

	numbers := func(want ...int64) func([]bridge.Conversation, error) {
		return func(list []bridge.Conversation, err error) {
			t.Helper()
			got := []int64{}
			for _, c := range list {
				got = append(got, c.Number)
			}
			if want == nil {
				want = []int64{}
			}
			expect(t, want)(got, err)
		}
	}
	const anna = "anna-7k2f@support.example.org"
	view(t, d, func(r bridge.Reader) error {
		numbers(1, 4, 6, 7)(r.OpenConversations(bridge.Waiting, 0, 10))
		numbers(6)(r.OpenConversations(bridge.Waiting, 4, 1))
		numbers(2, 5)(r.OpenConversations(bridge.Active, 0, 10))
		numbers(1, 2, 4, 5, 6, 7)(r.OpenConversations(bridge.New, 0, 10))
		numbers(4, 5)(r.OpenConversations(bridge.New, 2, 2))
		numbers(2, 5)(r.OwnedBy("xavi@example.org"))
		numbers()(r.OwnedBy("olga@example.org"))
		part, err := r.TakesPart("olga@example.org")
		slices.Sort(part)
		expect(t, []int64{1, 2})(part, err)
		numbers(6, 5, 4, 3, 2, 1)(r.VisitorConversations(anna, 10))
		numbers(6, 5)(r.VisitorConversations(anna, 2))
		numbers()(r.VisitorConversations("nobody", 2))
		numbers(4, 5)(r.DueConversations(at(5), 10)) // at 4 s and 5 s; 2 is due at 8 s
		numbers(4)(r.DueConversations(at(9), 1))
		numbers()(r.DueConversations(at(3), 10))
		latest, err := r.LatestConversation(anna)
		expect(t, int64(6))(latest.Number, err)
		expect(t, 1)(r.WaitingChats("support", 6)) // 1; the ticket 4 does not count
		expect(t, 0)(r.WaitingChats("support", 1))
		expect(t, 4)(r.Waiting())
		expect(t, 0)(r.WaitingChats("sales", 100))
		return nil
	})
}

// An update remembers which conversations a visitor has; it knows of a new one and of
// what has changed.
func TestUpdate_KnowsAllOfAVisitorsConversations(t *testing.T) {
	d := openNew(t)
	first := create(t, d, sample(1))
	var got []bridge.Conversation
	look := func(limit int) {
		t.Helper()
		update(t, d, func(tx bridge.Tx) (err error) {
			got, err = tx.VisitorConversations(first.Visitor, limit)
			return err
		})
		view(t, d, func(r bridge.Reader) error {
			expect(t, got)(r.VisitorConversations(first.Visitor, limit))
			return nil
		})
	}
	look(5)
	look(5)
	create(t, d, sample(2))
	for _, limit := range []int{5, 5, 1, 5} {
		look(limit)
		expect(t, min(2, limit))(len(got), nil)
	}
	update(t, d, func(tx bridge.Tx) error {
		c := got[1]
		c.Seq++
		return tx.SaveConversation(c, c.Seq-1)
	})
	look(5)
	expect(t, first.Seq+1)(got[1].Seq, nil)
}
