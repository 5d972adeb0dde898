package webwidget

import (
	_ "embed"
	"net/http"
)

// The bulb, lit and grey. The PNGs show what Chromium makes of the SVGs; "go test -run
// TestBulb_PNG -update" draws them anew.
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

// bulb answers GET /status.svg and /status.png with one of two images.
func (s *Server) bulb(online, offline []byte, contentType string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		st, err := s.bridge.Team.Status(r.URL.Query().Get("department"))
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
}
