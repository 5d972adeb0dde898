package webwidget_test

import (
	"fmt"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"porchlight/bridge"
)

// Waits by the hour of the day and votes are drawn of whom the page shows, each with a table of its values: of all,
// of one who is chosen, or of the reader who may see no others. What holds nothing is not drawn.
func TestTeam_Charts(t *testing.T) {
	s, clock := staffed(t) // at 12:00
	titles := func(page string) string {
		var list []string
		for _, m := range regexp.MustCompile(`<title id="[a-z-]+">([^<]*), \d[^<]*</title>`).FindAllStringSubmatch(page, -1) {
			list = append(list, m[1])
		}
		return strings.Join(list, "; ")
	}
	if got := titles(s.team(xavi, "/team").body); got != "All together, chats" {
		t.Errorf("nobody has waited: %q", got)
	}
	for i, wait := range []time.Duration{20 * time.Second, 40 * time.Second, 3 * time.Minute} {
		who := []bridge.OperatorJID{olga, olga, xavi}[i]
		c := s.ask(`{"name":"Anna","reason":"How?"}`)
		clock.Move(wait)
		_, err := s.bridge.Take(t.Context(), who, c.Number)
		s.must(err)
		_, err = s.bridge.OperatorWrites(t.Context(), who, bridge.VisitorJID(c.Visitor), bridge.Said{ID: c.ID, Text: "Hello"})
		s.must(err)
		s.must(s.bridge.VisitorVotes(t.Context(), c.Number, int64(5-i), ""))
		if i == 1 {
			clock.Move(2 * time.Hour)
		}
	}
	const day = `<th scope="row">Sat 28 Nov</th><td>3</td><td>1 min 20 s</td>`
	const early, late = `<th scope="row">12:00</th><td>2</td><td>30 s</td>`, `<th scope="row">14:00</th><td>1</td><td>3 min</td>`
	const five, three = `<th scope="row">5 ★</th><td>1</td>`, `<th scope="row">3 ★</th><td>1</td>`
	for _, c := range []struct {
		reader         bridge.OperatorJID
		path, titles   string
		there, missing []string
	}{
		{xavi, "/team", "All together, chats; All together, waits by hour; All together, votes", []string{day, early, late, five, three}, []string{`<th scope="row">13:00`}},
		{xavi, "/team?range=today", "All together, waits by hour; All together, votes", []string{early, late, five, three}, nil},
		{xavi, "/team?who=olga@example.org", "Olga, chats; Olga, waits by hour; Olga, votes", []string{early, five}, []string{late, three}},
		{olga, "/team", "Olga, chats; Olga, waits by hour; Olga, votes", []string{early, five}, []string{late, three}},
		{olga, "/team?who=xavi@example.org", "Olga, chats; Olga, waits by hour; Olga, votes", []string{early}, []string{late, three}},
		{xavi, "/team?kind=tickets", "All together, tickets", nil, []string{early, five}},
	} {
		page := s.team(c.reader, c.path).body
		if got := titles(page); got != c.titles {
			t.Errorf("%s %s shows %q, want %q", c.reader, c.path, got, c.titles)
		}
		for _, words := range c.there {
			if !strings.Contains(page, words) {
				t.Errorf("%s %s lacks %s", c.reader, c.path, words)
			}
		}
		for _, words := range c.missing {
			if strings.Contains(page, words) {
				t.Errorf("%s %s has %s", c.reader, c.path, words)
			}
		}
	}
	s.may(olga, bridge.MayFeedback) // but not stats
	if page := s.team(olga, "/team?who=xavi@example.org").body; titles(page) != "" || strings.Contains(page, three) {
		t.Errorf("the charts of one whose votes alone may be seen: %q", titles(page))
	}
}

// The store is asked for the numbers and votes of all operators and departments at once, however many there are.
func TestTeam_AsksOnceForAll(t *testing.T) {
	s, _ := staffed(t)
	s.helped(olga, "Anna", "Thanks", 5)
	var views atomic.Int64
	s.store.set(func(g *gate) { g.hook = func() { views.Add(1) } })
	asked := func() [2]int64 {
		numbers, rest := s.counts.n.Load(), views.Load()
		s.team(xavi, "/team").want(t, 200)
		return [2]int64{s.counts.n.Load() - numbers, views.Load() - rest}
	}
	asked() // what changed lately is counted now
	few := asked()
	for i := range 12 {
		s.must(s.bridge.Team.Add(t.Context(), bridge.Operator{JID: bridge.OperatorJID(fmt.Sprintf("o%d@example.org", i)), Name: fmt.Sprint("O", i), Enabled: true}))
	}
	if many := asked(); many != few || few[0] == 0 || few[1] == 0 {
		t.Errorf("with 2 operators the store is asked %d times, with 14 %d times", few, many)
	}
}
