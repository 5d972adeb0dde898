package main

import (
	"fmt"
	"maps"
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
	{name: "life", lends: "dom encode look settings status strings"},
	{name: "modal"},
	{name: "notes"},
	{name: "who"},
	{name: "calls", takes: "life"},
	{name: "custom", takes: "life"},
	{name: "visit", takes: "life"},
	{name: "panel", takes: "life", lends: "field panel"},
	{name: "back"},
	{name: "faces", takes: "life"},
	{name: "whatsapp", takes: "life"},
	{name: "poll"},
	{name: "amiss", takes: "life"},
	{name: "proof"},
	{name: "talk", takes: "life panel", lends: "anchor api banner model where"},
	{name: "teaser", takes: "life talk", lends: "tally"},
	{name: "links", takes: "life talk"},
	{name: "early", takes: "life"},
	{name: "extras", takes: "life panel talk", lends: "mail"},
	{name: "vote", takes: "life extras"},
	{name: "files", takes: "life panel talk"},
	{name: "talks", takes: "life teaser"},
	{name: "page", takes: "life panel"},
	{name: "inline", takes: "life"},
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

// entry is the module that esbuild begins with. It exports what the part offers, by the short names of properties, and what others take of
// the modules that it lends.
func (p part) entry(offers []string, shorts map[string]any, asked names) string {
	var text strings.Builder
	fmt.Fprintf(&text, "import \"./%s\";\n", p.name)
	for _, name := range offers {
		alias, ok := shorts[name].(string)
		if !ok || p.name == "notes" { // what the notes offer is read by strings, which keep their letters
			alias = name
		}
		fmt.Fprintf(&text, "export {%s as %s} from \"./%s\";\n", name, alias, p.name)
	}
	short := p.short(asked)
	for _, module := range strings.Fields(p.lends) {
		fmt.Fprintf(&text, "export {%s} from %q;\n", aliased(asked.list(module), "%[1]s as %[2]s", short), "./"+module)
	}
	return text.String()
}

// short gives each value that others take of a part a letter behind a $, which begins no short name of a property. There are enough for 26.
func (p part) short(asked names) map[string]string {
	short := make(map[string]string)
	for i, name := range asked.list(strings.Fields(p.lends)...) {
		short[name] = "$" + string(rune('a'+i))
	}
	return short
}

// aliased lists values by the names that they get.
func aliased(list []string, format string, short map[string]string) string {
	var all []string
	for _, name := range list {
		all = append(all, fmt.Sprintf(format, name, short[name]))
	}
	return strings.Join(all, ",")
}

// offered finds what a module exports.
var offered = regexp.MustCompile(`(?m)^export (?:(?:async )?(?:const|function) (\w+)|\{([^}]*)\})`)

// offers lists what a part's module exports: what is read of the part when it has been fetched.
func offers(source []byte) (all []string) {
	for _, found := range offered.FindAllSubmatch(source, -1) {
		for _, name := range strings.Split(string(found[1])+string(found[2]), ",") {
			_, alias, renamed := strings.Cut(name, " as ")
			if !renamed {
				alias = name
			}
			all = append(all, strings.TrimSpace(alias))
		}
	}
	return all
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

// names are the values that modules take from other modules, by module.
type names map[string]map[string]bool

// imported finds the values that a source takes from one other module.
var imported = regexp.MustCompile(`(?m)^import \{([^}]*)\} from "\./(\w+)";$`)

// add takes in what a source imports.
func (n names) add(source []byte) {
	for _, found := range imported.FindAllSubmatch(source, -1) {
		module := string(found[2])
		for _, name := range strings.Split(string(found[1]), ",") {
			name = strings.TrimSpace(name)
			if name == "" || strings.HasPrefix(name, "type ") {
				continue
			}
			n.join(module, map[string]bool{name: true})
		}
	}
}

// join adds names that are taken from a module.
func (n names) join(module string, taken map[string]bool) {
	if n[module] == nil {
		n[module] = make(map[string]bool)
	}
	maps.Copy(n[module], taken)
}

// list returns the names taken from modules, in order.
func (n names) list(modules ...string) []string {
	var all []string
	for _, module := range modules {
		all = slices.AppendSeq(all, maps.Keys(n[module]))
	}
	slices.Sort(all)
	return all
}

// layers keeps other parts out of part p, whose modules import what is in asked. What p takes is imported from the lender's file, which is named once and whose
// values have the short names that it gives them. A part that p fetches later is fetched by the name of its file.
func layers(p part, asked names, short func(part) map[string]string) api.Plugin {
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
			list := aliased(asked.list(strings.Fields(lender.lends)...), "%[2]s as %[1]s", short(lender))
			text := fmt.Sprintf("export {%s} from %q", list, "./"+lender.file())
			return api.OnLoadResult{Contents: &text}, nil
		})
	}}
}
