package archive_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"porchlight/bridge"
	"porchlight/bridge/phrase"
	"porchlight/bridge/setting"
)

// keepFor sets how long the site keeps conversations.
func (s *shelf) keepFor(value string) {
	s.Helper()
	s.must(s.bridge.Settings.Change(s.Context(), bridge.Operator{JID: xavi, Name: "Xavi"}, "settings retention", func(v setting.Values) ([]bridge.Changed, error) {
		v.Set("retention", value)
		return []bridge.Changed{{Key: "retention", Is: value}}, nil
	}))
}

// numbers lists the conversations that there are.
func (s *shelf) numbers() (list []int64) {
	s.Helper()
	s.must(s.store.View(s.Context(), func(r bridge.Reader) error {
		for n := int64(1); n <= int64(s.n); n++ {
			if _, err := r.Conversation(n); err == nil {
				list = append(list, n)
			}
		}
		return nil
	}))
	return list
}

// TestRetain_ByDepartmentOnceADay: what ended longer ago than the department or the site keeps is deleted, with the visitor, by the code of
// an erasure; what is open, and what is kept for ever, stays. It happens once a day in the quiet hours, over restarts too.
func TestRetain_ByDepartmentOnceADay(t *testing.T) {
	path := newPlace(t)
	s := shelfAt(t, path)
	for range 90 { // conversation n ended 100-n days ago
		s.talk("sales", "visitor: refund")
	}
	for range 5 {
		s.talk("support", "visitor: refund")
	}
	s.update(func(tx bridge.Tx) error {
		c, err := tx.Conversation(1)
		c.State, c.ClosedAt, c.Seq = bridge.Active, time.Time{}, c.Seq+1
		if err == nil {
			err = tx.SaveConversation(c, c.Seq-1)
		}
		return err
	})
	tend := func(want ...int64) {
		t.Helper()
		s.must(s.archive.Tend(t.Context()))
		if got := s.numbers(); !slices.Equal(got, want) {
			t.Errorf("at %v there are %v, want %v", s.bridge.Now(), got, want)
		}
	}
	all := func(from, upto int64) (list []int64) {
		for n := from; n <= upto; n++ {
			list = append(list, n)
		}
		return list
	}
	tend(all(1, 95)...) // nothing is deleted until somebody says so
	s.keepFor("40d")
	tend(all(1, 95)...) // that was today's turn
	s.clock.Move(24 * time.Hour)
	tend(append([]int64{1}, all(61, 95)...)...) // 60 ended 41 days ago
	if n := s.archive.ErasedTotal(); n != 59 {
		t.Errorf("%d were counted", n)
	}
	if got := s.rowsWith("anna-0030"); len(got) > 0 {
		t.Errorf("the visitor of a deleted conversation is left in %v", got)
	}
	s.must(s.bridge.Team.Administer(t.Context(), func(tx bridge.Tx) error {
		return tx.SaveDepartment(bridge.Department{Name: "sales", Title: "Sales", Retention: 20 * 24 * time.Hour})
	}))
	tend(append([]int64{1}, all(61, 95)...)...)
	s.clock.Move(14 * time.Hour) // 2:00 of the next day
	tend(append([]int64{1}, all(61, 95)...)...)
	s.clock.Move(time.Hour)
	tend(append([]int64{1}, all(82, 95)...)...)
	s.must(s.bridge.Team.Administer(t.Context(), func(tx bridge.Tx) error {
		return tx.SaveDepartment(bridge.Department{Name: "sales", Title: "Sales", Retention: -1 * time.Hour})
	}))
	s.clock.Move(60 * 24 * time.Hour)
	tend(append([]int64{1}, all(82, 90)...)...) // sales' are kept for ever now, support's for as long as the site says
	if got := s.filesWith("anna-0030"); len(got) > 0 {
		t.Errorf("the visitor of a deleted conversation is left in the files %v", got)
	}
}

// TestRetain_WhatNamesTheVisitor: with a conversation that a department has kept long enough go the operators' notices that name it, and the
// block of its visitor holds no longer; notices about what stays, stay.
func TestRetain_WhatNamesTheVisitor(t *testing.T) {
	s := shelfAt(t, newPlace(t))
	n := s.everywhere("Anna")
	stays := s.talk("support", "visitor: refund")
	visitor := bridge.VisitorJID("")
	s.update(func(tx bridge.Tx) error {
		c, err := tx.Conversation(n)
		visitor = c.Visitor
		for _, p := range []phrase.Phrase{phrase.Say("#%d %s 3 min, #%d Berta 5 min", n, marker, stays), phrase.Say("#%d still waits, #%d9999 does not", stays, n), phrase.Say("Good morning.")} {
			err = errors.Join(err, tx.AppendDesk(&bridge.DeskEntry{Operator: olga, Kind: bridge.DeskNotice, At: noon, Phrase: p}))
		}
		return err
	})
	s.must(s.bridge.Blocks.Load(t.Context()))
	s.must(s.bridge.Team.Administer(t.Context(), func(tx bridge.Tx) error {
		return tx.SaveDepartment(bridge.Department{Name: "sales", Title: "Sales", Retention: 20 * 24 * time.Hour})
	}))
	s.must(s.archive.Tend(t.Context()))
	if got := s.numbers(); !slices.Equal(got, []int64{stays}) {
		t.Fatalf("there are %v", got)
	}
	s.must(s.store.View(t.Context(), func(r bridge.Reader) error {
		list, err := r.DeskEntries(olga, 0, 99)
		var left []string
		for _, e := range list {
			if e.Conversation == 0 {
				left = append(left, e.Phrase.String())
			}
		}
		if want := []string{"A mail from anna@" + marker + ".example can't be read.", "#2 still waits, #19999 does not", "Good morning."}; !slices.Equal(left, want) {
			t.Errorf("left are the notices %q", left)
		}
		return err
	}))
	for _, b := range s.bridge.Blocks.List() {
		if b.Target == string(visitor) {
			t.Errorf("still blocked: %+v", b)
		}
	}
}
