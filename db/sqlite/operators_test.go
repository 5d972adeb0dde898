package sqlite

import (
	"testing"

	"porchlight/bridge"
	"porchlight/bridge/phrase"
)

func TestOperator_RoundTrip(t *testing.T) {
	d := openNew(t)
	xavi := bridge.Operator{JID: "xavi@example.org", Name: "Xavi", Enabled: true, Departments: []string{"support"}, CreatedAt: at(1),
		Language: "de", Locale: "en-GB", Satellite: true, Permissions: bridge.Permissions{bridge.MayBlock}, Greeted: true, NoRoom: true}
	olga := bridge.Operator{JID: "olga@example.org", Name: "Olga", Paused: true}
	update(t, d, func(tx bridge.Tx) error {
		if err := tx.SaveOperator(xavi); err != nil {
			return err
		}
		return tx.SaveOperator(olga)
	})
	xavi.CreatedAt = stored(at(1))
	view(t, d, func(r bridge.Reader) error {
		expect(t, []bridge.Operator{olga, xavi})(r.Operators())
		expect(t, xavi)(r.Operator(xavi.JID))
		expect(t, olga)(r.Operator(olga.JID))
		_, err := r.Operator("nobody@example.org")
		expectCode(t, phrase.CodeNotFound, err)
		expect(t, []bridge.Department{{Name: "support", Title: "Support"}})(r.Departments())
		return nil
	})

	xavi.Name, xavi.Enabled, xavi.Paused, xavi.Departments = "Xavier", false, true, nil
	update(t, d, func(tx bridge.Tx) error { return tx.SaveOperator(xavi) })
	view(t, d, func(r bridge.Reader) error { expect(t, []bridge.Operator{olga, xavi})(r.Operators()); return nil })

	xavi.Departments = []string{"support", "nowhere"}
	expectCode(t, phrase.CodeNotFound, d.Update(t.Context(), func(tx bridge.Tx) error { return tx.SaveOperator(xavi) }))
	xavi.Departments = nil
	view(t, d, func(r bridge.Reader) error { expect(t, []bridge.Operator{olga, xavi})(r.Operators()); return nil })
}

func TestSaveOperator_LeavesTheDeskCursors(t *testing.T) {
	d := openNew(t)
	hire(t, d, "xavi@example.org")
	update(t, d, func(tx bridge.Tx) error {
		for range 3 {
			if err := tx.AppendDesk(&bridge.DeskEntry{Operator: "xavi@example.org", Kind: bridge.DeskNotice, At: at(0)}); err != nil {
				return err
			}
		}
		return tx.ConfirmDesk("xavi@example.org", 2)
	})
	stale := bridge.Operator{JID: "xavi@example.org", Name: "New", DeskSeq: 9, DeskConfirmed: 9}
	update(t, d, func(tx bridge.Tx) error { return tx.SaveOperator(stale) })
	stale.DeskSeq, stale.DeskConfirmed = 3, 2
	hire(t, d, "olga@example.org") // nothing was ever said to her
	view(t, d, func(r bridge.Reader) error {
		expect(t, map[bridge.OperatorJID]int64{stale.JID: 2})(r.UnconfirmedDesks())
		return nil
	})
	update(t, d, func(tx bridge.Tx) error { return tx.ConfirmDesk(stale.JID, 3) })
	stale.DeskConfirmed = 3
	view(t, d, func(r bridge.Reader) error {
		expect(t, map[bridge.OperatorJID]int64{})(r.UnconfirmedDesks())
		expect(t, stale)(r.Operator(stale.JID))
		return nil
	})
}

