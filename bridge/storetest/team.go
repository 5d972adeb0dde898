package storetest

import (
	"errors"
	"time"

	"porchlight/bridge"
	"porchlight/bridge/phrase"
)

var teamRules = []rule{
	{"has operators that come back whole, by address", operatorRoundTrip},
	{"has departments that come back whole, by name", departmentRoundTrip},
	{"forgets a deleted operator, but not what they did", deleteOperator},
	{"takes a deleted department out of all circles", deleteDepartment},
	{"has audits that come back whole, newest first, by what they are about and by time", auditRoundTrip},
	{"has news that comes back whole once, all of an operator's when the first of it is due", newsRoundTrip},
	{"has sessions that come back whole, by operator and by their end", sessionRoundTrip},
	{"keeps the desk's cursors when an operator is saved", saveOperator},
	{"has participants that come back whole, by address", participantRoundTrip},
	{"loses no unconfirmed participant between two pages", unconfirmedParticipants},
	{"does not list a settled participant as unconfirmed", settledParticipants},
	{"has offers that come back whole, by operator and by conversation", offerRoundTrip},
	{"knows what operators have to do, and when they were asked alone", loads},
}

func operatorRoundTrip(t *trial) {
	x := bridge.Operator{JID: xavi, Name: "Xavi", Enabled: true, Departments: bridge.Circle{"*", "-support"}, Tickets: bridge.Circle{"support"}, CreatedAt: at(1),
		Language: "de", Locale: "en-GB", Satellite: true, Permissions: bridge.Permissions{bridge.MayBlock}, Greeted: true, NoRoom: true, NoFace: true, Zone: "+02:00",
		About: "Invoices", Invitation: "May I help?", Greeting: "Hello {visitor}", WhatsApp: "+34600000000", Limit: 3, Hours: "Mon-Fri 9-17", Notify: bridge.Notify{When: bridge.NotifyAlways, Mail: true, MailTo: "xavi@example.net", Pushover: "uQ", Token: "t", Urgent: true, Ntfy: "https://ntfy.example.net/x", NtfyToken: "tk_x", Webhook: "https://example.net", WebhookSecret: "whsec_x"}}
	whole(t, x.Notify)
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
	x.Name, x.Enabled, x.Paused, x.Departments, x.Tickets = "Xavier", false, true, nil, nil
	x.Language, x.Locale, x.Satellite, x.Permissions, x.Greeted, x.NoRoom, x.Zone = "fr", "es", false, bridge.Permissions{bridge.NotInRoom}, false, false, "-01:00"
	x.Greeting, x.NoFace = "", false
	x.About, x.Invitation, x.WhatsApp, x.Limit, x.Hours, x.Notify = "", "Hello", "", 0, "", bridge.Notify{}
	t.update(func(tx bridge.Tx) error { return tx.SaveOperator(x) })
	team()

	for _, c := range []bridge.Circle{{"support", "nowhere"}, {"*", "-nowhere"}} {
		y := x
		y.Departments = c
		t.refused(phrase.CodeNotFound, func(tx bridge.Tx) error { return tx.SaveOperator(y) })
		y.Departments, y.Tickets = nil, c
		t.refused(phrase.CodeNotFound, func(tx bridge.Tx) error { return tx.SaveOperator(y) })
	}
	team()
}

func departmentRoundTrip(t *trial) {
	first := bridge.Department{Name: "support", Title: "Support"}
	d := bridge.Department{Name: "billing", Title: "Invoices", Routing: bridge.InTurn, Overflow: "support", After: 2 * time.Minute, Offer: 1500 * time.Millisecond, Limit: 3, Language: "de", Hours: "Mon 9-17", AsksTags: true, Retention: 90 * 24 * time.Hour,
		Targets: bridge.Targets{First: time.Minute, Next: 1500 * time.Millisecond, Solved: 16 * time.Hour}}
	whole(t, d)
	for range 2 {
		t.update(func(tx bridge.Tx) error { return tx.SaveDepartment(d) })
		t.view(func(r bridge.Reader) error {
			expect(t, []bridge.Department{d, first})(r.Departments())
			return nil
		})
		d = bridge.Department{Name: "billing", Title: "Payments"}
	}
}

