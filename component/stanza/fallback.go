package stanza

import (
	"slices"
	"strconv"

	"porchlight/component/stream"
)

// Uncovered returns a message's body without the parts that the sender's client wrote
// for clients which don't know the given extensions (namespaces; XEP-0428). A part's
// start and end count Unicode code points of the whole body.
func Uncovered(el *stream.Element, body string, extensions ...string) string {
	if el.Child(NSFallback, "fallback") == nil {
		return body
	}
	text := []rune(body)
	covered := make([]bool, len(text))
	for f := range el.All(NSFallback, "fallback") {
		extension := f.Get("for")
		if !slices.Contains(extensions, extension) {
			continue
		}
		// A reply always has words of its own, so no fallback of a reply covers the whole body.
		whole := extension != NSReply && f.Child(NSFallback, "body") == nil && f.Child(NSFallback, "subject") == nil
		for r := range f.All(NSFallback, "body") {
			if r.Get("start") == "" && r.Get("end") == "" {
				whole = extension != NSReply
			}
			cover(covered, r)
		}
		if whole {
			return ""
		}
	}
	kept := text[:0]
	for i, r := range text {
		if !covered[i] {
			kept = append(kept, r)
		}
	}
	return string(kept)
}

// cover marks the characters of a range. A range that is missing or wrong covers none.
func cover(covered []bool, r *stream.Element) {
	from, err1 := strconv.Atoi(r.Get("start"))
	to, err2 := strconv.Atoi(r.Get("end"))
	if err1 != nil || err2 != nil || from < 0 || to > len(covered) || from > to {
		return
	}
	for i := range covered[from:to] {
		covered[from+i] = true
	}
}
