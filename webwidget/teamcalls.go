package webwidget

import (
	"net/http"
	"strings"

	"porchlight/bridge"
	"porchlight/bridge/phrase"
)

// teamPath is below what the team's page stands.
const teamPath = "/team"

// teamServer is the part of the server that the team's page (team.Server) and the page to unsubscribe use.
type teamServer struct{ s *Server }

// Language returns the language that the request asks for.
func (t teamServer) Language(r *http.Request) *phrase.Language { return deskTongue(r) }

// Fail answers with an error.
func (t teamServer) Fail(w http.ResponseWriter, r *http.Request, err error) { t.s.fail(w, r, err) }

// isTeam reports whether the answer belongs to the team's page.
func isTeam(r *http.Request) bool {
	return r.URL.Path == teamPath || strings.HasPrefix(r.URL.Path, teamPath+"/")
}

// teamCalls are the calls of the team's page.
func teamCalls(s *Server, r rooms) []call {
	const html = "text/html"
	shown := []param{{"range", "the days, as `stats` at the desk takes them"}, {"kind", "`chats` or `tickets`"}, {"who", "the address of an operator: that one's alone"}}
	sorted := param{"sort", "the name of a column, with `-` in front if the greatest comes first"}
	closed := []phrase.Code{phrase.CodeForbidden, phrase.CodeUnavailable}
	gone := []phrase.Code{phrase.CodeNotFound, phrase.CodeUnavailable}
	back := reply{303, nil, "leads to the page"}
	return []call{
		{method: http.MethodGet, path: teamPath + "/{link}", room: r.team, handle: s.team.Enter,
			does: "Shows the button of a link that the desk has made. The link still works afterwards.", gives: []reply{{200, html, ""}}, refuse: gone},
		{method: http.MethodPost, path: teamPath + "/{link}", room: r.team, handle: s.team.Open,
			does: "Uses the link up: sets the cookie of a session.", gives: []reply{back}, refuse: gone},
		{method: http.MethodGet, path: teamPath, room: r.team, handle: s.team.Show,
			does:  "Shows statistics, the queue, hours and votes, as far as the operator of the cookie's session may see them.",
			query: append(shown, sorted, param{"again", "set: the reader came from another site, and the page loads itself once more"}),
			gives: []reply{{200, html, ""}, {403, html, "the page without the operator who was asked for, whom the reader may not see"}, {404, html, "the same, if there is no such operator"}, {422, html, "the page with what is wrong with the range"}}, refuse: append(closed, phrase.CodeNotFound)},
		{method: http.MethodGet, path: teamPath + "/" + bridge.SearchPage, room: r.team, handle: s.team.Search,
			does: "Searches in what was said, as far as the operator may read it.",
			query: []param{{"q", "the words, as `search` at the desk takes them"}, {"operator", "the address of an operator who took part"}, {"department", "the name of a department"}, {"tag", "a tag"},
				{"range", "the days on which conversations began"}, {"page", "a page of what was found"}},
			gives: []reply{{200, html, ""}, {422, html, "the page with what is wrong with what was asked"}}, refuse: closed},
		{method: http.MethodGet, path: teamPath + "/transcript/{number}", room: r.team, handle: s.team.Transcript,
			does: "Shows all that was said in a conversation. If the operator reads it by right alone, the audit log has it then.", gives: []reply{{200, html, ""}}, refuse: append(closed, phrase.CodeNotFound)},
		{method: http.MethodGet, path: teamPath + "/stats.csv", room: r.team, handle: s.team.File,
			does: "Sends the statistics as a table: RFC 4180, UTF-8 with a byte order mark, times in seconds.", query: append(shown, sorted),
			gives: []reply{{200, "text/csv", ""}}, refuse: append(closed, phrase.CodeNotFound, phrase.CodeInvalid)},
		{method: http.MethodGet, path: teamPath + "/to/{link}", room: r.team, handle: s.team.To,
			does: "Shows the button of a link into one of the site's own systems, which the desk has put into an offer. No token is made.", gives: []reply{{200, html, ""}}, refuse: gone},
		{method: http.MethodPost, path: teamPath + "/to/{link}", room: r.team, handle: s.team.GoTo,
			does: "Leads on into that system, with a token that is made now.", gives: []reply{{200, html, ""}}, refuse: gone},
		{method: http.MethodPost, path: teamPath + "/leave", room: r.team, handle: s.team.Leave,
			does: "Ends the browser's session.", gives: []reply{back}, refuse: []phrase.Code{phrase.CodeUnavailable}},
	}
}

// boardCalls are the calls of the team's boards.
func boardCalls(s *Server, r rooms) []call {
	closed := []phrase.Code{phrase.CodeForbidden, phrase.CodeUnavailable}
	gone := []phrase.Code{phrase.CodeNotFound, phrase.CodeUnavailable}
	page := []reply{{200, "text/html", ""}}
	const changes = "Tells an open board at once, and then at most every two seconds when something may have changed, to load itself anew. It says nothing else."
	stream := []reply{{200, events{"board", boardChange{}}, ""}}
	return []call{
		{method: http.MethodGet, path: teamPath + "/board", room: r.team, handle: s.team.Board,
			does: "Shows the queue as a board that keeps itself up to date, also without script.", gives: page, refuse: closed},
		{method: http.MethodGet, path: teamPath + "/board/events", room: r.team, handle: s.boardEvents(s.streams.team, s.team.Admits), streams: true,
			does: changes, gives: stream, refuse: append(closed, phrase.CodeBusy)},
		{method: http.MethodGet, path: teamPath + "/wall/{token}", room: r.team, handle: s.team.Wall,
			does: "Shows the board alone, without anybody's words, by the lasting link of a screen.", gives: page, refuse: gone},
		{method: http.MethodGet, path: teamPath + "/wall/{token}/events", room: r.team, handle: s.boardEvents(s.streams.team, s.team.AdmitsScreen), streams: true,
			does: changes, gives: stream, refuse: append(gone, phrase.CodeBusy)},
	}
}

// seerCalls are the calls of the list of those who are on the site.
func seerCalls(s *Server, r rooms) []call {
	const path, html = teamPath + "/" + bridge.VisitorsPage, "text/html"
	closed := []phrase.Code{phrase.CodeForbidden, phrase.CodeUnavailable}
	return []call{
		{method: http.MethodGet, path: path, room: r.team, handle: s.team.Visitors,
			does: "Lists who is on the site now, for operators with the right `visitors`. The list keeps itself up to date, also without script. A link beside each opens the chat with the desk to invite them.", gives: []reply{{200, html, ""}}, refuse: closed},
		{method: http.MethodGet, path: path + "/events", room: r.team, handle: s.boardEvents(s.streams.visits, s.team.AdmitsSeer), streams: true,
			does:  "Tells an open list at once, and then at most every two seconds when something may have changed, to load itself anew. It says nothing else.",
			gives: []reply{{200, events{"board", boardChange{}}, ""}}, refuse: append(closed, phrase.CodeBusy)},
	}
}
