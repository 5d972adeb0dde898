package webwidget

import (
	"net/http"
	"os"
)

// health is the answer of /healthz.
type health struct {
	Status  string   `json:"status" doc:"'ok'"`
	Reasons []string `json:"reasons" doc:"none"`
	Version string   `json:"version,omitempty" doc:"the version of porchlight"`
}

// readiness is the answer of /readyz.
type readiness struct {
	Status    string   `json:"status" doc:"'ready', or 'unavailable'"`
	Reasons   []string `json:"reasons" doc:"why it is unavailable"`
	Node      string   `json:"node" doc:"the name of this node of the site"`
	PID       int      `json:"pid" doc:"the number of the process"`
	HoldsLink bool     `json:"holds_link" doc:"whether this node has the link to the XMPP server"`
	Holder    string   `json:"holder,omitempty" doc:"the name of the node that has the link, if there are several"`
	Details   any      `json:"details,omitempty" doc:"more, for callers who may know it"`
}

// healthz says that the process is sound.
func (s *Server) healthz(w http.ResponseWriter, r *http.Request) {
	answer(w, http.StatusOK, health{Status: "ok", Reasons: []string{}, Version: s.opts.Version})
}

// readyz says which process this is, whether it can serve visitors, and if not, why.
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
	if s.opts.Holder != nil {
		h.Holder = s.opts.Holder()
	}
	if s.opts.Details != nil {
		h.Details = s.opts.Details(r)
	}
	answer(w, status, h)
}

// reasons returns the texts of the parts of an error.
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
