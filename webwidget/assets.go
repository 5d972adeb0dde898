package webwidget

import (
	"bytes"
	"compress/gzip"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"path"
	"strings"
	"sync"

	"github.com/go-chi/chi/v5"

	"porchlight/bridge/phrase"
	"porchlight/webwidget/page"
	"porchlight/webwidget/team"
	"porchlight/webwidget/unsubscribe"
)

//go:embed dist
var dist embed.FS

// file is an asset, plain and packed. The widget's files are packed by brotli too, which the build has done, since that is slow.
// Few browsers ask for gzip nowadays, so each file is packed by it when the first does.
type file struct {
	body, brotli []byte
	gzip         func() []byte
	contentType  string
}

// files are the assets by name. Every name except the loader's holds a hash of the
// content, so these files may be cached for ever.
type files struct {
	byName map[string]file
	script string // the module of the full-page view, "" if the widget is not built
}

const (
	loaderName = "widget.js"
	kindScript = "text/javascript; charset=utf-8"
	immutable  = "public, max-age=31536000, immutable"
	moving     = "public, max-age=300"
)

// loadFiles reads the built widget. If there is none, only the page without script is
// served.
func loadFiles() (files, error) {
	f := files{byName: make(map[string]file)}
	entries, err := fs.ReadDir(dist, "dist")
	if err != nil {
		return f, fmt.Errorf("read widget: %w", err)
	}
	for _, e := range entries {
		kind, ok := map[string]string{".js": kindScript, ".json": "application/json"}[path.Ext(e.Name())]
		if !ok || e.Name() == "manifest.json" {
			continue
		}
		body, err := dist.ReadFile("dist/" + e.Name())
		if err != nil {
			return f, fmt.Errorf("read widget: %w", err)
		}
		made := newFile(body, kind)
		if made.brotli, err = dist.ReadFile("dist/" + e.Name() + ".br"); err != nil {
			return f, fmt.Errorf("read widget: %w", err)
		}
		f.byName[e.Name()] = made
	}
	style, sheet := page.Style()
	f.byName[style] = newFile(sheet, "text/css; charset=utf-8")
	style, sheet = team.Style()
	f.byName[style] = newFile(sheet, "text/css; charset=utf-8")
	script, code := team.Script()
	f.byName[script] = newFile(code, kindScript)
	style, sheet = unsubscribe.Style()
	f.byName[style] = newFile(sheet, "text/css; charset=utf-8")
	f.script, err = pageModule()
	return f, err
}

// pageModule reads from the manifest which file is the module of the full-page view.
func pageModule() (string, error) {
	b, err := dist.ReadFile("dist/manifest.json")
	if errors.Is(err, fs.ErrNotExist) {
		return "", nil
	}
	var manifest struct {
		Page string `json:"page"`
	}
	if err == nil {
		err = json.Unmarshal(b, &manifest)
	}
	if err != nil {
		return "", fmt.Errorf("read widget manifest: %w", err)
	}
	return manifest.Page, nil
}

func newFile(body []byte, contentType string) file {
	return file{body: body, contentType: contentType, gzip: sync.OnceValue(func() []byte {
		var b bytes.Buffer
		z, _ := gzip.NewWriterLevel(&b, gzip.BestCompression) // can't fail: the level is valid
		_, _ = z.Write(body)                                  // can't fail: it writes to a buffer
		_ = z.Close()
		return b.Bytes()
	})}
}

// asset answers GET /widget.js and GET /widget/{file}.
func (s *Server) asset(cacheControl string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		name := chi.URLParam(r, "file")
		if cacheControl == moving {
			name = loaderName
		}
		f, ok := s.files.byName[name]
		if !ok || (name == loaderName) != (cacheControl == moving) {
			s.refuse(w, r, newProblem(phrase.CodeNotFound, phrase.Say("There is no such file.")))
			return
		}
		w.Header().Set("Vary", "Accept-Encoding")
		coding, body := f.packed(r.Header.Get("Accept-Encoding"))
		if coding != "" {
			w.Header().Set("Content-Encoding", coding)
		}
		serveBytes(w, r, body, f.contentType, cacheControl)
	}
}

// packed returns the smallest form of a file that the client accepts, and its coding, ""
// for the plain form.
func (f file) packed(accepted string) (coding string, body []byte) {
	switch {
	case f.brotli != nil && accepts(accepted, "br"):
		return "br", f.brotli
	case accepts(accepted, "gzip"):
		return "gzip", f.gzip()
	}
	return "", f.body
}

// accepts reads in Accept-Encoding whether a coding may be used (RFC 9110 §12.5.3).
func accepts(header, coding string) bool {
	for _, part := range strings.Split(header, ",") {
		name, weight, _ := strings.Cut(strings.TrimSpace(part), ";")
		weight = strings.TrimRight(strings.ReplaceAll(weight, " ", ""), "0.")
		if strings.EqualFold(strings.TrimSpace(name), coding) && weight != "q=" {
			return true
		}
	}
	return false
}
