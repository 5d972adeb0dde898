package config

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"strconv"
	"strings"

	"github.com/BurntSushi/toml"
)

// maxFile bounds the config file and each file with a secret, in bytes, in case somebody names a
// database or a device by mistake.
const maxFile = 64 << 10

// readFile reads a file of at most maxFile bytes. Its errors don't repeat the path.
func readFile(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, withoutPath(err)
	}
	defer func() { _ = f.Close() }()
	data, err := io.ReadAll(io.LimitReader(f, maxFile+1))
	if err != nil {
		return nil, withoutPath(err)
	}
	if len(data) > maxFile {
		return nil, fmt.Errorf("larger than %d bytes", maxFile)
	}
	return data, nil
}

func withoutPath(err error) error {
	if pathErr, ok := errors.AsType[*fs.PathError](err); ok {
		return pathErr.Err
	}
	return err
}

// entry is one key of the file with its value, in the type that the TOML decoder gives it.
type entry struct {
	name  string // "web.listen"
	line  int    // 0 if not known
	value any
}

// parseFile reads the entries at the top of a TOML file and in the named tables, in the order of the
// file. Any other table, and a table inside a table, is one entry.
func parseFile(data []byte, tables []string) ([]entry, error) {
	var top map[string]toml.Primitive
	meta, err := toml.Decode(string(data), &top)
	if err != nil {
		return nil, err
	}
	var all []entry
	for name, p := range top {
		e := newEntry(&meta, bare(name), p)
		if _, isTable := e.value.(map[string]any); !isTable || !slices.Contains(tables, name) {
			all = append(all, e)
			continue
		}
		var table map[string]toml.Primitive
		if err := meta.PrimitiveDecode(p, &table); err != nil {
			return nil, err
		}
		for key, p := range table {
			all = append(all, newEntry(&meta, name+"."+bare(key), p))
		}
	}
	slices.SortFunc(all, func(a, b entry) int {
		return cmp.Or(cmp.Compare(a.line, b.line), cmp.Compare(a.name, b.name))
	})
	return all, nil
}

func newEntry(meta *toml.MetaData, name string, p toml.Primitive) entry {
	e := entry{name: name, line: lineOf(meta, p)}
	_ = meta.PrimitiveDecode(p, &e.value) // can't fail: an any takes every value
	return e
}

// lineOf returns the line of a value. A table that only dotted keys imply has no line of its own; then
// lineOf returns the first line inside it.
func lineOf(meta *toml.MetaData, p toml.Primitive) int {
	parseErr, _ := errors.AsType[toml.ParseError](meta.PrimitiveDecode(p, new(lineProbe)))
	if parseErr.Position.Line > 0 {
		return parseErr.Position.Line
	}
	var inside map[string]toml.Primitive
	_ = meta.PrimitiveDecode(p, &inside) // leaves inside empty if it is no table
	first := 0
	for _, p := range inside {
		if line := lineOf(meta, p); first == 0 || line < first {
			first = line
		}
	}
	return first
}

// lineProbe refuses every value: the decoder tells a value's position only in an error.
type lineProbe struct{}

// UnmarshalTOML refuses a value (toml.Unmarshaler).
func (*lineProbe) UnmarshalTOML(any) error { return errors.New("only asking for the line") }

// bare returns a key as it is, or quoted if it needs that.
func bare(key string) string {
	for _, r := range key {
		if r != '_' && r != '-' && (r < '0' || r > '9') && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') {
			return strconv.Quote(key)
		}
	}
	return key
}

// syntaxProblem describes an error of the TOML parser. The parser's messages quote the file, so
// syntaxProblem leaves the message out near a key that holds a secret.
func syntaxProblem(path string, data []byte, secrets []option, err error) string {
	parseErr, ok := errors.AsType[toml.ParseError](err)
	if !ok {
		return problem(path, "is no TOML")
	}
	n := parseErr.Position.Line
	near := parseErr.LastKey
	if lines := strings.Split(string(data), "\n"); n > 0 && n <= len(lines) {
		near += lines[n-1]
	}
	where := fmt.Sprintf("%s:%d", path, n)
	for _, o := range secrets {
		if strings.Contains(near, o.key()) {
			return problem(where, "is no TOML near a secret (so not shown); allowed: "+o.key()+
				` = "…", once, with \" and \\ for a quote and a backslash inside`)
		}
	}
	return problem(where, strings.TrimSuffix(parseErr.Message, ".")+"; allowed: TOML, as `porchlight config` prints it")
}
