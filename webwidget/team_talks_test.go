package webwidget_test

import (
	"strings"
	"testing"
	"time"
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
