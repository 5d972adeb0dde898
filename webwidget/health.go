package webwidget

import "net/http"

// health is what the health checks answer.
type health struct {
	Status  string   `json:"status"`
	Reasons []string `json:"reasons"`
	Version string   `json:"version,omitempty"`
}

// healthz says that the process is sound.
func (s *Server) healthz(w http.ResponseWriter, r *http.Request) {
	answer(w, http.StatusOK, health{Status: "ok", Reasons: []string{}, Version: s.opts.Version})
}

// readyz says whether visitors can be served, or else why not.
func (s *Server) readyz(w http.ResponseWriter, r *http.Request) {
	var err error
	if s.opts.Ready != nil {
		err = s.opts.Ready()
	}
	if err == nil {
		answer(w, http.StatusOK, health{Status: "ready", Reasons: []string{}})
		return
	}
	reasons := []string{}
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		for _, e := range joined.Unwrap() {
			reasons = append(reasons, e.Error())
		}
	} else {
		reasons = append(reasons, err.Error())
	}
	w.Header().Set("Retry-After", "5")
	answer(w, http.StatusServiceUnavailable, health{Status: "unavailable", Reasons: reasons})
}
