package webwidget

import (
	"crypto/rand"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"porchlight/bridge"
)

// chat answers GET /chat: the conversation in a page of its own. Its script
// shows the widget; without script the page is made here, from the conversation
// that the cookie names or as the form for a new one.
func (s *Server) chat(w http.ResponseWriter, r *http.Request) {
	query := r.URL.Query()
	c, err := s.chatConversation(r)
	if err != nil || query.Has("new") {
		s.showForm(w, r, http.StatusOK, formView{Department: query.Get("department"), Referrer: r.Referer(), Returning: err == nil}, nil)
		return
	}
	if err := s.bridge.VisitorPolls(r.Context(), c); err != nil {
		s.fail(w, r, err)
		return
	}
	s.showTalk(w, r, http.StatusOK, c, nil)
}

// showForm renders the request form as it was filled in, with what is wrong.
func (s *Server) showForm(w http.ResponseWriter, r *http.Request, status int, form formView, wrong *problem) {
	asked := r.URL.Query().Get("department")
	st, err := s.bridge.Status(asked)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	form.Online = st.Online
	if form.ClientID == "" {
		form.ClientID = rand.Text()
	}
	if asked == "" && len(st.Departments) > 1 {
		for _, d := range st.Departments {
			form.Departments = append(form.Departments, departmentAnswer{Name: d.Name, Title: d.Title, Status: onOff(d.Online)})
		}
	}
	view := pageView{frame: s.frame(), Department: asked, Again: s.sameSite(r), Form: &form}
	view.complain(wrong)
	s.render(w, status, "page", view)
}

// showTalk renders a conversation, with what is wrong and what was typed.
func (s *Server) showTalk(w http.ResponseWriter, r *http.Request, status int, c bridge.Conversation, wrong *problem) {
	talk, err := s.talk(r.Context(), c.Number)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	if wrong != nil {
		talk.Draft, talk.Email = r.PostForm.Get("text"), r.PostForm.Get("email")
	}
	view := pageView{frame: s.frame(), Department: r.URL.Query().Get("department"), Talk: talk}
	view.complain(wrong)
	s.render(w, status, "page", view)
}

// complain shows what is wrong beside the fields, or above all of them.
func (v *pageView) complain(wrong *problem) {
	if wrong == nil {
		return
	}
	if v.Errors = wrong.Errors; len(wrong.Errors) == 0 {
		v.Alert = wrong.Detail
	}
}

// sameSite is the page's own address for a visitor who came from another site:
// the cookie does not travel from there (SameSite=Strict), but from here.
func (s *Server) sameSite(r *http.Request) string {
	query := r.URL.Query()
	if r.Method != http.MethodGet || query.Has("again") || query.Has("new") || r.Header.Get("Sec-Fetch-Site") != "cross-site" {
		return ""
	}
	query.Set("again", "1")
	return s.base + "/chat?" + query.Encode()
}

// newsEvery is how often the page without script looks for news, in seconds.
const newsEvery = 5

// chatNews answers GET /chat/news: what came past ?after=, the number of the
// page's last event. It stands in a frame of its own and loads itself anew, so
// that what the visitor is typing in the page beside it is not lost.
func (s *Server) chatNews(w http.ResponseWriter, r *http.Request) {
	c, err := s.chatConversation(r)
	if err == nil {
		err = s.bridge.VisitorPolls(r.Context(), c)
	}
	if err != nil {
		s.fail(w, r, err)
		return
	}
	after, err := cursor(r, c.Seq)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	now, err := s.bridge.Snapshot(r.Context(), c.Number)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	view := newsView{frame: s.frame(), State: stateText(now), Every: newsEvery}
	if view.Lines, _, err = s.lines(r.Context(), c.Number, after); err != nil {
		s.fail(w, r, err)
		return
	}
	if now.State != bridge.Closed {
		view.State += " Last looked at " + s.bridge.Now().UTC().Format("15:04:05") + " UTC."
		view.Again = s.base + "/chat/news?after=" + strconv.FormatInt(after, 10)
	}
	s.render(w, http.StatusOK, "news", view)
}

// The cookie of the page without script holds the conversation's id and token.
// It goes to that page only and no script can read it.

func (s *Server) cookieName() string {
	if s.secure {
		return "__Secure-porchlight_chat"
	}
	return "porchlight_chat"
}

func (s *Server) setCookie(w http.ResponseWriter, id bridge.ConversationID, token string) {
	http.SetCookie(w, &http.Cookie{Name: s.cookieName(), Value: string(id) + "." + token, Path: s.base + "/chat",
		HttpOnly: true, Secure: s.secure, SameSite: http.SameSiteStrictMode})
}

// chatConversation is the one that the cookie names.
func (s *Server) chatConversation(r *http.Request) (bridge.Conversation, error) {
	var id, token string
	if cookie, err := r.Cookie(s.cookieName()); err == nil && len(cookie.Value) <= 2*maxToken {
		id, token, _ = strings.Cut(cookie.Value, ".")
	}
	return s.bridge.Authorize(r.Context(), bridge.ConversationID(id), token)
}

// readForm reads the fields of a form into r.PostForm.
func (s *Server) readForm(w http.ResponseWriter, r *http.Request) error {
	if t, _, _ := strings.Cut(r.Header.Get("Content-Type"), ";"); !strings.EqualFold(strings.TrimSpace(t), "application/x-www-form-urlencoded") {
		return newProblem(http.StatusUnsupportedMediaType, "unsupported-media-type", "Send the page's own form.")
	}
	body, err := s.readBody(w, r)
	if err != nil {
		return err
	}
	if r.PostForm, err = url.ParseQuery(strings.ToValidUTF8(string(body), "")); err != nil {
		return malformed("The form can't be read.")
	}
	return nil
}

// language is the first of Accept-Language.
func language(r *http.Request) string {
	tag, _, _ := strings.Cut(r.Header.Get("Accept-Language"), ",")
	tag, _, _ = strings.Cut(tag, ";")
	if tag = strings.TrimSpace(tag); len(tag) > 35 { // the longest of BCP 47
		return ""
	}
	return tag
}

// seeOther leads back to the page, so that loading it anew posts nothing.
func (s *Server) seeOther(w http.ResponseWriter) {
	w.Header().Set("Location", s.base+"/chat")
	w.WriteHeader(http.StatusSeeOther)
}
