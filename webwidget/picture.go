package webwidget

import (
	"context"
	"net/http"
	"time"

	"github.com/go-chi/chi/v5"

	"porchlight/bridge/phrase"
)

// A Picture finds a picture by its name and says how to draw it as a PNG. Finding costs next to nothing, drawing
// some hundredths of a second. A CodeNotFound error says that there is no picture of that name.
type Picture func(name string) (draw func(context.Context) ([]byte, error), err error)

const (
	drawnAtOnce = 2               // pictures that are drawn at one time
	drawnWithin = 5 * time.Second // how long a caller waits to be one of these
)

// picture answers GET /pictures/{picture}/stats.png. Whoever has the name may see the picture; others can't
// have one drawn.
func (s *Server) picture(w http.ResponseWriter, r *http.Request) {
	if s.opts.Picture == nil {
		s.notOurs(w, r)
		return
	}
	draw, err := s.opts.Picture(chi.URLParam(r, "picture"))
	if err != nil {
		s.fail(w, r, err)
		return
	}
	late := time.NewTimer(drawnWithin)
	defer late.Stop()
	select {
	case s.drawing <- struct{}{}:
		defer func() { <-s.drawing }()
	case <-late.C:
		s.refuse(w, r, crowded(phrase.Say("Too many pictures are being drawn.")))
		return
	case <-r.Context().Done():
		return
	}
	png, err := draw(r.Context())
	if err != nil {
		s.fail(w, r, err)
		return
	}
	serveBytes(w, r, png, "image/png", "private, max-age=600")
}
