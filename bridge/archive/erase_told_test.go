package archive_test

import (
	"errors"
	"slices"
	"testing"

	"porchlight/bridge"
)

// TestErase_WhoAskedIsGone: of an erasure that goes on after a crash the super operators are told if who asked is no operator any more, and
// after a crash before that they are told when the program starts anew.
func TestErase_WhoAskedIsGone(t *testing.T) {
	s := shelfAt(t, newPlace(t))
	s.everywhere("Anna")
	o, _ := s.bridge.Team.Operator(olga)
	if _, err := s.archive.On(&breaking{Store: s.store, left: 3}).Erase(t.Context(), o, s.person("anna@"+marker+".example")); err == nil {
		t.Fatal("nothing broke")
	}
	s.must(s.bridge.Team.Administer(t.Context(), func(tx bridge.Tx) error { return tx.DeleteOperator(olga) }))
	for left := 1; ; left++ {
		if err := s.archive.On(&breaking{Store: s.store, left: left}).Tend(t.Context()); err == nil {
			break
		}
	}
	if told := s.told(xavi); !slices.Contains(told, "The erasure that Olga Petrova asked for, and that was broken off, is done.\nErased: conversations: 1, with their files and mails.") {
		t.Errorf("Xavi is told %q", told)
	}
}

// told is what the desk has told an operator.
func (s *shelf) told(o bridge.OperatorJID) (texts []string) {
	s.Helper()
	s.must(s.store.View(s.Context(), func(r bridge.Reader) error {
		list, err := r.DeskEntries(o, 0, 1000)
		for _, e := range list {
			texts = append(texts, e.Phrase.String())
		}
		return err
	}))
	return texts
}

// Somebody whose name another open conversation has is called with a number in what is found, as in the queue.
func TestNames_AreThoseOfTheQueue(t *testing.T) {
	s := newShelf(t)
	v := bridge.VisitorJID("anna-2@support.example.org")
	s.update(func(tx bridge.Tx) error {
		c := bridge.Conversation{ID: "id", Visitor: v, Department: "sales", Kind: bridge.Chat, State: bridge.Closed, Reason: bridge.ReasonOperator, Owner: xavi, OpenedAt: noon, ClosedAt: noon}
		return errors.Join(tx.CreateVisitor(bridge.Visitor{JID: v, Name: "Anna", CreatedAt: noon}),
			tx.CreateConversation(&c, bridge.Request{Name: "Anna", Reason: "a question", Namesake: 2}, "key", make([]byte, 32)),
			tx.SaveParticipant(bridge.Participant{Conversation: c.Number, Operator: xavi}))
	})
	s.goOn(1, "visitor: refund")
	found, err := s.find(xavi, "refund", 1)
	if err != nil || len(found.Hits) != 1 || found.Hits[0].Name != "Anna (2)" {
		t.Errorf("found is %+v, %v", found, err)
	}
	if names := s.person("#1").Names(); !slices.Equal(names, []string{"Anna (2)"}) {
		t.Errorf("the person is called %q", names)
	}
}
