package postgres_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"porchlight/bridge"
	"porchlight/bridge/phrase"
	"porchlight/bridge/storetest"
	"porchlight/db/postgres"
	"porchlight/db/postgres/postgrestest"
	"porchlight/demo/pgd"
)

// proxy stands between a store and its server.
type proxy struct {
	listener net.Listener
	server   string
	url      string
	cut      atomic.Int64  // how many answers to COMMIT are still to be cut off
	deaf     atomic.Bool   // what was sent by NOTIFY does not come through, as with a pooler in transaction mode
	stalls   atomic.Bool   // no answer comes through, and nobody is told
	stalled  chan struct{} // has an element when that has happened
	off      atomic.Bool   // new connections are refused, and old ones are cut at the next answer
}

func newProxy(t *testing.T, given string) *proxy {
	t.Helper()
	u, err := url.Parse(given)
	if err != nil {
		t.Fatal(err)
	}
	q, dir := u.Query(), t.TempDir()
	p := &proxy{stalled: make(chan struct{}, 1), server: filepath.Join(q.Get("host"), ".s.PGSQL.5432")}
	q.Set("host", dir)
	u.RawQuery = q.Encode()
	p.url = u.String()
	if p.listener, err = net.Listen("unix", filepath.Join(dir, ".s.PGSQL.5432")); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { p.listener.Close() })
	go func() {
		for {
			client, err := p.listener.Accept()
			if err != nil {
				return
			}
			go p.serve(client)
		}
	}()
	return p
}

func (p *proxy) serve(client net.Conn) {
	defer client.Close()
	server, err := net.Dial("unix", p.server)
	if err != nil || p.off.Load() {
		return
	}
	defer server.Close()
	go func() {
		_, _ = io.Copy(server, client) // ends with either
		server.Close()
	}()
	for b := make([]byte, 64<<10); ; {
		n, err := server.Read(b)
		if err != nil || p.off.Load() {
			return
		}
		if p.stalls.Load() {
			select {
			case p.stalled <- struct{}{}:
			default:
			}
			continue
		}
		if p.deaf.Load() && b[0] == 'A' { // NotificationResponse
			continue
		}
		if bytes.Contains(b[:n], []byte("COMMIT\x00")) && p.cut.Add(-1) >= 0 {
			return
		}
		if _, err := client.Write(b[:n]); err != nil {
			return
		}
	}
}

func openNew(t *testing.T, url string) *postgres.DB {
	t.Helper()
	d, err := postgres.Open(t.Context(), url, postgres.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = d.Close() })
	return d
}

// openBeside opens a store that is open already.
func openBeside(t *testing.T, url string) *postgres.DB {
	t.Helper()
	d, err := postgres.Open(t.Context(), url, postgres.Options{Beside: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = d.Close() })
	return d
}

// conversation stores one.
func conversation(t *testing.T, d *postgres.DB) int64 {
	t.Helper()
	c := storetest.Sample(1)
	if err := d.Update(t.Context(), storetest.Create(&c)); err != nil {
		t.Fatal(err)
	}
	return c.Number
}

