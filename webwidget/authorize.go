package webwidget

import (
	"context"
	"net/http"

	"github.com/go-chi/chi/v5"

	"porchlight/bridge"
)

// conversationKey is the context's key of the authorized conversation.
type conversationKey struct{}

// authorize lets in who has the token of the conversation in the path. To
// everybody else it does not exist, whether it does or not.
func (s *Server) authorize(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c, err := s.bridge.Authorize(r.Context(), bridge.ConversationID(chi.URLParam(r, "id")), bearer(r.Header))
		if err != nil {
			s.fail(w, r, err)
			return
		}
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), conversationKey{}, c)))
	})
}

// conversation is the one that authorize let the request in for.
func conversation(r *http.Request) bridge.Conversation {
	return r.Context().Value(conversationKey{}).(bridge.Conversation)
}
