package letter

import (
	"strconv"
	"strings"
)

// maxParams is how many parameters of a field are read.
const maxParams = 100

// params are the parameters of a Content-Type or Content-Disposition field by their names in lower case.
type params map[string]string

// parseValue takes a field apart into what stands first, in lower case, and its parameters. It reads what
// mime.ParseMediaType refuses: names with blanks that are not quoted, parameters given twice (the first
// one counts), charsets other than UTF-8 (RFC 2231 §4), encoded words (RFC 2047) where none may be.
func parseValue(s string) (first string, all params) {
	fields := splitParams(withoutNotes(s))
	first, _, _ = strings.Cut(fields[0], `"`)
	first = strings.ToLower(strings.Join(strings.Fields(first), ""))
	plainValues, pieces := map[string]string{}, map[string]map[int]piece{}
	for _, f := range fields[1:] {
		name, value, ok := strings.Cut(f, "=")
		name = strings.ToLower(strings.TrimSpace(name))
		if !ok || name == "" {
			continue
		}
		value = unquote(strings.TrimSpace(value))
		base, n, coded := section(name)
		if n < 0 {
			if _, twice := plainValues[name]; !twice {
				plainValues[name] = value
			}
			continue
		}
		if pieces[base] == nil {
			pieces[base] = map[int]piece{}
		}
		if _, twice := pieces[base][n]; !twice {
			pieces[base][n] = piece{value, coded}
		}
	}
	all = params{}
	for name, value := range plainValues {
		all[name] = decodeWords(value)
	}
	for name, list := range pieces { // they tell more than the plain value that old programs get besides
		all[name] = joined(list)
	}
	return first, all
}

// splitParams splits at the semicolons outside quoted strings.
func splitParams(s string) (fields []string) {
	start, quoted := 0, false
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '\\' && quoted:
			i++
		case c == '"':
			quoted = !quoted
		case c == ';' && !quoted:
			fields = append(fields, s[start:i])
			start = i + 1
			if len(fields) > maxParams {
				return fields
			}
		}
	}
	return append(fields, s[start:])
}

// withoutNotes cuts a comment off at the front, as in "text/plain (really)". Elsewhere, brackets belong to
// the names of files.
func withoutNotes(s string) string {
	first, rest, more := strings.Cut(s, ";")
	if i := strings.IndexByte(first, '('); i >= 0 {
		first = first[:i]
	}
	if !more {
		return first
	}
	return first + ";" + rest
}

// unquote takes the quotes off a value.
func unquote(s string) string {
	if len(s) < 2 || s[0] != '"' {
		return strings.Trim(s, `"`)
	}
	var out strings.Builder
	for i := 1; i < len(s); i++ {
		switch c := s[i]; {
		case c == '"':
			return out.String()
		case c == '\\' && i+1 < len(s) && (s[i+1] == '"' || s[i+1] == '\\'):
			i++
			out.WriteByte(s[i])
		default: // a lone backslash is one of a Windows path
			out.WriteByte(c)
		}
	}
	return out.String()
}

// piece is a part of a value that stands in several parameters (RFC 2231 §3).
type piece struct {
	value string
	coded bool // percent-encoded
}

// section takes "filename*0*" apart. The number is -1 for a plain name, 0 for "filename*".
func section(name string) (base string, n int, coded bool) {
	base, rest, ok := strings.Cut(name, "*")
	if !ok {
		return name, -1, false
	}
	if rest == "" {
		return base, 0, true
	}
	number, coded := strings.CutSuffix(rest, "*")
	n, err := strconv.Atoi(number)
	if err != nil || n < 0 || n > maxParams {
		return name, -1, false
	}
	return base, n, coded
}

// joined puts the pieces of a value together, up to the first that is missing. The first one names the
// charset of all.
func joined(list map[int]piece) string {
	var bytes []byte
	charset := ""
	for n := 0; ; n++ {
		p, ok := list[n]
		if !ok {
			break
		}
		value := p.value
		if n == 0 && p.coded {
			if parts := strings.SplitN(value, "'", 3); len(parts) == 3 {
				charset, value = parts[0], parts[2]
			}
		}
		if p.coded {
			bytes = append(bytes, percentBytes(value)...)
			continue
		}
		bytes = append(bytes, value...)
	}
	return toUTF8(bytes, charset)
}

// percentBytes decodes %41.
func percentBytes(s string) []byte {
	out := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		if s[i] == '%' && i+2 < len(s) && hexValue(s[i+1]) >= 0 && hexValue(s[i+2]) >= 0 {
			out = append(out, byte(hexValue(s[i+1])<<4|hexValue(s[i+2])))
			i += 2
			continue
		}
		out = append(out, s[i])
	}
	return out
}
