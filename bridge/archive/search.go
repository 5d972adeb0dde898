package archive

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"strings"
	"time"

	"porchlight/bridge"
	"porchlight/bridge/phrase"
)

// Listed is how many conversations a page of a search has.
const Listed = 15

// mostPages is the last page of a search that can be asked for.
const mostPages = 200

// looked bounds how many logs one search reads to see whether a conversation has what the index does not know.
const looked = 2000

// looks is how many conversations are asked of the index, and looked at on one snapshot.
const looks = 64

// Found is a page of what a search has found, the conversation that was begun last first.
type Found struct {
	Hits []Hit
	More bool // there is a further page
	// Upto is the last conversation that the index has, if it does not have all yet; else 0.
	Upto int64
	// Back is when the next conversation was begun that would have been looked at, if looking ended there because too much
	// was to be read; else zero. A search of what has numbers below Below goes on; see Query.Before.
	Back  time.Time
	Below int64
}

// Hit is a conversation that was found.
type Hit struct {
	bridge.Conversation
	Name  string // as operators call the visitor
	Begun time.Time
	Event bridge.Event // where the first of the words stands
	Piece
}

// Piece is a piece of a text with the words that were looked for in it.
type Piece struct {
	Before, Match, After string
	CutBefore, CutAfter  bool // there is more text
}

// patience is how long a search waits for what the index does not have yet.
const patience = time.Second

// Search finds the conversations that an operator may read and that have what a query says, a page of them from 1 on. What
// cannot be found says why by a *phrase.Error. Whether the operator may search at all is not asked here.
func (a *Archive) Search(ctx context.Context, o bridge.Operator, q Query, page int) (Found, error) {
	var f Found
	if page < 1 || page > mostPages {
		return f, phrase.Fail(phrase.CodeInvalid, "There is no page %d.", page)
	}
	l, exact := q.lookup()
	groups, err := a.labels(o, q)
	if err != nil {
		return f, err
	}
	l.Labels = groups
	if upto, behind := a.Behind(); behind {
		f.Upto = max(upto, 1)
	} else if err := a.wait(ctx); err != nil {
		return f, err
	}
	if l.From, l.Below, err = a.numbers(ctx, q.During); err != nil {
		return f, fmt.Errorf("find range of conversations: %w", err)
	}
	if q.below > 0 {
		l.Below = min(l.Below, q.below)
	}
	s := search{most: cmp.Or(a.looked, looked), by: o, Query: q, exact: exact, skip: (page - 1) * Listed, Found: &f}
	for more := true; more; {
		err := a.store.ViewArchive(ctx, func(r Reader) (err error) {
			more, err = s.look(r, &l)
			return err
		})
		if err != nil {
			return f, fmt.Errorf("search: %w", err)
		}
	}
	return f, nil
}

// wait waits a moment for what was said just now.
func (a *Archive) wait(ctx context.Context) error {
	patient, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	err := a.CatchUp(patient)
	if errors.Is(err, context.DeadlineExceeded) && ctx.Err() == nil {
		return nil
	}
	return err
}

// search is a search under way.
type search struct {
	by bridge.Operator
	Query
	exact bool
	skip  int // so many hits are of earlier pages
	read  int // so many logs were read
	most  int // and so many may be
	*Found
}

// look asks the index once, and looks at what it names. l goes on behind that.
func (s *search) look(r Reader, l *Lookup) (more bool, err error) {
	numbers, err := ask(r, *l)
	if err != nil {
		return false, err
	}
	for _, n := range numbers {
		begun := time.Time{}
		if s.read >= s.most {
			_, begun, err = r.Begun(n)
			s.Back, s.Below = begun, n+1
			return false, err
		}
		l.Below = n
		if err := s.take(r, n); err != nil {
			return false, err
		}
		if len(s.Hits) > Listed {
			s.Hits, s.More = s.Hits[:Listed], true
			return false, nil
		}
	}
	return len(numbers) == looks, nil
}

// ask asks the index, or lists all conversations if nothing is looked for in it.
func ask(r Reader, l Lookup) (numbers []int64, err error) {
	if len(l.Words)+len(l.Begins)+len(l.Labels) > 0 {
		return r.Look(l, looks)
	}
	return r.Last(l.From, l.Below, looks)
}

