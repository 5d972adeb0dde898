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
	"regexp"
	"slices"
	"strings"

	"github.com/andybalholm/brotli"
	"github.com/evanw/esbuild/pkg/api"
	"github.com/tdewolff/minify/v2"
	"github.com/tdewolff/minify/v2/js"
)

// manifest tells the server which files there are. The build writes it as manifest.json.
type manifest struct {
	Widget    string            `json:"widget.js"` // the loader
	Version   string            `json:"version"`   // stands in the names of all other files
	Panel     string            `json:"panel"`     // the module of the panel
	Page      string            `json:"page"`      // the module of the full-page view
	Integrity map[string]string `json:"integrity"` // subresource integrity by file name
}

// version stands for the version while the files are made, since it is made of their content.
const version = "0VERSION00"

// bundle builds all parts in folder src, and returns the files of the output folder by name. A hash of all files together is
// their version. So browsers may cache them for ever, and a page never gets parts of two versions.
func bundle(src string) (map[string][]byte, error) {
	b := newBuilder(src)
	made, scripts := b.texts(), b.all()
	if b.err != nil {
		return nil, b.err
	}
	maps.Copy(made, scripts)
	sum := sha256.New()
	for _, name := range slices.Sorted(maps.Keys(made)) {
		fmt.Fprintf(sum, "%s %d\n%s", name, len(made[name]), made[name])
	}
	m := manifest{Widget: "widget.js", Version: fmt.Sprintf("%x", sum.Sum(nil)[:len(version)/2]), Integrity: make(map[string]string)}
	m.Panel, m.Page = "panel-"+m.Version+".js", "page-"+m.Version+".js"
	files := make(map[string][]byte)
	for name, data := range made {
		name, data = strings.Replace(name, version, m.Version, 1), bytes.ReplaceAll(data, []byte(version), []byte(m.Version))
		sum := sha512.Sum384(data)
		m.Integrity[name] = "sha384-" + base64.StdEncoding.EncodeToString(sum[:])
		files[name], files[name+".br"] = data, squeezed(data)
	}
	text, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("encode manifest: %w", err)
	}
	files["manifest.json"] = append(text, '\n')
	return files, nil
}

// squeezed packs a file by brotli, whose best level is too slow to do it while a page waits.
func squeezed(data []byte) []byte {
	var b bytes.Buffer
	w := brotli.NewWriterLevel(&b, brotli.BestCompression)
	_, _ = w.Write(data) // can't fail: it writes to a buffer
	_ = w.Close()
	return b.Bytes()
}

// builder bundles one part after the other, and stops at the first error.
type builder struct {
	src     string
	short   map[string]any               // the short names given so far
	holds   map[string][]string          // the modules by the part that holds them
	takes   map[string]names             // what the modules of each part import
	lends   map[string]map[string]string // the names by which each part lends its values, by those in the sources
	offers  map[string][]string          // what each module exports
	keys    map[string]string            // the short names of the keys of words
	colours map[string]string            // the short names of custom properties of styles
	err     error
}

func newBuilder(src string) *builder {
	return &builder{
		src: src, short: make(map[string]any), holds: make(map[string][]string), takes: make(map[string]names), lends: make(map[string]map[string]string),
		offers: make(map[string][]string), keys: make(map[string]string), colours: make(map[string]string),
	}
}

// all bundles the parts, and returns them by the names of their files. It does so twice: the first time it finds out what
// each part takes from others, so that nothing is exported or imported for nobody.
func (b *builder) all() map[string][]byte {
	sources, err := filepath.Glob(filepath.Join(b.src, "*.ts"))
	b.err = errors.Join(b.err, err)
	every := b.imports(sources)
	b.dye()
	for _, source := range sources {
		text, err := os.ReadFile(source)
		b.err = errors.Join(b.err, err)
		b.offers[strings.TrimSuffix(filepath.Base(source), ".ts")] = offers(text)
	}
	for _, p := range parts {
		b.takes[p.name] = every
		b.build(p)
	}
	for _, p := range parts {
		var modules []string
		for _, module := range b.holds[p.name] {
			modules = append(modules, filepath.Join(b.src, module))
		}
		b.takes[p.name] = b.imports(modules)
	}
	files := make(map[string][]byte)
	for _, p := range parts {
		files[p.file()] = b.build(p)
	}
	return files
}

// ours lists properties that only the widget's own scripts read: they are no properties of the browser, they don't travel to
// the service, and the browser does not keep them. They get short names, which are the same in every script.
const ours = "again|alert|anew|area|atEnd|attach|base|button|change|changed|chat|chips|chosen|claim|complain|config|custom|draft|drag|drop|during|edited|" +
	"elsewhere|end|endedBy|enter|entry|event|extras|fetched|fill|flush|follow|foreign|forget|gone|heard|held|hint|included|input|known|label|last|later|layer|leads|list|log|lost|" +
	"learn|look|mark|mend|message|meta|met|model|more|node|operators|others|outbox|own|pace|paint|passedTo|passing|pause|pen|pend|poll|present|reactions|refused|restore|say|scripts|" +
	"seenElsewhere|session|show|speaks|stage|start|stay|stop|store|stored|tail|tell|ticks|toEnd|toggled|typing|unread|unsent|" +
	"ticket|up|was"

// shortened is the pattern of all properties that get short names: ours, and those by which a part is read when it has been fetched.
func (b *builder) shortened() string {
	all := []string{ours}
	for _, p := range parts {
		if p.name != "notes" {
			all = append(all, b.offers[p.name]...)
		}
	}
	return "^(" + strings.Join(all, "|") + ")$"
}

