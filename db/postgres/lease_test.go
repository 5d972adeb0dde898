package postgres_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"porchlight/bridge"
	"porchlight/bridge/crew"
	"porchlight/bridge/phrase"
	"porchlight/bridge/storetest"
	"porchlight/db/postgres"
	"porchlight/db/postgres/postgrestest"
)

// ttl is a lease that does not end within a test by itself.
const ttl = time.Minute

// openNode opens the store of a node.
func openNode(t *testing.T, url, id string) *postgres.DB {
	t.Helper()
	return openWith(t, url, postgres.Options{Node: id, Lease: ttl})
}

func openWith(t *testing.T, url string, o postgres.Options) *postgres.DB {
	t.Helper()
	d, err := postgres.Open(t.Context(), url, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = d.Close() })
	return d
}

// beat says that a node lives. Its name is what is before the slash.
func beat(t *testing.T, d *postgres.DB, id string) {
	t.Helper()
	name, _, _ := strings.Cut(id, "/")
	if err := d.Beat(t.Context(), crew.Node{ID: id, Name: name, Version: "1", Shared: "hash", URL: "http://" + name}); err != nil {
		t.Fatal(err)
	}
}

// ask runs a statement beside the stores.
func ask(t *testing.T, url, query string, args ...any) {
	t.Helper()
	if _, err := connect(t, url).Exec(t.Context(), query, args...); err != nil {
		t.Fatal(err)
	}
}

// late makes a node one that was not seen for long.
func late(t *testing.T, url, id string) {
	t.Helper()
	ask(t, url, `UPDATE nodes SET seen_at = seen_at - 10001 WHERE id = $1`, id)
}

// runOut ends the lease as time does.
func runOut(t *testing.T, url string) {
	t.Helper()
	ask(t, url, `UPDATE leases SET expires_at = expires_at - 60001`)
}

// take wants the lease for a node, and says who has it.
func take(t *testing.T, d *postgres.DB, holder string) crew.Lease {
	t.Helper()
	l, err := d.Take(t.Context(), holder, ttl)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func wantHolder(t *testing.T, l crew.Lease, holder string, epoch int64) {
	t.Helper()
	if l.Holder != holder || l.Epoch != epoch || l.Left <= 0 || l.Left > ttl {
		t.Errorf("the lease is %+v, want that of %s in epoch %d", l, holder, epoch)
	}
}

// One node has the lease, and keeps it by asking again. When it gives it back, or lets it run out, the next one has it in another epoch.
func TestTake_OneAtATime(t *testing.T) {
	given := postgrestest.New(t)
	a, b := openNode(t, given, "a/1"), openNode(t, given, "b/1")
	wantHolder(t, take(t, a, "a/1"), "a/1", 1)
	wantHolder(t, take(t, b, "b/1"), "a/1", 1)
	ask(t, given, `UPDATE leases SET expires_at = expires_at - 59000`)
	l := take(t, a, "a/1")
	wantHolder(t, l, "a/1", 1)
	if l.Left < ttl-time.Second {
		t.Errorf("asked again, it has %s left", l.Left)
	}
	if err := a.Release(t.Context(), bridge.Tenure{Holder: "a/1", Epoch: 9}); err != nil { // another one
		t.Fatal(err)
	}
	wantHolder(t, take(t, b, "b/1"), "a/1", 1)
	if err := a.Release(t.Context(), l.Tenure()); err != nil {
		t.Fatal(err)
	}
	wantHolder(t, take(t, b, "b/1"), "b/1", 2)
	wantHolder(t, take(t, a, "a/1"), "b/1", 2)
	runOut(t, given)
	wantHolder(t, take(t, b, "b/1"), "b/1", 3) // its own, which was over
	runOut(t, given)
	wantHolder(t, take(t, a, "a/1"), "a/1", 4)
}

// The one that knows an older schema than a living node does not take the lease, but keeps the one that it has.
func TestTake_NotFromTheNewer(t *testing.T) {
	given := postgrestest.New(t)
	a, b := openNode(t, given, "a/1"), openNode(t, given, "b/1")
	beat(t, b, "b/1")
	wantHolder(t, take(t, a, "a/1"), "a/1", 1)
	ask(t, given, `UPDATE nodes SET schema = schema + 1 WHERE id = 'b/1'`)
	wantHolder(t, take(t, a, "a/1"), "a/1", 1)
	runOut(t, given)
	if l := take(t, a, "a/1"); l.Left > 0 {
		t.Errorf("taken: %+v", l)
	}
	late(t, given, "b/1")
	wantHolder(t, take(t, a, "a/1"), "a/1", 2)
}

// Of an update under a tenure that is over nothing is stored, however it ended, and it is not tried again.
func TestUpdate_TenureOver(t *testing.T) {
	given := postgrestest.New(t)
	a, b := openNode(t, given, "a/1"), openNode(t, given, "b/1")
	number := conversation(t, a)
	first := take(t, a, "a/1").Tenure()
	say := func(d *postgres.DB, tenure bridge.Tenure, text string) error {
		return d.Update(tenure.Under(t.Context()), storetest.Say(number, text, text, nil))
	}
	refused := func(what string, err error) {
		t.Helper()
		if !errors.Is(err, bridge.ErrTenureOver) || phrase.CodeOf(err) != phrase.CodeUnavailable {
			t.Errorf("%s: %v", what, err)
		}
		if !a.Writable() || !b.Writable() {
			t.Errorf("%s: the store says that it can't be written", what)
		}
	}
	if err := say(a, first, "v:1"); err != nil {
		t.Fatal(err)
	}
	take(t, a, "a/1") // a renewal
	if err := say(a, first, "v:2"); err != nil {
		t.Fatal(err)
	}
	runOut(t, given)
	refused("run out", say(a, first, "v:3"))
	second := take(t, b, "b/1").Tenure()
	refused("taken by another", say(a, first, "v:4"))
	refused("of another holder", say(b, bridge.Tenure{Holder: "a/1", Epoch: second.Epoch}, "v:5"))
	if err := say(b, second, "v:6"); err != nil {
		t.Fatal(err)
	}
	runs := 0
	refused("one that only writes, together with its commit", a.Update(first.Under(t.Context()), func(tx bridge.Tx) error {
		runs++
		return tx.SaveSetting("a", "b")
	}))
	if runs != 1 {
		t.Errorf("it ran %d times", runs)
	}
	if err := b.Release(t.Context(), second); err != nil {
		t.Fatal(err)
	}
	refused("given back", say(b, second, "v:7"))
	if err := a.Update(t.Context(), storetest.Say(number, "v:8", "v:8", nil)); err != nil { // under none
		t.Fatal(err)
	}
	if got := texts(t, b, number); !slices.Equal(got, []string{"v:1", "v:2", "v:6", "v:8"}) {
		t.Errorf("stored are %q", got)
	}
}

// stopped begins an update under a tenure that changes a conversation, and stops in the middle of it as a frozen process does, until goOn is
// called, which returns how it went.
func stopped(t *testing.T, d *postgres.DB, tenure bridge.Tenure, number int64) (goOn func() error) {
	t.Helper()
	read, thaw, ended := make(chan struct{}, 1), make(chan struct{}), make(chan error, 1)
	go func() {
		first := true
		ended <- d.Update(tenure.Under(t.Context()), func(tx bridge.Tx) error {
			if first {
				first = false
				if _, err := tx.Conversation(number); err != nil {
					return err
				}
				read <- struct{}{}
				<-thaw
			}
			return storetest.Say(number, "late", "late", nil)(tx)
		})
	}()
	<-read
	return func() error { close(thaw); return <-ended }
}

// takeSoon takes the lease, which may have to wait for somebody.
func takeSoon(t *testing.T, d *postgres.DB, holder string, epoch int64) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	l, err := d.Take(ctx, holder, ttl)
	if err != nil {
		t.Fatal(err)
	}
	wantHolder(t, l, holder, epoch)
}

