package main

import (
	"cmp"
	"errors"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/evanw/esbuild/pkg/api"
)

// The keys of words and the custom properties of styles are long in the sources, so that a reader sees what they mean. In what the
// build makes they have one or two letters.

// name gives the keys of the groups short names, the shortest to those that most pages say. Those that a source names
// elsewhere than in a call of say keep their names.
func (b *builder) name(groups map[string]map[string]string) {
	sources, err := filepath.Glob(filepath.Join(b.src, "*.ts"))
	b.err = errors.Join(b.err, err)
	var tables []string
	for _, source := range sources {
		text, err := os.ReadFile(source)
		b.err = errors.Join(b.err, err)
		tables = append(tables, tabled.FindAllString(string(text), -1)...)
	}
	kept := strings.Join(tables, "\n")
	var keys []string
	for _, group := range slices.Concat([]string{"button", "form", "talk"}, slices.Sorted(maps.Keys(groups))) {
		for _, key := range slices.Sorted(maps.Keys(groups[group])) {
			if !slices.Contains(keys, key) && !strings.Contains(kept, strconv.Quote(key)) {
				keys = append(keys, key)
			}
		}
	}
	for i, key := range keys {
		b.keys[key] = letters(i)
	}
}

// letters returns the short name of number i.
func letters(i int) string {
	const all = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
	short := all[i%len(all) : i%len(all)+1]
	if more := i / len(all); more > 0 {
		short = all[more-1:more] + short
	}
	return short
}

// dye gives short names to the custom properties that stand in styles more than once, but for those that a site may set.
func (b *builder) dye() {
	sheets, err := filepath.Glob(filepath.Join(b.src, "*.css"))
	b.err = errors.Join(b.err, err)
	uses := make(map[string]int)
	for _, sheet := range sheets {
		text, err := os.ReadFile(sheet)
		b.err = errors.Join(b.err, err)
		for _, name := range property.FindAllString(string(text), -1) {
			uses[name]++
		}
	}
	n := 0
	for _, name := range slices.Sorted(maps.Keys(uses)) {
		if uses[name] > 1 && !strings.HasPrefix(name, "--porchlight-") {
			b.colours[name] = "--pl-" + letters(n) // a page may have registered a name of one letter (@property), which then is none of ours
			n++
		}
	}
}

// property finds a custom property of styles.
var property = regexp.MustCompile(`--[a-z][a-z-]*\b`)

// dyed gives the custom properties in styles their short names.
func (b *builder) dyed(styles string) string {
	return property.ReplaceAllStringFunc(styles, func(name string) string { return cmp.Or(b.colours[name], name) })
}

// tabled finds where a source may name a key outside of a call of say: a table of keys, and a field, whose name is the key of its label.
var tabled = regexp.MustCompile(`\bKey\b[^=;]*> = \{[^}]*\}|\bKey\b[^=;]*\[\] = \[[^\]]*\]|\bname: "\w+"`)

// asking finds the first argument of a call of say: a key, or a choice among keys.
var asking = regexp.MustCompile(`\bsay\((?:[^(),]|\([^()]*\))*`)

// quoted finds what may be a key.
var quoted = regexp.MustCompile(`"\w+"`)

// rekeyed gives the keys that a source says their short names.
func (b *builder) rekeyed(source string) string {
	return asking.ReplaceAllStringFunc(source, func(call string) string {
		return quoted.ReplaceAllStringFunc(call, func(key string) string {
			if short, ok := b.keys[strings.Trim(key, `"`)]; ok {
				return strconv.Quote(short)
			}
			return key
		})
	})
}

// scripts has esbuild read the sources with the short names of keys.
func (b *builder) scripts() api.Plugin {
	return api.Plugin{Name: "keys", Setup: func(build api.PluginBuild) {
		build.OnLoad(api.OnLoadOptions{Filter: `\.ts$`, Namespace: "file"}, func(a api.OnLoadArgs) (api.OnLoadResult, error) {
			source, err := os.ReadFile(a.Path)
			text := b.dyed(b.rekeyed(string(source))) // some have styles in them
			return api.OnLoadResult{Contents: &text, Loader: api.LoaderTS}, err
		})
	}}
}
