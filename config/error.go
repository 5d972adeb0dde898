package config

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
)

// Error lists everything that is wrong with a configuration; the program exits with status 2 on it.
// It never holds the value of a secret.
type Error struct {
	// Problems has one line for each problem, in the form `FILE:LINE: section.key: what is wrong;
	// what is allowed`. A line about a value from the environment starts with
	// `PORCHLIGHT_SECTION_KEY: `, and one about a Config made in code with the bare key.
	Problems []string
}

// Error returns the problems, one per line.
func (e *Error) Error() string { return strings.Join(e.Problems, "\n") }

// problem joins the parts of one line. It replaces control characters, so that a key or path can't
// break the line in two.
func problem(where, what string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return '�'
		}
		return r
	}, where+": "+what)
}

// asError returns nil if there are no problems: a nil *Error in an error would not be nil.
func asError(problems []string) error {
	if len(problems) == 0 {
		return nil
	}
	return &Error{Problems: problems}
}

// nearest returns the known name that looks most like name. It also finds a name in another section,
// such as "xmpp.domain" for "web.domain".
func nearest(name string, known []string) string {
	return slices.MinFunc(known, func(a, b string) int {
		return cmp.Compare(unlike(name, a), unlike(name, b))
	})
}

// unlike returns how little two names have in common, 0 for equal names.
func unlike(a, b string) int {
	a, b = strings.ToLower(a), strings.ToLower(b)
	lastA, lastB := a[strings.LastIndexByte(a, '.')+1:], b[strings.LastIndexByte(b, '.')+1:]
	return min(distance(a, b), distance(lastA, lastB)+1)
}

// distance returns Levenshtein's distance: how many bytes must be inserted, deleted or replaced to
// turn a into b. It looks at the first 64 bytes only.
func distance(a, b string) int {
	a, b = a[:min(len(a), 64)], b[:min(len(b), 64)]
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			replace := diagonal
			if a[i] != b[j] {
				replace++
			}
			diagonal = row[j+1]
			row[j+1] = min(replace, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