func texts(t *testing.T, d *postgres.DB, number int64) (list []string) {
	t.Helper()
	err := d.View(t.Context(), func(r bridge.Reader) error {
		events, err := r.Events(number, 0, 1<<20)
		for _, e := range events {
			list = append(list, e.Text)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// A message whose COMMIT was not answered is stored once, and acknowledged.
func TestUpdate_CommitWithoutAnAnswer(t *testing.T) {
	p := newProxy(t, postgrestest.New(t))
	d := openNew(t, p.url)
	number := conversation(t, d)
	var want []string
	for i := range 20 {
		p.cut.Store(1)
		want = append(want, fmt.Sprint("v:", i))
		if err := d.Update(t.Context(), storetest.Say(number, want[i], want[i], nil)); err != nil {
			t.Error(err)
		}
		if p.cut.Load() > 0 {
			t.Error("no answer was cut off")
		}
		if n := d.Doubts(); n != int64(i+1) {
			t.Errorf("after %d cuts %d updates were in doubt", i+1, n)
		}
	}
	if got := texts(t, d, number); !slices.Equal(got, want) {
		t.Errorf("stored are %q", got)
	}
	if n := d.Stats().Retries; n > 0 {
		t.Errorf("%d runs again", n)
	}
}

// After a crash the server may give the number of a transaction that it has lost to another one: that this number was committed says nothing
// then. A server that crashes forgets its statistics, which is how it is known.
func TestUpdate_NumbersOfAnotherLife(t *testing.T) {
	server, err := pgd.Start(t.Context(), pgd.Config{})
	if errors.Is(err, pgd.ErrMissing) && os.Getenv("CI") != "true" {
		t.Skip("SKIPPED: ", err)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { server.Close() })
	url, err := server.Create("porchlight", "template0")
	if err != nil {
		t.Fatal(err)
	}
	p := newProxy(t, url)
	d := openNew(t, p.url)
	number := conversation(t, d)
	straight, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { straight.Close(context.Background()) })
	p.cut.Store(1)
	say := storetest.Say(number, "v:1", "stored?", nil)
	err = d.Update(t.Context(), func(tx bridge.Tx) error {
		if _, err := straight.Exec(t.Context(), `SELECT pg_stat_reset_shared('bgwriter')`); err != nil {
			return err
		}
		return say(tx)
	})
	if phrase.CodeOf(err) != phrase.CodeUnavailable || p.cut.Load() > 0 {
		t.Errorf("an update of which nobody knows whether it was stored says %v", err)
	}
}

// So it is with what nobody could recognise if it came twice, and with an update that writes all at its end.
func TestUpdate_CommitWithoutAnAnswerAndNoOrigin(t *testing.T) {
	p := newProxy(t, postgrestest.New(t))
	d := openNew(t, p.url)
	for i := range 10 {
		p.cut.Store(1)
		runs := 0
		err := d.Update(t.Context(), func(tx bridge.Tx) error {
			runs++
			return tx.AppendAudit(&bridge.Audit{At: time.UnixMilli(int64(i)), Line: "once"})
		})
		if err != nil || runs != 1 || p.cut.Load() > 0 {
			t.Errorf("it ran %d times: %v", runs, err)
		}
	}
	err := d.View(t.Context(), func(r bridge.Reader) error {
		list, err := r.Audits("", time.UnixMilli(0), time.UnixMilli(99), 99)
		if len(list) != 10 {
			t.Errorf("%d are stored", len(list))
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

// What was not committed when the connection broke is done once more.
func TestUpdate_BreaksBeforeItsCommit(t *testing.T) {
	given := postgrestest.New(t)
	d := openNew(t, given)
	killer := connect(t, given)
	runs := 0
	err := d.Update(t.Context(), func(tx bridge.Tx) error {
		runs++
		err := tx.AppendAudit(&bridge.Audit{At: time.UnixMilli(1), Line: "once"})
		if runs == 1 {
			_, failed := killer.Exec(t.Context(), `SELECT pg_terminate_backend(pid, 60000) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()`)
			err = errors.Join(err, failed)
		}
		return err
	})
	if err != nil || runs != 2 {
		t.Errorf("it ran %d times: %v", runs, err)
	}
	err = d.View(t.Context(), func(r bridge.Reader) error {
		list, err := r.Audits("", time.UnixMilli(0), time.UnixMilli(99), 99)
		if len(list) != 1 {
			t.Errorf("%d are stored", len(list))
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

// Whatever connections the server ends, what is acknowledged is stored once, and what is not says that nothing can be stored.
func TestUpdate_ServerEndsConnections(t *testing.T) {
	const writers, each = 8, 30
	given := postgrestest.New(t)
	d := openNew(t, given)
	number := conversation(t, d)
	killer := connect(t, given)
	var mu sync.Mutex
	var acknowledged []string
	var done sync.WaitGroup
	for w := range writers {
		done.Go(func() {
			for i := range each {
				text := fmt.Sprintf("v:%d-%d", w, i)
				err := d.Update(t.Context(), storetest.Say(number, text, text, nil))
				mu.Lock()
				if err == nil {
					acknowledged = append(acknowledged, text)
				} else if phrase.CodeOf(err) != phrase.CodeUnavailable {
					t.Error(err)
				}
				mu.Unlock()
			}
		})
	}
	ended := make(chan struct{})
	go func() { done.Wait(); close(ended) }()
	for rounds := 0; ; rounds++ {
		select {
		case <-ended:
			got := texts(t, openBeside(t, given), number)
			for _, text := range acknowledged {
				if !slices.Contains(got, text) {
					t.Errorf("%s is lost", text)
				}
			}
			slices.Sort(got)
			if len(slices.Compact(slices.Clone(got))) != len(got) {
				t.Error("a message is stored twice")
			}
			t.Logf("%d of %d acknowledged, %d stored, connections were ended %d times", len(acknowledged), writers*each, len(got), rounds)
			return
		default:
		}
		if _, err := killer.Exec(t.Context(), `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()`); err != nil {
			t.Fatal(err)
		}
	}
}

// While there is no database nothing can be stored or read, and then it can again.
func TestStore_DatabaseGone(t *testing.T) {
	p := newProxy(t, postgrestest.New(t))
	d := openNew(t, p.url)
	number := conversation(t, d)
	p.off.Store(true)
	if err := d.Update(t.Context(), storetest.Say(number, "v:1", "one", nil)); phrase.CodeOf(err) != phrase.CodeUnavailable {
		t.Errorf("an update says %v", err)
	}
	view := func(r bridge.Reader) error { _, err := r.Conversation(number); return err }
	if err := d.View(t.Context(), view); phrase.CodeOf(err) != phrase.CodeUnavailable || d.Writable() {
		t.Errorf("a view says %v", err)
	}
	p.off.Store(false)
	err := d.Update(t.Context(), storetest.Say(number, "v:1", "one", nil))
	if err = errors.Join(err, d.View(t.Context(), view)); err != nil || !d.Writable() {
		t.Errorf("it is back, but: %v", err)
	}
}
