package webwidget_test

import (
	"strings"
	"testing"

	"porchlight/bridge"
)

// A board is told at once, and when a conversation or somebody's presence changes, but not what has changed. Nobody
// without a session or the link of a screen is told anything.
func TestTeam_BoardIsToldOfChanges(t *testing.T) {
	s, _ := staffed(t)
	for _, c := range []*client{s.follow("/team/board/events", "Cookie: porchlight_team="+s.teamSession(xavi)), s.follow(s.teamWall(xavi) + "/events")} {
		told := func(when string) {
			t.Helper()
			if f := c.next(); f.event != "board" || !strings.HasPrefix(f.data, `{"change":`) {
				t.Errorf("%s: %+v", when, f)
			}
		}
		told("at once")
		s.ask("")
		told("a request")
		s.must(s.bridge.Reach.Presence(t.Context(), xavi, "phone", bridge.ShowAway))
		told("a presence")
		s.must(s.bridge.Reach.Presence(t.Context(), xavi, "phone", bridge.ShowAvailable))
		told("another presence")
	}
	s.do("GET", "/team/board/events", "").want(t, 403)
	s.do("GET", "/team/wall/unknown/events", "").want(t, 404)
}

// Only the boards run a script, and each of them no other than its own.
func TestTeam_OnlyBoardsRunAScript(t *testing.T) {
	s, _ := staffed(t)
	for path, scripts := range map[string]bool{"/team": false, "/team/search": false, "/team/board": true, "/team/visitors": true} {
		r := s.team(xavi, path)
		policy := r.header.Get("Content-Security-Policy")
		if strings.Contains(policy, "script-src 'self'") != scripts || strings.Contains(r.body, "<script") != scripts || !strings.Contains(policy, "default-src 'none'") {
			t.Errorf("%s has the policy %q", path, policy)
		}
	}
}
