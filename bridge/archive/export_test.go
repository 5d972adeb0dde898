package archive

import "context"

// In reports whether all terms of a query are in some texts.
func (q Query) In(texts ...string) bool {
	for _, term := range q.terms {
		found := false
		for _, text := range texts {
			_, _, in := term.in(unitsOf(text))
			found = found || in
		}
		if !found {
			return false
		}
	}
	return true
}

// Tend does what Run does once a minute beside the index.
func (a *Archive) Tend(ctx context.Context) error { return a.tend(ctx) }

// On is the archive on another store.
func (a *Archive) On(s Store) *Archive { return New(s, Options{Bridge: a.bridge, Log: a.log}) }

// LooksAt makes a search read at most so many logs.
func (a *Archive) LooksAt(n int) { a.looked = n }

// ReadSome makes the entries of some conversations.
func (a *Archive) ReadSome(ctx context.Context, numbers ...int64) error {
	return a.readSome(ctx, numbers)
}