// A holder that is frozen in the middle of a transaction holds up neither who takes its lease nor who writes in the same conversation, and
// stores nothing when it goes on.
func TestTake_FromAFrozenHolder(t *testing.T) {
	given := postgrestest.New(t)
	a, b := openNode(t, given, "a/1"), openNode(t, given, "b/1")
	number := conversation(t, b)
	goOn := stopped(t, a, take(t, a, "a/1").Tenure(), number)
	runOut(t, given)
	takeSoon(t, b, "b/1", 2)
	if err := b.Update(t.Context(), storetest.Say(number, "v:1", "v:1", nil)); err != nil {
		t.Error(err)
	}
	if err := goOn(); !errors.Is(err, bridge.ErrTenureOver) || phrase.CodeOf(err) != phrase.CodeUnavailable {
		t.Errorf("the frozen one says %v", err)
	}
	if got := texts(t, b, number); !slices.Equal(got, []string{"v:1"}) {
		t.Errorf("stored are %q", got)
	}
}

// Where the sessions of the frozen one can't be ended, since they have other names, the server does it after the time of a lease.
func TestTake_FromAHolderWhoseSessionsStay(t *testing.T) {
	given := postgrestest.New(t)
	a, b := openWith(t, given, postgres.Options{Node: "a/1", Lease: 300 * time.Millisecond}), openNode(t, given, "b/1")
	number := conversation(t, b)
	goOn := stopped(t, a, take(t, a, "a/1").Tenure(), number)
	ask(t, given, `UPDATE leases SET holder = 'c/1', expires_at = 0`)
	takeSoon(t, b, "b/1", 2)
	if err := goOn(); !errors.Is(err, bridge.ErrTenureOver) {
		t.Errorf("the frozen one says %v", err)
	}
	if got := texts(t, b, number); len(got) != 0 {
		t.Errorf("stored are %q", got)
	}
}

// Whoever takes the lease waits for those who store under the old one, and a renewal does not.
func TestTake_WaitsForThoseWhoStore(t *testing.T) {
	given := postgrestest.New(t)
	a, b := openNode(t, given, "a/1"), openNode(t, given, "b/1")
	number := conversation(t, b)
	goOn := stopped(t, a, take(t, a, "a/1").Tenure(), number)
	wantHolder(t, take(t, a, "a/1"), "a/1", 1)
	ask(t, given, `UPDATE leases SET holder = 'c/1', expires_at = 0`) // so that nobody ends it
	taken := make(chan error, 1)
	go func() {
		l, err := b.Take(t.Context(), "b/1", ttl)
		if err == nil && l.Holder != "b/1" {
			err = errors.New("it is not taken")
		}
		taken <- err
	}()
	waiting(t, given)
	select {
	case err := <-taken:
		t.Errorf("it did not wait: %v", err)
	default:
	}
	if err := goOn(); err != nil {
		t.Errorf("what was under way says %v", err)
	}
	if err := <-taken; err != nil {
		t.Error(err)
	}
	if got := texts(t, b, number); !slices.Equal(got, []string{"late"}) {
		t.Errorf("stored are %q", got)
	}
}

// waiting waits until a connection waits for a lock.
func waiting(t *testing.T, url string) {
	t.Helper()
	c := connect(t, url)
	for found := false; !found; {
		if err := c.QueryRow(t.Context(), `SELECT EXISTS (SELECT 1 FROM pg_locks WHERE NOT granted)`).Scan(&found); err != nil {
			t.Fatal(err)
		}
	}
}
