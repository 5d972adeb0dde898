package answerfile

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/BurntSushi/toml"

	"porchlight/bridge"
	"porchlight/bridge/phrase"
)

// table is the array of tables that a file consists of.
const table = "answer"

// readTOML reads a file with a table [[answer]] for each answer. The whole file is checked first; then its tables are read
// one by one, because the decoder knows of all tables of an array together only where the last one has a key.
func readTOML(data []byte) (rows []bridge.AnswerRow, faults []bridge.AnswerFault) {
	text := string(data)
	if err := toml.Unmarshal(data, new(map[string]any)); err != nil {
		return nil, []bridge.AnswerFault{tomlFault(err)}
	}
	begin, line := 0, 0 // of the piece
	for _, end := range append(tableStarts(text), len(text)) {
		found, wrong := readPiece(text[begin:end], line)
		rows, faults = append(rows, found...), append(faults, wrong...)
		line += strings.Count(text[begin:end], "\n")
		begin = end
	}
	return rows, faults
}

// readPiece reads a part of a file that begins behind so many lines.
func readPiece(text string, before int) (rows []bridge.AnswerRow, faults []bridge.AnswerFault) {
	var top map[string]toml.Primitive
	meta, err := toml.Decode(text, &top)
	if err != nil { // can't happen: the whole file is TOML
		return nil, []bridge.AnswerFault{tomlFault(err)}
	}
	d := decoder{&meta, before}
	for key, p := range top {
		var tables []map[string]toml.Primitive
		if key != table || meta.PrimitiveDecode(p, &tables) != nil {
			faults = append(faults, bridge.AnswerFault{Line: d.line(p), Key: bridge.Cut(key, 40), What: phrase.Fail(phrase.CodeInvalid, "There is no such key. Each answer begins with a line [[answer]].")})
		}
		for _, t := range tables {
			row, wrong := d.row(t)
			if row.Line == 0 { // it has no keys, of which alone the decoder knows the lines
				row.Line = before + 1
			}
			rows, faults = append(rows, row), append(faults, wrong...)
		}
	}
	slices.SortFunc(faults, func(a, b bridge.AnswerFault) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Key, b.Key))
	})
	return rows, faults
}

// decoder decodes values of a piece of a file.
type decoder struct {
	meta   *toml.MetaData
	before int // lines of the file before the piece
}

// line is the line of a value in the file, 0 if it is not known.
func (d decoder) line(p toml.Primitive) int {
	var parse toml.ParseError
	if errors.As(d.meta.PrimitiveDecode(p, new(lineProbe)), &parse) && parse.Position.Line > 0 {
		return d.before + parse.Position.Line
	}
	return 0
}

// row reads one answer.
func (d decoder) row(t map[string]toml.Primitive) (row bridge.AnswerRow, faults []bridge.AnswerFault) {
	row.Lines = make(map[string]int)
	for key, p := range t {
		line := d.line(p)
		row.Lines[key] = line
		if row.Line == 0 || line < row.Line {
			row.Line = line
		}
		var text string
		var list []string
		err := d.meta.PrimitiveDecode(p, &text)
		if err != nil && key == "then" {
			err = d.meta.PrimitiveDecode(p, &list)
			text = strings.Join(list, "\n")
		}
		switch {
		case !slices.Contains(keys, key):
			faults = append(faults, unknownKey(line, key))
		case err != nil:
			faults = append(faults, bridge.AnswerFault{Line: line, Key: key, What: phrase.Fail(phrase.CodeInvalid, "This is no text in quotation marks.")})
		default:
			set(&row, key, text)
		}
	}
	return row, faults
}

// tomlFault says where a file is no TOML.
func tomlFault(err error) bridge.AnswerFault {
	var parse toml.ParseError
	if errors.As(err, &parse) {
		return bridge.AnswerFault{Line: parse.Position.Line, What: phrase.Fail(phrase.CodeInvalid, "This is no TOML: %s.", strings.TrimSuffix(bridge.Cut(parse.Message, 200), "."))}
	}
	return bridge.AnswerFault{What: phrase.Fail(phrase.CodeInvalid, "This is no TOML: %s.", strings.TrimSuffix(bridge.Cut(err.Error(), 200), "."))}
}

