package page

import (
	"net/http"
	"strings"

	"porchlight/bridge"
	"porchlight/bridge/phrase"
)

// maxCookie is far longer than any id and token that porchlight makes, in bytes.
const maxCookie = 512

// cookieName returns the name of the cookie that holds the conversation's id and token.
// Browsers send the cookie to the page without script only, and no script can read it.
func (p *Page) cookieName() string {
	if p.opts.Secure {
		return "__Secure-porchlight_chat"
	}
	return "porchlight_chat"
}

func (p *Page) setCookie(w http.ResponseWriter, id bridge.ConversationID, token string) {
	http.SetCookie(w, &http.Cookie{Name: p.cookieName(), Value: string(id) + "." + token, Path: p.opts.Base + "/chat",
		HttpOnly: true, Secure: p.opts.Secure, SameSite: http.SameSiteStrictMode})
}

// known returns the conversation that the cookie names, or found false if there is none.
func (p *Page) known(r *http.Request) (c bridge.Conversation, found bool, err error) {
	c, err = p.conversation(r)
	if phrase.CodeOf(err) == phrase.CodeNotFound {
		return bridge.Conversation{}, false, nil
	}
	return c, err == nil, err
}

// conversation returns the conversation that the cookie names. The error has
// phrase.CodeNotFound if there is none.
func (p *Page) conversation(r *http.Request) (bridge.Conversation, error) {
	var id, token string
	if cookie, err := r.Cookie(p.cookieName()); err == nil && len(cookie.Value) <= maxCookie {
		id, token, _ = strings.Cut(cookie.Value, ".")
	}
	return p.bridge.Authorize(r.Context(), bridge.ConversationID(id), token)
}
