package webwidget

import (
	"net/http"
	"os"
)

// health is what /healthz answers.
type health struct {
	Status  string   `json:"status"`
	Reasons []string `json:"reasons"`
	Version string   `json:"version,omitempty"`
}

// readiness is what /readyz answers.
type readiness struct {
	Status    string   `json:"status"`
	Reasons   []string `json:"reasons"`
	Node      string   `json:"node"`
	PID       int      `json:"pid"`
	HoldsLink bool     `json:"holds_link"`
	Details   any      `json:"details,omitempty"`
}

// healthz says that the process is sound.
func (s *Server) healthz(w http.ResponseWriter, r *http.Request) {
	answer(w, http.StatusOK, health{Status: "ok", Reasons: []string{}, Version: s.opts.Version})
}

// readyz says which process this is and whether it can serve visitors, or else why
// not.
func (s *Server) readyz(w http.ResponseWriter, r *http.Request) {
	h := readiness{Status: "ready", Reasons: []string{}, Node: s.opts.Node, PID: os.Getpid()}
	status := http.StatusOK
	if s.opts.Ready != nil {
		if err := s.opts.Ready(); err != nil {
			status, h.Status, h.Reasons = http.StatusServiceUnavailable, "unavailable", reasons(err)
			w.Header().Set("Retry-After", "5")
		}
	}
	if s.opts.HoldsLink != nil {
		h.HoldsLink = s.opts.HoldsLink()
	}
	if s.opts.Details != nil {
		h.Details = s.opts.Details(r)
	}
	answer(w, status, h)
}

// reasons are the texts of an error's parts.
func reasons(err error) (all []string) {
	joined, ok := err.(interface{ Unwrap() []error })
	if !ok {
		return []string{err.Error()}
	}
	for _, e := range joined.Unwrap() {
		all = append(all, reasons(e)...)
	}
	return all
}
