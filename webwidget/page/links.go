package page

import (
	"encoding/json"
	"net/http"

	"porchlight/bridge"
)

// linkedView is a page to which a link in a mail leads. It tells nothing of what was said, and no name.
type linkedView struct {
	frame
	Alert  string // what went wrong as a whole
	Number int64
	Since  string // the day on which the conversation began
}

func (p *Page) linked(r *http.Request, c bridge.Conversation) linkedView {
	return linkedView{frame: p.frame(r), Number: c.Number, Since: c.OpenedAt.UTC().Format("2006-01-02")}
}

// resumeView is the button that leads back into a conversation.
type resumeView struct {
	linkedView
	Over   bool // nobody can go on with the conversation
	Action string
}

// Returns answers GET /chat/resume/{link} with a button. It changes nothing, since programs that look for
// harmful mail open links, too.
func (p *Page) Returns(w http.ResponseWriter, r *http.Request) {
	link := r.PathValue("link")
	c, err := p.bridge.Mail.Linked(r.Context(), bridge.LinkResume, link)
	if err != nil {
		p.server.Fail(w, r, err)
		return
	}
	v := resumeView{p.linked(r, c), p.bridge.Over(c), p.opts.Base + linkPath(bridge.LinkResume, link)}
	documents.Render(w, http.StatusOK, "resume", v.Language, v)
}

// linkPath is the path of a link below Options.Base. Whoever calls it has checked the link.
func linkPath(use bridge.LinkUse, link string) string { return "/chat/" + string(use) + "/" + link }

// resumedView hands a conversation to the browser: to its cookie, and to the widget's script.
type resumedView struct {
	linkedView
	Known string // as the widget keeps a conversation (Known in ui/store.ts), in JSON
}

// known is what the widget keeps of a conversation.
type known struct {
	ID     bridge.ConversationID `json:"id"`
	Token  string                `json:"token"`
	Number int64                 `json:"number"`
	Seq    int64                 `json:"seq"`
	Name   string                `json:"name"`
	Email  string                `json:"email"`
	Done   bool                  `json:"done"`
}

// Resume answers POST /chat/resume/{link}: it sets the cookie, and leads to the conversation. A browser
// that runs scripts gets a document that has the token in it, since the widget can't read the cookie and
// no address may hold a token.
func (p *Page) Resume(w http.ResponseWriter, r *http.Request) {
	found, err := p.bridge.Mail.Resume(r.Context(), r.PathValue("link"))
	if err != nil {
		p.server.Fail(w, r, err)
		return
	}
	p.setCookie(w, found.ID, found.Token)
	if p.opts.Script == "" {
		p.seeOther(w, "/chat")
		return
	}
	text, err := json.Marshal(known{ID: found.ID, Token: found.Token, Number: found.Number, Name: found.Name, Email: found.Email, Done: found.State == bridge.Closed})
	if err != nil {
		p.server.Fail(w, r, err)
		return
	}
	v := resumedView{p.linked(r, found.Conversation), string(text)}
	documents.Render(w, http.StatusOK, "resumed", v.Language, v)
}

// votingView is the form to which a mail leads that asks for a vote.
type votingView struct {
	linkedView
	Vote   *voteView // nil: nobody has answered
	Ballot ballotView
}

// Asks answers GET /chat/vote/{link} with the form for a vote. A score in the query is chosen in the form,
// and stored only when the form is sent.
func (p *Page) Asks(w http.ResponseWriter, r *http.Request) {
	c, err := p.bridge.Mail.Linked(r.Context(), bridge.LinkFeedback, r.PathValue("link"))
	if err != nil {
		p.server.Fail(w, r, err)
		return
	}
	p.showVoting(w, r, http.StatusOK, c, nil)
}

// Rate answers POST /chat/vote/{link}: it stores the vote, and shows it.
func (p *Page) Rate(w http.ResponseWriter, r *http.Request) {
	if err := p.server.ReadForm(w, r); err != nil {
		p.server.Fail(w, r, err)
		return
	}
	link := r.PathValue("link")
	c, err := p.bridge.Mail.Linked(r.Context(), bridge.LinkFeedback, link)
	if err != nil {
		p.server.Fail(w, r, err)
		return
	}
	if err := p.vote(r, c); err != nil {
		wrong := p.server.Explain(r, err)
		p.showVoting(w, r, wrong.Status, c, &wrong)
		return
	}
	p.seeOther(w, linkPath(bridge.LinkFeedback, link))
}

// showVoting renders the form for a vote, with what is wrong and what the visitor typed.
func (p *Page) showVoting(w http.ResponseWriter, r *http.Request, status int, c bridge.Conversation, wrong *Wrong) {
	ballot, err := p.bridge.Votes.Ballot(r.Context(), c.Number)
	if err != nil {
		p.server.Fail(w, r, err)
		return
	}
	v := votingView{linkedView: p.linked(r, c)}
	v.Vote = voteOf(v.frame, ballot)
	if wrong == nil {
		v.Vote.preselect(r.URL.Query().Get("score"))
	} else {
		v.Vote.typed(r.PostForm)
	}
	var fields map[string]string
	fields, v.Alert = v.complaint(wrong)
	v.Ballot = ballotView{v.frame, v.Vote, fields, p.opts.Base + linkPath(bridge.LinkFeedback, r.PathValue("link"))}
	documents.Render(w, status, "voting", v.Language, v)
}
