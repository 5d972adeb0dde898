package postgres_test

import (
	"testing"
	"time"

	"porchlight/bridge"
	"porchlight/bridge/phrase"
	"porchlight/db/postgres/postgrestest"
)

// A process that ends does not wait long for a database that has stopped to answer without a word: not for what is under way, not for what comes
// then, and not for the connections.
func TestHurry(t *testing.T) {
	p := newProxy(t, postgrestest.New(t))
	d := openNew(t, p.url)
	conversation(t, d)
	p.stalls.Store(true)
	const waits = 20 * time.Second // less than a transaction may last
	fails := make(chan error, 2)
	write := func() {
		fails <- d.Update(t.Context(), func(tx bridge.Tx) error { return tx.SaveSetting("key", "value") })
	}
	go write()
	<-p.stalled
	d.Hurry()
	go write()
	late := time.After(waits)
	for range 2 {
		select {
		case err := <-fails:
			if phrase.CodeOf(err) != phrase.CodeUnavailable {
				t.Errorf("it fails with %v", err)
			}
		case <-late:
			t.Fatal("an update goes on")
		}
	}
	closed := make(chan error, 1)
	go func() { closed <- d.Close() }()
	select {
	case err := <-closed:
		if err != nil {
			t.Error(err)
		}
	case <-late:
		t.Error("Close goes on")
	}
}
