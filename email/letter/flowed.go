package letter

import "strings"

// unflow joins the lines of a text in format=flowed (RFC 3676 §4) that were broken to fit. Lines of the
// same depth of quoting belong together if they end with a blank; with delsp that blank is only a mark.
// Quotes keep one mark for each level.
func unflow(s string, delsp bool) string {
	var out strings.Builder
	out.Grow(len(s))
	depth, open := 0, false // of the line before, and whether it goes on
	for line := range strings.SplitSeq(strings.ReplaceAll(s, "\r\n", "\n"), "\n") {
		text := strings.TrimLeft(line, ">")
		n := len(line) - len(text)
		text = strings.TrimPrefix(text, " ") // stuffed
		signature := text == "-- "
		if open && (n != depth || signature) {
			out.WriteByte('\n')
			open = false
		}
		if !open && n > 0 {
			out.WriteString(strings.Repeat(">", min(n, 20)) + " ")
		}
		depth, open = n, strings.HasSuffix(text, " ") && !signature
		if open && delsp {
			text = text[:len(text)-1]
		}
		out.WriteString(text)
		if !open {
			out.WriteByte('\n')
		}
	}
	return strings.TrimSuffix(out.String(), "\n")
}