// imports gathers what modules import.
func (b *builder) imports(modules []string) names {
	all := make(names)
	for _, module := range modules {
		text, err := os.ReadFile(module)
		b.err = errors.Join(b.err, err)
		all.add(text)
	}
	return all
}

// lent gathers what the parts above p take from it.
func (b *builder) lent(p part) names {
	all := make(names)
	for _, above := range parts {
		if slices.Contains(strings.Fields(above.takes), p.name) {
			for module, taken := range b.takes[above.name] {
				all.join(module, taken)
			}
		}
	}
	return all
}

// build bundles one part.
func (b *builder) build(p part) []byte {
	if b.err != nil {
		return nil
	}
	root, err := filepath.Abs(b.src)
	if err != nil {
		b.err = fmt.Errorf("find sources: %w", err)
		return nil
	}
	result := api.Build(api.BuildOptions{
		AbsWorkingDir:     root,
		Stdin:             &api.StdinOptions{Contents: p.entry(b.offers[p.name], b.short, b.lent(p)), ResolveDir: root, Sourcefile: p.name + " with what it lends"},
		Bundle:            true,
		Metafile:          true,
		Format:            p.format(),
		Target:            api.ES2022,
		Charset:           api.CharsetUTF8,
		MinifyWhitespace:  true,
		MinifyIdentifiers: true,
		MinifySyntax:      true,
		MangleProps:       b.shortened(),
		MangleCache:       b.short,
		LegalComments:     api.LegalCommentsNone,
		Define:            map[string]string{"__VERSION__": fmt.Sprintf("%q", version), "__TONGUES__": tongues(false), "__RTL__": tongues(true)},
		Plugins:           []api.Plugin{b.styles(), b.scripts(), layers(p, b.takes[p.name], b.borrowed)},
	})
	for _, m := range result.Errors {
		err = errors.Join(err, fmt.Errorf("%s: %s", place(m.Location), m.Text))
	}
	if err == nil {
		b.holds[p.name], err = inputs(result.Metafile)
	}
	if err != nil {
		b.err = fmt.Errorf("bundle %s: %w", p.name, err)
		return nil
	}
	b.short = result.MangleCache
	script, err := renamed(result.OutputFiles[0].Contents)
	if err != nil {
		b.err = fmt.Errorf("bundle %s: %w", p.name, err)
	}
	script, b.lends[p.name] = lending(script, p.short(b.lent(p)))
	return script
}

// borrowed returns the names by which p lends its values. Those of the first round stand for what is not known yet.
func (b *builder) borrowed(p part) map[string]string {
	names := p.short(b.lent(p))
	maps.Copy(names, b.lends[p.name])
	return names
}

// lending lets the values of a part that others take go by the names that they have in it, which are short, too, so that the script
// need not name each twice. It returns the script, and the values' names by those in the sources; `short` are their names before.
func lending(script []byte, short map[string]string) ([]byte, map[string]string) {
	lends := make(map[string]string)
	for name, alias := range short {
		as := regexp.MustCompile(`(export\{(?:[^}]*,)?)([\w$]+) as ` + regexp.QuoteMeta(alias) + `([,}])`)
		own := string(as.FindSubmatch(script)[2])
		taken := regexp.MustCompile(`export\{[^}]* as ` + regexp.QuoteMeta(own) + `[,}]`)
		if taken.Match(script) { // a property has that name
			lends[name] = alias
			continue
		}
		lends[name] = own
		script = as.ReplaceAll(script, []byte("${1}${2}${3}"))
	}
	return script, lends
}

// renamed gives the variables of a script other names. esbuild gives each its own as far as it can; here those of every function begin
// with the same letter, by how often they are used, so that functions look alike and are packed to less.
func renamed(script []byte) ([]byte, error) {
	var out bytes.Buffer
	if err := (&js.Minifier{Version: 2022}).Minify(minify.New(), &out, bytes.NewReader(script), nil); err != nil {
		return nil, fmt.Errorf("rename variables: %w", err)
	}
	return out.Bytes(), nil
}

// inputs lists the sources of which a bundle has something, by what esbuild tells of it.
func inputs(metafile string) (names []string, err error) {
	var told struct {
		Outputs map[string]struct {
			Inputs map[string]struct{ BytesInOutput int }
		}
	}
	if err := json.Unmarshal([]byte(metafile), &told); err != nil {
		return nil, fmt.Errorf("read what esbuild tells: %w", err)
	}
	for _, output := range told.Outputs {
		for name, input := range output.Inputs {
			if input.BytesInOutput > 0 && !strings.ContainsAny(name, ": ") { // no module that was made up here
				names = append(names, name)
			}
		}
	}
	slices.Sort(names)
	return names, nil
}

func place(l *api.Location) string {
	if l == nil {
		return "-"
	}
	return fmt.Sprintf("%s:%d", l.File, l.Line)
}

// styles turns an imported style sheet, and the sheets that it imports, into minified text.
func (b *builder) styles() api.Plugin {
	return api.Plugin{Name: "styles", Setup: func(build api.PluginBuild) {
		build.OnLoad(api.OnLoadOptions{Filter: `\.css$`}, func(a api.OnLoadArgs) (api.OnLoadResult, error) {
			css := api.Build(api.BuildOptions{
				EntryPoints: []string{a.Path}, Bundle: true, MinifyWhitespace: true, MinifySyntax: true,
			})
			if len(css.Errors) > 0 {
				return api.OnLoadResult{Errors: css.Errors}, nil
			}
			// The minifier keeps white space in custom properties, where it means nothing.
			text := b.dyed(strings.NewReplacer(": ", ":", ", ", ",").Replace(strings.TrimSpace(string(css.OutputFiles[0].Contents))))
			return api.OnLoadResult{Contents: &text, Loader: api.LoaderText}, nil
		})
	}}
}
