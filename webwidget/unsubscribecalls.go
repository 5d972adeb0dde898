package webwidget

import (
	"net/http"
	"strings"

	"porchlight/bridge/phrase"
	"porchlight/bridge/report"
)

// isUnsubscribe reports whether the answer belongs to the page on which recipients end weekly statistics.
func isUnsubscribe(r *http.Request) bool {
	return strings.HasPrefix(r.URL.Path, report.UnsubscribePath)
}

// unsubscribeCalls are the calls of the recipients of weekly statistics.
func unsubscribeCalls(s *Server, r rooms) []call {
	const html, path = "text/html", report.UnsubscribePath + "{token}"
	gone := []phrase.Code{phrase.CodeNotFound, phrase.CodeUnavailable}
	return []call{
		{method: http.MethodGet, path: path, room: r.recipient, handle: s.unsubscribe.Ask,
			does: "Shows the button that ends weekly statistics. Nothing is changed.", gives: []reply{{200, html, ""}}, refuse: gone},
		{method: http.MethodPost, path: path, room: r.recipient, handle: s.unsubscribe.End,
			does: "Ends weekly statistics, also for mail programs with one click (RFC 8058), which send `List-Unsubscribe=One-Click`. It may come again.", gives: []reply{{200, html, ""}}, refuse: gone},
	}
}
