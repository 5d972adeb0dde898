package storetest

import "porchlight/bridge"

// loads: chats of one's own count, and so does what is offered to somebody alone; tickets, ended and what is offered to all
// do not.
func loads(t *trial) {
	t.hire(xavi, olga, vera)
	for i, change := range []func(*bridge.Conversation){
		func(c *bridge.Conversation) { c.State, c.Owner = bridge.Active, xavi },
		func(c *bridge.Conversation) { c.State, c.Owner = bridge.Active, xavi },
		func(c *bridge.Conversation) { c.State, c.Owner, c.Kind = bridge.Active, xavi, bridge.Ticket },
		func(c *bridge.Conversation) { c.State, c.Owner = bridge.Closed, xavi },
		func(c *bridge.Conversation) { c.Due.Offer = at(1) },
		func(*bridge.Conversation) {},
	} {
		c := t.create(Sample(i + 1))
		change(&c)
		t.update(func(tx bridge.Tx) error {
			for o, state := range map[bridge.OperatorJID]bridge.OfferState{xavi: bridge.OfferDeclined, olga: bridge.OfferOpen} {
				if err := tx.SaveOffer(bridge.Offer{Conversation: c.Number, Operator: o, State: state, At: at(1)}); err != nil {
					return err
				}
			}
			return tx.SaveConversation(c, 0)
		})
	}
	t.view(func(r bridge.Reader) error {
		expect(t, map[bridge.OperatorJID]bridge.Load{xavi: {Chats: 2}, olga: {Offers: 1}})(r.Loads())
		return nil
	})
	t.update(func(tx bridge.Tx) error { return tx.SaveAsked(xavi, at(7)) })
	t.update(func(tx bridge.Tx) error {
		o, err := tx.Operator(xavi)
		if err != nil {
			return err
		}
		return tx.SaveOperator(o) // which keeps when they were asked
	})
	t.view(func(r bridge.Reader) error {
		expect(t, map[bridge.OperatorJID]bridge.Load{xavi: {Chats: 2, Asked: stored(at(7))}, olga: {Offers: 1}})(r.Loads())
		return nil
	})
}
