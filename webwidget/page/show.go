package page

import (
	"crypto/rand"
	"net/http"
	"strconv"

	"porchlight/bridge"
)

// view is the conversation in a page of its own: the form or the talk.
type view struct {
	frame
	Site       siteView
	Department string            // the department of the query
	Again      string            // the address to load at once; "": none
	Alert      string            // what went wrong as a whole
	Errors     map[string]string // field → what is wrong with it
	Form       *formView
	Talk       *talkView
}

// formView is the request form with what was typed into it.
type formView struct {
	Ask                                                 askView
	Online                                              bool
	Back                                                string                    // says when somebody is there again; "": not known
	Returning                                           bool                      // the page was made for the visitor of an earlier conversation
	Departments                                         []bridge.DepartmentStatus // the departments to choose from; nil: no choice
	ClientID, Department, Name, Email, Reason, Referrer string
	Wait                                                *Wait // asks to send the form again after a while; nil: does not ask
}

// newsView shows what came after the page was made.
type newsView struct {
	frame
	Lines []lineView
	State string
	Every int    // seconds until Again is loaded
	Again string // the address to load then; "": never
}

// Show answers GET /chat with the conversation that the cookie names, or with the form
// for a new one. A browser that runs scripts shows the widget instead.
func (p *Page) Show(w http.ResponseWriter, r *http.Request) {
	query := r.URL.Query()
	c, found, err := p.known(r)
	if err != nil {
		p.server.Fail(w, r, err)
		return
	}
	if !found || query.Has("new") {
		p.showForm(w, r, http.StatusOK, formView{Department: query.Get("department"), Referrer: r.Referer(), Returning: found}, nil)
		return
	}
	if err := p.bridge.VisitorPolls(r.Context(), c); err != nil {
		p.server.Fail(w, r, err)
		return
	}
	p.showTalk(w, r, http.StatusOK, c, nil)
}

// showForm renders the request form with what the visitor filled in, and with what is
// wrong.
func (p *Page) showForm(w http.ResponseWriter, r *http.Request, status int, form formView, wrong *Wrong) {
	asked := r.URL.Query().Get("department")
	st, err := p.bridge.Team.Status(asked)
	if err != nil {
		p.server.Fail(w, r, err)
		return
	}
	form.Online, form.Ask = st.Online, p.asks(r, st.Online, asked)
	v := view{frame: p.frame(r), Site: p.site(r), Department: asked, Again: p.sameSite(r), Form: &form}
	// A browser without script does not tell its time zone, so the page names that of the hours.
	if said, ok := p.bridge.Hours.Department(asked).Back(p.bridge.Now(), nil); ok && !st.Online {
		form.Back = v.Language.Say(said) + " (" + st.Hours.Zone + ")"
	}
	if form.ClientID == "" {
		form.ClientID = rand.Text()
	}
	if asked == "" && len(st.Departments) > 1 {
		form.Departments = st.Departments
	}
	v.Errors, v.Alert = v.complaint(wrong)
	for i, f := range form.Ask.Fields {
		form.Ask.Fields[i].Wrong = v.Errors[f.Key]
	}
	documents.Render(w, status, "page", v.Language, v)
}

// showTalk renders a conversation, with what is wrong and what the visitor typed.
func (p *Page) showTalk(w http.ResponseWriter, r *http.Request, status int, c bridge.Conversation, wrong *Wrong) {
	f := p.frame(r)
	talk, err := p.talk(r.Context(), f, c.Number)
	if err != nil {
		p.server.Fail(w, r, err)
		return
	}
	if wrong != nil {
		talk.Draft, talk.Email = r.PostForm.Get("text"), r.PostForm.Get("email")
		talk.Vote.typed(r.PostForm)
	}
	v := view{frame: f, Site: p.site(r), Department: r.URL.Query().Get("department"), Talk: talk}
	v.Errors, v.Alert = v.complaint(wrong)
	documents.Render(w, status, "page", v.Language, v)
}

// complaint is what is wrong: beside the fields, or as a whole.
func (f frame) complaint(wrong *Wrong) (fields map[string]string, alert string) {
	switch {
	case wrong == nil:
		return nil, ""
	case len(wrong.Errors) > 0:
		return f.Language.SayAll(wrong.Errors), ""
	}
	return nil, f.Language.Say(wrong.Detail)
}

// sameSite returns the page's own address if the visitor came from another site, else "".
// A link from another site brings no cookie (SameSite=Strict), but the page's own does.
func (p *Page) sameSite(r *http.Request) string {
	query := r.URL.Query()
	if r.Method != http.MethodGet || query.Has("again") || query.Has("new") || r.Header.Get("Sec-Fetch-Site") != "cross-site" {
		return ""
	}
	query.Set("again", "1")
	return p.opts.Base + "/chat?" + query.Encode()
}

// newsEvery is how often the frame with the news loads itself anew, in seconds.
const newsEvery = 5

// News answers GET /chat/news with what came past ?after=, the number of the page's last
// event. The news stand in a frame of their own, which loads itself anew, so that what
// the visitor is typing in the page around it is not lost.
func (p *Page) News(w http.ResponseWriter, r *http.Request) {
	c, err := p.conversation(r)
	if err == nil {
		err = p.bridge.VisitorPolls(r.Context(), c)
	}
	if err != nil {
		p.server.Fail(w, r, err)
		return
	}
	after, err := p.server.Cursor(r, c.Seq)
	if err != nil {
		p.server.Fail(w, r, err)
		return
	}
	now, err := p.bridge.Snapshot(r.Context(), c.Number)
	if err != nil {
		p.server.Fail(w, r, err)
		return
	}
	v := newsView{frame: p.frame(r), Every: newsEvery}
	v.State = v.Language.Say(stateText(now))
	var last int64
	if v.Lines, last, err = p.lines(r.Context(), v.Language, now, after); err != nil {
		p.server.Fail(w, r, err)
		return
	}
	p.bridge.PageShowed(now.Conversation, last)
	if now.State != bridge.Closed {
		v.State += " " + v.Say("Last looked at %s.", p.clock(now).say(p.bridge.Now(), "15:04:05"))
		v.Again = p.opts.Base + "/chat/news?after=" + strconv.FormatInt(after, 10)
	}
	documents.Render(w, http.StatusOK, "news", v.Language, v)
}
