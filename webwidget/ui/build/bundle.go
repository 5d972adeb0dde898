package main

import (
	"bytes"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/evanw/esbuild/pkg/api"
)

// manifest tells the server which files there are; it is written as manifest.json.
type manifest struct {
	Widget    string            `json:"widget.js"` // the loader
	Panel     string            `json:"panel"`     // the panel, a module, fetched by the loader and the page
	Page      string            `json:"page"`      // the module of the full-page view
	Words     string            `json:"words"`     // the panel's texts in further languages
	Integrity map[string]string `json:"integrity"` // subresource integrity by file name
}

// bundle builds all entries in folder src and returns the files of the output folder by name.
func bundle(src string) (map[string][]byte, error) {
	b := builder{src: src}
	words := b.texts("words.json")
	b.words = hashed("words", words, ".json")
	panel := b.build("panel.ts", api.FormatESModule)
	b.panel = hashed("panel", panel, ".js")
	page := b.build("page.ts", api.FormatESModule)
	loader := b.build("loader.ts", api.FormatIIFE)
	if b.err != nil {
		return nil, b.err
	}
	m := manifest{Widget: "widget.js", Panel: b.panel, Page: hashed("page", page, ".js"), Words: b.words}
	files := map[string][]byte{m.Widget: loader, m.Panel: panel, m.Page: page, m.Words: words}
	m.Integrity = map[string]string{}
	for name, data := range files {
		sum := sha512.Sum384(data)
		m.Integrity[name] = "sha384-" + base64.StdEncoding.EncodeToString(sum[:])
	}
	text, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("encode manifest: %w", err)
	}
	files["manifest.json"] = append(text, '\n')
	return files, nil
}

// hashed names a file after its content, so that it may be cached for ever.
func hashed(name string, data []byte, ext string) string {
	sum := sha256.Sum256(data)
	return fmt.Sprintf("%s-%x%s", name, sum[:5], ext)
}

// builder bundles one entry after the other; an error stops it.
type builder struct {
	src          string
	panel, words string // file names of what is built already, empty before
	err          error
}

// texts returns a JSON file without its white space.
func (b *builder) texts(name string) []byte {
	data, err := os.ReadFile(filepath.Join(b.src, name))
	var out bytes.Buffer
	if err == nil {
		err = json.Compact(&out, data)
	}
	if err != nil {
		b.err = errors.Join(b.err, fmt.Errorf("bundle %s: %w", name, err))
	}
	return out.Bytes()
}

// build bundles one entry.
func (b *builder) build(entry string, format api.Format) []byte {
	root, err := filepath.Abs(b.src)
	if b.err = errors.Join(b.err, err); b.err != nil {
		return nil
	}
	result := api.Build(api.BuildOptions{
		AbsWorkingDir:     root,
		EntryPoints:       []string{entry},
		Bundle:            true,
		Format:            format,
		Target:            api.ES2022,
		Charset:           api.CharsetUTF8,
		MinifyWhitespace:  true,
		MinifyIdentifiers: true,
		MinifySyntax:      true,
		LegalComments:     api.LegalCommentsNone,
		Define:            map[string]string{"__PANEL__": fmt.Sprintf("%q", b.panel), "__WORDS__": fmt.Sprintf("%q", b.words)},
		Plugins:           []api.Plugin{styles(), built(b.panel)},
	})
	for _, m := range result.Errors {
		err = errors.Join(err, fmt.Errorf("%s: %s", place(m.Location), m.Text))
	}
	if err != nil {
		b.err = fmt.Errorf("bundle %s: %w", entry, err)
		return nil
	}
	return result.OutputFiles[0].Contents
}

func place(l *api.Location) string {
	if l == nil {
		return "-"
	}
	return fmt.Sprintf("%s:%d", l.File, l.Line)
}

// styles turns an imported style sheet, with what it imports itself, into minified text.
func styles() api.Plugin {
	return api.Plugin{Name: "styles", Setup: func(b api.PluginBuild) {
		b.OnLoad(api.OnLoadOptions{Filter: `\.css$`}, func(a api.OnLoadArgs) (api.OnLoadResult, error) {
			css := api.Build(api.BuildOptions{
				EntryPoints: []string{a.Path}, Bundle: true, MinifyWhitespace: true, MinifySyntax: true,
			})
			if len(css.Errors) > 0 {
				return api.OnLoadResult{Errors: css.Errors}, nil
			}
			text := strings.TrimSpace(string(css.OutputFiles[0].Contents))
			return api.OnLoadResult{Contents: &text, Loader: api.LoaderText}, nil
		})
	}}
}

// built makes `import "./panel"` mean the built file that lies beside the importing one.
func built(panel string) api.Plugin {
	return api.Plugin{Name: "built", Setup: func(b api.PluginBuild) {
		if panel == "" {
			return
		}
		b.OnResolve(api.OnResolveOptions{Filter: `^\./panel$`}, func(api.OnResolveArgs) (api.OnResolveResult, error) {
			return api.OnResolveResult{Path: "./" + panel, External: true}, nil
		})
	}}
}
