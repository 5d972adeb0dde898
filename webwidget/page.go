package webwidget

import (
	"bytes"
	_ "embed"
	"html/template"
	"net/http"
	"strconv"
)

//go:embed chat.html
var chatHTML string

// pages are the documents of the conversation's own page.
var pages = template.Must(template.New("chat").Parse(chatHTML))

// frame is what every document has.
type frame struct {
	Base, Style, Script string
	Title               string
}

func (s *Server) frame() frame {
	return frame{Base: s.base, Style: s.files.style, Script: s.files.page, Title: "Live support"}
}

// pageView is the conversation in a page of its own: the form or the talk.
type pageView struct {
	frame
	Department string            // of the query
	Again      string            // address to load at once, "" for none
	Alert      string            // what went wrong as a whole
	Errors     map[string]string // field → what is wrong with it
	Form       *formView
	Talk       *talkView
}

// formView is the request form with what was typed into it.
type formView struct {
	Online                                              bool
	Returning                                           bool               // the page was made for the visitor of an earlier conversation
	Departments                                         []departmentAnswer // to choose from; nil if there is no choice
	ClientID, Department, Name, Email, Reason, Referrer string
	Wait                                                *waitView // to be sent again after a while; nil if not
}

// talkView is a conversation.
type talkView struct {
	Number             int64
	Seq                int64
	Live               bool // somebody is there
	Closed, WantsEmail bool
	Operator           string
	Lines              []lineView
	ClientID           string // of the next message
	Draft, Email       string // what was typed and refused
}

// lineView is a line of the log.
type lineView struct{ From, Name, Text, Link, At, Time string }

// newsView is what came after the page was made.
type newsView struct {
	frame
	Lines []lineView
	State string
	Every int    // seconds until Again is loaded
	Again string // "" for never
}

// refusalView is an error of the page as a whole.
type refusalView struct {
	frame
	Detail string
}

// render answers with a document.
func (s *Server) render(w http.ResponseWriter, status int, name string, view any) {
	var b bytes.Buffer
	if err := pages.ExecuteTemplate(&b, name, view); err != nil { // the views fit: the tests render them all
		panic(err)
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Length", strconv.Itoa(b.Len()))
	w.WriteHeader(status)
	_, _ = w.Write(b.Bytes()) // an error is that of the client's connection
}
