package trim

import (
	"slices"
	"strings"
)

// Limits of what announces the mail that was answered.
const (
	maxWrapped = 4   // lines over which a program breaks "On … wrote:"
	maxMarker  = 500 // bytes of it
	maxHeader  = 8   // lines of the header that Outlook writes, empty ones not counted
	minRule    = 20  // bytes of the line that Outlook draws above it, which has 32
)

// classify says of each line what it is.
func classify(lines []string) []byte {
	kinds := make([]byte, len(lines))
	above := "" // the last line that is not empty
	for i := 0; i < len(lines); i++ {
		n := markerLines(lines[i:], above)
		for j := i; j < i+n; j++ {
			kinds[j] = marker
		}
		if n == 0 {
			kinds[i] = classOf(lines[i])
		}
		i += max(n, 1) - 1
		if kinds[i] != empty {
			above = lines[i]
		}
	}
	return kinds
}

// classOf says what a line is that announces nothing.
func classOf(line string) byte {
	s := strings.TrimSpace(line)
	switch {
	case s == "":
		return empty
	case s[0] == '>':
		return quote
	case s == "--" || sentFrom(s):
		return signature
	case isForward(s):
		return forward
	case len(s) >= 3 && strings.Trim(s, "-_=*—–ᐧ ") == "":
		return delimiter
	}
	return text
}

// markerLines returns how many lines announce the mail that was answered, from the first one on; 0 if that
// announces nothing. above is the line above them, which is not empty.
func markerLines(lines []string, above string) int {
	if len(lines) == 0 {
		return 0
	}
	first := strings.TrimSpace(lines[0])
	if first == "" || first[0] == '>' || len(first) > maxMarker {
		return 0
	}
	if isOriginal(first) || headerAt(lines, above) {
		return 1
	}
	joined := first
	for n := 1; ; n++ {
		if wrote(joined) {
			return n
		}
		if n == maxWrapped || n == len(lines) || !opens(first) {
			return 0
		}
		next := strings.TrimSpace(lines[n])
		if next == "" || next[0] == '>' && next != ">:" || len(joined)+len(next) > maxMarker {
			return 0
		}
		joined += " " + next
	}
}

// wrote reports whether a line says who wrote the mail that was answered, and when.
func wrote(s string) bool {
	s = strings.Trim(s, " *_")
	bare := strings.Trim(s, "- ")
	dashes := len(s)-len(bare) >= 8 // "---- On … wrote ----"
	end, colon := strings.CutSuffix(bare, ":")
	if !colon {
		end, colon = strings.CutSuffix(bare, "：")
	}
	if startsWithDigit(bare) && strings.Contains(bare, "@") && strings.HasSuffix(bare, ">") && dated(bare) {
		return true // "2013/7/20 Ann <ann@example.org>"
	}
	if !colon && !dashes || !strings.ContainsAny(end, "0123456789@") {
		return false
	}
	end = strings.TrimSpace(end)
	addressed := strings.Contains(end, "@")
	if addressed && strings.HasSuffix(end, ">") && dated(end) {
		return true // "2026-11-29 14:00 GMT+01:00 Ann <ann@example.org>:"
	}
	if !addressed && !dated(end) {
		return false
	}
	for _, l := range languages {
		if !strings.Contains(end, l.verb) {
			continue
		}
		if l.opens(end) || addressed && strings.ContainsAny(end, "<(") {
			return true
		}
	}
	return false
}

// opens reports whether a line may be the first of several that say who wrote.
func opens(s string) bool {
	s = strings.TrimLeft(s, " *_-")
	for _, l := range languages {
		if l.opens(s) {
			return true
		}
	}
	if startsWithDigit(s) {
		return true
	}
	return strings.Contains(s, "@") && (dated(s) || slices.ContainsFunc(languages, func(l language) bool { return strings.Contains(s, l.verb) }))
}

func startsWithDigit(s string) bool { return s != "" && s[0] >= '0' && s[0] <= '9' }

// dated reports whether a line has a year or a time of day in it.
func dated(s string) bool {
	run := 0
	for i := 0; i < len(s); i++ {
		if s[i] >= '0' && s[i] <= '9' {
			run++
			if run == 4 {
				return true
			}
			continue
		}
		if run > 0 && (s[i] == ':' || s[i] == '.') && i+2 < len(s) && startsWithDigit(s[i+1:]) && startsWithDigit(s[i+2:]) {
			return true
		}
		run = 0
	}
	return false
}

// headerAt reports whether the header of a mail begins here as Outlook writes it into an answer: three
// fields close to each other, the sender among them with an address. Without an address the line above has to be
// the one that Outlook draws, since people write lines that look like fields, too.
func headerAt(lines []string, above string) bool {
	if !startsWithField(lines[0], senders) && !startsWithField(lines[0], fields) {
		return false
	}
	named := len(strings.TrimSpace(above)) >= minRule && strings.Trim(above, "_ ") == ""
	found, seen, from := 0, 0, false
	sender := false // the line before is the sender's
	for _, line := range lines[:min(len(lines), 3*maxHeader)] {
		if strings.TrimSpace(line) == "" {
			continue
		}
		if seen++; seen > maxHeader+1 {
			break
		}
		switch {
		case startsWithField(line, senders):
			found++
			from, sender = true, true
		case startsWithField(line, fields):
			found++
			sender = false
		}
		named = named || sender && strings.Contains(line, "@")
		if from && named && found >= 3 {
			return true
		}
	}
	return false
}

// startsWithField reports whether a line begins with one of the names and a colon, in bold or not.
func startsWithField(line string, names map[string]bool) bool {
	line = strings.TrimLeft(line, " *")
	i := strings.IndexAny(line[:min(len(line), 60)], ":：")
	if i <= 0 {
		return false
	}
	return names[strings.ToLower(strings.Trim(line[:i], " *\u00A0"))]
}

// isOriginal reports whether a line is "-----Original Message-----" in some language.
func isOriginal(s string) bool {
	return framed(s, originals)
}

// isForward reports whether a line announces a mail that was forwarded.
func isForward(s string) bool {
	return framed(s, forwarded) || strings.HasPrefix(s, "Begin forwarded message:") || strings.HasPrefix(s, "Anfang der weitergeleiteten Nachricht:") ||
		strings.HasPrefix(s, "Début du message réexpédié") || strings.HasPrefix(s, "Inicio del mensaje reenviado:")
}

// framed reports whether a line has dashes around one of some phrases.
func framed(s string, phrases []string) bool {
	inner := strings.Trim(s, "-_=* ")
	if len(s)-len(inner) < 4 || len(inner) == 0 || len(inner) > 60 {
		return false
	}
	inner = strings.ToLower(strings.TrimSuffix(inner, ":"))
	for _, p := range phrases {
		if inner == p {
			return true
		}
	}
	return false
}

// sentFrom reports whether a line is what a telephone or a program puts below every mail.
func sentFrom(s string) bool {
	if len(s) > 120 {
		return false
	}
	s = strings.ToLower(strings.Trim(s, " _*<>()"))
	for _, p := range sentBy {
		if strings.HasPrefix(s, p) {
			return true
		}
	}
	return strings.HasSuffix(s, "から送信") || strings.HasSuffix(s, "gönderildi") || strings.HasPrefix(s, "von meine") && strings.HasSuffix(s, "gesendet")
}
