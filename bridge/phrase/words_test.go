package phrase_test

import (
	"encoding/json"
	"flag"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode"

	"porchlight/bridge/phrase"
)

var update = flag.Bool("update", false, "add to the catalogues what the code says, without a translation")

// says are the functions that say something to people, with the index of the argument that
// is said. The values of the fields in declared and of the constants of a type in typed are
// said too.
var (
	says     = map[string]int{"Say": 0, "Fail": 1, "refuse": 0, "barred": 0, "Invalid": 1, "one": 1, "change": 0, "nobody": 0}
	declared = map[string]bool{"Title": true, "Help": true, "Label": true, "Heading": true, "Together": true}
	typed    = map[string]bool{"Why": true}
)

// inTemplate matches what a template says, and the second text of SayWithLink.
var inTemplate = regexp.MustCompile(`\.Say(?:WithLink)? ("(?:[^"\\]|\\.)*")(?: ("(?:[^"\\]|\\.)*"))?`)

// visitors are the places where something is said that visitors read: folders' files, files, and functions (- is what
// stands in none). What a call of systemSays says is read by them, too.
var visitors = []string{
	"webwidget/ui/words.json", "webwidget/page/*", "email/compose/*", "email/post.go", "systemSays",
	// what the service is, and when somebody is there
	"bridge/hours/names.go/-", "bridge/hours/say.go/Back", "bridge/rules_schedule.go/callsForHelp", "bridge/welcome.go/Span", "bridge/onsite/invite.go/hello",
	// what is refused
	"bridge/inquiry.go", "bridge/filled.go", "bridge/mailvalid.go", "bridge/status.go", "bridge/filetype.go", "bridge/filecontent.go", "bridge/files.go", "bridge/upload.go",
	"bridge/visitors.go", "bridge/amend.go", "bridge/clean.go", "bridge/mailtranscript.go", "bridge/maillinks.go", "bridge/tokens.go", "bridge/phrase/error.go",
	"bridge/rules_visitor.go/ask", "bridge/rules_visitor.go/visitorCorrects", "bridge/rules_visitor.go/visitorReopens", "bridge/rules_feedback.go/votes*", "bridge/feedback.go/VisitorVotes", "bridge/rules_merge.go/elsewhere",
	"bridge/lookup.go/noSuchMessage", "bridge/rules_any.go/unknown", "bridge/onsite/beacon.go", "db/error.go/Unavailable", "db/error.go/Unchanged",
	"webwidget/limits.go", "webwidget/origin.go", "webwidget/streams.go", "webwidget/toll.go/admit", "webwidget/problem.go", "webwidget/routes.go", "webwidget/assets.go",
	"webwidget/decode.go/readBody", "webwidget/decode.go/tooLarge", "webwidget/upload.go/noFiles", "webwidget/upload.go/take",
}

// formats are the places of all that is said to people, by its English format.
type formats map[string][]string

func said(t *testing.T) formats {
	t.Helper()
	found := make(formats)
	collectFiles(t, "../..", found)
	for _, format := range widget(t) {
		found.add(format, "webwidget/ui/words.json")
	}
	delete(found, "%s")
	return found
}

func (f formats) add(format, place string) { f[format] = append(f[format], place) }

// of lists what a language needs, in order.
func (f formats) of(l *phrase.Language) (list []string) {
	for _, format := range slices.Sorted(maps.Keys(f)) {
		if l.Desk || slices.ContainsFunc(f[format], func(place string) bool { return heard(place) != "" }) {
			list = append(list, format)
		}
	}
	return list
}

// heard returns the entry of visitors that a place belongs to, "" if there is none.
func heard(place string) string {
	for _, pattern := range visitors {
		for _, at := range []string{place, path.Dir(place)} { // a function, and its file
			if ok, _ := path.Match(pattern, at); ok {
				return pattern
			}
		}
	}
	return ""
}

// Each entry of visitors stands for something that is said.
func TestWords_VisitorsAreSpokenTo(t *testing.T) {
	used := make(map[string]bool)
	for _, places := range said(t) {
		for _, place := range places {
			used[heard(place)] = true
		}
	}
	for _, pattern := range visitors {
		if !used[pattern] {
			t.Errorf("nothing is said at %s", pattern)
		}
	}
}

// widget returns the widget's formats by key.
func widget(t *testing.T) map[string]string {
	t.Helper()
	b, err := os.ReadFile("../../webwidget/ui/words.json")
	if err != nil {
		t.Fatal(err)
	}
	var groups map[string]map[string]string
	if err := json.Unmarshal(b, &groups); err != nil {
		t.Fatal(err)
	}
	list := make(map[string]string)
	for _, group := range groups {
		maps.Copy(list, group)
	}
	return list
}

