package sqlite

import (
	"testing"

	"porchlight/bridge"
	"porchlight/bridge/phrase"
)

func TestVisitor_RoundTrip(t *testing.T) {
	d := openNew(t)
	anna := bridge.Visitor{JID: "anna-7k2f@support.example.org", Name: "Anna", Email: "anna@example.org", Subject: "sub-1", CreatedAt: at(1)}
	update(t, d, func(tx bridge.Tx) error { return tx.CreateVisitor(anna) })
	anna.CreatedAt = stored(at(1))
	check := func() {
		t.Helper()
		view(t, d, func(r bridge.Reader) error {
			expect(t, anna)(r.Visitor(anna.JID))
			expect(t, anna)(r.VisitorBySubject(anna.Subject))
			return nil
		})
	}
	check()
	anna.Name, anna.Email, anna.Subject = "Anna B.", "", "sub-2"
	update(t, d, func(tx bridge.Tx) error { return tx.SaveVisitor(anna) })
	check()
}

func TestCreateVisitor_TakenJIDLeavesTheTransactionGood(t *testing.T) {
	d := openNew(t)
	update(t, d, func(tx bridge.Tx) error { return tx.CreateVisitor(bridge.Visitor{JID: "a@x", Name: "first"}) })
	update(t, d, func(tx bridge.Tx) error {
		expectCode(t, phrase.CodeConflict, tx.CreateVisitor(bridge.Visitor{JID: "a@x", Name: "second"}))
		return tx.CreateVisitor(bridge.Visitor{JID: "b@x"})
	})
	view(t, d, func(r bridge.Reader) error {
		expect(t, bridge.Visitor{JID: "a@x", Name: "first"})(r.Visitor("a@x"))
		expect(t, bridge.Visitor{JID: "b@x"})(r.Visitor("b@x"))
		return nil
	})
}

func TestVisitor_Absent(t *testing.T) {
	d := openNew(t)
	update(t, d, func(tx bridge.Tx) error { return tx.CreateVisitor(bridge.Visitor{JID: "a@x"}) }) // without a subject
	view(t, d, func(r bridge.Reader) error {
		_, e1 := r.Visitor("b@x")
		_, e2 := r.VisitorBySubject("")
		expectCode(t, phrase.CodeNotFound, e1)
		expectCode(t, phrase.CodeNotFound, e2)
		return nil
	})
	expectCode(t, phrase.CodeNotFound, d.Update(t.Context(), func(tx bridge.Tx) error { return tx.SaveVisitor(bridge.Visitor{JID: "b@x"}) }))
}

func TestSetting_RoundTrip(t *testing.T) {
	d := openNew(t)
	for _, value := range []string{"one", "two", ""} {
		update(t, d, func(tx bridge.Tx) error { return tx.SaveSetting("pepper", value) })
		view(t, d, func(r bridge.Reader) error {
			expect(t, value)(r.Setting("pepper"))
			expect(t, "")(r.Setting("salt"))
			return nil
		})
	}
}
