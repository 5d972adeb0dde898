package letter

import (
	"regexp"
	"strconv"
	"strings"
)

// prefix is what mail programs put before the subject of an answer or of a forwarded mail, in the
// languages that porchlight's users have met: Re, Fw(d), AW/WG (German), SV/VS/VB (Nordic), TR/RÉF (French),
// RV/RES/ENC (Spanish, Portuguese), R/I (Italian), Antw/Betr (Dutch), Odp/PD (Polish), YNT/İLT (Turkish),
// ΑΠ/ΠΡΘ (Greek), НА/ОТВ (Russian), Chinese and Japanese, with a number ("Re[2]:") if need be.
var prefix = regexp.MustCompile(`(?i)^(?:re|fwd?|aw|wg|antw|antwort|sv|vs|vb|vl|tr|rép|rep|réf|ref|rv|res|enc|r|i|rif|betr|doorst|odp|pd|ynt|i̇lt|ilt|απ|σχετ|πρθ|на|отв|vá|továbbítás|回复|回覆|答复|转发|轉寄|返信|転送)\s*(?:[\[(^]?\d{1,3}[\])]?)?\s*[:：]\s*`)

// listMark is what mailing lists put before a subject (subj-blob of RFC 5256 §2.1).
var listMark = regexp.MustCompile(`^\[[^\[\]]{1,60}\]\s*`)

// BaseSubject returns what a subject is about, without "Re:", "AW:", "[list]" and "(fwd)" in any number
// (RFC 5256 §2.1, in more languages). Subjects are the same if their bases are, whatever the case.
func BaseSubject(subject string) string {
	s := strings.Join(strings.Fields(subject), " ")
	for {
		before := s
		if cut := strings.TrimSpace(s); len(cut) > 5 && strings.EqualFold(cut[len(cut)-5:], "(fwd)") {
			s = strings.TrimSpace(cut[:len(cut)-5])
		}
		s = prefix.ReplaceAllString(s, "")
		if rest := listMark.ReplaceAllString(s, ""); rest != "" {
			s = rest // a subject of nothing but a mark keeps it
		}
		if s == before {
			return s
		}
	}
}

var ticketMark = regexp.MustCompile(`\[#(\d{1,12})\]`)

// TicketNumber returns the number that a subject names as "[#123]", or 0. It is a hint and no proof: anybody
// can write a number.
func TicketNumber(subject string) int64 {
	m := ticketMark.FindStringSubmatch(subject)
	if m == nil {
		return 0
	}
	n, _ := strconv.ParseInt(m[1], 10, 64) // 12 digits fit
	return n
}
