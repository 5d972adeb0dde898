package webwidget_test

import (
	"encoding/csv"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"porchlight/bridge"
)

// The file is CSV as spreadsheets read it, and no name in it is a formula.
func TestTeam_File(t *testing.T) {
	s, clock := staffed(t)
	for i, name := range []string{"=cmd|' /C calc'!A0", "+1", "-1", `Quote "x", comma`} {
		s.must(s.bridge.Team.Add(t.Context(), bridge.Operator{JID: bridge.OperatorJID(fmt.Sprintf("o%d@example.org", i)), Name: name, Enabled: true}))
	}
	s.withDepartments(bridge.Department{Name: "sums", Title: "@SUM(A1)"})
	s.must(s.bridge.Team.Administer(t.Context(), func(tx bridge.Tx) error { return tx.DeleteOperator("vera@example.org") })) // whom withDepartments enters
	c := s.ask(`{"name":"Anna","reason":"How?","department":"support"}`)
	_, err := s.bridge.Take(t.Context(), olga, c.Number)
	s.must(err)
	clock.Move(38 * time.Second)
	_, err = s.bridge.OperatorWrites(t.Context(), olga, bridge.VisitorJID(c.Visitor), bridge.Said{ID: "s", Text: "Hello"})
	s.must(err)
	r := s.team(xavi, "/team/stats.csv?range=7d&kind=chats")
	r.want(t, 200)
	if got := r.header.Get("Content-Disposition"); got != `attachment; filename="chats-2026-11-22-2026-11-28.csv"` {
		t.Errorf("Content-Disposition %q", got)
	}
	if got := r.header.Get("Content-Type"); got != "text/csv; charset=utf-8; header=present" {
		t.Errorf("Content-Type %q", got)
	}
	text, marked := strings.CutPrefix(r.body, "\uFEFF")
	if !marked || strings.Count(text, "\n") != strings.Count(text, "\r\n") {
		t.Errorf("no byte order mark, or lines without CRLF: %q", r.body)
	}
	rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	s.must(err)
	at := func(name string) int { return slices.Index(rows[0], name) }
	var names []string
	for _, row := range rows[1:] {
		names = append(names, row[0]+" "+row[1])
		if row[1] == "Olga" && (row[at("conversations")] != "1" || row[at("first_answer_mean_s")] != "38" || row[at("first_answer_n")] != "1" || row[at("vote_mean")] != "" || row[at("vote_n")] != "0") {
			t.Errorf("Olga's figures: %q under %q", row, rows[0])
		}
	}
	want := []string{`operator '+1`, `operator '-1`, `operator '=cmd|' /C calc'!A0`, "operator Olga", `operator Quote "x", comma`, "operator Xavi", "department '@SUM(A1)", "department Support", "team All together"}
	if !slices.Equal(names, want) {
		t.Errorf("rows %q, want %q", names, want)
	}
	for _, path := range []string{"/team/stats.csv?range=2026-13", "/team/stats.csv?range=%0d%0aX:y"} {
		s.team(xavi, path).want(t, 422)
	}
}

