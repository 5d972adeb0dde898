package storetest

import (
	"porchlight/bridge"
	"porchlight/bridge/phrase"
)

var teamRules = []rule{
	{"has operators that come back whole, by address", operatorRoundTrip},
	{"keeps the desk's cursors when an operator is saved", saveOperator},
	{"has participants that come back whole, by address", participantRoundTrip},
	{"loses no unconfirmed participant between two pages", unconfirmedParticipants},
	{"does not list a settled participant as unconfirmed", settledParticipants},
	{"has offers that come back whole, by operator and by conversation", offerRoundTrip},
}

func operatorRoundTrip(t *trial) {
	x := bridge.Operator{JID: xavi, Name: "Xavi", Enabled: true, Departments: []string{"support"}, CreatedAt: at(1),
		Language: "de", Locale: "en-GB", Satellite: true, Permissions: bridge.Permissions{bridge.MayBlock}, Greeted: true, NoRoom: true, Zone: "+02:00"}
	whole(t, x, "Paused", "Super", "DeskSeq", "DeskConfirmed")
	o := bridge.Operator{JID: olga, Name: "Olga", Paused: true}
	t.update(func(tx bridge.Tx) error {
		if err := tx.SaveOperator(x); err != nil {
			return err
		}
		return tx.SaveOperator(o)
	})
	x.CreatedAt = stored(at(1))
	team := func() {
		t.Helper()
		t.view(func(r bridge.Reader) error {
			expect(t, []bridge.Operator{o, x})(r.Operators())
			expect(t, x)(r.Operator(xavi))
			expect(t, o)(r.Operator(olga))
			expectNone[bridge.Operator](t)(r.Operator("nobody@example.org"))
			return nil
		})
	}
	team()
	t.view(func(r bridge.Reader) error {
		expect(t, []bridge.Department{{Name: "support", Title: "Support"}})(r.Departments())
		return nil
	})

	x.Name, x.Enabled, x.Paused, x.Departments = "Xavier", false, true, nil
	x.Language, x.Locale, x.Satellite, x.Permissions, x.Greeted, x.NoRoom, x.Zone = "fr", "es", false, bridge.Permissions{bridge.NotInRoom}, false, false, "-01:00"
	t.update(func(tx bridge.Tx) error { return tx.SaveOperator(x) })
	team()

	x.Departments = []string{"support", "nowhere"}
	t.refused(phrase.CodeNotFound, func(tx bridge.Tx) error { return tx.SaveOperator(x) })
	x.Departments = nil
	team()
}

func saveOperator(t *trial) {
	t.hire(xavi)
	t.update(func(tx bridge.Tx) error {
		for range 3 {
			if err := tx.AppendDesk(&bridge.DeskEntry{Operator: xavi, Kind: bridge.DeskNotice, At: at(0)}); err != nil {
				return err
			}
		}
		return tx.ConfirmDesk(xavi, 2)
	})
	stale := bridge.Operator{JID: xavi, Name: "New", DeskSeq: 9, DeskConfirmed: 9}
	t.update(func(tx bridge.Tx) error { return tx.SaveOperator(stale) })
	stale.DeskSeq, stale.DeskConfirmed = 3, 2
	t.view(func(r bridge.Reader) error {
		expect(t, []bridge.Operator{stale})(r.Operators())
		expect(t, stale)(r.Operator(xavi))
		return nil
	})
}

func participantRoundTrip(t *trial) {
	t.hire(xavi, olga)
	number := t.conversation()
	x := bridge.Participant{Conversation: number, Operator: xavi, Joined: 2, Confirmed: 3, Delivered: 4, Displayed: 1}
	o := bridge.Participant{Conversation: number, Operator: olga, Joined: 5}
	for range 2 {
		t.update(func(tx bridge.Tx) error {
			if err := tx.SaveParticipant(x); err != nil {
				return err
			}
			return tx.SaveParticipant(o)
		})
		check := func(r bridge.Reader) error {
			expect(t, []bridge.Participant{o, x})(r.Participants(number))
			return nil
		}
		t.view(check)
		t.update(func(tx bridge.Tx) error { return check(tx) })
		x = bridge.Participant{Conversation: number, Operator: xavi, Joined: 7, Left: true, Confirmed: 8, Delivered: 9, Displayed: 10, Settled: true, Known: -1}
		whole(t, x)
	}
}

func unconfirmedParticipants(t *trial) {
	t.hire(xavi, olga, vera)
	for i := 1; i <= 3; i++ {
		c := t.create(Sample(i))
		c.Seq = 5
		t.update(func(tx bridge.Tx) error {
			for _, p := range []bridge.Participant{{Operator: xavi, Confirmed: 4}, {Operator: olga, Confirmed: int64(i + 2)}, {Operator: vera, Left: true}} {
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
		t.view(func(r bridge.Reader) (err error) {
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

func settledParticipants(t *trial) {
	t.hire(xavi, olga)
	c := t.create(Sample(1))
	c.Seq = 5
	x := bridge.Participant{Conversation: c.Number, Operator: xavi, Confirmed: 4}
	t.update(func(tx bridge.Tx) error {
		if err := tx.SaveConversation(c, 0); err != nil {
			return err
		}
		if err := tx.SaveParticipant(bridge.Participant{Conversation: c.Number, Operator: olga, Settled: true}); err != nil {
			return err
		}
		return tx.SaveParticipant(x)
	})
	t.view(func(r bridge.Reader) error {
		expect(t, []bridge.Participant{x})(r.UnconfirmedParticipants(0, 10))
		return nil
	})
}

func offerRoundTrip(t *trial) {
	t.hire(xavi, olga)
	a, b := t.create(Sample(1)).Number, t.create(Sample(2)).Number
	offers := []bridge.Offer{
		{Conversation: b, Operator: xavi, State: bridge.OfferOpen, DeskSeq: 2, At: stored(at(2)), Gathered: true},
		{Conversation: a, Operator: xavi, State: bridge.OfferOpen, DeskSeq: 1, At: stored(at(1))},
		{Conversation: a, Operator: olga, State: bridge.OfferDeclined, DeskSeq: 1, At: stored(at(1))},
	}
	whole(t, offers[0])
	t.update(func(tx bridge.Tx) error {
		for _, o := range offers {
			if err := tx.SaveOffer(o); err != nil {
				return err
			}
		}
		return nil
	})
	t.view(func(r bridge.Reader) error {
		expect(t, []bridge.Offer{offers[2], offers[1]})(r.Offers(a))
		expect(t, []bridge.Offer{offers[1], offers[0]})(r.OffersTo(xavi, bridge.OfferOpen))
		expect(t, []bridge.Offer(nil))(r.OffersTo(olga, bridge.OfferOpen))
		return nil
	})
	offers[1].State, offers[1].DeskSeq, offers[1].At, offers[1].Gathered = bridge.OfferRevoked, 7, stored(at(9)), true
	t.update(func(tx bridge.Tx) error { return tx.SaveOffer(offers[1]) })
	t.view(func(r bridge.Reader) error {
		expect(t, []bridge.Offer{offers[2], offers[1]})(r.Offers(a))
		return nil
	})
	offers[1].State = "perhaps"
	if err := t.store.Update(t.Context(), func(tx bridge.Tx) error { return tx.SaveOffer(offers[1]) }); err == nil {
		t.Error("an offer in no known state was stored")
	}
}
