package webwidget

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"time"

	"porchlight/bridge"
)

// statusAnswer says whether somebody is there; the button shows it.
type statusAnswer struct {
	Status      string             `json:"status" doc:"'online' or 'offline'"`
	Departments []departmentAnswer `json:"departments" doc:"each department"`
	Hours       hoursAnswer        `json:"hours" doc:"the hours of the department that was asked for, or else of the site"`
	Operators   int                `json:"operators" doc:"how many operators are there"`
	Settings    *siteAnswer        `json:"settings,omitempty" doc:"what the site has set at the desk; absent: nothing"`
	Stream      string             `json:"stream,omitempty" doc:"only first in a stream, where the setting on-site is on: names the stream for POST /v1/visits"`
	Invited     bool               `json:"invited,omitempty" doc:"only in a stream: the visitor of this page is invited, and POST /v1/visits says how"`
}

type hoursAnswer struct {
	Open bool   `json:"open" doc:"whether somebody should be there now; true if no hours are set"`
	Next string `json:"next,omitempty" doc:"when that changes next, in the time of the zone; absent: never"`
	Zone string `json:"zone" doc:"the time zone of the hours, such as 'Europe/Madrid'"`
}

type departmentAnswer struct {
	Name   string `json:"name" doc:"the name by which calls ask for it"`
	Title  string `json:"title" doc:"the title for people"`
	Status string `json:"status" doc:"'online' or 'offline'"`
}

func onOff(online bool) string {
	if online {
		return "online"
	}
	return "offline"
}

// encodeStatus makes the JSON of a status; the same status and settings give the same bytes.
func encodeStatus(st bridge.Status, site *siteAnswer) []byte {
	a := statusAnswer{Status: onOff(st.Online), Departments: []departmentAnswer{}, Operators: st.Operators, Settings: site}
	a.Hours = hoursAnswer{Open: st.Hours.Open, Zone: st.Hours.Zone}
	if !st.Hours.Next.IsZero() {
		a.Hours.Next = st.Hours.Next.Format(time.RFC3339)
	}
	for _, d := range st.Departments {
		a.Departments = append(a.Departments, departmentAnswer{Name: d.Name, Title: d.Title, Status: onOff(d.Online)})
	}
	b, err := json.Marshal(a)
	if err != nil { // can't happen: a status holds only strings, numbers and lists of them
		panic(err)
	}
	return b
}

// originHeader tells a page, beside the status, whether pages of its origin may open a
// conversation: "listed" or "foreign". A later refusal could not tell the page, since the
// browser hides that from the page's scripts.
const originHeader = "Porchlight-Origin"

// judge sets originHeader in the answer to a page's call, to either value: a browser that
// gets 304 keeps the headers that the answer does not name.
func (o origins) judge(h http.Header, r *http.Request) {
	h.Add("Vary", "Origin")
	origin := r.Header.Get("Origin")
	if origin == "" {
		return
	}
	h.Set("Access-Control-Expose-Headers", originHeader)
	h.Set(originHeader, "foreign")
	if o.allows(origin, r.Host) {
		h.Set(originHeader, "listed")
	}
}

// status answers GET /v1/status.
func (s *Server) status(w http.ResponseWriter, r *http.Request) {
	s.origins.judge(w.Header(), r)
	department := r.URL.Query().Get("department")
	st, err := s.bridge.Team.Status(department)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	serveBytes(w, r, encodeStatus(st, siteOf(s.bridge, department)), "application/json", "no-cache")
}

// serveBytes answers with b and its ETag, or with 304 if the client has b already
// (RFC 9110 §13.1.2).
func serveBytes(w http.ResponseWriter, r *http.Request, b []byte, contentType, cacheControl string) {
	h := w.Header()
	h.Set("Content-Type", contentType)
	h.Set("Cache-Control", cacheControl)
	h.Set("ETag", etag(b))
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(b))
}

func etag(b []byte) string {
	sum := sha256.Sum256(b)
	return `"` + hex.EncodeToString(sum[:12]) + `"`
}

// statusEvents answers GET /v1/events: the status at once and at each change.
func (s *Server) statusEvents(w http.ResponseWriter, r *http.Request) {
	department := r.URL.Query().Get("department")
	if _, err := s.bridge.Team.Status(department); err != nil {
		s.fail(w, r, err)
		return
	}
	rd := s.subscriber(r, s.streams.board.topic(department))
	s.streams.board.name(rd)
	s.follow(w, r, rd)
}

// subscriber makes a follower of a topic.
func (s *Server) subscriber(r *http.Request, t *topic) *subscriber {
	return &subscriber{streams: s.streams, topic: t, slot: s.slot(r, 0)}
}

// follow answers with a stream of a topic.
func (s *Server) follow(w http.ResponseWriter, r *http.Request, rd *subscriber) {
	if err := s.streams.enter(rd); err != nil {
		s.streams.board.forget(rd.name)
		s.fail(w, r, err)
		return
	}
	if err := s.streams.carry(w, r, rd); err != nil {
		s.report(r, err)
	}
}
