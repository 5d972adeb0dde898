package webwidget_test

import (
	"strings"
	"testing"
	"time"

	"porchlight/bridge"
)

// The board says who talks to whom since when, and whose words have had no answer for how long: those first. A screen
// names no visitor.
func TestTeam_WhoTalksToWhom(t *testing.T) {
	s, clock := staffed(t)
	s.helped(olga, "Bob", "Fine", 5)
	clock.Move(2 * time.Minute)
	c := s.helped(xavi, "Anna", "Fine", 5)
	clock.Move(time.Minute)
	s.do("POST", "/v1/conversations/"+c.ID+"/messages", `{"client_id":"a-random-client-id","text":"And this?"}`, "Authorization: Bearer "+c.Token).want(t, 201)
	clock.Move(4 * time.Minute)
	rows := func(path string) string {
		_, table, _ := strings.Cut(s.team(xavi, path).body, `<table class="talks">`)
		_, table, _ = strings.Cut(table, "<tbody>")
		table, _, _ = strings.Cut(table, "</tbody>")
		return strings.TrimSpace(strings.NewReplacer("</th>", "|", "</td>", "|", `<th scope="row">`, "", "<td>", "", "<bdi>", "", "</bdi>", "", "</tr>", "", "<tr>", "").Replace(table))
	}
	if got, want := rows("/team/board"), "<tr class=\"late\">#2|Xavi|Support|5 min|4 min|\n#1|Olga|Support|7 min|–|"; got != want {
		t.Errorf("the screen has\n%s\nwant\n%s", got, want)
	}
	if got, want := rows("/team"), "<tr class=\"late\">#2|Xavi|Anna|Support|5 min|4 min|\n#1|Olga|Bob|Support|7 min|–|"; got != want {
		t.Errorf("the page has\n%s\nwant\n%s", got, want)
	}
}

// ticket is a request that came while nobody was there.
func (s *service) ticket(body string) opened {
	s.Helper()
	s.must(s.bridge.Reach.Presence(s.Context(), xavi, "phone", bridge.ShowOffline))
	o := s.ask(body)
	s.must(s.bridge.Reach.Presence(s.Context(), xavi, "phone", bridge.ShowAvailable))
	if o.State != "ticket" {
		s.Fatalf("state %q", o.State)
	}
	return o
}

// numbers lists the conversations in a table of a board, by kind.
func numbers(body, table string) (chats, tickets string) {
	_, body, _ = strings.Cut(body, `<table class="`+table+`">`)
	_, body, _ = strings.Cut(body, "<tbody>")
	body, _, _ = strings.Cut(body, "</table>")
	list := [2][]string{}
	for i, part := range strings.SplitN(body, `<tbody class="tickets`, 2) {
		for _, row := range strings.Split(part, "<tr")[1:] {
			if _, n, ok := strings.Cut(row, `<th scope="row">`); ok {
				n, _, _ = strings.Cut(n, "</th>")
				if strings.HasPrefix(row, ` class="late`) {
					n += "!"
				}
				list[i] = append(list[i], n)
			}
		}
	}
	return strings.Join(list[0], " "), strings.Join(list[1], " ")
}

// However many tickets there are, and however long they have waited, chats come first; tickets stand apart and are counted apart.
func TestTeam_ChatsComeBeforeTickets(t *testing.T) {
	s, clock := staffed(t)
	for range 9 {
		s.ticket("")
		clock.Move(time.Hour)
	}
	s.ask("")
	clock.Move(time.Minute)
	s.ask("")
	clock.Move(time.Minute)
	board := s.team(xavi, "/team/board").body
	if chats, tickets := numbers(board, "waits"); chats != "#10 #11" || tickets != "#1 #2 #3 #4 #5 #6 #7 #8" {
		t.Errorf("waiting: %s, and the tickets %s", chats, tickets)
	}
	for _, want := range []string{`<b>2</b> waiting`, `<b>2 min</b> longest wait`, `<b>9</b> tickets waiting, 0 taken`, "2 waiting, longest 2 min · tickets waiting: 9",
		`<p class="rows6">More tickets: 5. queue at the desk lists them.</p>`, `<p class="rows10">More tickets: 1. queue`, `<tr><th scope="row">#4`, `<tr class="row7"><th scope="row">#5`, `<tr class="row10"><th scope="row">#8`} {
		if !strings.Contains(board, want) {
			t.Errorf("the board lacks %q", want)
		}
	}
	for n := range int64(11) {
		_, err := s.bridge.Take(t.Context(), xavi, n+1)
		s.must(err)
	}
	board = s.team(xavi, "/team/board").body
	if chats, tickets := numbers(board, "talks"); strings.ReplaceAll(chats, "!", "") != "#10 #11" || tickets != "#1 #2 #3 #4 #5 #6 #7 #8" {
		t.Errorf("taken: %s, and the tickets %s", chats, tickets)
	}
	for _, want := range []string{`<b>0</b> waiting`, `<b>2</b> active`, `<b>0</b> tickets waiting, 9 taken`, "Nobody waits."} {
		if !strings.Contains(board, want) {
			t.Errorf("the board lacks %q", want)
		}
	}
	for range 7 {
		s.ask("")
	}
	board = s.team(xavi, "/team/board").body
	if chats, tickets := numbers(board, "waits"); chats != "#12 #13 #14 #15 #16 #17 #18" || tickets != "" || !strings.Contains(board, "<p class=\"rows6\">More chats: 1. queue at the desk lists them.</p>\n</div>") {
		t.Errorf("waiting: %s, and the tickets %s", chats, tickets)
	}
}

// A chat is late after three minutes without an answer, or by its department's target; a ticket by a target alone, in business hours; and
// what is put off is not late.
func TestTeam_LatenessByKind(t *testing.T) {
	s, clock := staffed(t) // on a Saturday at noon
	takes := func(o opened) opened {
		t.Helper()
		_, err := s.bridge.Take(t.Context(), xavi, s.conversation(o).Number)
		s.must(err)
		return o
	}
	late := func(want string) {
		t.Helper()
		chats, tickets := numbers(s.team(xavi, "/team/board").body, "talks")
		if got := chats + " / " + tickets; got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
	takes(s.ticket(""))
	c := takes(s.ask(""))
	clock.Move(4 * time.Minute)
	late("#2! / #1")
	_, err := s.bridge.Defer(t.Context(), xavi, bridge.VisitorJID(c.Visitor), clock.Now().Add(26*time.Hour))
	s.must(err)
	late("#2 / #1")
	if board := s.team(xavi, "/team/board").body; !strings.Contains(board, "put off until 29 Nov 14:04") {
		t.Error("it is not said until when #2 is put off")
	}
	s.must(s.bridge.Team.Administer(t.Context(), func(tx bridge.Tx) error {
		return tx.SaveDepartment(bridge.Department{Name: "support", Title: "Support", Hours: "Mon-Fri 9-17; UTC", Targets: bridge.Targets{First: 10 * time.Minute}})
	}))
	takes(s.ticket(""))
	takes(s.ask(""))
	clock.Move(5 * time.Minute)
	late("#4 #2 / #1 #3")
	clock.Move(44*time.Hour + 56*time.Minute) // Monday at 9:05
	late("#4 #2 / #1 #3")
	clock.Move(6 * time.Minute)
	late("#4! #2 / #1 #3!")
}
