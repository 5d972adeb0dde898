package archive_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"porchlight/bridge"
	"porchlight/bridge/archive"
	"porchlight/bridge/clocktest"
	"porchlight/db/postgres"
	"porchlight/db/postgres/postgrestest"
	"porchlight/db/sqlite"
	"porchlight/db/sqlite/sqlitetest"
)

const (
	xavi = bridge.OperatorJID("xavi@example.org") // a super operator
	olga = bridge.OperatorJID("olga@example.org") // in sales, may search
	pere = bridge.OperatorJID("pere@example.org") // in support, may not
)

var noon = time.Date(2026, 11, 29, 12, 0, 0, 0, time.UTC)

// shelf is an archive with a store of its own, whose index is kept by Run.
type shelf struct {
	testing.TB
	store   store
	bridge  *bridge.Bridge
	archive *archive.Archive
	path    string
	clock   *clocktest.Clock
	n       int // conversations
}

// store is a database of any engine.
type store interface {
	bridge.Store
	archive.Store
	Close() error
}

func newShelf(t testing.TB) *shelf {
	t.Helper()
	return shelfAt(t, newPlace(t)).run()
}

// onPostgres is the test whose parts have their shelves on PostgreSQL.
const onPostgres = "TestOnPostgreSQL/"

// newPlace is a new database.
func newPlace(t testing.TB) string {
	t.Helper()
	if strings.HasPrefix(t.Name(), onPostgres) {
		return postgrestest.New(t)
	}
	return sqlitetest.New(t)
}

// openAt opens a database.
func openAt(t testing.TB, path string) (store, error) {
	t.Helper()
	if strings.HasPrefix(t.Name(), onPostgres) {
		return postgres.Open(t.Context(), path, postgres.Options{})
	}
	return sqlite.Open(t.Context(), path, sqlite.Options{})
}

// raw opens the database beside the store.
func (s *shelf) raw() *sql.DB {
	s.Helper()
	driver := "sqlite3"
	if strings.HasPrefix(s.Name(), onPostgres) {
		driver = "pgx"
	}
	raw, err := sql.Open(driver, s.path)
	s.must(err)
	return raw
}

// shelfAt opens a database. Nobody keeps its index yet.
func shelfAt(t testing.TB, path string) *shelf {
	t.Helper()
	store, err := openAt(t, path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := store.Close(); err != nil {
			t.Error(err)
		}
	})
	now := clocktest.At(noon)
	b, err := bridge.Open(t.Context(), store, bridge.Options{Domain: "support.example.org", SuperOperators: []bridge.OperatorJID{xavi},
		Clock: now, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	s := &shelf{TB: t, store: store, bridge: b, path: path, clock: now}
	s.update(func(tx bridge.Tx) error {
		return errors.Join(tx.SaveDepartment(bridge.Department{Name: "sales", Title: "Sales"}), tx.SaveDepartment(bridge.Department{Name: "support", Title: "Support"}))
	})
	for _, o := range []bridge.Operator{{JID: olga, Name: "Olga Petrova", Enabled: true, Departments: bridge.Circle{"sales"}, Permissions: bridge.Permissions{bridge.MaySearch}},
		{JID: pere, Name: "Pere", Enabled: true, Departments: bridge.Circle{"support"}}} {
		if _, known := b.Team.Operator(o.JID); !known {
			s.must(b.Team.Add(t.Context(), o))
		}
	}
	s.archive = archive.New(store, archive.Options{Bridge: b, Log: slog.New(slog.DiscardHandler)})
	return s
}

// run keeps the index until the test ends.
func (s *shelf) run() *shelf {
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan error)
	go func() { done <- s.archive.Run(ctx) }()
	s.Cleanup(func() {
		stop()
		if err := <-done; err != nil {
			s.Error(err)
		}
	})
	s.must(s.archive.CatchUp(s.Context()))
	return s
}

func (s *shelf) must(err error) {
	s.Helper()
	if err != nil {
		s.Fatal(err)
	}
}

func (s *shelf) update(f func(bridge.Tx) error) {
	s.Helper()
	s.must(s.store.Update(s.Context(), f))
}

