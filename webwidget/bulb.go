package webwidget

import (
	_ "embed"
	"net/http"
)

// The bulb, lit and grey. The PNGs are the SVGs as Chromium draws them;
// go test -run TestBulb_PNG -update draws them anew.
var (
	//go:embed bulb-online.svg
	onlineSVG []byte
	//go:embed bulb-offline.svg
	offlineSVG []byte
	//go:embed bulb-online.png
	onlinePNG []byte
	//go:embed bulb-offline.png
	offlinePNG []byte
)

// statusSVG answers GET /status.svg.
func (s *Server) statusSVG(w http.ResponseWriter, r *http.Request) {
	s.serveBulb(w, r, onlineSVG, offlineSVG, "image/svg+xml")
}

// statusPNG answers GET /status.png.
func (s *Server) statusPNG(w http.ResponseWriter, r *http.Request) {
	s.serveBulb(w, r, onlinePNG, offlinePNG, "image/png")
}

func (s *Server) serveBulb(w http.ResponseWriter, r *http.Request, online, offline []byte, contentType string) {
	st, err := s.bridge.Status(r.URL.Query().Get("department"))
	if err != nil {
		s.fail(w, r, err)
		return
	}
	image := offline
	if st.Online {
		image = online
	}
	serveBytes(w, r, image, contentType, "no-cache")
}
