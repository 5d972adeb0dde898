package page

import (
	"net/http"
	"strings"

	"porchlight/bridge"
	"porchlight/bridge/phrase"
)

// maxCookie is far more than any id and token of ours have, in bytes.
const maxCookie = 512

// cookieName is that of the cookie that holds the conversation's id and token. It
// goes to the page without script only, and no script can read it.
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

// known is conversation, where there may be none.
func (p *Page) known(r *http.Request) (c bridge.Conversation, found bool, err error) {
	c, err = p.conversation(r)
	if phrase.CodeOf(err) == phrase.CodeNotFound {
		return bridge.Conversation{}, false, nil
	}
	return c, err == nil, err
}

// conversation is the one that the cookie names.
func (p *Page) conversation(r *http.Request) (bridge.Conversation, error) {
	var id, token string
	if cookie, err := r.Cookie(p.cookieName()); err == nil && len(cookie.Value) <= maxCookie {
		id, token, _ = strings.Cut(cookie.Value, ".")
	}
	return p.bridge.Authorize(r.Context(), bridge.ConversationID(id), token)
}
