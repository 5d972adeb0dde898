package stanza

import "strings"

// Off-the-record messaging (OTR) goes in the bodies of plain messages, and libotr 4.1.1
// looks for its marks anywhere in a body (src/proto.c, otrl_proto_message_type). So a
// visitor's words must not start OTR in an operator's client, and OTR messages must not
// reach a visitor.

// otrMark begins every OTR message. The character after it says whether the message is
// a fragment, data, an offer or an error.
const otrMark = "?OTR"

// IsOTR reports whether a body holds an OTR message.
func IsOTR(body string) bool {
	for rest := body; ; {
		_, after, found := strings.Cut(rest, otrMark)
		if !found {
			return false
		}
		if after != "" && strings.ContainsRune(":,|?vV", rune(after[0])) || strings.HasPrefix(after, " Error:") {
			return true
		}
		rest = after
	}
}

// otrTag is the white space by which a client offers OTR in a plain message. The
// versions follow it, 8 characters of white space each.
const otrTag = " \t  \t\t\t\t \t \t \t  "

// Untagged returns a text without offers of OTR.
func Untagged(text string) string {
	for {
		before, after, found := strings.Cut(text, otrTag)
		if !found {
			return text
		}
		for len(after) >= 8 && strings.Trim(after[:8], " \t") == "" {
			after = after[8:]
		}
		text = before + after
	}
}

// Harmless returns a text for operators in which their clients find no OTR.
func Harmless(text string) string {
	if !strings.Contains(text, otrMark) && !strings.Contains(text, otrTag) {
		return text
	}
	return strings.NewReplacer(otrMark, "? OTR", otrTag, strings.Repeat(" ", len(otrTag))).Replace(text)
}
