package webwidget

import (
	"context"
	"net/http"

	"github.com/go-chi/chi/v5"

	"porchlight/bridge"
	"porchlight/webwidget/gate"
)

// numberKey is the context's key of the authorized conversation's number.
type numberKey struct{}

// authorize lets in who has the token of the conversation in the path. To
// everybody else it does not exist, whether it does or not.
func (s *Server) authorize(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		number, err := s.bridge.Tokens.Admit(r.Context(), bridge.ConversationID(chi.URLParam(r, "id")), bearer(r.Header))
		if err != nil {
			s.fail(w, r, err)
			return
		}
		gate.Of(r).Chatting()
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), numberKey{}, number)))
	})
}

// number is that of the conversation that authorize let the request in for.
func number(r *http.Request) int64 { return r.Context().Value(numberKey{}).(int64) }

// conversation is that conversation as it stands.
func (s *Server) conversation(r *http.Request) (bridge.Conversation, error) {
	return s.bridge.Conversation(r.Context(), number(r))
}
