package webwidget

import (
	"net/http"
	"strings"

	"porchlight/bridge"
	"porchlight/bridge/phrase"
	"porchlight/bridge/report"
	"porchlight/webwidget/unsubscribe"
)

// unsubscribing are the pages on which recipients end mails that recur.
type unsubscribing struct{ statistics, notices *unsubscribe.Page }

func newUnsubscribing(s *Server) unsubscribing {
	return unsubscribing{
		statistics: unsubscribe.New(unsubscribe.Statistics{Report: s.opts.Report}, teamServer{s}, s.base),
		notices:    unsubscribe.New(unsubscribe.Notices{Bridge: s.bridge}, teamServer{s}, s.base),
	}
}

// of is the page to which a request belongs, nil if it belongs to none.
func (u unsubscribing) of(r *http.Request) *unsubscribe.Page {
	switch {
	case strings.HasPrefix(r.URL.Path, bridge.NoticesPath):
		return u.notices
	case strings.HasPrefix(r.URL.Path, report.UnsubscribePath):
		return u.statistics
	}
	return nil
}

// unsubscribeCalls are the calls of the recipients of mails that recur.
func unsubscribeCalls(s *Server, r rooms) (list []call) {
	const html = "text/html"
	gone := []phrase.Code{phrase.CodeNotFound, phrase.CodeUnavailable}
	for _, l := range []struct {
		path, what string
		page       *unsubscribe.Page
	}{{report.UnsubscribePath, "weekly statistics", s.unsubscribing.statistics}, {bridge.NoticesPath, "notices by mail", s.unsubscribing.notices}} {
		list = append(list,
			call{method: http.MethodGet, path: l.path + "{token}", room: r.recipient, handle: l.page.Ask,
				does: "Shows the button that ends " + l.what + ". Nothing is changed.", gives: []reply{{200, html, ""}}, refuse: gone},
			call{method: http.MethodPost, path: l.path + "{token}", room: r.recipient, handle: l.page.End,
				does: "Ends " + l.what + ", also for mail programs with one click (RFC 8058), which send `List-Unsubscribe=One-Click`. It may come again.", gives: []reply{{200, html, ""}}, refuse: gone})
	}
	return list
}