// collectFiles finds what the Go files and templates in a folder and its subfolders say.
// A folder whose name ends in "test" says nothing to people.
func collectFiles(t *testing.T, dir string, found formats) {
	t.Helper()
	err := filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil || strings.HasSuffix(name, "_test.go"):
			return err
		case d.IsDir() && strings.HasSuffix(name, "test"):
			return fs.SkipDir
		}
		place := filepath.ToSlash(strings.TrimPrefix(name, dir+"/"))
		switch filepath.Ext(name) {
		case ".go":
			return collectGo(name, place, found)
		case ".html":
			return collectTemplate(name, place, found)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func collectGo(name, place string, found formats) error {
	file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
	if err != nil {
		return err
	}
	for _, decl := range file.Decls {
		in := "-"
		if f, ok := decl.(*ast.FuncDecl); ok {
			in = f.Name.Name
		}
		ast.Inspect(decl, func(n ast.Node) bool { return collect(n, place+"/"+in, found) })
	}
	return nil
}

func collectTemplate(name, place string, found formats) error {
	text, err := os.ReadFile(name)
	for _, m := range inTemplate.FindAllSubmatch(text, -1) {
		for _, quoted := range m[1:] {
			if text, err := strconv.Unquote(string(quoted)); err == nil {
				found.add(text, place+"/-")
			}
		}
	}
	return err
}

// collect takes what a node says, and reports whether to look into the node.
func collect(n ast.Node, place string, found formats) bool {
	var at ast.Expr
	switch n := n.(type) {
	case *ast.ValueSpec:
		if kind, ok := n.Type.(*ast.Ident); ok && typed[kind.Name] && len(n.Values) == 1 {
			at = n.Values[0]
		}
	case *ast.CallExpr:
		name := ""
		switch f := n.Fun.(type) {
		case *ast.Ident:
			name = f.Name
		case *ast.SelectorExpr:
			name = f.Sel.Name
		}
		if name == "systemSays" && place != name {
			ast.Inspect(n, func(n ast.Node) bool { return collect(n, name, found) })
			return false
		}
		if i, ok := says[name]; ok && len(n.Args) > i {
			at = n.Args[i]
		}
	case *ast.KeyValueExpr:
		if key, ok := n.Key.(*ast.Ident); ok && declared[key.Name] {
			at = n.Value
		}
	}
	if lit, ok := at.(*ast.BasicLit); ok && lit.Kind == token.STRING {
		if text, err := strconv.Unquote(lit.Value); err == nil && strings.ContainsFunc(text, unicode.IsLetter) && strings.Trim(text, "%s \n:,()#d") != "" {
			found.add(text, place)
		}
	}
	return true
}

var verb = regexp.MustCompile(`%(?:\[(\d+)\])?([a-z%])`)

// verbs lists the particulars of a format in the order of their numbers.
func verbs(format string) string {
	var list []string
	next := 1
	for _, m := range verb.FindAllStringSubmatch(format, -1) {
		if m[2] == "%" {
			continue
		}
		if n, err := strconv.Atoi(m[1]); err == nil {
			next = n
		}
		list = append(list, strconv.Itoa(next)+m[2])
		next++
	}
	slices.Sort(list)
	return strings.Join(list, " ")
}

// Every catalogue translates everything that is said to those who read the language and nothing else, with the same
// particulars.
func TestWords_CataloguesAreWhole(t *testing.T) {
	all := said(t)
	for _, lang := range phrase.Languages()[1:] {
		want := all.of(lang)
		name := filepath.Join("words", lang.Tag+".json")
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		have := make(map[string]string)
		if err := json.Unmarshal(b, &have); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if *update {
			writeCatalogue(t, name, want, have)
			continue
		}
		for _, format := range want {
			switch translated, ok := have[format]; {
			case !ok || translated == "":
				t.Errorf("%s lacks %q", name, format)
			case verbs(translated) != verbs(format):
				t.Errorf("%s: %q has other particulars than %q", name, translated, format)
			}
		}
		for format := range have {
			if !slices.Contains(want, format) {
				t.Errorf("%s translates %q, which nobody says", name, format)
			}
		}
	}
}

// The particulars of a text of the widget are texts, in the order of English in each language: the build writes each as a plain %.
func TestWords_WidgetTakesTexts(t *testing.T) {
	for key, format := range widget(t) {
		for _, l := range phrase.Languages() {
			if said := l.Translate(format); strings.Count(said, "%") != strings.Count(said, "%s") {
				t.Errorf("%s in %s: %q", key, l.Tag, said)
			}
		}
	}
}

// What the pages show is said by way of the catalogues; no words stand in a template.
func TestWords_TemplatesHoldNone(t *testing.T) {
	files, err := filepath.Glob("../../webwidget/page/*.html")
	if err != nil || len(files) == 0 {
		t.Fatalf("no templates (%v)", err)
	}
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		bare := action.ReplaceAllString(string(text), "")
		for _, m := range spoken.FindAllStringSubmatch(bare, -1) {
			if strings.TrimSpace(m[1]) != "" {
				t.Errorf("%s holds %q", name, m[1])
			}
		}
		for _, words := range tag.Split(bare, -1) {
			if strings.ContainsFunc(words, unicode.IsLetter) {
				t.Errorf("%s holds %q", name, strings.TrimSpace(words))
			}
		}
	}
}

// action, tag and spoken match parts of a template: its actions, its tags, and the
// attributes that people read.
var (
	action = regexp.MustCompile(`{{[^}]*}}`)
	tag    = regexp.MustCompile(`<[^>]*>`)
	spoken = regexp.MustCompile(`(?:title|alt|placeholder|aria-label)="([^"]+)"`)
)

// writeCatalogue writes a catalogue of the wanted formats, with the translations it had.
func writeCatalogue(t *testing.T, name string, want []string, have map[string]string) {
	t.Helper()
	next := make(map[string]string, len(want))
	for _, format := range want {
		next[format] = have[format]
	}
	var out strings.Builder
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(next); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(out.String()), 0o644); err != nil {
		t.Fatal(err)
	}
}

// verbs tells formats with other particulars apart, which the test of the catalogues needs.
func TestWords_Verbs(t *testing.T) {
	for _, c := range []struct {
		a, b string
		same bool
	}{
		{"#%d %s", "%[2]s (#%[1]d)", true}, {"#%d %s", "%s #%d", false}, {"%s", "%d", false}, {"100 %% of %s", "%s", true}, {"%s", "", false},
	} {
		if (verbs(c.a) == verbs(c.b)) != c.same {
			t.Errorf("%q and %q: same %v, want %v", c.a, c.b, !c.same, c.same)
		}
	}
}
