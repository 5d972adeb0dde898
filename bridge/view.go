package bridge

import (
	"net/url"
	"strconv"
)

// View is what somebody wants to see of the team's page.
type View struct {
	During  string      // the range of days, as ParseRange reads it; "": the usual one
	Kind    Kind        // Ticket, or chats
	Who     OperatorJID // whose numbers and votes alone; "": those of everybody whom the reader may see
	Page    string      // another page beside it: SearchPage, VisitorsPage or a TranscriptPage; "": the team's page itself
	Words   string      // what is searched for
	Section string      // the part of the page that is shown first: now, stats, week or votes
}

// SearchPage is the page on which what was said is searched.
const SearchPage = "search"

// VisitorsPage is the page with those who are on the site now.
const VisitorsPage = "visitors"

// TranscriptPage is the page with all that was said in a conversation.
func TranscriptPage(number int64) string { return "transcript/" + strconv.FormatInt(number, 10) }

// Query is the query of the page's address that shows the view.
func (v View) Query() url.Values {
	q := url.Values{}
	if v.During != "" {
		q.Set("range", v.During)
	}
	if v.Kind == Ticket {
		q.Set("kind", "tickets")
	}
	if v.Who != "" {
		q.Set("who", string(v.Who))
	}
	if v.Words != "" {
		q.Set("q", v.Words)
	}
	return q
}

// String is the end of the page's address that shows the view.
func (v View) String() string {
	var s string
	if v.Page != "" {
		s = "/" + v.Page
	}
	if q := v.Query(); len(q) > 0 {
		s += "?" + q.Encode()
	}
	if v.Section != "" {
		s += "#" + v.Section
	}
	return s
}
