package storetest

import "porchlight/bridge"

// loads: chats of one's own count, and so does what is offered to somebody alone; tickets, ended, what is offered to all, and what
// somebody is asked besides do not.
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
			for _, o := range []bridge.Offer{{Operator: xavi, State: bridge.OfferDeclined, Alone: true}, {Operator: olga, State: bridge.OfferOpen, Alone: true}, {Operator: vera, State: bridge.OfferOpen}} {
				o.Conversation, o.At = c.Number, at(1)
				if err := tx.SaveOffer(o); err != nil {
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
