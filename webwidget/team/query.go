package team

import (
	"cmp"
	"net/http"
	"strings"
	"time"

	"porchlight/bridge"
)

// usualRange is the range of days that is shown if none is chosen.
const usualRange = "7d"

// query is what the reader has chosen to see.
type query struct {
	bridge.View
	sort string // the name of a column, with - in front if the greatest comes first
}

// queryOf reads the query of a request. What is no kind counts as chats.
func queryOf(r *http.Request) query {
	v := r.URL.Query()
	q := query{sort: v.Get("sort")}
	q.During, q.Kind, q.Who = cmp.Or(strings.TrimSpace(v.Get("range")), usualRange), bridge.Chat, bridge.OperatorJID(v.Get("who"))
	if v.Get("kind") == "tickets" {
		q.Kind = bridge.Ticket
	}
	return q
}

// kindWord is how an address says which kind is shown.
func (q query) kindWord() string {
	if q.Kind == bridge.Ticket {
		return "tickets"
	}
	return "chats"
}

// encode writes the query of an address. What is as usual is left out.
func (q query) encode() string {
	if q.During == usualRange {
		q.During = ""
	}
	v := q.Query()
	if q.sort != "" {
		v.Set("sort", q.sort)
	}
	if len(v) == 0 {
		return ""
	}
	return "?" + v.Encode()
}

// link leads to what a choice shows.
type link struct {
	Text, Address string
	Here          bool // it is what is shown now
}

// ranges are the ranges that the page offers.
func (p *Page) ranges(f frame, q query, now time.Time) []link {
	month := now.AddDate(0, 0, 1-now.Day())
	var list []link
	for _, r := range []struct{ during, text string }{
		{"today", f.Say("Today")}, {"yesterday", f.Say("Yesterday")}, {"7d", f.Say("7 days")}, {"30d", f.Say("30 days")},
		{month.Format("2006-01"), f.Say("This month")}, {month.AddDate(0, -1, 0).Format("2006-01"), f.Say("Last month")}, {now.Format("2006"), f.Say("This year")},
	} {
		to := q
		to.During = r.during
		list = append(list, link{r.text, p.address(to, "stats"), q.During == r.during})
	}
	return list
}

// address is where the page shows something else, at a section.
func (p *Page) address(q query, section string) string {
	return p.opts.Base + "/team" + q.encode() + "#" + section
}
