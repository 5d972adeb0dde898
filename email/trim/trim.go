// Package trim finds what somebody wrote in a mail that also has the mail that was answered in it, and a
// signature. Its idea is that of discourse/email_reply_trimmer (MIT): first say of each line what it is, then
// look at the order of these.
//
// Its functions are pure, do work in proportion to the length of the text, and may be called by any goroutine.
package trim

import "strings"

// What a line can be.
const (
	empty     = 'e'
	delimiter = 'd' // "-----" or the like
	signature = 's' // "--", or "Sent from my telephone"
	marker    = 'm' // "On Monday Ann wrote:", "-----Original Message-----", the header of the mail that was answered
	forward   = 'f' // "Forwarded message"
	quote     = 'q' // begins with ">"
	text      = 't'
)

// maxTail is how many lines with text may stand below a delimiter that cuts them off as a signature.
const maxTail = 12

// Reply returns the part of a mail's text that was written for it: without the mail that was answered and
// without the signature. The text has lines that end with \n and no blanks at their ends, as plain.Clean
// makes them. Reply returns the whole text if answers stand between quoted lines, since they say nothing
// without these, if the text is a mail that was forwarded, and if nothing would be left.
func Reply(whole string) string {
	lines := strings.Split(whole, "\n")
	kinds := classify(lines)
	if forwards(kinds) || inline(kinds) {
		return whole
	}
	keep := make([]bool, len(lines))
	for i := range keep {
		keep[i] = kinds[i] != quote && kinds[i] != marker
	}
	cutAnswered(kinds, keep)
	cutSignature(lines, kinds, keep)
	reply := join(lines, keep)
	if reply == "" {
		return whole
	}
	return reply
}

// forwards reports whether the first mail inside the text is one that was forwarded.
func forwards(kinds []byte) bool {
	for _, k := range kinds {
		switch k {
		case forward:
			return true
		case marker:
			return false
		}
	}
	return false
}

// inline reports whether somebody has answered piece by piece: text stands between quoted lines, or around
// quoted lines that no line like "Ann wrote:" announces (the rule of mailgun/talon).
func inline(kinds []byte) bool {
	above, quoted, between := false, false, false // of the quote at hand: text before it, the quote, text after it
	announced := false
	for _, k := range kinds {
		switch k {
		case marker:
			announced = true
		case text:
			above = above || !quoted
			between = between || quoted
			if !quoted {
				announced = false
			}
		case quote:
			if between {
				return true
			}
			quoted = true
		case signature: // what stands behind it is no answer
			return above && between && !announced
		}
	}
	return above && between && !announced
}

// cutAnswered cuts the mail that was answered where its lines have no ">": all that follows its marker. A
// text that stands below quoted lines stays.
func cutAnswered(kinds []byte, keep []bool) {
	for i := 0; i < len(kinds); i++ {
		if kinds[i] != marker {
			continue
		}
		next := i + 1
		for next < len(kinds) && (kinds[next] == marker || kinds[next] == empty) {
			next++
		}
		if next < len(kinds) && kinds[next] == quote {
			i = next
			continue
		}
		for j := i; j < len(keep); j++ {
			keep[j] = false
		}
		return
	}
}

// cutSignature cuts signatures. One ends where a quote begins, or with the text.
func cutSignature(lines []string, kinds []byte, keep []bool) {
	last, several := -1, false // the last delimiter; several of them are a table's, or stand between parts of a text
	for i, k := range kinds {
		switch {
		case !keep[i]:
		case k == signature:
			cutTail(kinds, keep, i, lines[i] != "--")
		case k == delimiter:
			last, several = i, last >= 0
		}
	}
	if last < 0 || !keep[last] {
		return
	}
	below := 0
	for i := last + 1; i < len(kinds); i++ {
		switch kinds[i] {
		case quote, marker:
			if below == 0 {
				cutTail(kinds, keep, last, false)
				return
			}
		case text:
			below++
		}
	}
	if below <= maxTail && !several {
		cutTail(kinds, keep, last, false)
	}
}

// cutTail cuts from a line to the next quoted one. A line that only names a telephone or a program cuts
// nothing but itself, if text follows it.
func cutTail(kinds []byte, keep []bool, from int, alone bool) {
	keep[from] = false
	if alone {
		return
	}
	for i := from + 1; i < len(kinds) && kinds[i] != quote && kinds[i] != marker; i++ {
		keep[i] = false
	}
}

// join joins the lines that are kept, with at most two empty ones in a row, and one where something was cut.
func join(lines []string, keep []bool) string {
	var out []string
	gap, most := 0, 2
	for i, line := range lines {
		switch {
		case !keep[i]:
			most = 1
		case line == "":
			gap++
		default:
			for range min(gap, most) {
				if len(out) > 0 {
					out = append(out, "")
				}
			}
			gap, most = 0, 2
			out = append(out, line)
		}
	}
	return strings.TrimSpace(strings.Join(out, "\n"))
}
