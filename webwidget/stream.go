package webwidget

import (
	"net/http"
	"strings"
)

// events answers GET …/events with a stream if the request asks for one, otherwise with a
// long poll.
func (s *Server) events(w http.ResponseWriter, r *http.Request, number int64) {
	if strings.Contains(r.Header.Get("Accept"), eventStream) {
		s.stream(w, r, number)
		return
	}
	s.poll(w, r, number)
}

// stream sends the events past the page's cursor, and then each new one. While the stream
// lasts the visitor counts as present.
func (s *Server) stream(w http.ResponseWriter, r *http.Request, number int64) {
	now, err := s.bridge.Snapshot(r.Context(), number)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	after, err := cursor(r, now.Seq)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	rd := newReader(s.streams, s.slot(r, now.Number), s.viewOf(r, now), after)
	if err := s.streams.enter(rd); err != nil {
		s.fail(w, r, err)
		return
	}
	if err := s.streams.audience.attach(r.Context(), now.Number, rd); err != nil { // before the log is read, so that no event is missed between the two
		s.streams.places.Leave(rd)
		s.fail(w, r, err)
		return
	}
	if err := s.streams.carry(w, r, rd); err != nil {
		s.report(r, err)
	}
}
