package webwidget

import (
	"mime"
	"net/http"
	"strconv"
	"time"

	"github.com/go-chi/chi/v5"

	"porchlight/bridge"
)

// fileAnswer describes a file to visitors.
type fileAnswer struct {
	ID   string `json:"id" doc:"the file's id; \"\" for a file of an operator, which lies elsewhere"`
	Name string `json:"name" doc:"the file's name"`
	Type string `json:"type" doc:"the media type, \"\" if it is not known"`
	Size int64  `json:"size" doc:"the size in bytes, 0 if it is not known"`
	URL  string `json:"url" doc:"a path below public_url that holds for a day, or an operator's https link"`
}

// pageLinkLasts is how long the link in an event holds. A page that shows the log later
// reads the log anew, and gets a new link.
const pageLinkLasts = 24 * time.Hour

// file describes the file of an event.
func (v view) file(e bridge.Event) *fileAnswer {
	f, _ := e.Data.(bridge.SentFile)
	a := &fileAnswer{ID: f.ID, Name: f.Called(), Type: f.Media, Size: f.Bytes, URL: f.URL}
	if e.From == bridge.FromVisitor {
		a.URL = v.bridge.Files.Link(v.id, f.ID, v.bridge.Now().Add(pageLinkLasts))
	}
	return a
}

// download answers GET …/files/{file}. A caller needs the conversation's token or a link
// that Files.Link made; for anybody else the file does not exist. A browser never shows
// the file as a document: its type is one of our table, it is an attachment, and its
// policy forbids everything.
func (s *Server) download(w http.ResponseWriter, r *http.Request) {
	id, file := bridge.ConversationID(chi.URLParam(r, "id")), chi.URLParam(r, "file")
	query := r.URL.Query()
	var number int64
	var err error
	if query.Has("signature") {
		number, err = s.bridge.Files.AdmitLink(r.Context(), id, file, query.Get("expires"), query.Get("signature"))
	} else {
		number, err = s.bridge.Tokens.Admit(r.Context(), id, bearer(r.Header))
	}
	var f bridge.File
	if err == nil {
		f, err = s.bridge.Files.Find(r.Context(), number, file)
	}
	if err != nil {
		s.fail(w, r, err)
		return
	}
	h := w.Header()
	h.Set("Content-Type", f.Type)
	h.Set("Content-Length", strconv.FormatInt(f.Size, 10))
	h.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": f.Name}))
	h.Set("Content-Security-Policy", "sandbox; default-src 'none'")
	h.Set("Cross-Origin-Resource-Policy", "cross-origin") // the site that embeds the widget shows pictures
	w.WriteHeader(http.StatusOK)
	if r.Method == http.MethodHead {
		return
	}
	out := &patient{ResponseWriter: w, control: http.NewResponseController(w), limit: s.times.write}
	if err := s.bridge.Files.Write(r.Context(), f, out); err != nil {
		if out.err == nil {
			s.report(r, err)
		}
		panic(http.ErrAbortHandler) // too late for another answer: the reader must see that the file is not whole
	}
}

// patient writes to a reader that may be slow, as long as the reader takes something.
type patient struct {
	http.ResponseWriter
	control *http.ResponseController
	limit   time.Duration
	err     error // what writing to the reader's connection failed with
}

// Write moves the time limit on.
func (p *patient) Write(b []byte) (int, error) {
	_ = p.control.SetWriteDeadline(time.Now().Add(p.limit)) // some writers can't set a limit (see limitTime)
	n, err := p.ResponseWriter.Write(b)
	p.err = err
	return n, err
}
