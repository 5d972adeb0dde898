package voice

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Skeleton is a name as people see it: two names with the same one can't be told apart. Letters that look like Latin
// ones are those, in lower case, and compatible forms are alike (NFKC).
func Skeleton(name string) string {
	return strings.ToLower(strings.Map(alike, norm.NFKC.String(name)))
}

// Disguised reports whether a word of a text pretends to be Latin: it has letters of another script, and all of these
// look like Latin ones. latin is the text with Latin letters in their place.
func Disguised(text string) (latin string, yes bool) {
	foreign := func(r rune) bool { return unicode.IsLetter(r) && !unicode.Is(unicode.Latin, r) }
	for _, word := range strings.FieldsFunc(text, func(r rune) bool { return !unicode.IsLetter(r) }) {
		yes = yes || strings.ContainsFunc(word, foreign) && !strings.ContainsFunc(word, func(r rune) bool { return foreign(r) && foreign(alike(r)) })
	}
	latin = strings.Map(func(r rune) rune {
		if foreign(r) {
			return unicode.ToLower(alike(r))
		}
		return r
	}, text)
	return latin, yes
}

// drawnAlike are letters and symbols that are drawn like a bracket or a low line: pieces of
// brackets, squares open to the right, box drawings and blocks, letters of Bopomofo, Hangul,
// Han and Phonetic Extensions, and lines below.
var drawnAlike = []rune("⎡⎢⎣⎧⎨⎩⎰⎱⎴⎵⏐⊏⊑⊂┌┍┎┏└┕┖┗├┝┞┟┠┡┢┣│┃╎╏║╔╚╒╓╘╙╞╟╠▏▎▌▁▂ˍ˗̱̲_‗﹍﹎﹏ㄈㄷᄃﾧ匚匸冂ʗⵎꞀꓶ|¦❘❙❚∣ǀ︱⁅【〔〖〘〚")

// alike returns the Latin letter that r looks like, and r itself if it looks like none.
func alike(r rune) rune {
	if r < '0' || r > '1' && r < utf8.RuneSelf {
		return r // most letters
	}
	if i := slices.Index(others, r); i >= 0 {
		return latins[i]
	}
	return r
}

// others are letters of Cyrillic, Greek and Cherokee, rarer Latin letters, and digits, that
// look like a letter of the Latin alphabet; latins has that letter at the same index
// (Unicode Technical Standard #39, confusables.txt).
var (
	others = []rune("аАвВсСԁеЕНіІјЈкКмМоОрРѕЅтТуУхХԛԜһΑΒΕΖΗΙΚΜΝΟΡΤΥΧαιικνορυχᎪᏴᏟᎬᎻᎫᏦᏞᎷᏢᏚᎢᏙᎳᏃ" + "ɑɡıɩᴀʙᴄᴅᴇɢʜᴊᴋʟᴍɴᴏᴘʀꜱᴛᴜᴠᴡʏᴢ01")
	latins = []rune("aABBcCdeEHiIjJkKmMoOpPsStTyYxXqWhABEZHIKMNOPTYXaiiKvopuxABCEHJKLMPSTVWZ" + "agiiABCDEGHJKLMNOPRSTUVWYZol")
)
