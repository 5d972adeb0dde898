package storetest

import (
	"errors"
	"time"

	"porchlight/bridge"
	"porchlight/bridge/phrase"
)

var deskRules = []rule{
	{"has a log for each operator, in order and in pages", deskRoundTrip},
	{"confirms forward only", confirmDesk},
	{"takes back backward only", returnDesk},
	{"tells whose log goes on past their cursor", unconfirmedDesks},
	{"refuses an operator that it does not know", deskUnknown},
	{"has answers by name", answers},
	{"knows which commands were carried out lately", carriedOut},
	{"has settings that are empty until they are set", settings},
	{"has settings of the site that can be deleted", siteSettings},
}

func deskRoundTrip(t *trial) {
	t.hire(xavi, olga)
	number := t.conversation()
	entries := []bridge.DeskEntry{
		{Operator: xavi, Kind: bridge.DeskOffer, At: at(1), Conversation: number},
		{Operator: xavi, Kind: bridge.DeskOutcome, At: at(2), Conversation: number, Ref: 1, Phrase: phrase.Say("#%d taken by %s", 1, "Olga")},
		{Operator: xavi, Kind: bridge.DeskNotice, At: at(3), Phrase: phrase.Say("Hello")},
	}
	whole(t, entries[1], "Seq")
	other := bridge.DeskEntry{Operator: olga, Seq: 77, Kind: bridge.DeskNotice, At: at(0)}
	t.update(func(tx bridge.Tx) error {
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
	t.view(func(r bridge.Reader) error {
		expect(t, entries)(r.DeskEntries(xavi, 0, 10))
		expect(t, entries[1:2])(r.DeskEntries(xavi, 1, 1))
		expect(t, []bridge.DeskEntry(nil))(r.DeskEntries("nobody@example.org", 0, 10))
		return nil
	})
}

// fill gives Xavi's desk log five entries.
func fill(t *trial) {
	t.hire(xavi)
	for range 5 {
		t.update(func(tx bridge.Tx) error {
			return tx.AppendDesk(&bridge.DeskEntry{Operator: xavi, Kind: bridge.DeskNotice, At: at(0)})
		})
	}
}

// confirmed checks how far Xavi's desk log is confirmed.
func confirmed(t *trial, want int64) {
	t.Helper()
	t.view(func(r bridge.Reader) error {
		list, err := r.Operators()
		expect(t, want)(list[0].DeskConfirmed, err)
		return nil
	})
}

func confirmDesk(t *trial) {
	fill(t)
	for _, c := range []struct{ seq, want int64 }{{3, 3}, {2, 3}, {0, 3}, {5, 5}} {
		t.update(func(tx bridge.Tx) error { return tx.ConfirmDesk(xavi, c.seq) })
		confirmed(t, c.want)
	}
}

func returnDesk(t *trial) {
	fill(t)
	t.update(func(tx bridge.Tx) error { return tx.ConfirmDesk(xavi, 4) })
	for _, c := range []struct{ seq, want int64 }{{5, 4}, {2, 2}, {3, 2}, {0, 0}} {
		t.update(func(tx bridge.Tx) error { return tx.ReturnDesk(xavi, c.seq) })
		confirmed(t, c.want)
	}
	t.update(func(tx bridge.Tx) error {
		expectCode(t, phrase.CodeNotFound, tx.ReturnDesk("nobody", 1))
		return nil
	})
}

func unconfirmedDesks(t *trial) {
	fill(t)
	t.hire(olga) // her log is empty
	cursors := func(want map[bridge.OperatorJID]int64) {
		t.Helper()
		t.view(func(r bridge.Reader) error { expect(t, want)(r.UnconfirmedDesks()); return nil })
	}
	t.update(func(tx bridge.Tx) error { return tx.ConfirmDesk(xavi, 2) })
	cursors(map[bridge.OperatorJID]int64{xavi: 2})
	t.update(func(tx bridge.Tx) error { return tx.ConfirmDesk(xavi, 5) })
	cursors(map[bridge.OperatorJID]int64{})
}

func deskUnknown(t *trial) {
	t.update(func(tx bridge.Tx) error {
		expectCode(t, phrase.CodeNotFound, tx.AppendDesk(&bridge.DeskEntry{Operator: "nobody", Kind: bridge.DeskNotice, At: at(0)}))
		expectCode(t, phrase.CodeNotFound, tx.ConfirmDesk("nobody", 1))
		return nil
	})
}

func answers(t *trial) {
	t.hire(xavi, olga)
	key := func(name string, owner bridge.OperatorJID, department, language string) bridge.AnswerKey {
		return bridge.AnswerKey{Name: name, Owner: owner, Department: department, Language: language}
	}
	list := []bridge.Answer{ // in the order of their bytes, in every engine
		{AnswerKey: key("B", "", "", ""), Text: "big"}, {AnswerKey: key("a", "", "", ""), Text: "small", Then: []string{"tag refund", "close #refund: paid"}, Uses: 3},
		{AnswerKey: key("a", "", "", "de"), Text: "klein"}, {AnswerKey: key("a", "", "sales", ""), Then: []string{"close"}},
		{AnswerKey: key("a", olga, "", ""), Text: "mine"}, {AnswerKey: key("a-b", "", "", ""), Text: "both"}, {AnswerKey: key("z", xavi, "", "pt-br"), Text: "last"}}
	whole(t, list[1])
	t.update(func(tx bridge.Tx) error {
		for _, i := range []int{6, 3, 0, 2, 5, 4, 1} {
			a := list[i]
			a.Text, a.Then = "before", []string{"junk"}
			if err := tx.SaveAnswer(a); err != nil {
				return err
			}
			changed := list[i]
			changed.Uses = 99 // only a new answer begins with a count
			if err := tx.SaveAnswer(changed); err != nil {
				return err
			}
		}
		return nil
	})
	t.view(func(r bridge.Reader) error { expect(t, list)(r.Answers()); return nil })
	t.update(func(tx bridge.Tx) error { return tx.CountAnswer(list[2].AnswerKey) })
	t.update(func(tx bridge.Tx) error { return tx.DeleteAnswer(list[1].AnswerKey) })
	t.refused(phrase.CodeNotFound, func(tx bridge.Tx) error { return tx.DeleteAnswer(list[1].AnswerKey) })
	t.refused(phrase.CodeNotFound, func(tx bridge.Tx) error { return tx.CountAnswer(list[1].AnswerKey) })
	t.update(func(tx bridge.Tx) error { return tx.DeleteOperator(olga) })
	list[2].Uses = 1
	t.view(func(r bridge.Reader) error {
		expect(t, []bridge.Answer{list[0], list[2], list[3], list[5], list[6]})(r.Answers())
		return nil
	})
}

func carriedOut(t *trial) {
	t.hire(xavi, olga)
	save := func(o bridge.OperatorJID, origin string, when, since int) {
		t.update(func(tx bridge.Tx) error { return tx.SaveCarriedOut(o, origin, at(when), at(since)) })
	}
	save(xavi, "o:x 1", 1, 0)
	save(olga, "o:x 1", 2, 0)
	save(xavi, "o:x 2", 9, 5) // forgets Xavi's first command, and not Olga's
	save(xavi, "o:x 2", 10, 5)
	t.view(func(r bridge.Reader) error {
		expect(t, time.Time{})(r.CarriedOut(xavi, "o:x 1"))
		expect(t, stored(at(2)))(r.CarriedOut(olga, "o:x 1"))
		expect(t, stored(at(10)))(r.CarriedOut(xavi, "o:x 2"))
		expect(t, time.Time{})(r.CarriedOut("nobody", "o:x 2"))
		return nil
	})
}

func settings(t *trial) {
	for _, value := range []string{"one", "two", ""} {
		t.update(func(tx bridge.Tx) error { return tx.SaveSetting("pepper", value) })
		t.view(func(r bridge.Reader) error {
			expect(t, value)(r.Setting("pepper"))
			expect(t, "")(r.Setting("salt"))
			return nil
		})
	}
}

func siteSettings(t *trial) {
	t.update(func(tx bridge.Tx) error {
		return errors.Join(tx.SaveSiteSetting("side", "right"), tx.SaveSiteSetting("greeting.de", "Hallo"), tx.SaveSiteSetting("side", "left"),
			tx.SaveSiteSetting("colour", "#000000"), tx.DeleteSiteSetting("colour"), tx.DeleteSiteSetting("nothing"), tx.SaveSetting("side", "another"))
	})
	t.view(func(r bridge.Reader) error {
		expect(t, map[string]string{"side": "left", "greeting.de": "Hallo"})(r.SiteSettings())
		return nil
	})
}
