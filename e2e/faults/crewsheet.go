package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// What is kept of several nodes beside the messages.

// gap is a time without a link of which the operator was told.
type gap struct{ from, to time.Time }

// ring is a short request.
type ring struct {
	asked   bool     // an operator was
	takenBy []string // who was told that it is theirs
	named   []string // what the desk has said that names it
}

// stored is how long a visitor's message took that was stored at the first try.
type stored struct {
	began time.Time
	took  time.Duration
}

func (s *sheet) send(name string, n int, at time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.lane(name).sent[n] = at
}

func (s *sheet) refuse(name string, n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.lane(name).refused[n] = true
}

func (s *sheet) posted(began time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.posts = append(s.posts, stored{began, time.Since(began)})
}

// told takes in a notice of a gap, which has hours, minutes and seconds only.
func (s *sheet) told(from, to string, now time.Time) error {
	var times [2]time.Time
	for i, text := range []string{from, to} {
		t, err := time.Parse("15:04:05", text)
		if err != nil {
			return fmt.Errorf("read the notice of a gap: %w", err)
		}
		now := now.UTC()
		times[i] = time.Date(now.Year(), now.Month(), now.Day(), t.Hour(), t.Minute(), t.Second(), 0, time.UTC)
		if times[i].After(now.Add(time.Hour)) { // it was yesterday
			times[i] = times[i].AddDate(0, 0, -1)
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.gaps = append(s.gaps, gap{times[0], times[1].Add(time.Second)})
	return nil
}

// rung returns a short request. The lock is held.
func (s *sheet) rung(number int64) *ring {
	r := s.rings[number]
	if r == nil {
		r = &ring{}
		s.rings[number] = r
	}
	return r
}

func (s *sheet) ask(number int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.rung(number).asked = true
}

func (s *sheet) named(number int64, text string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	r := s.rung(number)
	r.named = append(r.named, text)
}

func (s *sheet) take(number int64, who string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if r := s.rung(number); !slices.Contains(r.takenBy, who) {
		r.takenBy = append(r.takenBy, who)
	}
}

// taken reports whether somebody has a request.
func (s *sheet) taken(number int64) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.rung(number).takenBy) > 0
}

// answeredSince reports whether an operator's message that was sent after a moment was acknowledged.
func (s *sheet) answeredSince(moment time.Time) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	for name, l := range s.lanes {
		if !strings.HasPrefix(name, toVisitor) {
			continue
		}
		for n := range l.acked {
			if l.sent[n].After(moment) {
				return true
			}
		}
	}
	return false
}

// longestGap returns the longest time from a moment on in which no message of an operator was sent that was acknowledged.
func (s *sheet) longestGap(from time.Time) (longest time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	times := []time.Time{from}
	for name, l := range s.lanes {
		for n := range l.acked {
			if at := l.sent[n]; strings.HasPrefix(name, toVisitor) && at.After(from) {
				times = append(times, at)
			}
		}
	}
	slices.SortFunc(times, time.Time.Compare)
	for i := range times[1:] {
		longest = max(longest, times[i+1].Sub(times[i]))
	}
	return longest
}

// silent lists the operator's messages that were neither acknowledged nor answered by an error, nor sent in a gap that was told, and
// are not at the visitor. stored is how many such messages are.
func (s *sheet) silent() (list []string, stored int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for name, l := range s.lanes {
		for n, at := range l.sent {
			in := func(g gap) bool { return !at.Before(g.from) && !at.After(g.to) }
			if l.acked[n] || l.refused[n] || slices.ContainsFunc(s.gaps, in) {
				continue
			}
			if l.seen[n] {
				stored++
				continue
			}
			list = append(list, fmt.Sprintf("at %s %s %d", at.UTC().Format("15:04:05.000"), name, n))
		}
	}
	slices.Sort(list)
	return list, stored
}

// gapList lists the gaps that were told.
func (s *sheet) gapList() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var list []string
	for _, g := range s.gaps {
		list = append(list, g.from.Format("15:04:05")+"–"+g.to.Format("15:04:05"))
	}
	return strings.Join(list, ", ")
}

// unasked lists the requests that nobody was asked for, and twice those that two have.
func (s *sheet) unasked() (nobody, twice []int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for number, r := range s.rings {
		if !r.asked && len(r.takenBy) == 0 {
			nobody = append(nobody, number)
		}
		if len(r.takenBy) > 1 {
			twice = append(twice, number)
		}
	}
	return nobody, twice
}

// percentile returns the time within which a part of the posts that began between two moments was stored, and how many they were.
func (s *sheet) percentile(part float64, from, to time.Time) (time.Duration, int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var all []time.Duration
	for _, p := range s.posts {
		if !p.began.Before(from) && p.began.Before(to) {
			all = append(all, p.took)
		}
	}
	if len(all) == 0 {
		return 0, 0
	}
	slices.Sort(all)
	return all[int(part*float64(len(all)-1))], len(all)
}

// crewSummary adds to the summary what only several nodes have.
func (s *sheet) crewSummary() string {
	silent, stored := s.silent()
	nobody, twice := s.unasked()
	s.mu.Lock()
	defer s.mu.Unlock()
	refused := 0
	for _, l := range s.lanes {
		refused += len(l.refused)
	}
	return fmt.Sprintf("%d requests, %d taken by two, %d that nobody was asked for; of the operator's messages %d answered by an error, %d stored without a receipt outside the %d gaps told, %d silent outside them",
		len(s.rings), len(twice), len(nobody), refused, stored, len(s.gaps), len(silent))
}

// crewVerdict is an error if a promise of several nodes was broken.
func (s *sheet) crewVerdict() error {
	silent, _ := s.silent()
	nobody, twice := s.unasked()
	var errs []error
	if len(silent) > 0 {
		errs = append(errs, fmt.Errorf("neither acknowledged nor refused, and no gap was told: %d, %s … %s; told were %s", len(silent),
			strings.Join(silent[:min(len(silent), 10)], ", "), silent[len(silent)-1], s.gapList()))
	}
	if len(nobody) > 0 {
		s.mu.Lock()
		errs = append(errs, fmt.Errorf("nobody was asked for %v; the desk has said of the first: %q", nobody, s.rung(nobody[0]).named))
		s.mu.Unlock()
	}
	if len(twice) > 0 {
		errs = append(errs, fmt.Errorf("two took %v", twice))
	}
	return errors.Join(append(errs, s.verdict())...)
}
