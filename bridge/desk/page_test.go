package desk_test

import (
	"context"
	"regexp"
	"strings"
	"testing"

	"porchlight/bridge"
	"porchlight/bridge/phrase"
)

// pageURL matches a link to the team's page, at the end of a line.
var pageURL = regexp.MustCompile(`https://chat\.example\.org/live/team/(wall/)?([a-z2-7]{26})\b`)

// linked is an answer with <link> in place of the link to the team's page, which is never the same.
func linked(answer string) string { return pageURL.ReplaceAllString(answer, "<link>") }

// team answers with a link that works; stats, hours and operators end with one where they are about
// nobody in particular.
func TestTeam_Links(t *testing.T) {
	o := newOffice(t)
	o.counting()
	answer := o.say(olga, "", "team")
	if got := linked(answer); got != "The team's page: <link>\nThe link works once, for 15 minutes. team-logout ends what it has opened." {
		t.Errorf("team: %s", got)
	}
	session, _ := o.opened(answer)
	if who, err := o.bridge.Passes.Who(t.Context(), session); who.JID != olga || err != nil {
		t.Errorf("the page is opened for %q, %v", who.JID, err)
	}
	for line, to := range map[string]string{"stats": "?range=7d#stats", "stats tickets": "?kind=tickets&range=7d#stats", "stats today": "?range=today#stats", "stats all 2026-11": "?range=2026-11#stats",
		"stats support": "?range=7d#stats", "stats olga 30d tickets": "?kind=tickets&range=30d&who=olga%40example.org#stats", "hours": "#week", "operators": "#now"} {
		got := o.say(xavi, "", line)
		lines := strings.Split(linked(got), "\n")
		if last := lines[len(lines)-1]; !strings.HasSuffix(last, "Everything: <link>") || strings.Count(linked(got), "<link>") != 1 {
			t.Errorf("%s: %s", line, got)
		}
		session, leads := o.opened(got)
		if who, err := o.bridge.Passes.Who(t.Context(), session); who.JID != xavi || leads != to || err != nil {
			t.Errorf("%s opens the page for %q at %s, %v; want it at %s", line, who.JID, leads, err, to)
		}
	}
	for _, line := range []string{"hours site", "operators olga", "who", "hours nobody"} {
		if got := o.say(xavi, "", line); strings.Contains(got, "Everything") {
			t.Errorf("%s: %s", line, got)
		}
	}
	if got := o.say(xavi, "anna@support.example.org", "stats"); !strings.Contains(got, "Tickets: stats xavi 7d tickets.") || strings.Contains(got, "Everything") {
		t.Errorf("stats in a conversation: %s", got)
	}
	o.store.full = true
	if got := o.say(xavi, "", "hours"); !strings.HasPrefix(got, "Yours: ") || strings.Contains(got, "Everything") {
		t.Errorf("hours while nothing can be stored: %s", got)
	}
	o.store.full = false
	for _, step := range []struct {
		who        bridge.OperatorJID
		line, want string
	}{
		{olga, "team-logout", "Browsers logged out: 1. Links that were not used yet don't work any more. team sends a new one."},
		{olga, "team-logout", "No browser of yours was logged in. Links that were not used yet don't work any more."},
	} {
		if got := o.say(step.who, "", step.line); got != step.want {
			t.Errorf("%s: %s", step.line, got)
		}
	}
	if _, err := o.bridge.Passes.Who(context.Background(), session); phrase.CodeOf(err) != phrase.CodeForbidden {
		t.Errorf("after team-logout: %v", err)
	}
}

// opened opens the page with the link of an answer, and returns the session's token and where the link
// leads.
func (o *office) opened(answer string) (session, to string) {
	o.t.Helper()
	m := pageURL.FindStringSubmatch(answer)
	if m == nil {
		o.t.Fatalf("no link in %q", answer)
	}
	session, to, err := o.bridge.Passes.Redeem(context.Background(), m[2], "")
	o.must(err)
	return session, to
}

// Links for walls are made, listed and taken back by super operators, each change with the line that
// takes it back, and audited without the link.
func TestTeam_Walls(t *testing.T) {
	o := newOffice(t)
	for _, step := range []struct {
		who        bridge.OperatorJID
		line, want string
	}{
		{xavi, "team-walls", "There are no walls. team-wall NAME makes a link for one."},
		{xavi, "team-wall Entrance hall", "The wall Entrance hall: <link>\nOpen it on the screen. It shows the overview until somebody takes it back; the link is told only here.\nBack: team-wall-delete Entrance hall"},
		{xavi, "team-wall entrance hall", "error: There is a wall Entrance hall already. team-wall-delete Entrance hall takes its link back. Nothing was changed."},
		{xavi, "team-wall", "error: Missing: NAME. Write: team-wall NAME. Nothing was changed."},
		{olga, "team-wall kitchen", "error: You may not use team-wall: only super operators may. Nothing was changed."},
		{olga, "team-walls", "error: You may not use team-walls: only super operators may."},
		{olga, "team-wall-delete Entrance hall", "error: You may not use team-wall-delete: only super operators may. Nothing was changed."},
		{xavi, "team-walls", "Walls: 1\n  Entrance hall – made by Xavi on 21 Nov 12:00"},
		{xavi, "team-wall-delete kitchen", `error: There is no wall "kitchen". team-walls lists them. Nothing was changed.`},
		{xavi, "team-wall-delete Entrance hall", "The link of the wall Entrance hall opens nothing any more. team-wall Entrance hall makes another."},
		{xavi, "team-walls", "There are no walls. team-wall NAME makes a link for one."},
	} {
		if got := linked(o.say(step.who, "", step.line)); got != step.want {
			t.Errorf("%s: %s\nwant %s", step.line, got, step.want)
		}
	}
	audit := o.say(xavi, "", "audit")
	if !strings.Contains(audit, "team-wall Entrance hall") || !strings.Contains(audit, "team-wall-delete Entrance hall") || strings.Contains(audit, "/team/") {
		t.Errorf("audit: %s", audit)
	}
}
