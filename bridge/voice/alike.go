package voice

import (
	"slices"
	"unicode/utf8"
)

// drawnAlike are characters drawn like a bracket or a low line that are letters or symbols:
// pieces of brackets, squares open to the right, box drawings and blocks, letters of
// Bopomofo, Hangul, Han and Phonetic Extensions, and lines below.
var drawnAlike = []rune("⎡⎢⎣⎧⎨⎩⎰⎱⎴⎵⏐⊏⊑⊂┌┍┎┏└┕┖┗├┝┞┟┠┡┢┣│┃╎╏║╔╚╒╓╘╙╞╟╠▏▎▌▁▂ˍ˗̱̲_‗﹍﹎﹏ㄈㄷᄃﾧ匚匸冂ʗⵎꞀꓶ|¦❘❙❚∣ǀ︱⁅【〔〖〘〚")

// alike is the Latin letter that r looks like, if it is one of another script.
func alike(r rune) rune {
	if r < '0' || r > '1' && r < utf8.RuneSelf {
		return r // most letters
	}
	if i := slices.Index(others, r); i >= 0 {
		return latins[i]
	}
	return r
}

// others are the letters of Cyrillic, Greek and Cherokee, other Latin ones, and digits, that
// look like those of the alphabet, and latins what they look like (Unicode Technical
// Standard #39, confusables.txt).
var (
	others = []rune("аАвВсСԁеЕНіІјЈкКмМоОрРѕЅтТуУхХԛԜһΑΒΕΖΗΙΚΜΝΟΡΤΥΧαιικνορυχᎪᏴᏟᎬᎻᎫᏦᏞᎷᏢᏚᎢᏙᎳᏃ" + "ɑɡıɩᴀʙᴄᴅᴇɢʜᴊᴋʟᴍɴᴏᴘʀꜱᴛᴜᴠᴡʏᴢ01")
	latins = []rune("aABBcCdeEHiIjJkKmMoOpPsStTyYxXqWhABEZHIKMNOPTYXaiiKvopuxABCEHJKLMPSTVWZ" + "agiiABCDEGHJKLMNOPRSTUVWYZol")
)
