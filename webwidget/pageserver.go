package webwidget

import (
	"net/http"
	"net/url"
	"strings"

	"porchlight/bridge"
	"porchlight/bridge/phrase"
	"porchlight/webwidget/page"
	"porchlight/webwidget/peer"
)

// pageServer is the part of the server that the page without script uses (page.Server).
type pageServer struct{ s *Server }

// ReadForm reads the fields of a form into r.PostForm.
func (p pageServer) ReadForm(w http.ResponseWriter, r *http.Request) error {
	if t, _, _ := strings.Cut(r.Header.Get("Content-Type"), ";"); !strings.EqualFold(strings.TrimSpace(t), "application/x-www-form-urlencoded") {
		return newProblem(phrase.CodeUnsupported, phrase.Say("Send the page's own form."))
	}
	body, err := p.s.readBody(w, r)
	if err != nil {
		return err
	}
	if r.PostForm, err = url.ParseQuery(strings.ToValidUTF8(string(body), "")); err != nil {
		return malformed(phrase.Say("The form can't be read."))
	}
	return nil
}

// Cursor returns the number of the last event that the page has.
func (p pageServer) Cursor(r *http.Request, end int64) (int64, error) { return cursor(r, end) }

// Ask opens a conversation, or tells how long to wait first.
func (p pageServer) Ask(w http.ResponseWriter, r *http.Request, q bridge.Inquiry, given string) (o bridge.Opened, wait *page.Wait, err error) {
	p.s.lookout.look(r)
	client := p.s.proxies.client(r)
	q.Browser, q.Address = r.UserAgent(), client.String()
	if err := sound(q.ClientID); err != nil {
		return o, nil, err
	}
	refund, wait, err := p.s.toll.payByWaiting(w, r, peer.Of(client), given)
	if wait != nil || err != nil {
		return o, wait, err
	}
	if o, err = p.s.bridge.Ask(r.Context(), q); err != nil {
		refund()
	}
	return o, nil, err
}

// Write stores a visitor's message.
func (p pageServer) Write(r *http.Request, number int64, clientID, text string) error {
	if err := sound(clientID); err != nil {
		return err
	}
	_, _, err := p.s.bridge.VisitorWrites(r.Context(), number, clientID, text)
	return err
}

// Take stores a visitor's file.
func (p pageServer) Take(w http.ResponseWriter, r *http.Request, number int64) error {
	_, _, err := p.s.take(w, r, number)
	return err
}

// Language returns the language that the request asks for.
func (p pageServer) Language(r *http.Request) *phrase.Language { return tongue(r) }

// Explain turns an error into what the visitor is told.
func (p pageServer) Explain(r *http.Request, err error) page.Wrong {
	p.s.report(r, err)
	told := asProblem(err)
	return page.Wrong{Status: told.status, Detail: told.detail, Errors: told.fields}
}

// Fail answers with an error.
func (p pageServer) Fail(w http.ResponseWriter, r *http.Request, err error) { p.s.fail(w, r, err) }