// A conversation, the operator's part in it and what they said name the operator as before. An operator
// who is entered again begins anew, and the desk log goes on behind what was sent before, because its
// numbers are in the ids of messages.
func deleteOperator(t *trial) {
	t.hire(xavi, olga)
	t.update(func(tx bridge.Tx) error { return tx.SaveOperator(bridge.Operator{JID: xavi, Name: "Xavi"}) })
	c := t.create(Sample(1))
	e := bridge.Event{Conversation: c.Number, Seq: 1, Type: bridge.EventMessage, At: stored(at(1)), From: bridge.FromOperator, Operator: xavi, Name: "Xavi", Text: "Hello"}
	c.Seq, c.Owner, c.State = 1, xavi, bridge.Active
	p := bridge.Participant{Conversation: c.Number, Operator: xavi, Joined: 1}
	t.update(func(tx bridge.Tx) error {
		return errors.Join(tx.SaveConversation(c, 0), tx.Append(e), tx.SaveParticipant(p), tx.AppendDesk(&bridge.DeskEntry{Operator: xavi, Kind: bridge.DeskNotice, At: at(1)}))
	})
	t.update(func(tx bridge.Tx) error { return tx.DeleteOperator(xavi) })
	t.refused(phrase.CodeNotFound, func(tx bridge.Tx) error { return tx.DeleteOperator(xavi) })
	t.refused(phrase.CodeNotFound, func(tx bridge.Tx) error { return tx.DeleteOperator("nobody@example.org") })
	t.view(func(r bridge.Reader) error {
		expectNone[bridge.Operator](t)(r.Operator(xavi))
		expect(t, map[bridge.OperatorJID]string{xavi: "Xavi"})(r.FormerOperators())
		expect(t, []bridge.Operator{{JID: olga, Enabled: true}})(r.Operators())
		expect(t, map[bridge.OperatorJID]int64{})(r.UnconfirmedDesks())
		expect(t, []bridge.DeskEntry(nil))(r.DeskEntries(xavi, 0, 9))
		expect(t, []bridge.Event{e})(r.Events(c.Number, 0, 9))
		expect(t, []bridge.Participant{p})(r.Participants(c.Number))
		got, err := r.Conversation(c.Number)
		expect(t, xavi)(got.Owner, err)
		return nil
	})
	again := bridge.Operator{JID: xavi, Name: "Another", CreatedAt: stored(at(2)), DeskSeq: 1, DeskConfirmed: 1}
	t.update(func(tx bridge.Tx) error { return tx.SaveOperator(again) })
	t.view(func(r bridge.Reader) error {
		expect(t, again)(r.Operator(xavi))
		expect(t, map[bridge.OperatorJID]string{})(r.FormerOperators())
		return nil
	})
}

// A conversation names a deleted department as before.
func deleteDepartment(t *trial) {
	c := t.create(Sample(1))
	t.update(func(tx bridge.Tx) error {
		return errors.Join(tx.SaveDepartment(bridge.Department{Name: "billing"}),
			tx.SaveOperator(bridge.Operator{JID: olga, Departments: bridge.Circle{"*", "-support"}, Tickets: bridge.Circle{"billing"}}),
			tx.SaveOperator(bridge.Operator{JID: vera, Departments: bridge.Circle{"billing", "support"}, Tickets: bridge.Circle{"support"}}))
	})
	t.update(func(tx bridge.Tx) error { return tx.DeleteDepartment("support") })
	t.refused(phrase.CodeNotFound, func(tx bridge.Tx) error { return tx.DeleteDepartment("support") })
	t.view(func(r bridge.Reader) error {
		expect(t, []bridge.Department{{Name: "billing"}})(r.Departments())
		expect(t, []bridge.Operator{
			{JID: olga, Departments: bridge.Circle{"*"}, Tickets: bridge.Circle{"billing"}},
			{JID: vera, Departments: bridge.Circle{"billing"}},
		})(r.Operators())
		expect(t, map[string]string{"support": "Support"})(r.FormerDepartments())
		got, err := r.Conversation(c.Number)
		expect(t, "support")(got.Department, err)
		return nil
	})
	t.refused(phrase.CodeNotFound, func(tx bridge.Tx) error {
		return tx.SaveOperator(bridge.Operator{JID: olga, Departments: bridge.Circle{"support"}})
	})
	t.update(func(tx bridge.Tx) error { return tx.SaveDepartment(bridge.Department{Name: "support", Title: "New"}) })
	t.view(func(r bridge.Reader) error {
		expect(t, []bridge.Department{{Name: "billing"}, {Name: "support", Title: "New"}})(r.Departments())
		expect(t, map[string]string{})(r.FormerDepartments())
		return nil
	})
}

