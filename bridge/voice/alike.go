package voice

import (
	"slices"
	"unicode/utf8"
)

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
