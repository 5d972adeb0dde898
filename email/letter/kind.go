package letter

import "strings"

// classify says of what kind a mail is (RFC 3834, RFC 5436, and what programs send that know neither). A
// bounce is known by its parts, before this.
func classify(h header, l *Letter) Kind {
	submitted, _, _ := strings.Cut(strings.ToLower(h.get("auto-submitted")), ";")
	submitted = strings.TrimSpace(withoutComments(submitted))
	precedence := strings.ToLower(h.get("precedence"))
	list := h.get("list-id") != "" || precedence == "list"
	switch {
	case strings.HasPrefix(submitted, "auto-replied"), l.NullPath:
		return Automatic
	case answersItself(h):
		return Automatic
	case precedence == "auto_reply", precedence == "auto-reply", !list && (precedence == "bulk" || precedence == "junk"):
		return Automatic // a list's mail is often marked bulk, too: there, a person wrote it
	case submitted != "" && submitted != "no":
		return Generated
	case list:
		return List
	}
	return Normal
}

// answersItself reports whether a header has one of the fields that programs for automatic answers write.
func answersItself(h header) bool {
	for _, name := range []string{"x-autoreply", "x-autorespond", "x-mail-autoreply"} {
		if h.has(name) && !strings.EqualFold(h.get(name), "no") {
			return true
		}
	}
	return false
}

// quiet reports whether no automatic answer may go to a mail's writer. X-Auto-Response-Suppress alone makes
// a mail quiet and no other kind: people's own mail carries it, too.
func quiet(h header, l *Letter) bool {
	suppress := h.get("x-auto-response-suppress")
	return l.Kind != Normal || l.From.Addr == "" || suppress != "" && !strings.EqualFold(suppress, "none")
}
