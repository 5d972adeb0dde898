package stanza

import (
	"strings"

	"porchlight/component/stream"
)

// Encrypted reports whether a message's body only stands in for an encrypted one
// (XEP-0380, XEP-0384, XEP-0373, XEP-0027), or is encrypted itself.
func Encrypted(el *stream.Element, body string) bool {
	for _, child := range el.Children {
		if child.Local == "encrypted" || child.Local == "e2e" {
			return true
		}
	}
	return el.Child("urn:xmpp:openpgp:0", "openpgp") != nil ||
		el.Child("jabber:x:encrypted", "x") != nil ||
		el.Child("urn:xmpp:eme:0", "encryption") != nil && body != "" || // by any method (XEP-0380)
		IsOTR(body) ||
		sealed(body) || sealed(el.Child(NSOOB, "x").ChildText(NSOOB, "url"))
}

// sealed reports whether a text is the link of an encrypted file (XEP-0454), or an
// OpenPGP message in ASCII armor (RFC 9580 §6.2).
func sealed(text string) bool {
	text = strings.TrimSpace(text)
	scheme, _, found := strings.Cut(text, ":") // upper or lower case (RFC 3986 §3.1)
	return found && strings.EqualFold(scheme, "aesgcm") || strings.HasPrefix(text, "-----BEGIN PGP MESSAGE-----")
}
