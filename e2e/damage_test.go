package e2e_test

import (
	"os"
	"testing"

	"porchlight/demo"
)

// TestDamagedLog: super operators and the log are told of flipped bytes in the write-ahead log,
// and what was written before those bytes is there.
func TestDamagedLog(t *testing.T) {
	t.Parallel()
	s := start(t, nil)
	x := s.operators("xavi")[0]
	c := s.ask("Anna", "Question")
	x.take(c.Number, c.Visitor)
	s.kill()
	s.tolerate("XMPP link")
	wal, err := os.ReadFile(s.database() + "-wal")
	if err != nil {
		t.Fatal(err)
	}
	wal[len(wal)-100] ^= 0xff
	if err := os.WriteFile(s.database()+"-wal", wal, 0o600); err != nil {
		t.Fatal(err)
	}
	s.up()
	s.tolerate("write-ahead log ends early", "alarm=damage")
	s.says(&s.stderr, "write-ahead log ends early")
	x.hears("desk@"+demo.Domain, "was damaged when porchlight started")
	if _, err := c.Snapshot(within(t)); err != nil {
		t.Error(err)
	}
}
