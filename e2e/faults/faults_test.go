package main

import (
	"errors"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"porchlight/demo/pgd"
	"porchlight/email/imap/imaptest"
)

// need skips the test unless the programs are there.
func need(t *testing.T, programs ...string) {
	t.Helper()
	for _, bin := range programs {
		if _, err := exec.LookPath(bin); err != nil {
			if os.Getenv("CI") == "true" {
				t.Fatal(err)
			}
			t.Skip("SKIPPED: ", err)
		}
	}
}

// TestFaults is a short run of make faults.
func TestFaults(t *testing.T) {
	t.Parallel()
	need(t, "prosody", "mkfs.ext4")
	var out strings.Builder
	if err := run(t.Context(), options{seed: 1, kills: 8, stalls: 10, cuts: 3, full: true, server: "prosody"}, &out); err != nil {
		t.Error(err)
	}
	t.Log(out.String())
}

// TestFaults_Mail is a short run of the faults while mail comes and goes.
func TestFaults_Mail(t *testing.T) {
	t.Parallel()
	need(t, "prosody", "mkfs.ext4")
	imaptest.Need(t)
	var out strings.Builder
	if err := run(t.Context(), options{seed: 1, mailKills: 12, server: "prosody"}, &out); err != nil {
		t.Error(err)
	}
	t.Log(out.String())
}

// TestFaults_Nodes is a short run of make cluster: of each fault one. A writer says less than there, but always something while a fault lasts.
func TestFaults_Nodes(t *testing.T) {
	t.Parallel()
	need(t, "prosody")
	var out strings.Builder
	err := run(t.Context(), options{seed: 1, nodes: 2, faults: 16, gaps: 1, pace: 300 * time.Millisecond, verbose: true, server: "prosody"}, &out)
	if errors.Is(err, pgd.ErrMissing) && os.Getenv("CI") == "" {
		t.Skip("SKIPPED: ", err)
	}
	if err != nil {
		t.Error(err)
	}
	t.Log(out.String())
}

// What several nodes promise, broken one by one.
func TestCrewSheet_FindsWhatIsBroken(t *testing.T) {
	now := time.Date(2026, 11, 30, 12, 0, 0, 0, time.UTC)
	whole := func() *sheet {
		s := newSheet()
		s.send(toVisitor+"a", 1, now)
		s.ack(toVisitor+"a", 1)
		s.come(toVisitor+"a", 1, false)
		s.send(toVisitor+"a", 2, now.Add(time.Second))
		s.refuse(toVisitor+"a", 2)
		s.send(toVisitor+"a", 3, now.Add(11*time.Second))
		if err := s.told("12:00:10", "12:00:12", now.Add(20*time.Second)); err != nil {
			t.Fatal(err)
		}
		s.ask(7)
		s.take(7, "xavi")
		s.take(7, "xavi")
		return s
	}
	if err := whole().crewVerdict(); err != nil {
		t.Errorf("nothing is broken: %v", err)
	}
	for what, spoil := range map[string]func(*sheet){
		"lost":           func(s *sheet) { s.ack(toVisitor+"a", 4) },
		"shown twice":    func(s *sheet) { s.come(toVisitor+"a", 1, false) },
		"silent":         func(s *sheet) { s.send(toVisitor+"a", 4, now.Add(5*time.Second)) },
		"taken by two":   func(s *sheet) { s.take(7, "olga") },
		"nobody asked":   func(s *sheet) { s.rung(8) },
		"another answer": func(s *sheet) { s.differ(toOperator+"a", 1) },
	} {
		s := whole()
		if spoil(s); s.crewVerdict() == nil {
			t.Errorf("%s counts as kept", what)
		}
	}
	s := newSheet()
	if err := s.told("23:59:59", "00:00:02", time.Date(2026, 11, 30, 0, 0, 3, 0, time.UTC)); err != nil || !s.gaps[0].from.Equal(time.Date(2026, 11, 29, 23, 59, 59, 0, time.UTC)) {
		t.Errorf("over midnight: %v, %v", s.gaps, err)
	}
}

func TestSheet_FindsWhatIsLostRepeatedOrShuffled(t *testing.T) {
	s := newSheet()
	for n := range 5 {
		s.ack(toVisitor+"a", n)
	}
	for _, n := range []int{0, 1, 3, 2, 2} {
		s.come(toVisitor+"a", n, false)
	}
	_, came, again, shuffled := s.totals(toVisitor)
	if came != 4 || again != 1 || shuffled != 1 || len(s.missing()) != 1 || s.missing()[0] != toVisitor+"a 4" {
		t.Error(s.summary(), s.missing())
	}
	if s.verdict() == nil {
		t.Error("the promise counts as kept")
	}
}

// What was acknowledged must be in a log, and must have gone somewhere.
func TestVerdict_FindsWordsThatAreLost(t *testing.T) {
	b := newBook()
	for _, word := range []string{"word-1-1", "word-1-2", "word-1-3", "word-1-4", "word-1-5"} {
		b.words[word] = spoken{number: 1, stored: true}
	}
	b.words["word-1-6"] = spoken{number: 1} // without a receipt
	b.shown["word-1-2"], b.shown["word-1-4"] = true, true
	v := &verdict{book: b, logged: map[string]bool{"word-1-1": true, "word-1-2": true, "word-1-3": true}}
	v.spoken(map[string]bool{"word-1-1": true, "word-1-5": true})
	slices.Sort(v.problems)
	want := []string{
		"word-1-3 is stored, and went nowhere",
		"word-1-4 was acknowledged, and is in no log",
		"word-1-5 was acknowledged, and is in no log",
	}
	if v.sent != 1 || v.shown != 1 || !slices.Equal(v.problems, want) {
		t.Errorf("%d sent, %d shown, and %q", v.sent, v.shown, v.problems)
	}
}
