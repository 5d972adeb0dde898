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

// maxSignature is how many lines with text a signature has at most that is plainly one.
const maxSignature = 8

// Reply returns the part of an answer's text that was written for it: without the mail that was answered and
// without the signature. The text has lines that end with \n and no blanks at their ends, as plain.Clean
// makes them. Reply returns the whole text if answers stand between quoted lines, since they say nothing
// without these, if the text is a mail that was forwarded, and if nothing would be left.
//
// doubtful is how many lines with text were cut that may be the writer's own words. Plainly others' words are
// quoted lines below a line like "Ann wrote:", and what follows such a line without marks of quoting if it names
// one of those to whom the answer goes, whose addresses are in lower case. A short signature is not counted
// either.
func Reply(whole string, to []string) (reply string, doubtful int) {
	lines := strings.Split(whole, "\n")
	c := cutting{lines: lines, kinds: classify(lines), fate: make([]fate, len(lines)), to: to}
	if forwards(c.kinds) || inline(c.kinds) {
		return whole, 0
	}
	c.quotes()
	c.answered()
	c.signatures()
	c.delimiters()
	reply = c.join()
	if reply == "" {
		return whole, 0
	}
	for i, f := range c.fate {
		if f == cut && c.kinds[i] != empty {
			doubtful++
		}
	}
	return reply, doubtful
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
