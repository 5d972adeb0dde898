package webwidget

import (
	"context"
	"net/http"
	"time"

	"porchlight/bridge"
	"porchlight/bridge/onsite"
	"porchlight/bridge/phrase"
	"porchlight/webwidget/peer"
)

// visitBody is what a page tells of itself while it is open.
type visitBody struct {
	Visit        string `json:"visit" doc:"a random id of at least 16 characters, which the page has in its memory only"`
	Page         pageOf `json:"page" doc:"which page it is"`
	Language     string `json:"language" doc:"BCP 47 tag of the language that the visitor reads"`
	Department   string `json:"department" doc:"the name of the department that the page asks; left out: any"`
	Open         bool   `json:"open" doc:"whether the panel is open"`
	Left         bool   `json:"left" doc:"whether the page is going away"`
	Hidden       bool   `json:"hidden" doc:"whether the page is in the background from now on; it tells nothing then until it is seen again"`
	Navigation   string `json:"navigation" doc:"how the page was opened, as 'type' of PerformanceNavigationTiming: 'navigate', 'reload' or 'back_forward'"`
	Refuses      bool   `json:"refuses" doc:"whether the visitor does not want to be invited"`
	Stream       string `json:"stream" doc:"the 'stream' of the status that came by the page's stream, by which it can be reached at once"`
	Invitation   string `json:"invitation" doc:"the token of an invitation of which 'outcome' says something; of one that is shown, each time"`
	Outcome      string `json:"outcome" doc:"'shown', 'closed' (not again today) or 'refused' (never again)"`
	Conversation string `json:"conversation" doc:"id of an earlier conversation of the visitor, whose token is in 'Authorization'"`
	Identity     string `json:"identity" doc:"signed identity (JWT) of a visitor who is logged in to the site"`
}

// visitAnswer says whether the visitor is invited.
type visitAnswer struct {
	Next       int64             `json:"next" doc:"in how many seconds the page tells again; 0: it need not before something changes"`
	Invitation *invitationAnswer `json:"invitation,omitempty" doc:"an invitation to show, once on each page"`
	Over       bool              `json:"over,omitempty" doc:"the invitation that the page shows can't be answered any more"`
}

type invitationAnswer struct {
	Token string `json:"token" doc:"proves the invitation when the visitor answers it"`
	Name  string `json:"name,omitempty" doc:"the operator who invites; left out: nobody in particular"`
	About string `json:"about,omitempty" doc:"what the operator says of themselves"`
	Text  string `json:"text" doc:"what the visitor reads"`
}

// visit takes in what a page tells of itself.
func (s *Server) visit(w http.ResponseWriter, r *http.Request) {
	var in visitBody
	err := s.readJSON(w, r, &in)
	if err == nil && s.opts.Onsite == nil {
		err = newProblem(phrase.CodeNotFound, phrase.Say("There is nothing here."))
	}
	if err == nil {
		err = whole16(in.Visit)
	}
	if err != nil {
		s.fail(w, r, err)
		return
	}
	from := peer.Of(s.proxies.client(r))
	b := onsite.Beacon{Key: in.Visit, Page: bridge.Page{URL: in.Page.URL, Title: in.Page.Title, Referrer: in.Page.Referrer}, Language: in.Language, Department: in.Department,
		Open: in.Open, Refuses: in.Refuses, Left: in.Left, Hidden: in.Hidden, Came: onsite.Came(in.Navigation), Stream: in.Stream, Told: in.Invitation, State: outcomes[in.Outcome],
		From: onsite.From{Address: uint64(from), Network: uint64(from.Around())}, Browser: s.proxies.client(r).String() + " " + r.UserAgent()}
	if s.opts.Onsite.On() {
		if b.Who, err = s.who(r, in); err != nil {
			s.fail(w, r, err)
			return
		}
	}
	a, err := s.opts.Onsite.Beacon(r.Context(), b)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	out := visitAnswer{Next: int64(a.Again / time.Second), Over: a.Over}
	if i := a.Invitation; i != nil {
		out.Invitation = &invitationAnswer{Token: i.Token, About: i.About, Text: i.Text}
		if i.By != "" {
			out.Invitation.Name = i.Name
		}
	}
	answer(w, http.StatusOK, out)
}

// outcomes are the words of visitBody.Outcome.
var outcomes = map[string]onsite.State{"shown": onsite.Shown, "closed": onsite.Closed, "refused": onsite.Refused}

// whole16 refuses an id that could be guessed, or that is longer than any of ours.
func whole16(id string) error {
	if len(id) < 16 || len(id) > maxToken {
		return invalid("visit", phrase.Say("This must have 16 to %d characters.", maxToken))
	}
	return nil
}

// who finds what is known of the visitor of a page: by an earlier conversation's token, or by a signed identity. What does
// not fit proves nothing, and is no reason to refuse the page.
func (s *Server) who(r *http.Request, in visitBody) (who onsite.Who, err error) {
	visitor, err := s.returning(r.Context(), in.Conversation, bearer(r.Header))
	if err != nil {
		return who, err
	}
	if in.Identity != "" {
		if c, wrong := s.identities.verify(in.Identity); wrong.Format == "" {
			who.Name, who.Verified = c.Name, true
			if visitor, err = s.bridge.Onsite.Subject(r.Context(), c.Subject); err != nil {
				return who, err
			}
		}
	}
	if visitor == "" {
		return who, nil
	}
	client, err := s.bridge.Onsite.Client(r.Context(), visitor)
	if phrase.CodeOf(err) == phrase.CodeNotFound {
		return who, nil
	}
	if err != nil {
		return who, err
	}
	if !who.Verified {
		who.Name = client.Called
	}
	who.Visitor, who.Count, who.Last, who.When = visitor, client.Count, client.Last.Number, client.Last.OpenedAt
	who.With, who.Talks = s.bridge.Team.Name(client.Last.Owner), client.Last.State != bridge.Closed
	return who, nil
}

// invite completes the inquiry of a visitor who answers an invitation. A token that proves nothing is no reason to refuse
// the request. done is called once the conversation exists.
func (s *Server) invite(token string, q *bridge.Inquiry) (done func(context.Context, bridge.Opened)) {
	done = func(context.Context, bridge.Opened) {}
	if s.opts.Onsite == nil || token == "" {
		return done
	}
	i, department, ok := s.opts.Onsite.Pending(token)
	if !ok {
		return done
	}
	q.Inviter, q.Meant = i.By, department
	q.Invited = bridge.Invited{By: i.Name, Page: i.Path(), Text: i.Text}
	if i.By == "" {
		q.Invited.By, q.Invited.Rule = "", i.Name
	}
	return func(ctx context.Context, o bridge.Opened) {
		c, err := s.bridge.Conversation(ctx, o.Number)
		if err != nil {
			s.log.Error("find who has a conversation", "conversation", o.Number, "err", err)
		}
		s.opts.Onsite.Answered(ctx, token, o.Number, c.Owner)
	}
}

// visitCall is the row of the table of calls.
func visitCall(s *Server, r rooms) call {
	return call{method: http.MethodPost, path: "/v1/visits", room: r.listed, handle: s.visit,
		does: "Tells that a page of the site is open, where the site's setting `on-site` is on: about once a minute, and when something changes. Nothing of it is stored. The answer may be an invitation to talk.",
		body: visitBody{}, gives: []reply{{200, visitAnswer{}, ""}}, refuse: []phrase.Code{phrase.CodeNotFound, phrase.CodeBusy, phrase.CodeUnavailable}}
}
