package main

import (
	"bytes"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"strings"

	"github.com/evanw/esbuild/pkg/api"

	"porchlight/bridge/phrase"
)

// manifest tells the server which files there are. The build writes it as manifest.json.
type manifest struct {
	Widget    string            `json:"widget.js"` // the loader
	Panel     string            `json:"panel"`     // the module of the panel, which the loader and the page fetch
	Extras    string            `json:"extras"`    // the module of the extras, which imports the panel; the panel fetches it once there is a conversation
	Page      string            `json:"page"`      // the module of the full-page view
	Words     string            `json:"words"`     // the beginning of the names of the panel's texts; "-", the language and ".json" follow
	Integrity map[string]string `json:"integrity"` // subresource integrity by file name
}

// bundle builds all entries in folder src, and returns the files of the output folder by name.
func bundle(src string) (map[string][]byte, error) {
	b := builder{src: src, parts: make(map[string]string), short: make(map[string]any)}
	words := b.texts("words.json")
	notes, proof, back, visit := b.part("notes"), b.part("proof"), b.part("back"), b.part("visit")
	custom := b.part("custom")
	panel := b.part("panel")
	extras := b.part("extras")
	page := b.build("page.ts", api.FormatESModule)
	loader := b.build("loader.ts", api.FormatIIFE)
	if b.err != nil {
		return nil, b.err
	}
	m := manifest{Widget: "widget.js", Panel: b.parts["panel"], Extras: b.parts["extras"], Page: hashed("page", page, ".js"), Words: b.words}
	files := map[string][]byte{m.Widget: loader, m.Panel: panel, m.Extras: extras, m.Page: page, b.parts["notes"]: notes, b.parts["proof"]: proof, b.parts["custom"]: custom, b.parts["back"]: back, b.parts["visit"]: visit}
	maps.Copy(files, words)
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

// hashed puts a hash of a file's content into its name, so that browsers may cache the file for ever.
func hashed(name string, data []byte, ext string) string {
	sum := sha256.Sum256(data)
	return fmt.Sprintf("%s-%x%s", name, sum[:5], ext)
}

// builder bundles one entry after the other, and stops at the first error.
type builder struct {
	src   string
	words string            // the names of the files of words up to the language
	parts map[string]string // the file names of the modules built so far, which later ones import
	short map[string]any    // the short names given so far
	err   error
}

// texts makes a file of texts for each language out of the words, which give each key its English format. All files have the
// same hash in their names.
func (b *builder) texts(name string) map[string][]byte {
	data, err := os.ReadFile(filepath.Join(b.src, name))
	var formats map[string]string
	if err == nil {
		err = json.Unmarshal(data, &formats)
	}
	if err != nil {
		b.err = errors.Join(b.err, fmt.Errorf("bundle %s: %w", name, err))
		return nil
	}
	said := make(map[string][]byte)
	var all []byte
	for _, l := range phrase.Languages() {
		said[l.Tag] = spoken(formats, l)
		all = append(all, said[l.Tag]...)
	}
	b.words = hashed("words", all, "")
	files := make(map[string][]byte)
	for tag, text := range said {
		files[b.words+"-"+tag+".json"] = text
	}
	return files
}

// spoken makes the file of a language's texts by key. To be short, the one particular that a text may have is % there.
func spoken(formats map[string]string, l *phrase.Language) []byte {
	texts := make(map[string]string, len(formats))
	for key, format := range formats {
		texts[key] = strings.Replace(l.Translate(format), "%s", "%", 1)
	}
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(texts); err != nil { // can't happen: texts holds only strings
		panic(err)
	}
	return bytes.TrimSpace(out.Bytes())
}

// ours lists properties that only the widget's own scripts read: they are no properties of the browser, they don't travel to
// the service, and the browser does not keep them. They get short names, which are the same in every script.
const ours = "^(" +
	"again|anew|area|atEnd|attach|base|brief|bulb|change|changed|chat|chips|claim|complain|config|custom|draft|drag|drop|during|edited|" +
	"elsewhere|end|event|extras|fill|flush|follow|foreign|forget|gone|heard|held|hint|input|known|label|last|later|leads|list|log|lost|" +
	"look|mark|mend|message|meta|model|node|operators|outbox|passing|pause|pend|poll|reactions|refused|restore|say|" +
	"seenElsewhere|session|show|speaks|start|stay|stop|store|stored|tail|tell|ticks|toEnd|toggled|typing|unread|unsent|" +
	"ticket|up|was|watchers" + ")$"

// part bundles a module that others import as "./name".
func (b *builder) part(name string) []byte {
	data := b.build(name+".ts", api.FormatESModule)
	b.parts[name] = hashed(name, data, ".js")
	return data
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
		MangleProps:       ours,
		MangleCache:       b.short,
		LegalComments:     api.LegalCommentsNone,
		Define:            b.names(),
		Plugins:           []api.Plugin{styles(), built(b.parts)},
	})
	for _, m := range result.Errors {
		err = errors.Join(err, fmt.Errorf("%s: %s", place(m.Location), m.Text))
	}
	if err != nil {
		b.err = fmt.Errorf("bundle %s: %w", entry, err)
		return nil
	}
	b.short = result.MangleCache
	return result.OutputFiles[0].Contents
}

// names returns the names of built files for the constants of build.d.ts, as JavaScript.
func (b *builder) names() map[string]string {
	return map[string]string{
		"__CUSTOM__": fmt.Sprintf("%q", b.parts["custom"]),
		"__NOTES__":  fmt.Sprintf("%q", b.parts["notes"]),
		"__PANEL__":  fmt.Sprintf("%q", b.parts["panel"]),
		"__EXTRAS__": fmt.Sprintf("%q", b.parts["extras"]),
		"__WORDS__":  fmt.Sprintf("%q", b.words),
	}
}

func place(l *api.Location) string {
	if l == nil {
		return "-"
	}
	return fmt.Sprintf("%s:%d", l.File, l.Line)
}

// styles turns an imported style sheet, and the sheets that it imports, into minified text.
func styles() api.Plugin {
	return api.Plugin{Name: "styles", Setup: func(b api.PluginBuild) {
		b.OnLoad(api.OnLoadOptions{Filter: `\.css$`}, func(a api.OnLoadArgs) (api.OnLoadResult, error) {
			css := api.Build(api.BuildOptions{
				EntryPoints: []string{a.Path}, Bundle: true, MinifyWhitespace: true, MinifySyntax: true,
			})
			if len(css.Errors) > 0 {
				return api.OnLoadResult{Errors: css.Errors}, nil
			}
			// The minifier keeps white space in custom properties, where it means nothing.
			text := strings.NewReplacer(": ", ":", ", ", ",").Replace(strings.TrimSpace(string(css.OutputFiles[0].Contents)))
			return api.OnLoadResult{Contents: &text, Loader: api.LoaderText}, nil
		})
	}}
}

// built resolves the import of a part that is built already to its file, which lies beside the importing one.
func built(parts map[string]string) api.Plugin {
	return api.Plugin{Name: "built", Setup: func(b api.PluginBuild) {
		b.OnResolve(api.OnResolveOptions{Filter: `^\./\w+$`}, func(a api.OnResolveArgs) (api.OnResolveResult, error) {
			file, ok := parts[strings.TrimPrefix(a.Path, "./")]
			if !ok {
				return api.OnResolveResult{}, nil
			}
			return api.OnResolveResult{Path: "./" + file, External: true}, nil
		})
	}}
}