// lineProbe refuses every value: the decoder tells a value's position only in an error.
type lineProbe struct{}

// UnmarshalTOML refuses a value (toml.Unmarshaler).
func (*lineProbe) UnmarshalTOML(any) error { return errors.New("only asking for the line") }

// tableStarts lists where the lines begin that head a table of an array. A line within a string or within an array is none.
func tableStarts(text string) (starts []int) {
	value, depth := false, 0
	for i := 0; i < len(text); {
		lineBegins := i == 0 || text[i-1] == '\n'
		if lineBegins && depth == 0 {
			value = false
			if strings.HasPrefix(strings.TrimLeft(text[i:], " \t"), "[[") {
				starts = append(starts, i)
			}
		}
		switch c := text[i]; {
		case c == '#':
			if end := strings.IndexByte(text[i:], '\n'); end >= 0 {
				i += end
			} else {
				i = len(text)
			}
			continue
		case c == '"' || c == '\'':
			i += stringLength(text[i:])
			continue
		case c == '=':
			value = true
		case value && (c == '[' || c == '{'):
			depth++
		case value && (c == ']' || c == '}'):
			depth = max(0, depth-1)
		}
		i++
	}
	return starts
}

// stringLength is how long the string is with which a text begins, its marks included (TOML 1.0.0, String).
func stringLength(text string) int {
	mark := text[:1]
	if strings.HasPrefix(text, strings.Repeat(mark, 3)) {
		mark = text[:3]
	}
	for i := len(mark); i < len(text); i++ {
		switch {
		case text[i] == '\\' && mark[0] == '"':
			i++
		case strings.HasPrefix(text[i:], mark):
			i += len(mark)
			for n := 0; n < 2 && len(mark) == 3 && i < len(text) && text[i] == mark[0]; n++ { // the text may end with two marks
				i++
			}
			return i
		}
	}
	return len(text)
}

// writeTOML writes a table for each answer. Keys without a value are left out.
func writeTOML(rows []bridge.AnswerRow) []byte {
	var b strings.Builder
	b.WriteString("# Stored answers of porchlight. \"porchlight answers import FILE\" reads this file.\n")
	for _, row := range rows {
		b.WriteString("\n[[" + table + "]]\n")
		for _, key := range keys {
			switch v := value(row, key); {
			case v == "":
			case key == "then":
				var list []string
				for _, line := range row.Then {
					list = append(list, quoted(line))
				}
				fmt.Fprintf(&b, "%s = [%s]\n", key, strings.Join(list, ", "))
			case strings.Contains(v, "\n"):
				fmt.Fprintf(&b, "%s = %s\n", key, quotedLines(v))
			default:
				fmt.Fprintf(&b, "%s = %s\n", key, quoted(v))
			}
		}
	}
	return []byte(b.String())
}

// quoted writes a basic string (TOML 1.0.0, String).
func quoted(s string) string { return `"` + escaped(s, `\n`) + `"` }

// quotedLines writes a multi-line basic string; the line break behind the opening marks is no part of it.
func quotedLines(s string) string {
	return `"""` + "\n" + escaped(s, "\n") + `"""`
}

// escaped escapes what can't stand in a basic string; a line break is written as the string that is given.
func escaped(s, lineBreak string) string {
	var b strings.Builder
	for _, r := range strings.ToValidUTF8(s, "\uFFFD") {
		switch {
		case r == '"' || r == '\\':
			b.WriteString(`\` + string(r))
		case r == '\n':
			b.WriteString(lineBreak)
		case r == '\t':
			b.WriteRune(r)
		case r < ' ' || r == 0x7f:
			fmt.Fprintf(&b, `\u%04X`, r)
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}
