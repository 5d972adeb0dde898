package bridge

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
)

var (
	waitsSeed = flag.Uint64("waits-seed", 1, "of the random sequences of TestNobodyWaitsUnseen")
	waitsRuns = flag.Int64("waits-runs", usualWaits, "how many there are")
)

// Nobody waits unseen, whatever happens to a conversation. At every moment it is offered to somebody who
// can take it, or everybody who could take it later is told when they come. Its visitor was told the
// truth. If it has an owner, the owner is there or a timer runs.
func TestNobodyWaitsUnseen(t *testing.T) {
	var next, failed atomic.Int64
	var group sync.WaitGroup
	failed.Store(*waitsRuns)
	for range runtime.GOMAXPROCS(0) {
		group.Go(func() {
			for i := next.Add(1) - 1; i < failed.Load(); i = next.Add(1) - 1 {
				if _, wrong := play(sequence(i)); wrong == "" {
					continue
				}
				for f := failed.Load(); i < f && !failed.CompareAndSwap(f, i); f = failed.Load() { // the lowest of all failed sequences is kept
				}
			}
		})
	}
	group.Wait()
	if i := failed.Load(); i < *waitsRuns {
		list := shrink(sequence(i), play)
		_, wrong := play(list)
		t.Errorf("sequence %d of seed %d, as short as it gets:\n%s\n%s", i, *waitsSeed, describe(list), wrong)
	}
}

// Sequences that once ended in somebody who waited unseen.
func TestNobodyWaitsUnseen_Again(t *testing.T) {
	for what, list := range map[string][]move{
		"who is enabled again hears of what they had declined before":                             {{asks, 1, 1, 3}, {declines, 2, 0, 6}, {shows, 2, 0, 1}, {disables, 2, 1, 7}, {disables, 2, 2, 2}},
		"nothing is passed on to who is disabled":                                                 {{asks, 2, 2, 3}, {shows, 2, 0, 2}, {disables, 2, 1, 0}, {takes, 0, 2, 3}, {passes, 1, 1, 2}, {disables, 2, 2, 3}},
		"who is in the department no more was the last one to decline":                            {{shows, 1, 0, 0}, {founds, 2, 2, 5}, {asks, 0, 2, 5}, {founds, 0, 1, 4}, {declines, 1, 2, 6}},
		"what begins again does so in a department that there is":                                 {{asks, 1, 2, 2}, {ends, 0, 0, 7}, {founds, 0, 2, 3}, {writes, 1, 0, 3}},
		"who can't be reached any more though they were asked while away leaves it to the others": {{asks, 0, 1, 3}, {setsHours, 1, 2, 7}, {answers, 0, 2, 3}, {passes, 2, 2, 7}, {waitsFor, 1, 2, 2}, {bounces, 1, 0, 4}},
		"who was asked for an address is not told that operators answer":                          {{shows, 2, 1, 0}, {asks, 0, 2, 5}, {waitsFor, 1, 2, 5}, {founds, 0, 0, 4}},
	} {
		if _, wrong := play(list); wrong != "" {
			t.Errorf("%s: %s", what, wrong)
		}
	}
}

func sequence(i int64) []move { return randomMoves(rand.New(rand.NewPCG(*waitsSeed, uint64(i)))) }

// play makes the moves in a new world, and returns how many were made until something was wrong, and
// what was wrong.
func play(list []move) (made int, wrong string) {
	defer func() {
		if r := recover(); r != nil {
			wrong = fmt.Sprint("panic: ", r)
		}
	}()
	w, err := newWorld()
	if err != nil {
		return 0, err.Error()
	}
	s := newSeen()
	s.look(w)
	for i, m := range list {
		made = i + 1
		if err := w.make(m); err != nil {
			return made, "an error that nobody may be given: " + err.Error()
		}
		if wrong := s.look(w); wrong != "" {
			return made, wrong
		}
	}
	return made, ""
}

// shrink leaves out the moves that a failure does not need: first halves, then ever smaller pieces.
func shrink(list []move, play func([]move) (int, string)) []move {
	made, _ := play(list)
	list = list[:made]
	for size := len(list) / 2; size > 0; {
		shorter := false
		for at := 0; at+size <= len(list); {
			try := append(append([]move(nil), list[:at]...), list[at+size:]...)
			if _, wrong := play(try); wrong != "" {
				list, shorter = try, true
			} else {
				at += size
			}
		}
		if !shorter || size > len(list) {
			size /= 2
		}
	}
	return list
}

func describe(list []move) string {
	var lines []string
	for _, m := range list {
		lines = append(lines, "  "+m.String())
	}
	return strings.Join(lines, "\n")
}

// A sequence that fails is cut down to the moves that make it fail.
func TestNobodyWaitsUnseen_Shrinks(t *testing.T) {
	list := []move{{deed: shows}, {deed: asks}, {deed: polls}, {deed: takes}, {deed: writes}, {deed: restarts}, {deed: closes}, {deed: links}}
	got := shrink(list, func(list []move) (int, string) {
		asked := false
		for i, m := range list {
			if asked = asked || m.deed == asks; asked && m.deed == closes {
				return i + 1, "wrong"
			}
		}
		return len(list), ""
	})
	if len(got) != 2 || got[0].deed != asks || got[1].deed != closes {
		t.Errorf("shrunk to\n%s", describe(got))
	}
}
