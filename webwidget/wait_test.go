package webwidget_test

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"porchlight/bridge"
)

// Beside the place in the queue stands for how long the visitor will wait: in the answer to the request, in the snapshot, in the
// event when the queue moves, and in words on the page without script. It is left out if it is not known.
func TestWait_IsToldBesideThePlace(t *testing.T) {
	known := false
	s := start(t, func(o *setup) {
		o.past = func(context.Context, string) (past bridge.PastWaits, err error) {
			for hour := range past {
				past[hour].N, past[hour].Total, past[hour].Days = 60, 180*time.Minute, 30
			}
			return past, nil
		}
	}).online()
	ask := func(want string) (o opened) {
		t.Helper()
		r := s.do("POST", "/v1/conversations", `{"name":"Anna","reason":"Help"}`)
		r.into(t, http.StatusCreated, &o)
		if wait := `"wait":`; strings.Contains(r.body, wait) != known || !strings.Contains(r.body, want) {
			t.Errorf("answer %s, want %s", r.body, want)
		}
		return o
	}
	first := ask(`"position":1`)
	known = true
	s.bridge.Turn(t.Context())
	second := ask(`"position":2,"wait":327`)
	if r := s.call(second, "GET", "", ""); !strings.Contains(r.body, `"position":2,"wait":327`) {
		t.Errorf("snapshot %s", r.body)
	}
	b := s.browser()
	b.open("/chat").send("/chat", map[string]string{"reason": "Help"})
	b.open("/chat/news?after=0").shows(200, "You are number 3; about 8 minutes.")
	if _, err := s.bridge.Take(t.Context(), xavi, first.Number); err != nil {
		t.Fatal(err)
	}
	if r := s.call(second, "GET", "/events?after=0", "", "Accept: application/json"); !strings.Contains(r.body, `"position":1,"wait":163`) {
		t.Errorf("events %s", r.body)
	}
}