// take adds a conversation to what was found, if it is meant.
func (s *search) take(r Reader, number int64) error {
	c, err := r.Conversation(number)
	if phrase.CodeOf(err) == phrase.CodeNotFound {
		return nil // it was deleted, and the index does not know that yet
	}
	if err != nil {
		return err
	}
	if right, err := rightTo(r, s.by, c); err != nil || right == NoRight {
		return err
	}
	hit := Hit{Conversation: c}
	if _, hit.Begun, err = r.Begun(number); err != nil {
		return err
	}
	if s.During != nil && (hit.Begun.Before(s.During.From) || !hit.Begun.Before(s.During.Until)) {
		return nil
	}
	if s.skip > 0 && s.exact {
		s.skip--
		return nil
	}
	log, err := logOf(r, number)
	if err != nil {
		return err
	}
	s.read++
	if !s.shows(log, &hit) {
		return nil
	}
	if s.skip > 0 {
		s.skip--
		return nil
	}
	q, err := r.Request(number)
	hit.Name = q.Called()
	s.Hits = append(s.Hits, hit)
	return err
}

// shows finds the query's terms in a log, and reports whether all are there. The hit shows the text that has most of them,
// or what was said first if nothing is looked for.
func (s *search) shows(log []bridge.Event, hit *Hit) bool {
	all := texts(log)
	found := make([]bool, len(s.terms))
	best := -1
	for i, t := range all {
		units := unitsOf(t.text)
		n, from, upto := 0, 0, 0
		for k, term := range s.terms {
			a, b, is := term.in(units)
			if !is {
				continue
			}
			if n == 0 {
				from, upto = a, b
			}
			n++
			found[k] = true
		}
		if n > best && (n > 0 || best < 0) {
			best = n
			hit.Event, hit.Piece = all[i].Event, pieceOf(t.text, from, upto)
		}
	}
	for _, is := range found {
		if !is {
			return false
		}
	}
	return true
}

// around is how many bytes of text stand before and behind what was found.
const around = 40

// pieceOf cuts a piece out of a text, at spaces where that is possible. Line breaks become spaces.
func pieceOf(text string, from, upto int) (p Piece) {
	line := func(s string) string { return strings.Join(strings.Fields(s), " ") }
	start, end := max(0, from-around), min(len(text), upto+2*around)
	if start > 0 {
		if i := strings.IndexAny(text[start:from], " \n"); i >= 0 {
			start += i + 1
		}
	}
	if end < len(text) {
		if i := strings.LastIndexAny(text[upto:end], " \n"); i > 0 {
			end = upto + i
		}
	}
	p.CutBefore, p.CutAfter = start > 0, end < len(text)
	before, after := strings.ToValidUTF8(text[start:from], ""), strings.ToValidUTF8(text[upto:end], "")
	p.Match = line(text[from:upto])
	if p.Before = line(before); p.Before != "" && strings.TrimRight(before, " \t\n") != before {
		p.Before += " "
	}
	if p.After = line(after); p.After != "" && strings.TrimLeft(after, " \t\n") != after {
		p.After = " " + p.After
	}
	return p
}

// numbers are the conversations that were begun in a range of days: the first one, and the first one after the range. It relies on
// conversations with greater numbers having begun later; where clocks were set back a few may be missed.
func (a *Archive) numbers(ctx context.Context, during *bridge.Range) (from, below int64, err error) {
	if during == nil {
		return 0, math.MaxInt64, nil
	}
	err = a.store.ViewArchive(ctx, func(r Reader) (err error) {
		if from, err = since(r, during.From); err == nil {
			below, err = since(r, during.Until)
		}
		return err
	})
	return from, below, err
}

// since finds the first number of a conversation that was begun at a time or later, by halving.
func since(r Reader, at time.Time) (int64, error) {
	low := int64(1)
	high, err := r.LastNumber()
	for high++; low < high && err == nil; {
		middle := low + (high-low)/2
		number, begun, e := r.Begun(middle)
		switch {
		case e != nil:
			err = e
		case number == 0 || !begun.Before(at):
			high = middle
		default:
			low = max(middle, number) + 1
		}
	}
	return low, err
}
