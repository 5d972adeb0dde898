package letter

import "strings"

// dmarc returns the result of DMARC that the receiving server has written down (RFC 8601 §2.2). Only the
// topmost Authentication-Results field counts, and only if it is that server's: whoever sends a mail can put
// such fields into it, but only below those that the receiving server adds.
func dmarc(h header, authserv string) string {
	value := h.get("authentication-results")
	if authserv == "" || value == "" {
		return ""
	}
	methods := strings.Split(withoutComments(value), ";")
	server := strings.Fields(methods[0]) // a version may follow the id
	if len(server) == 0 || !strings.EqualFold(strings.Trim(server[0], `"`), authserv) {
		return ""
	}
	for _, m := range methods[1:] {
		name, rest, ok := strings.Cut(m, "=")
		name, _, _ = strings.Cut(name, "/") // a version of the method
		if !ok || !strings.EqualFold(strings.TrimSpace(name), "dmarc") {
			continue
		}
		result := strings.Fields(rest)
		if len(result) == 0 {
			return ""
		}
		return lettersOnly(result[0])
	}
	return ""
}

// lettersOnly returns a short word in lower case, or "" for anything else.
func lettersOnly(s string) string {
	s = strings.ToLower(s)
	other := func(c rune) bool { return c < 'a' || c > 'z' }
	if len(s) > 20 || strings.ContainsFunc(s, other) {
		return ""
	}
	return s
}

// withoutComments returns a field without its comments (RFC 5322 §3.2.2). What looks like a comment inside a
// quoted string stays, and a semicolon inside one becomes a blank.
func withoutComments(s string) string {
	var out strings.Builder
	depth, quoted := 0, false
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch {
		case c == '\\' && i+1 < len(s):
			i++
			continue
		case c == '"' && depth == 0:
			quoted = !quoted
		case c == '(' && !quoted:
			depth++
		case c == ')' && !quoted && depth > 0:
			depth--
			continue
		case c == ';' && quoted:
			c = ' '
		}
		if depth == 0 {
			out.WriteByte(c)
		}
	}
	return out.String()
}
