package postgres

import (
	"strconv"
	"strings"
	"sync"
)

// texts are the statements in PostgreSQL's words, by the text that package db has; each is made once. Any goroutine may use
// it.
type texts struct{ numbered, once, locked sync.Map }

func made(m *sync.Map, query string, text func(string) string) string {
	if known, ok := m.Load(query); ok {
		return known.(string)
	}
	s := text(query)
	m.Store(query, s)
	return s
}

// plain returns a statement with $1, $2 … for its arguments. No ? of a statement stands within quotes.
func (t *texts) plain(query string) string { return made(&t.numbered, query, numbered) }

// must returns a statement that fails if it changes no row: it divides by the number of those that it has changed. So what
// is sent with it is not done then, COMMIT included.
func (t *texts) must(query string) string {
	return made(&t.once, query, func(query string) string {
		return "WITH changed AS (" + numbered(query) + " RETURNING 1) SELECT 1 / count(*) FROM changed"
	})
}

// locking returns a query that locks the row that it finds.
func (t *texts) locking(query string) string {
	return made(&t.locked, query, func(query string) string { return query + " FOR NO KEY UPDATE" })
}

func numbered(query string) string {
	var b strings.Builder
	for n := 1; ; n++ {
		before, after, found := strings.Cut(query, "?")
		b.WriteString(before)
		if !found {
			return b.String()
		}
		b.WriteString("$" + strconv.Itoa(n))
		query = after
	}
}
