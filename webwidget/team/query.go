package team

import (
	"cmp"
	"net/http"
	"net/url"
	"strings"
	"time"

	"porchlight/bridge"
)

// usualRange is the range of days that is shown if none is chosen.
const usualRange = "7d"

// query is what the reader has chosen to see.
type query struct {
	during string             // the range, as it was written
	kind   bridge.Kind        // chats or tickets
	sort   string             // the name of a column, with - in front if the greatest comes first
	who    bridge.OperatorJID // whose numbers and votes alone; "": everybody's
}

// queryOf reads the query of a request. What is no kind counts as chats.
func queryOf(r *http.Request) query {
	v := r.URL.Query()
	q := query{during: cmp.Or(strings.TrimSpace(v.Get("range")), usualRange), kind: bridge.Chat, sort: v.Get("sort"), who: bridge.OperatorJID(v.Get("who"))}
	if v.Get("kind") == "tickets" {
		q.kind = bridge.Ticket
	}
	return q
}

// kindWord is how an address says which kind is shown.
func (q query) kindWord() string {
	if q.kind == bridge.Ticket {
		return "tickets"
	}
	return "chats"
}

// encode writes the query of an address. What is as usual is left out.
func (q query) encode() string {
	v := url.Values{}
	for name, value := range map[string]string{"range": q.during, "kind": q.kindWord(), "sort": q.sort, "who": string(q.who)} {
		if value != "" && value != usualRange && value != "chats" {
			v.Set(name, value)
		}
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
		to.during = r.during
		list = append(list, link{r.text, p.address(to, "stats"), q.during == r.during})
	}
	return list
}

// address is where the page shows something else, at a section.
func (p *Page) address(q query, section string) string {
	return p.opts.Base + "/team" + q.encode() + "#" + section
}