func TestDesk_RoundTrip(t *testing.T) {
	d := openNew(t)
	hire(t, d, "xavi@example.org", "olga@example.org")
	number := create(t, d, sample(1)).Number
	entries := []bridge.DeskEntry{
		{Operator: "xavi@example.org", Kind: bridge.DeskOffer, At: at(1), Conversation: number},
		{Operator: "xavi@example.org", Kind: bridge.DeskOutcome, At: at(2), Conversation: number, Ref: 1, Phrase: phrase.Say("#%d taken by %s", 1, "Olga")},
		{Operator: "xavi@example.org", Kind: bridge.DeskNotice, At: at(3), Phrase: phrase.Say("Hello")},
	}
	other := bridge.DeskEntry{Operator: "olga@example.org", Seq: 77, Kind: bridge.DeskNotice, At: at(0)}
	update(t, d, func(tx bridge.Tx) error {
		for i := range entries {
			if err := tx.AppendDesk(&entries[i]); err != nil {
				return err
			}
		}
		return tx.AppendDesk(&other)
	})
	expect(t, int64(1))(other.Seq, nil)
	for i := range entries {
		expect(t, int64(i+1))(entries[i].Seq, nil)
		entries[i].At = stored(entries[i].At)
	}
	view(t, d, func(r bridge.Reader) error {
		expect(t, entries)(r.DeskEntries("xavi@example.org", 0, 10))
		expect(t, entries[1:2])(r.DeskEntries("xavi@example.org", 1, 1))
		expect(t, []bridge.DeskEntry(nil))(r.DeskEntries("nobody@example.org", 0, 10))
		return nil
	})
}

func TestConfirmDesk_NeverGoesBack(t *testing.T) {
	d := openNew(t)
	hire(t, d, "xavi@example.org")
	for range 5 {
		update(t, d, func(tx bridge.Tx) error {
			return tx.AppendDesk(&bridge.DeskEntry{Operator: "xavi@example.org", Kind: bridge.DeskNotice, At: at(0)})
		})
	}
	for _, c := range []struct{ seq, want int64 }{{3, 3}, {2, 3}, {0, 3}, {5, 5}} {
		update(t, d, func(tx bridge.Tx) error { return tx.ConfirmDesk("xavi@example.org", c.seq) })
		view(t, d, func(r bridge.Reader) error {
			list, err := r.Operators()
			expect(t, c.want)(list[0].DeskConfirmed, err)
			return nil
		})
	}
}

func TestReturnDesk_NeverGoesForward(t *testing.T) {
	d := openNew(t)
	hire(t, d, "xavi@example.org")
	for range 5 {
		update(t, d, func(tx bridge.Tx) error {
			return tx.AppendDesk(&bridge.DeskEntry{Operator: "xavi@example.org", Kind: bridge.DeskNotice, At: at(0)})
		})
	}
	update(t, d, func(tx bridge.Tx) error { return tx.ConfirmDesk("xavi@example.org", 4) })
	for _, c := range []struct{ seq, want int64 }{{5, 4}, {2, 2}, {3, 2}, {0, 0}} {
		update(t, d, func(tx bridge.Tx) error { return tx.ReturnDesk("xavi@example.org", c.seq) })
		view(t, d, func(r bridge.Reader) error {
			list, err := r.Operators()
			expect(t, c.want)(list[0].DeskConfirmed, err)
			return nil
		})
	}
	update(t, d, func(tx bridge.Tx) error {
		expectCode(t, phrase.CodeNotFound, tx.ReturnDesk("nobody", 1))
		return nil
	})
}

func TestDesk_UnknownOperator(t *testing.T) {
	d := openNew(t)
	update(t, d, func(tx bridge.Tx) error {
		expectCode(t, phrase.CodeNotFound, tx.AppendDesk(&bridge.DeskEntry{Operator: "nobody", Kind: bridge.DeskNotice, At: at(0)}))
		expectCode(t, phrase.CodeNotFound, tx.ConfirmDesk("nobody", 1))
		return nil
	})
}

