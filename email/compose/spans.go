package compose

import "strings"

// spans cuts a line into pieces. If it is ours, its http(s) links become links: a stranger's do not, because our
// name would vouch for them.
func spans(row string, own bool) []span {
	if !own {
		return []span{{Text: row}}
	}
	var list []span
	for row != "" {
		start := nextLink(row)
		if start < 0 {
			break
		}
		end := start + strings.IndexFunc(row[start:]+" ", endsLink)
		address := strings.TrimRight(row[start:end], ".,;:!?)'")
		if !linkable(address, "https", "http") {
			list, row = append(list, span{Text: row[:end]}), row[end:]
			continue
		}
		if start > 0 {
			list = append(list, span{Text: row[:start]})
		}
		list, row = append(list, span{address, address}), row[start+len(address):]
	}
	if row != "" || len(list) == 0 {
		list = append(list, span{Text: row})
	}
	return list
}

// nextLink is where the next link of a line begins, -1 if there is none.
func nextLink(row string) int {
	secure, open := strings.Index(row, "https://"), strings.Index(row, "http://")
	if secure < 0 || open >= 0 && open < secure {
		return open
	}
	return secure
}

// endsLink reports whether a character can't be part of a link in running text.
func endsLink(r rune) bool { return r <= ' ' || r > '~' || strings.ContainsRune(`<>"`, r) }
