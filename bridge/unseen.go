package bridge

import (
	"slices"
	"strings"
	"unicode"
)

// This file knows what foreign text may contain that nobody sees.

// turns reports whether r is a control of text direction (UAX #9 §2.1 to §2.6). Such controls can show
// a text, and the text beside it, in another order than it is written in; so none is let through.
// Letters have their direction without them.
func turns(r rune) bool {
	switch {
	case r >= 0x202A && r <= 0x202E, r >= 0x2066 && r <= 0x2069: // embeddings, overrides, isolates
		return true
	}
	return r == 0x200E || r == 0x200F || r == 0x061C || r >= 0x206A && r <= 0x206F // marks, and the controls that Unicode deprecates
}

// Unseen reports whether r by itself shows nothing: spaces, format characters, and characters that only
// change the look of their neighbours (Unicode's Default_Ignorable_Code_Point and a few blank letters).
func Unseen(r rune) bool {
	if r > ' ' && r < 0x7F {
		return false // most letters
	}
	return unicode.IsSpace(r) || unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || slices.Contains(blanks, r) ||
		r >= 0x180B && r <= 0x180F || r >= 0xFE00 && r <= 0xFE0F || r >= 0xE0000 && r <= 0xE0FFF
}

// blanks are characters of other categories that show nothing: a joiner, fillers of Hangul and Khmer,
// and Braille without a dot.
var blanks = []rune{0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x2800, 0x3164, 0xFFA0}

// Blank reports whether a text shows nothing at all.
func Blank(text string) bool {
	return !strings.ContainsFunc(text, func(r rune) bool { return !Unseen(r) })
}
