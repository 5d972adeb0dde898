package webwidget

import (
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"time"

	"porchlight/bridge"
)

// filesAnswer says what files a visitor may send.
type filesAnswer struct {
	MaxBytes int64    `json:"max_bytes"`
	Types    []string `json:"types"`
}

func noFiles() *problem {
	return newProblem(http.StatusForbidden, string(bridge.CodeForbidden), "No files are taken here.")
}

// slowest is the rate below which an upload takes too long, in bytes a second.
const slowest = 4 << 10

// formRoom is what a form needs beside its file, in bytes.
const formRoom = 16 << 10

// upload stores a visitor's file, the form's fields client_id and file in this
// order, as it comes in: 201 and the event, or 200 and the same if it came before.
func (s *Server) upload(w http.ResponseWriter, r *http.Request) {
	if s.opts.MaxFile <= 0 {
		s.refuse(w, r, noFiles())
		return
	}
	if r.ContentLength > s.opts.MaxFile+formRoom { // before all of it is on its way
		s.refuse(w, r, newProblem(http.StatusRequestEntityTooLarge, string(bridge.CodeTooLarge), fmt.Sprintf("The file is too large. At most %d bytes are allowed.", s.opts.MaxFile)))
		return
	}
	release, err := s.limits.uploads.enter()
	if err != nil {
		s.fail(w, r, err)
		return
	}
	defer release()
	whole := time.Now().Add(time.Minute + time.Duration(s.opts.MaxFile/slowest)*time.Second)
	r.Body = &steady{http.MaxBytesReader(w, r.Body, s.opts.MaxFile+formRoom), http.NewResponseController(w), s.times.body, whole}
	form, err := r.MultipartReader()
	if err != nil {
		s.refuse(w, r, newProblem(http.StatusUnsupportedMediaType, string(bridge.CodeUnsupported), "Send multipart/form-data with the fields client_id and file."))
		return
	}
	clientID, file, err := fileOf(form)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	e, repeated, err := s.bridge.VisitorSends(r.Context(), number(r), clientID, file.FileName(), file)
	if err == nil {
		err = s.sent(w, r, e, repeated)
	}
	if err != nil {
		s.fail(w, r, err)
	}
}

// sent answers with the event.
func (s *Server) sent(w http.ResponseWriter, r *http.Request, e bridge.Event, repeated bool) error {
	card, err := s.bridge.Card(r.Context(), number(r))
	if err != nil {
		return err
	}
	status := http.StatusCreated
	if repeated {
		status = http.StatusOK
	}
	answer(w, status, s.view(card).eventOf(e))
	return nil
}

// fileOf reads a form up to its file.
func fileOf(form *multipart.Reader) (clientID string, file *multipart.Part, err error) {
	for range 4 {
		part, err := form.NextPart()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return "", nil, malformed("The form did not arrive whole.")
		}
		switch part.FormName() {
		case "file":
			return clientID, part, nil
		case "client_id":
			b, err := io.ReadAll(io.LimitReader(part, 1024))
			if err != nil {
				return "", nil, malformed("The form did not arrive whole.")
			}
			clientID = string(b)
		}
	}
	return "", nil, invalid("file", "Send a file in this field, after client_id.")
}

// steady reads a body that may take long, as long as something comes.
type steady struct {
	io.ReadCloser
	control *http.ResponseController
	limit   time.Duration // without a byte
	whole   time.Time     // for all of it
}

// Read moves the time limit on.
func (s *steady) Read(b []byte) (int, error) {
	next := time.Now().Add(s.limit)
	if next.After(s.whole) {
		next = s.whole
	}
	_ = s.control.SetReadDeadline(next) // as in guard
	_ = s.control.SetWriteDeadline(time.Now().Add(s.limit + time.Minute))
	return s.ReadCloser.Read(b)
}
