package bridge

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"porchlight/bridge/phrase"
)

// twiceStore runs each update twice, as a Store may: the first run is undone.
type twiceStore struct{ *ramStore }

var errAgain = errors.New("again")

func (s twiceStore) Update(ctx context.Context, f func(Tx) error) error {
	s.ramStore.Update(ctx, func(tx Tx) error { return errors.Join(f(tx), errAgain) })
	return s.ramStore.Update(ctx, f)
}

// newsWorld has changes about the crew, each with a word of its own.
type newsWorld struct {
	*world
	made map[OperatorJID][]string
}

func (w *newsWorld) restart() error {
	b, err := Open(w.ctx, twiceStore{w.store}, Options{Domain: "d.example", SuperOperators: crew[:1], Timing: defaults(), Clock: w.clock, Log: silent, Limits: Limits{Message: 100, Waiting: 9}})
	w.Bridge = b
	return err
}

// change changes something about an operator.
func (w *newsWorld) change(i int, by string) error {
	word := fmt.Sprintf("word%d.%d", i, len(w.made[crew[i]]))
	err := w.Team.Administer(w.ctx, func(tx Tx) error { return KeepNews(tx, crew[i], by, w.clock.now, phrase.Say("%s", word)) })
	w.made[crew[i]] = append(w.made[crew[i]], word)
	return err
}

// notices are the notices in an operator's desk log that tell of changes.
func (w *newsWorld) notices(i int) (list []DeskEntry) {
	for _, e := range w.store.desks[crew[i]] {
		if strings.Contains(e.Phrase.String(), " changed ") {
			list = append(list, e)
		}
	}
	return list
}

func (w *newsWorld) passes(d time.Duration) {
	w.clock.now = w.clock.now.Add(d)
	w.Turn(w.ctx)
}

// Whatever happens meanwhile, each operator who is enabled in the end is told each change about them once,
// and gets no two notices within a minute.
func TestNews_IsToldOnce(t *testing.T) {
	for i := range 400 {
		if wrong := playNews(rand.New(rand.NewPCG(7, uint64(i)))); wrong != "" {
			t.Fatalf("sequence %d: %s", i, wrong)
		}
	}
}

func playNews(r *rand.Rand) string {
	base, err := newWorld()
	if err != nil {
		return err.Error()
	}
	w := &newsWorld{base, make(map[OperatorJID][]string)}
	if err := w.restart(); err != nil {
		return err.Error()
	}
	for range 30 {
		switch err, who := error(nil), r.IntN(3); r.IntN(8) {
		case 0, 1, 2, 3:
			err = w.change(who, []string{"Xavi", "Vera"}[r.IntN(2)])
			if err != nil {
				return err.Error()
			}
		case 4, 5:
			w.passes([]time.Duration{time.Second, 29 * time.Second, time.Minute, 26 * time.Hour}[r.IntN(4)])
		case 6:
			if err := w.restart(); err != nil {
				return err.Error()
			}
		case 7:
			if err := w.disable(who); err != nil {
				return err.Error()
			}
		}
	}
	for i, o := range crew {
		if _, enabled := w.Bridge.Team.Operator(o); !enabled {
			if err := w.disable(i); err != nil {
				return err.Error()
			}
		}
	}
	w.passes(newsKept)
	for i, o := range crew {
		var said []string
		var last time.Time
		for _, e := range w.notices(i) {
			if e.At.Sub(last) < time.Minute {
				return fmt.Sprintf("%s is told at %s and at %s", o, last, e.At)
			}
			last = e.At
			for word := range strings.FieldsSeq(e.Phrase.String()) {
				if word = strings.Trim(word, ";."); strings.HasPrefix(word, "word") {
					said = append(said, word)
				}
			}
		}
		want := slices.Clone(w.made[o])
		slices.Sort(want)
		slices.Sort(said)
		if !slices.Equal(said, want) {
			return fmt.Sprintf("%s is told %q, and changed was %q", o, said, want)
		}
	}
	return ""
}

// All changes of a minute stand in one line, by who made them.
func TestNews_OneLine(t *testing.T) {
	base, err := newWorld()
	if err != nil {
		t.Fatal(err)
	}
	w := &newsWorld{base, make(map[OperatorJID][]string)}
	for i, n := range []struct {
		by      string
		changed phrase.Phrase
	}{
		{"Xavi", phrase.Say("your hours: %s", "Mon 9–17")}, {"Vera", phrase.Say("limit 4 → 3")}, {"Xavi", phrase.Say("what you may: now %s", "visitors")},
	} {
		if err := w.Team.Administer(w.ctx, func(tx Tx) error { return KeepNews(tx, crew[1], n.by, w.clock.now, n.changed) }); err != nil {
			t.Fatal(err)
		}
		if i < 2 {
			w.passes(29 * time.Second)
		}
	}
	if w.passes(time.Second); len(w.notices(1)) > 0 {
		t.Error("told within the minute")
	}
	w.passes(time.Second)
	got := w.notices(1)
	if want := "Xavi changed your hours: Mon 9–17; what you may: now visitors. Vera changed limit 4 → 3."; len(got) != 1 || got[0].Phrase.String() != want {
		t.Errorf("told %v, want %q", got, want)
	}
}