// Headings sort by their column: numbers from the greatest, then the other way; who has none comes last.
func TestTeam_Sort(t *testing.T) {
	s, clock := staffed(t)
	s.must(s.bridge.Team.Add(t.Context(), bridge.Operator{JID: "vera@example.org", Name: "vera", Enabled: true}))
	for i, who := range []bridge.OperatorJID{olga, xavi, xavi} {
		c := s.ask(`{"name":"Anna","reason":"How?"}`)
		_, err := s.bridge.Take(t.Context(), who, c.Number)
		s.must(err)
		clock.Move(time.Duration(90-30*i) * time.Second)
		_, err = s.bridge.OperatorWrites(t.Context(), who, bridge.VisitorJID(c.Visitor), bridge.Said{ID: fmt.Sprint("s", i), Text: "Hello"})
		s.must(err)
	}
	people := regexp.MustCompile(`<th scope="row"><a href="[^"]*"><bdi>([^<]*)</bdi>`)
	for _, c := range []struct{ sort, names, heading string }{
		{"", "Olga vera Xavi", `aria-sort="ascending"><a href="/team?sort=-name#stats">Name`},
		{"-name", "Xavi vera Olga", `aria-sort="descending"><a href="/team?sort=name#stats">Name`},
		{"-conversations", "Xavi Olga vera", `aria-sort="descending"><a href="/team?sort=conversations#stats">Conversations`},
		{"conversations", "vera Olga Xavi", `aria-sort="ascending"><a href="/team?sort=-conversations#stats">Conversations`},
		{"first_answer", "Xavi Olga vera", `aria-sort="ascending"><a href="/team?sort=-first_answer#stats">First answer`},
		{"-first_answer", "Olga Xavi vera", `aria-sort="descending"><a href="/team?sort=first_answer#stats">First answer`},
		{"nothing", "Olga vera Xavi", `aria-sort="none"><a href="/team?sort=-vote#stats">Vote`},
	} {
		r := s.team(xavi, "/team?sort="+c.sort)
		var names []string
		for _, m := range people.FindAllStringSubmatch(r.body, -1) {
			names = append(names, m[1])
		}
		if got := strings.Join(names, " "); got != c.names || !strings.Contains(r.body, c.heading) {
			t.Errorf("sort=%s: %s, want %s with %s", c.sort, got, c.names, c.heading)
		}
	}
}

// What people are called, what visitors wrote, and what an address holds are text on the page.
func TestTeam_HostileTexts(t *testing.T) {
	s, _ := staffed(t)
	const evil = `"><script>alert(1)</script><svg onload=x>'`
	_, err := s.bridge.Team.Change(t.Context(), olga, func(o *bridge.Operator) { o.Name = evil })
	s.must(err)
	s.helped(olga, evil, evil+"\u202e</blockquote>", 1)
	s.ask(toJSON(map[string]string{"name": evil, "reason": evil}))
	escaped := "%22%3E%3Cscript%3Ealert(1)%3C/script%3E"
	for _, path := range []string{"/team", "/team/board", "/team?range=" + escaped, "/team?sort=" + escaped, "/team?kind=" + escaped, "/team?who=" + escaped,
		"/team?range=2026&sort=-vote&kind=tickets", "/team?range=%00%ff", "/team?range=" + strings.Repeat("9", 4000) + "d"} {
		r := s.team(xavi, path)
		if strings.Contains(r.body, "<script>") || strings.Contains(r.body, "<svg onload") || r.status >= 500 {
			t.Errorf("%s: %d, markup of others on the page", path, r.status)
		}
	}
	if r := s.team(xavi, "/team?range=2026-13"); r.status != 422 || !strings.Contains(r.body, `role="alert">&#34;2026-13&#34; is no range`) {
		t.Errorf("a wrong range: %d", r.status)
	}
	if strings.Contains(s.log.String(), "script") {
		t.Error("the log has what people wrote")
	}
}

// The page speaks the operator's language, and the button that of the browser.
func TestTeam_Languages(t *testing.T) {
	s, _ := staffed(t)
	s.helped(olga, "Anna", "Gut", 5)
	for tag, words := range map[string][2]string{"de": {"Statistik", "Die Seite des Teams öffnen"}, "es": {"Estadísticas", "Abrir la página del equipo"}, "fr": {"Statistiques", "Ouvrir la page de l’équipe"}} {
		_, err := s.bridge.Team.Change(t.Context(), olga, func(o *bridge.Operator) { o.Language = tag })
		s.must(err)
		if r := s.team(olga, "/team"); !strings.Contains(r.body, `<html lang="`+tag+`"`) || !strings.Contains(r.body, words[0]) {
			t.Errorf("%s: %s", tag, r.body)
		}
		if r := s.do("GET", s.teamLink(olga), "", "Accept-Language: "+tag); !strings.Contains(r.body, words[1]) {
			t.Errorf("%s: %s", tag, r.body)
		}
	}
}

