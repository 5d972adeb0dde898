package stanza

import "strings"

// Off-the-record messaging (OTR) goes in the bodies of plain messages, wherever it stands
// in them: libotr 4.1.1 (src/proto.c, otrl_proto_message_type) looks for its marks
// anywhere. So neither may a visitor's words begin it in an operator's client, nor its
// messages reach a visitor.

// otrMark begins each of OTR's messages. What follows is one of these: a piece, data, an
// offer, an error.
const otrMark = "?OTR"

// IsOTR reports whether a body is a message of OTR's.
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

// otrTag is the white space by which a client offers OTR at the end of a plain message;
// what follows, of 8 characters each, are versions.
const otrTag = " \t  \t\t\t\t \t \t \t  "

// Untagged is a text without such offers.
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

// Harmless is a text for operators in which no client finds OTR.
func Harmless(text string) string {
	if !strings.Contains(text, otrMark) && !strings.Contains(text, otrTag) {
		return text
	}
	return strings.NewReplacer(otrMark, "? OTR", otrTag, strings.Repeat(" ", len(otrTag))).Replace(text)
}
