package sqlite

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"testing"
	"time"

	"porchlight/bridge"
	"porchlight/bridge/storetest"
	"porchlight/db"
)

// released returns databases with the schemas of earlier releases, each with 40
// conversations of ten messages. Xavi has taken every other conversation. Each released step
// gets such a database before the next step is written.
func released(t *testing.T) []string {
	t.Helper()
	files, err := filepath.Glob("testdata/released/*.db.gz")
	if err != nil || len(files) == 0 {
		t.Fatal("no released databases", err)
	}
	return files
}

// unpack writes a released database to a place of its own.
func unpack(t testing.TB, file string) string {
	t.Helper()
	packed, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	r, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		t.Fatal(err)
	}
	content, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "porchlight.db")
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// whole opens an upgraded database, checks that everything is there, and writes to it.
func whole(t *testing.T, path string) {
	t.Helper()
	d := openAt(t, path)
	for number := int64(1); number <= 40; number++ {
		got := texts(t, d, number)
		for n := range 10 {
			if want := fmt.Sprintf("message %d of %d", n, number); len(got) <= n || got[n] != want {
				t.Fatalf("conversation %d: log is %q, want %q as number %d", number, got, want, n)
			}
		}
		view(t, d, func(r bridge.Reader) error {
			c, err := r.Conversation(number)
			parts, err2 := r.Participants(number)
			if taken := number%2 == 0; err != nil || err2 != nil || taken != (c.Owner == "xavi@example.org") || taken != (len(parts) == 1) {
				t.Errorf("conversation %d: %+v, %v, %v %v", number, c, parts, err, err2)
			}
			return nil
		})
	}
	update(t, d, storetest.Say(1, "v:after", "after the upgrade", nil))
	schema := func(d *DB) []db.Row {
		return ask(t, d, `SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY name`)
	}
	if got, want := schema(d), schema(openNew(t)); fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("an upgraded schema is not that of a new database:\n%q\n%q", got, want)
	}
}

func TestMigrate_EveryReleasedSchema(t *testing.T) {
	for _, file := range released(t) {
		t.Run(filepath.Base(file), func(t *testing.T) { whole(t, unpack(t, file)) })
	}
}

// A kill -9 at any moment of an upgrade loses nothing: the next start upgrades.
func TestMigrate_KilledAtAnyMoment(t *testing.T) {
	file := released(t)[0]
	began := time.Now()
	whole(t, unpack(t, file))
	all := time.Since(began) // about what a child takes
	random, amid := rand.New(rand.NewPCG(1, 2)), 0
	for range 15 {
		path := unpack(t, file)
		if left(path) {
			t.Fatal("there is a copy before the upgrade")
		}
		cmd := start(t, path, "PORCHLIGHT_DB_OPEN=1")
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		kill := time.AfterFunc(time.Duration(random.Int64N(int64(all))), func() { cmd.Process.Kill() })
		cmd.Wait()
		kill.Stop()
		if left(path) {
			amid++
		}
		whole(t, path)
	}
	if amid == 0 {
		t.Error("no kill came after the upgrade had begun")
	}
}

// left reports whether an upgrade has begun: then there is a copy.
func left(path string) bool {
	files, _ := filepath.Glob(path + ".schema*")
	return len(files) > 0
}

// The upgrade settles participants whose conversation is closed and delivered, and no others.
func TestMigrate_SettlesWhatIsOver(t *testing.T) {
	path := unpack(t, "testdata/released/schema1.db.gz")
	change(t, path, `UPDATE conversations SET state = 'closed' WHERE number IN (2, 4)`)
	change(t, path, `UPDATE participants SET confirmed_seq = (SELECT seq FROM conversations WHERE number = conversation) WHERE conversation IN (2, 6)`)
	d := openAt(t, path)
	view(t, d, func(r bridge.Reader) error {
		for number, settled := range map[int64]bool{2: true, 4: false, 6: false, 8: false} {
			if parts, err := r.Participants(number); err != nil || len(parts) != 1 || parts[0].Settled != settled {
				t.Errorf("conversation %d: %+v, %v; want settled %v", number, parts, err, settled)
			}
		}
		list, err := r.UnconfirmedParticipants(0, 3)
		if err != nil || len(list) != 3 || list[0].Conversation != 4 || list[1].Conversation != 8 {
			t.Errorf("unconfirmed: %+v, %v", list, err)
		}
		return nil
	})
}

// The departments that operators were in become their circles; who was in none is in none, and who was
// in all that there were is not in those that are made later.
func TestMigrate_DepartmentsBecomeCircles(t *testing.T) {
	d := openAt(t, unpack(t, "testdata/released/schema10.db.gz"))
	view(t, d, func(r bridge.Reader) error {
		got, err := r.Operators()
		if err != nil {
			return err
		}
		want := []bridge.Operator{
			{JID: "olga@example.org", Name: "Olga", Enabled: true, Departments: bridge.Circle{"billing", "sales", "support"}, Permissions: bridge.Permissions{bridge.MayBlock}, CreatedAt: time.UnixMilli(1000).UTC()},
			{JID: "vera@example.org", Name: "Vera", Paused: true, CreatedAt: time.UnixMilli(2000).UTC()},
		}
		if len(got) != 3 || !reflect.DeepEqual(got[:2], want) {
			t.Errorf("the operators are %+v\nwant %+v and xavi", got, want)
		}
		return nil
	})
}
