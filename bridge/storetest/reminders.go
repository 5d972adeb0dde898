package storetest

import "porchlight/bridge"

var reminderRules = []rule{
	{"comes back whole, and is one of each operator", reminderRoundTrip},
	{"that is due is listed, earliest first", remindersDue},
}

func reminderRoundTrip(t *trial) {
	t.hire(xavi)
	t.view(func(r bridge.Reader) error {
		expect(t, bridge.Reminder{Operator: xavi})(r.Reminder(xavi))
		return nil
	})
	m := bridge.Reminder{Operator: xavi, Told: stored(at(1)), Due: stored(at(2)), Targets: "12:first 13:solved"}
	whole(t, m)
	t.update(func(tx bridge.Tx) error { return tx.SaveReminder(m) })
	t.view(func(r bridge.Reader) error { expect(t, m)(r.Reminder(xavi)); return nil })
	m.Told, m.Due, m.Targets = stored(at(3)), stored(at(4)), ""
	t.update(func(tx bridge.Tx) error { return tx.SaveReminder(m) })
	t.view(func(r bridge.Reader) error { expect(t, m)(r.Reminder(xavi)); return nil })
}

func remindersDue(t *trial) {
	t.hire(xavi)
	t.hire(olga)
	t.update(func(tx bridge.Tx) error {
		if err := tx.SaveReminder(bridge.Reminder{Operator: xavi, Due: at(5)}); err != nil {
			return err
		}
		return tx.SaveReminder(bridge.Reminder{Operator: olga, Told: at(1), Due: at(4)})
	})
	t.view(func(r bridge.Reader) error {
		expect(t, []bridge.OperatorJID{olga, xavi})(r.DueReminders(at(5), 10))
		expect(t, []bridge.OperatorJID{olga})(r.DueReminders(at(9), 1))
		expect(t, []bridge.OperatorJID(nil))(r.DueReminders(at(3), 10))
		return nil
	})
	t.update(func(tx bridge.Tx) error { return tx.SaveReminder(bridge.Reminder{Operator: olga, Told: at(4)}) })
	t.view(func(r bridge.Reader) error {
		expect(t, []bridge.OperatorJID{xavi})(r.DueReminders(at(9), 10))
		return nil
	})
}
