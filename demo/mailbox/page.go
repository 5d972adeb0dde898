package mailbox

import (
	"bytes"
	"embed"
	"html/template"
	"net/http"
	"net/mail"
	"strconv"
	"strings"
	"time"

	"porchlight/email/letter"
)

//go:embed pages
var files embed.FS

// maxForm is how many bytes may be typed into a form.
const maxForm = 1 << 20

// policy is the Content-Security-Policy of the pages; that of an HTML mail lets in its own styles and pictures and
// nothing else, and makes it a document of no origin.
const (
	policy     = "default-src 'none'; style-src 'self'; frame-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
	mailPolicy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'none'; frame-ancestors 'self'; sandbox allow-popups allow-popups-to-escape-sandbox"
)

// pages serves what there is below /mail.
type pages struct {
	servers   *Servers
	templates map[string]*template.Template
}

// Handler serves /mail, the list of what was sent, and everything below it. The pages have no script. What other
// sites' forms post is refused. Handler panics if an embedded template does not parse.
func (s *Servers) Handler() http.Handler {
	p := &pages{servers: s, templates: make(map[string]*template.Template)}
	for _, name := range []string{"list", "mail", "new"} {
		p.templates[name] = template.Must(template.ParseFS(files, "pages/frame.html", "pages/"+name+".html"))
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /mail", p.list)
	mux.HandleFunc("GET /mail/new", p.blank)
	mux.HandleFunc("POST /mail/new", p.write)
	mux.HandleFunc("GET /mail/{number}", p.read)
	mux.HandleFunc("POST /mail/{number}", p.reply)
	mux.HandleFunc("GET /mail/{number}/html", p.html)
	mux.HandleFunc("GET /mail/mail.css", func(w http.ResponseWriter, r *http.Request) {
		http.ServeFileFS(w, r, files, "pages/mail.css")
	})
	inner := http.NewCrossOriginProtection().Handler(mux)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cache-Control", "no-store")
		r.Body = http.MaxBytesReader(w, r.Body, maxForm)
		inner.ServeHTTP(w, r)
	})
}

// draft is a form that was filled in.
type draft struct {
	From, Subject, Text string
	Wrong               string // what is wrong with it, "" if nothing is
}

// view is what a template shows.
type view struct {
	Named   string
	Address string
	Reload  bool // the page looks again by itself
	Mails   []shown
	Mail    shown
	Draft   draft
}

// render answers with a page.
func (p *pages) render(w http.ResponseWriter, status int, name string, v view) {
	v.Address = p.servers.config.Address
	var b bytes.Buffer
	if err := p.templates[name].ExecuteTemplate(&b, "frame", v); err != nil {
		p.servers.config.Log.Error("show mail", "err", err)
		http.Error(w, "The page can't be shown.", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	w.Write(b.Bytes()) // fails only if the reader has gone
}

// list shows all mails.
func (p *pages) list(w http.ResponseWriter, _ *http.Request) {
	v := view{Named: "Mail", Reload: true}
	for _, m := range p.servers.Mails() {
		v.Mails = append(v.Mails, show(m))
	}
	p.render(w, http.StatusOK, "list", v)
}

// found finds the mail that a request is about; without one it answers.
func (p *pages) found(w http.ResponseWriter, r *http.Request) (Mail, bool) {
	number, err := strconv.Atoi(r.PathValue("number"))
	m, ok := p.servers.mail(number)
	if err != nil || !ok {
		http.NotFound(w, r)
		return Mail{}, false
	}
	return m, true
}

// read shows a mail, with a form to answer it.
func (p *pages) read(w http.ResponseWriter, r *http.Request) {
	if m, ok := p.found(w, r); ok {
		s := show(m)
		p.render(w, http.StatusOK, "mail", view{Named: s.Subject, Mail: s})
	}
}

// html shows the HTML of a mail alone, for a frame.
func (p *pages) html(w http.ResponseWriter, r *http.Request) {
	m, ok := p.found(w, r)
	if !ok {
		return
	}
	page := htmlOf(m.Raw)
	if page == "" {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Security-Policy", mailPolicy)
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	// Links open beside the frame, as they do beside a mail program.
	w.Write([]byte(strings.Replace(page, "<head>", `<head><base target="_blank">`, 1)))
}

// reply sends an answer to a mail.
func (p *pages) reply(w http.ResponseWriter, r *http.Request) {
	m, ok := p.found(w, r)
	if !ok {
		return
	}
	if m.Arrived { // it has no form
		http.NotFound(w, r)
		return
	}
	s := show(m)
	d := draft{Text: strings.TrimSpace(r.PostFormValue("text"))}
	if d.Text == "" {
		d.Wrong = "Please write something."
	} else {
		d.Wrong = p.submit(answer(m, letter.Read(m.Raw, letter.Options{}), d.Text, time.Now()))
	}
	p.after(w, r, "mail", view{Named: s.Subject, Mail: s, Draft: d})
}

// blank shows the form for a new mail.
func (p *pages) blank(w http.ResponseWriter, _ *http.Request) {
	p.render(w, http.StatusOK, "new", view{Named: "A new mail", Draft: draft{From: "Anna <anna@example.org>"}})
}

// write sends a new mail to the support address.
func (p *pages) write(w http.ResponseWriter, r *http.Request) {
	d := draft{From: r.PostFormValue("from"), Subject: r.PostFormValue("subject"), Text: strings.TrimSpace(r.PostFormValue("text"))}
	from, err := mail.ParseAddress(d.From)
	switch {
	case err != nil:
		d.Wrong = "This is no address; write Anna <anna@example.org>."
	case d.Text == "":
		d.Wrong = "Please write something."
	default:
		d.Wrong = p.submit(outgoing{From: *from, To: p.servers.config.Address, Subject: d.Subject, Text: d.Text, At: time.Now()})
	}
	p.after(w, r, "new", view{Named: "A new mail", Draft: d})
}

// submit sends a mail, and returns what is wrong.
func (p *pages) submit(o outgoing) string {
	err := p.servers.submit(o)
	if err == nil {
		return ""
	}
	p.servers.config.Log.Warn("mail of the demo's page", "err", err)
	return "It could not be sent: " + err.Error()
}

// after shows the list, or the form again with what is wrong with it.
func (p *pages) after(w http.ResponseWriter, r *http.Request, name string, v view) {
	if v.Draft.Wrong != "" {
		p.render(w, http.StatusUnprocessableEntity, name, v)
		return
	}
	http.Redirect(w, r, "/mail", http.StatusSeeOther)
}
