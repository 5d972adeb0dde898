package webwidget

import (
	"errors"
	"io"
	"mime/multipart"
	"net/http"

	"porchlight/bridge"
	"porchlight/bridge/phrase"
	"porchlight/webwidget/share"
)

// filesAnswer says what files a visitor may send.
type filesAnswer struct {
	MaxBytes int64    `json:"max_bytes" doc:"the most bytes of one file"`
	Types    []string `json:"types" doc:"the media types of the files that are taken"`
}

func noFiles() *problem {
	return newProblem(phrase.CodeForbidden, phrase.Say("No files are taken here."))
}

// formRoom is what a form needs beside its file, in bytes.
const formRoom = 16 << 10

// upload answers the call that sends a visitor's file: with 201 and the event, or with 200
// and the same event if the file came before.
func (s *Server) upload(w http.ResponseWriter, r *http.Request, number int64) {
	e, repeated, err := s.take(w, r, number)
	if err == nil {
		err = s.sent(w, r, number, e, repeated)
	}
	if err != nil {
		s.fail(w, r, err)
	}
}

// take stores a visitor's file while it comes in. The form has the fields client_id and
// file, in this order.
func (s *Server) take(w http.ResponseWriter, r *http.Request, number int64) (e bridge.Event, repeated bool, err error) {
	if s.opts.MaxFile <= 0 {
		return e, false, noFiles()
	}
	if r.ContentLength > s.opts.MaxFile+formRoom { // refused before all of it is on its way
		return e, false, newProblem(phrase.CodeTooLarge, phrase.Say("The file is too large. At most %d bytes are allowed.", s.opts.MaxFile))
	}
	body, ok := r.Body.(*arriving)
	if !ok { // there is none
		return s.receive(r, number)
	}
	f := &sending{s.slot(r, number), body}
	if !s.limits.uploads.Enter(f) {
		return e, false, crowded(phrase.Say("Too many files are on their way at the moment."))
	}
	defer s.limits.uploads.Leave(f)
	r.Body = http.MaxBytesReader(w, r.Body, s.opts.MaxFile+formRoom)
	e, repeated, err = s.receive(r, number)
	if err != nil && body.ended() != nil {
		err = crowded(phrase.Say("Too many files are on their way at the moment, and this one was the slowest."))
	}
	return e, repeated, err
}

// receive stores what the form holds.
func (s *Server) receive(r *http.Request, number int64) (e bridge.Event, repeated bool, err error) {
	form, err := r.MultipartReader()
	if err != nil {
		return e, false, newProblem(phrase.CodeUnsupported, phrase.Say("Send multipart/form-data with the fields client_id and file."))
	}
	clientID, file, err := fileOf(form)
	if err == nil {
		err = sound(clientID)
	}
	if err != nil {
		return e, false, err
	}
	return s.bridge.VisitorSends(r.Context(), number, clientID, file.FileName(), file)
}

// sent answers with the event of a stored file.
func (s *Server) sent(w http.ResponseWriter, r *http.Request, number int64, e bridge.Event, repeated bool) error {
	now, err := s.bridge.Snapshot(r.Context(), number)
	if err != nil {
		return err
	}
	status := http.StatusCreated
	if repeated {
		status = http.StatusOK
	}
	answer(w, status, s.viewOf(r, now).eventOf(e))
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
			return "", nil, malformed(phrase.Say("The form did not arrive whole."))
		}
		switch part.FormName() {
		case "file":
			return clientID, part, nil
		case "client_id":
			b, err := io.ReadAll(io.LimitReader(part, 1024))
			if err != nil {
				return "", nil, malformed(phrase.Say("The form did not arrive whole."))
			}
			clientID = string(b)
		}
	}
	return "", nil, invalid("file", phrase.Say("Send a file in this field, after client_id."))
}

// sending is a file on its way, which holds a place. It is a share.Member.
type sending struct {
	slot share.Slot
	body *arriving
}

// Slot returns the place of the file (share.Member).
func (f *sending) Slot() *share.Slot { return &f.slot }

// Pace makes the slowest file give way (share.Member).
func (f *sending) Pace() int64 { return f.body.pace() }

// Cut ends the file's way: its place was given to another (share.Member).
func (f *sending) Cut() { f.body.end(errDisplaced) }
