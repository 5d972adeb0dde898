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

// maxFile bounds the config file and each file with a secret, in bytes. It stops a database or
// device named by mistake.
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

// entry is one key of the file with its value, as TOML gives it.
type entry struct {
	name  string // "web.listen"
	line  int    // 0 if not known
	value any
}

// parseFile reads TOML into the entries of the named tables and those at the top, in the order of
// the file. Another table, or one inside a table, is an entry of its own.
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
	_ = meta.PrimitiveDecode(p, &e.value) // an any takes everything
	return e
}

// lineOf returns the line of a value. A table that only dotted keys imply has none of its own: then
// it is the first line inside.
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

// lineProbe refuses every value: the decoder adds the position to the error, and shows it nowhere else.
type lineProbe struct{}

// UnmarshalTOML takes a value as it stands in the file (toml.Unmarshaler).
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

// syntaxProblem describes an error of the TOML parser. Its messages quote the file, so near a key
// that holds a secret nothing is repeated.
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