func TestParticipant_RoundTrip(t *testing.T) {
	d := openNew(t)
	hire(t, d, "xavi@example.org", "olga@example.org")
	number := create(t, d, sample(1)).Number
	xavi := bridge.Participant{Conversation: number, Operator: "xavi@example.org", Joined: 2, Confirmed: 3, Delivered: 4, Displayed: 1}
	olga := bridge.Participant{Conversation: number, Operator: "olga@example.org", Joined: 5}
	for range 2 {
		update(t, d, func(tx bridge.Tx) error {
			if err := tx.SaveParticipant(xavi); err != nil {
				return err
			}
			return tx.SaveParticipant(olga)
		})
		view(t, d, func(r bridge.Reader) error {
			expect(t, []bridge.Participant{olga, xavi})(r.Participants(number))
			return nil
		})
		xavi = bridge.Participant{Conversation: number, Operator: "xavi@example.org", Joined: 7, Left: true, Confirmed: 8, Delivered: 9, Displayed: 10}
	}
}

func TestUnconfirmedParticipants_PagesLoseNobody(t *testing.T) {
	d := openNew(t)
	hire(t, d, "xavi@example.org", "olga@example.org", "vera@example.org")
	for i := 1; i <= 3; i++ {
		c := create(t, d, sample(i))
		c.Seq = 5
		update(t, d, func(tx bridge.Tx) error {
			for _, p := range []bridge.Participant{{Operator: "xavi@example.org", Confirmed: 4}, {Operator: "olga@example.org", Confirmed: int64(i + 2)}, {Operator: "vera@example.org", Left: true}} {
				p.Conversation = c.Number
				if err := tx.SaveParticipant(p); err != nil {
					return err
				}
			}
			return tx.SaveConversation(c, 0)
		})
	}
	var got []string
	for after := int64(0); ; {
		var page []bridge.Participant
		view(t, d, func(r bridge.Reader) (err error) {
			page, err = r.UnconfirmedParticipants(after, 1)
			return err
		})
		if len(page) == 0 {
			break
		}
		for _, p := range page {
			after = p.Conversation
			got = append(got, string(p.Operator[:1])+string(rune('0'+p.Conversation)))
		}
	}
	expect(t, []string{"o1", "x1", "o2", "x2", "x3"})(got, nil)
}

func TestOffer_RoundTrip(t *testing.T) {
	d := openNew(t)
	hire(t, d, "xavi@example.org", "olga@example.org")
	a, b := create(t, d, sample(1)).Number, create(t, d, sample(2)).Number
	offers := []bridge.Offer{
		{Conversation: b, Operator: "xavi@example.org", State: bridge.OfferOpen, DeskSeq: 2, At: stored(at(2))},
		{Conversation: a, Operator: "xavi@example.org", State: bridge.OfferOpen, DeskSeq: 1, At: stored(at(1))},
		{Conversation: a, Operator: "olga@example.org", State: bridge.OfferDeclined, DeskSeq: 1, At: stored(at(1))},
	}
	update(t, d, func(tx bridge.Tx) error {
		for _, o := range offers {
			if err := tx.SaveOffer(o); err != nil {
				return err
			}
		}
		return nil
	})
	view(t, d, func(r bridge.Reader) error {
		expect(t, []bridge.Offer{offers[2], offers[1]})(r.Offers(a))
		expect(t, []bridge.Offer{offers[1], offers[0]})(r.OffersTo("xavi@example.org", bridge.OfferOpen))
		expect(t, []bridge.Offer(nil))(r.OffersTo("olga@example.org", bridge.OfferOpen))
		return nil
	})
	offers[1].State, offers[1].DeskSeq, offers[1].At = bridge.OfferRevoked, 7, stored(at(9))
	update(t, d, func(tx bridge.Tx) error { return tx.SaveOffer(offers[1]) })
	view(t, d, func(r bridge.Reader) error {
		expect(t, []bridge.Offer{offers[2], offers[1]})(r.Offers(a))
		return nil
	})
	offers[1].State = "perhaps"
	if err := d.Update(t.Context(), func(tx bridge.Tx) error { return tx.SaveOffer(offers[1]) }); err == nil {
		t.Error("an offer in no known state was stored")
	}
}