func auditRoundTrip(t *trial) {
	list := []bridge.Audit{
		{At: stored(at(1)), By: xavi, ByName: "Xavi", About: string(olga), Line: "operator-edit olga", Changes: []bridge.Changed{{Key: "limit", Was: "4", Is: "3"}, {Key: "name", Was: "", Is: "Olga"}}},
		{At: stored(at(2)), By: xavi, ByName: "Xavi", About: "support", Line: "department-add support"},
		{At: stored(at(2)), By: olga, About: string(olga), Line: "hours-reset"},
	}
	t.update(func(tx bridge.Tx) error {
		for i := range list {
			if err := tx.AppendAudit(&list[i]); err != nil {
				return err
			}
		}
		return nil
	})
	whole(t, list[0])
	newest := []bridge.Audit{list[2], list[1], list[0]}
	t.view(func(r bridge.Reader) error {
		expect(t, newest)(r.Audits("", at(0), at(9), 9))
		expect(t, newest[:1])(r.Audits("", at(0), at(9), 1))
		expect(t, newest[2:])(r.Audits("", at(1), at(2), 9))
		expect(t, []bridge.Audit{list[2], list[0]})(r.Audits(string(olga), at(1), at(3), 9))
		expect(t, []bridge.Audit{list[2]})(r.Audits(string(olga), at(2), at(3), 9))
		return nil
	})
}

func newsRoundTrip(t *trial) {
	t.hire(xavi, olga)
	list := []bridge.News{
		{Operator: xavi, By: "Olga", At: at(1), Due: at(60), Phrase: phrase.Say("your hours: %s", "Mon 9–17")},
		{Operator: xavi, By: "Olga", At: at(2), Due: at(61), Phrase: phrase.Say("limit")},
		{Operator: olga, By: "Xavi", At: at(3), Due: at(62), Phrase: phrase.Say("limit")},
	}
	whole(t, list[0], "ID")
	t.update(func(tx bridge.Tx) error {
		return errors.Join(tx.AppendNews(&list[0]), tx.AppendNews(&list[1]), tx.AppendNews(&list[2]))
	})
	for i := range list {
		list[i].At, list[i].Due = stored(list[i].At), stored(list[i].Due)
	}
	list[1].Due = list[0].Due // with the other
	due := func(n int, want ...bridge.OperatorJID) {
		t.Helper()
		t.view(func(r bridge.Reader) error {
			expect(t, want)(r.DueNews(at(n), 9))
			return nil
		})
	}
	due(59)
	due(60, xavi, xavi)
	due(99, xavi, xavi, olga)
	take := func(want []bridge.News) {
		t.Helper()
		t.update(func(tx bridge.Tx) error {
			expect(t, want)(tx.TakeNews(xavi))
			return nil
		})
	}
	take(list[:2])
	take(nil)
	due(99, olga)
	t.update(func(tx bridge.Tx) error { return tx.DeleteOperator(olga) })
	due(99)
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
		x = bridge.Participant{Conversation: number, Operator: xavi, Joined: 7, Left: true, Confirmed: 8, Delivered: 9, Displayed: 10, Settled: true, Known: -1, Watches: true}
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
		{Conversation: b, Operator: xavi, State: bridge.OfferOpen, DeskSeq: 2, At: stored(at(2)), Gathered: true, Alone: true},
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

func sessionRoundTrip(t *trial) {
	t.hire(xavi, olga, vera)
	first := bridge.Session{Operator: xavi, Began: stored(at(1)), Ended: stored(at(3))}
	last := bridge.Session{Operator: xavi, Began: stored(at(5))}
	other := bridge.Session{Operator: olga, Began: stored(at(2))}
	whole(t, first)
	t.update(func(tx bridge.Tx) error {
		return errors.Join(tx.SaveSession(last), tx.SaveSession(first), tx.SaveSession(other))
	})
	t.view(func(r bridge.Reader) error {
		expect(t, last)(r.LastSession(xavi))
		expectNone[bridge.Session](t)(r.LastSession(vera))
		expect(t, []bridge.Session{other, last})(r.OpenSessions())
		expect(t, []bridge.Session{first})(r.SessionsSince(at(3)))
		expect(t, []bridge.Session(nil))(r.SessionsSince(at(4)))
		expect(t, 3)(r.Logins())
		return nil
	})
	last.Ended = stored(at(5))
	t.update(func(tx bridge.Tx) error { return tx.SaveSession(last) })
	t.view(func(r bridge.Reader) error {
		expect(t, last)(r.LastSession(xavi))
		expect(t, []bridge.Session{first, last})(r.SessionsSince(at(3)))
		return nil
	})
}
