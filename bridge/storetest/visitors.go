package storetest

import (
	"errors"

	"porchlight/bridge"
	"porchlight/bridge/phrase"
)

var visitorRules = []rule{
	{"comes back whole, and as it was changed", visitorRoundTrip},
	{"is refused under a taken address, and the update goes on", visitorTaken},
	{"is not found before it is there", visitorAbsent},
	{"is found by beginnings of the words of all names and addresses given, with the newest conversation", findVisitors},
	{"is blocked until the block is deleted", blockRoundTrip},
}

func visitorRoundTrip(t *trial) {
	v := bridge.Visitor{JID: anna, Name: "Anna", Email: "anna@example.org", Subject: "sub-1", Called: "Anna Puig", Phone: "+34600000000", Remark: "She pays late", CreatedAt: at(1)}
	whole(t, v)
	t.update(func(tx bridge.Tx) error { return tx.CreateVisitor(v) })
	v.CreatedAt = stored(at(1))
	check := func() {
		t.Helper()
		t.view(func(r bridge.Reader) error {
			expect(t, v)(r.Visitor(v.JID))
			expect(t, v)(r.VisitorBySubject(v.Subject))
			return nil
		})
	}
	check()
	v.Name, v.Email, v.Subject = "Anna B.", "", "sub-2"
	v.Called, v.Phone, v.Remark = "", "+1", "x"
	t.update(func(tx bridge.Tx) error { return tx.SaveVisitor(v) })
	check()
}

func findVisitors(t *trial) {
	t.create(Sample(1)) // of another visitor, whose words are others
	v := bridge.Visitor{JID: "b@x", Name: "Ñandú O'Brien-Lang", Email: "Bee@Example.NET"}
	var numbers []int64
	t.update(func(tx bridge.Tx) error { return tx.CreateVisitor(v) })
	for i := range 2 {
		c := Sample(i + 2)
		c.Visitor = v.JID
		t.update(func(tx bridge.Tx) error { return tx.CreateConversation(&c, bridge.Request{}, string(c.ID), nil) })
		numbers = append(numbers, c.Number)
	}
	finds := func(want bool, words ...string) {
		t.Helper()
		t.view(func(r bridge.Reader) error {
			got, more, err := r.FindVisitors(words, 9)
			if len(got) > 0 != want || want && got[0] != numbers[1] || more || err != nil {
				t.Errorf("%q finds %v, %v, %v", words, got, more, err)
			}
			return nil
		})
	}
	for _, word := range []string{"ñandú", "ñan", "o", "brien", "lang", "bee@example.net", "bee", "example.net", "exam"} {
		finds(true, word)
		finds(true, word, "lan")
		finds(false, word, "zoe")
	}
	finds(false, "rien")
	finds(false, "ÑANDÚ")
	v.Name, v.Email = "Zoe", ""
	t.update(func(tx bridge.Tx) error { return tx.SaveVisitor(v) })
	finds(true, "zoe", "brien")
	t.view(func(r bridge.Reader) error {
		expect(t, []int64{numbers[1], 1})(r.LatestConversations(0, 9))
		expect(t, []int64{1})(r.LatestConversations(1, 9))
		expect(t, 2)(r.CountConversations(v.JID))
		expect(t, "")(r.LastNote(numbers[1]))
		_, more, err := r.FindVisitors([]string{"e"}, 0)
		expect(t, true)(more, err)
		return nil
	})
	var seq int64
	for _, text := range []string{"one", "two"} {
		t.update(func(tx bridge.Tx) error {
			c, err := tx.Conversation(numbers[1])
			if err != nil {
				return err
			}
			seq = c.Seq
			c.Seq++
			return errors.Join(tx.SaveConversation(c, seq), tx.Append(bridge.Event{Conversation: c.Number, Seq: c.Seq, Type: bridge.EventNote, At: at(1), Text: text}))
		})
	}
	t.view(func(r bridge.Reader) error {
		expect(t, "two")(r.LastNote(numbers[1]))
		return nil
	})
}

func visitorTaken(t *trial) {
	t.update(func(tx bridge.Tx) error { return tx.CreateVisitor(bridge.Visitor{JID: "a@x", Name: "first"}) })
	t.update(func(tx bridge.Tx) error {
		expectCode(t, phrase.CodeConflict, tx.CreateVisitor(bridge.Visitor{JID: "a@x", Name: "second"}))
		return tx.CreateVisitor(bridge.Visitor{JID: "b@x"})
	})
	t.view(func(r bridge.Reader) error {
		expect(t, bridge.Visitor{JID: "a@x", Name: "first"})(r.Visitor("a@x"))
		expect(t, bridge.Visitor{JID: "b@x"})(r.Visitor("b@x"))
		return nil
	})
}

func visitorAbsent(t *trial) {
	t.update(func(tx bridge.Tx) error { return tx.CreateVisitor(bridge.Visitor{JID: "a@x"}) }) // without a subject
	t.view(func(r bridge.Reader) error {
		expectNone[bridge.Visitor](t)(r.Visitor("b@x"))
		expectNone[bridge.Visitor](t)(r.VisitorBySubject(""))
		return nil
	})
	t.refused(phrase.CodeNotFound, func(tx bridge.Tx) error { return tx.SaveVisitor(bridge.Visitor{JID: "b@x"}) })
}

func blockRoundTrip(t *trial) {
	b := bridge.Block{Target: string(anna), Name: "Anna", Reason: "spam", By: xavi, At: at(1), Ends: at(2)}
	whole(t, b)
	forever := bridge.Block{Target: "192.0.2.0/24", At: at(3)}
	t.update(func(tx bridge.Tx) error {
		if err := tx.SaveBlock(b); err != nil {
			return err
		}
		b.Reason = "more spam"
		if err := tx.SaveBlock(b); err != nil {
			return err
		}
		return tx.SaveBlock(forever)
	})
	b.At, b.Ends, forever.At = stored(at(1)), stored(at(2)), stored(at(3))
	t.view(func(r bridge.Reader) error { expect(t, []bridge.Block{b, forever})(r.Blocks()); return nil })
	t.update(func(tx bridge.Tx) error { return tx.DeleteBlock(b.Target) })
	t.refused(phrase.CodeNotFound, func(tx bridge.Tx) error { return tx.DeleteBlock(b.Target) })
	t.view(func(r bridge.Reader) error { expect(t, []bridge.Block{forever})(r.Blocks()); return nil })
}
