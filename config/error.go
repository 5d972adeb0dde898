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
	// Problems has one line for each, in the form `FILE:LINE: section.key: what is wrong; what is
	// allowed`. It starts with `PORCHLIGHT_SECTION_KEY: ` for a value from the environment, and with
	// the bare key for a Config made in code.
	Problems []string
}

// Error returns the problems, one per line.
func (e *Error) Error() string { return strings.Join(e.Problems, "\n") }

// problem joins the parts of one line. Foreign bytes (keys, paths) can't break it into two.
func problem(where, what string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return '�'
		}
		return r
	}, where+": "+what)
}

// asError returns nil without problems, and never a nil *Error in an error.
func asError(problems []string) error {
	if len(problems) == 0 {
		return nil
	}
	return &Error{Problems: problems}
}

// nearest returns the known name that most looks like name, also when only its last part does, as
// in "web.domain" for "xmpp.domain".
func nearest(name string, known []string) string {
	return slices.MinFunc(known, func(a, b string) int {
		return cmp.Compare(unlike(name, a), unlike(name, b))
	})
}

// unlike is how little two names have in common; 0 for equal ones.
func unlike(a, b string) int {
	a, b = strings.ToLower(a), strings.ToLower(b)
	lastA, lastB := a[strings.LastIndexByte(a, '.')+1:], b[strings.LastIndexByte(b, '.')+1:]
	return min(distance(a, b), distance(lastA, lastB)+1)
}

// distance is Levenshtein's: the number of bytes to insert, delete or replace to get from a to b.
// It looks at the first 64 bytes only.
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