// talk stores a conversation that Xavi had in a department. Each line is what somebody said: "visitor: …", the name of an
// operator, "note: …", "correct N: …" about the event N, "retract N", "file: name".
func (s *shelf) talk(department string, lines ...string) int64 {
	s.Helper()
	s.n++
	at := noon.AddDate(0, 0, s.n-100)
	v := bridge.VisitorJID(fmt.Sprintf("anna-%04d@support.example.org", s.n))
	c := bridge.Conversation{ID: bridge.ConversationID(fmt.Sprint("id-", s.n)), Visitor: v, Department: department, Kind: bridge.Chat,
		State: bridge.Closed, Reason: bridge.ReasonOperator, Owner: xavi, OpenedAt: at, ClosedAt: at}
	s.update(func(tx bridge.Tx) error {
		return errors.Join(tx.CreateVisitor(bridge.Visitor{JID: v, Name: "Anna", CreatedAt: at}),
			tx.CreateConversation(&c, bridge.Request{Name: "Anna", Reason: "a question"}, fmt.Sprint("key-", s.n), make([]byte, 32)),
			tx.SaveParticipant(bridge.Participant{Conversation: c.Number, Operator: xavi}))
	})
	s.goOn(c.Number, lines...)
	return c.Number
}

// goOn adds lines to a conversation, as the bridge does.
func (s *shelf) goOn(number int64, lines ...string) {
	s.Helper()
	var c bridge.Conversation
	var events []bridge.Event
	s.update(func(tx bridge.Tx) (err error) {
		if c, err = tx.Conversation(number); err != nil {
			return err
		}
		events = nil
		was := c.Seq
		for _, line := range lines {
			who, text, _ := strings.Cut(line, ": ")
			c.Seq++
			e := bridge.Event{Conversation: number, Seq: c.Seq, At: c.OpenedAt, Type: bridge.EventMessage, From: bridge.FromOperator, Operator: xavi, Name: "Xavi", Text: text}
			var of int64
			switch fmt.Sscanf(who, "correct %d", &of); {
			case of > 0:
				e.Type, e.Data = bridge.EventCorrection, bridge.Amended{Of: of}
			case who == "visitor":
				e.From, e.Operator, e.Name = bridge.FromVisitor, "", ""
			case who == "note":
				e.Type = bridge.EventNote
			case who == "file":
				e.Type, e.Text, e.Data = bridge.EventFile, "", bridge.SentFile{Name: text}
			case strings.HasPrefix(who, "retract "):
				fmt.Sscanf(who, "retract %d", &of)
				e.Type, e.Text, e.Data = bridge.EventRetraction, "", bridge.Amended{Of: of}
			}
			events = append(events, e)
		}
		return errors.Join(tx.Append(events...), tx.SaveConversation(c, was))
	})
	s.archive.Changed(bridge.Change{Conversation: c, Events: events})
}

// tag gives a conversation a tag, beside the bridge.
func (s *shelf) tag(number int64, tag string) {
	s.Helper()
	s.update(func(tx bridge.Tx) error { return tx.SaveTag(number, tag, noon) })
}

// find searches, and lists the numbers that were found.
func (s *shelf) find(o bridge.OperatorJID, text string, page int) (archive.Found, error) {
	who, _ := s.bridge.Team.Operator(o)
	q, err := archive.Parse(text, noon)
	if err != nil {
		return archive.Found{}, err
	}
	if _, behind := s.archive.Behind(); !behind { // a search does not wait as long for the index on a busy machine
		patient, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		if err := s.archive.CatchUp(patient); err != nil {
			return archive.Found{}, err
		}
	}
	return s.archive.Search(context.Background(), who, q, page)
}

// finds compares what an operator finds.
func (s *shelf) finds(o bridge.OperatorJID, text string, want ...int64) {
	s.Helper()
	found, err := s.find(o, text, 1)
	var got []int64
	for _, h := range found.Hits {
		got = append(got, h.Number)
	}
	if err != nil || fmt.Sprint(got) != fmt.Sprint(want) {
		s.Errorf("%s finds %v by %q, and not %v: %v", o, got, text, want, err)
	}
}