// What can't be shown at the moment is tried again, because a screen on a wall has nobody who would do so.
func TestTeam_ScreensTryAgain(t *testing.T) {
	s, _ := staffed(t, func(o *setup) { o.PublicURL = "https://chat.example.org/live" })
	wall, link := s.teamWall(xavi), s.teamLink(olga)
	if r := s.do("GET", link, ""); !strings.Contains(r.body, `action="/live`+link+`"`) {
		t.Errorf("the button leads elsewhere: %s", r.body)
	}
	if r := s.do("POST", link, "", formType); r.header.Get("Location") != "/live/team" {
		t.Errorf("opened at %q", r.header.Get("Location"))
	}
	s.store.set(func(g *gate) { g.lost = errUnavailable })
	r := s.do("GET", wall, "")
	if r.status != 503 || !strings.Contains(r.body, `content="30; url=/live`+wall+`"`) || strings.Contains(r.body, "Send team") {
		t.Errorf("while nothing can be read: %d %s", r.status, r.body)
	}
	s.store.set(func(g *gate) { g.lost = nil })
	s.do("GET", wall, "").want(t, 200)
}

// The numbers and votes of who or what was deleted stay under the name; an operator who was deleted or disabled and did
// nothing is not listed, and no deleted department in which nothing was.
func TestTeam_Former(t *testing.T) {
	s, _ := staffed(t)
	for _, name := range []string{"pere", "vera", "zoe"} {
		s.must(s.bridge.Team.Add(t.Context(), bridge.Operator{JID: bridge.OperatorJID(name + "@example.org"), Name: strings.ToUpper(name), Enabled: true, Departments: bridge.Circle{"support"}}))
	}
	s.helped("pere@example.org", "Anna", "Very kind", 5)
	s.must(s.bridge.Team.Administer(t.Context(), func(tx bridge.Tx) error {
		zoe, err := tx.Operator("zoe@example.org")
		if err != nil {
			return err
		}
		zoe.Enabled = false
		if err := tx.SaveOperator(zoe); err != nil {
			return err
		}
		if err := tx.DeleteOperator("vera@example.org"); err != nil {
			return err
		}
		for _, name := range []string{"support", "empty"} {
			if err := errors.Join(tx.SaveDepartment(bridge.Department{Name: name, Title: strings.ToUpper(name)}), tx.DeleteDepartment(name)); err != nil {
				return err
			}
		}
		return errors.Join(tx.SaveDepartment(bridge.Department{Name: "new", Title: "New"}), tx.DeleteOperator("pere@example.org"))
	}))
	page := s.team(xavi, "/team").body
	if !strings.Contains(page, "<bdi>PERE</bdi></a> <small>deleted</small>") || !strings.Contains(page, "→ <bdi>PERE</bdi>") || strings.Contains(page, "VERA") || strings.Contains(page, "ZOE") {
		t.Errorf("former operators: %s", page)
	}
	if !strings.Contains(page, "<bdi>SUPPORT</bdi> <small>deleted</small>") || !strings.Contains(page, "<bdi>New</bdi></th>") || strings.Contains(page, "EMPTY") {
		t.Errorf("former departments: %s", page)
	}
	if page := s.team(xavi, "/team?who=zoe@example.org").body; !strings.Contains(page, "<bdi>ZOE</bdi></a> <small>disabled</small>") {
		t.Errorf("one who is asked for: %s", page)
	}
}

// Tickets have a table of their own, in which what waits for its first answer stands.
func TestTeam_Tickets(t *testing.T) {
	s, clock := staffed(t)
	s.must(s.bridge.Reach.Presence(t.Context(), xavi, "phone", bridge.ShowOffline))
	s.ask(`{"name":"Anna","email":"anna@example.org","reason":"How?"}`)
	clock.Move(26 * time.Hour)
	page := s.team(xavi, "/team?kind=tickets").body
	for _, words := range []string{"23–29 Nov, Tickets", "New → solved, first time", `<td data-head="Unanswered">1 <small>oldest 26 h</small></td>`, "All together, tickets", `<tbody class="tickets">`} {
		if !strings.Contains(page, words) {
			t.Errorf("tickets lack %q: %s", words, page)
		}
	}
	file := s.team(xavi, "/team/stats.csv?kind=tickets")
	if got := file.header.Get("Content-Disposition"); !strings.Contains(got, "tickets-2026-11-23-2026-11-29.csv") || !strings.Contains(file.body, "unanswered,unanswered_oldest_s,") || !strings.Contains(file.body, ",1,93600,") {
		t.Errorf("the file: %s %s", got, file.body)
	}
}
