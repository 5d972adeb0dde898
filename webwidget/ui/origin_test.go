package ui_test

import (
	"net/http"
	"net/http/httptest"
	"sync"
)

// origins are those that servers of these tests have had. The browser keeps what was stored under each.
var origins sync.Map

// newServer starts a server at an origin that no test has had before: the system gives a port again soon after it is free.
func newServer(pages http.Handler) *httptest.Server {
	s := httptest.NewServer(pages)
	for {
		if _, had := origins.LoadOrStore(s.URL, true); !had {
			return s
		}
		next := httptest.NewServer(pages) // while the port is taken, so it gets another one
		s.Close()
		s = next
	}
}
