package webwidget

import (
	"net/http"

	"github.com/go-chi/chi/v5"

	"porchlight/bridge"
	"porchlight/webwidget/gate"
)

// authorized lets in a caller that has the token of the conversation in the path, and
// hands the conversation's number on. Any other caller gets the same answer for a
// conversation that exists as for one that does not.
func (s *Server) authorized(next func(w http.ResponseWriter, r *http.Request, number int64)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		number, err := s.bridge.Tokens.Admit(r.Context(), bridge.ConversationID(chi.URLParam(r, "id")), bearer(r.Header))
		if err != nil {
			s.fail(w, r, err)
			return
		}
		gate.Of(r).Chatting()
		next(w, r, number)
	}
}
