package webwidget

import (
	"net/http"

	"github.com/go-chi/chi/v5"

	"porchlight/bridge"
	"porchlight/webwidget/gate"
)

// authorized lets in who has the token of the conversation in the path, and hands its
// number on. To everybody else it does not exist, whether it does or not.
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
