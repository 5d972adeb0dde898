package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/evanw/esbuild/pkg/api"
)

// part is a layer of the widget: one file of script, which is fetched when it is needed. It holds the module of its name, and
// whatever that module imports and no part below holds.
type part struct {
	name  string
	takes string // the parts below, which are there before this one; it imports what they lend
	lends string // the modules that parts above import from this one
}

// parts are the layers, each after those that it takes from. The loader is a classic script, so it can lend nothing; it hands
// its drawing over to life. A page of the service has no loader, but the part page.
var parts = []part{
	{name: "loader"},
	{name: "life", lends: "dom encode settings status strings"},
	{name: "notes"},
	{name: "custom", takes: "life"},
	{name: "visit", takes: "life"},
	{name: "panel", takes: "life", lends: "api bubble field where"},
	{name: "back"},
	{name: "proof"},
	{name: "talk", takes: "life panel"},
	{name: "extras", takes: "life panel"},
	{name: "files", takes: "life panel"},
	{name: "page", takes: "life panel"},
}

// file names a part's file.
func (p part) file() string {
	if p.name == "loader" {
		return "widget.js"
	}
	return p.name + "-" + version + ".js"
}

// format is that of a module, except for the loader.
func (p part) format() api.Format {
	if p.name == "loader" {
		return api.FormatIIFE
	}
	return api.FormatESModule
}

// entry is the module that esbuild begins with: the part's own and what it lends.
func (p part) entry() string {
	var text strings.Builder
	for _, name := range append(strings.Fields(p.lends), p.name) {
		fmt.Fprintf(&text, "export * from %q;\n", "./"+name)
	}
	return text.String()
}

// lender returns the part from which p takes a module, if it takes it.
func (p part) lender(module string) (part, bool) {
	for _, below := range parts {
		if slices.Contains(strings.Fields(p.takes), below.name) && slices.Contains(strings.Fields(below.lends), module) {
			return below, true
		}
	}
	return part{}, false
}

var exported = regexp.MustCompile(`(?m)^export (?:async )?(?:const|function|class) (\w+)`)

// names returns what the modules that the part lends export.
func (p part) names(src string) (names []string, err error) {
	for _, module := range strings.Fields(p.lends) {
		text, failed := os.ReadFile(filepath.Join(src, module+".ts"))
		err = errors.Join(err, failed)
		for _, found := range exported.FindAllSubmatch(text, -1) {
			names = append(names, string(found[1]))
		}
	}
	return names, err
}

// layers keeps other parts out of part p. What p takes is imported from the lender's file, which is named once, and a part
// that p fetches later is fetched by the name of its file.
func layers(src string, p part) api.Plugin {
	const taken = "taken"
	return api.Plugin{Name: "layers", Setup: func(b api.PluginBuild) {
		b.OnResolve(api.OnResolveOptions{Filter: `^\./`}, func(a api.OnResolveArgs) (api.OnResolveResult, error) {
			name := strings.TrimPrefix(a.Path, "./")
			if a.Namespace == taken {
				return api.OnResolveResult{Path: a.Path, External: true}, nil
			}
			if lender, ok := p.lender(name); ok {
				return api.OnResolveResult{Path: lender.name, Namespace: taken}, nil
			}
			at := slices.IndexFunc(parts, func(other part) bool { return other.name == name })
			if at < 0 || name == p.name {
				return api.OnResolveResult{}, nil
			}
			return api.OnResolveResult{Path: "./" + parts[at].file(), External: true}, nil
		})
		b.OnLoad(api.OnLoadOptions{Filter: `.*`, Namespace: taken}, func(a api.OnLoadArgs) (api.OnLoadResult, error) {
			lender := parts[slices.IndexFunc(parts, func(other part) bool { return other.name == a.Path })]
			names, err := lender.names(src)
			text := fmt.Sprintf("export {%s} from %q", strings.Join(names, ","), "./"+lender.file())
			return api.OnLoadResult{Contents: &text}, err
		})
	}}
}
