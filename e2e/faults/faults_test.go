package main

import (
	"os"
	"os/exec"
	"strings"
	"testing"

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
