package bridge

import (
	"net/mail"
	"strings"
	"unicode"

	"porchlight/bridge/phrase"
)

// Limits of an address (RFC 5321 §4.5.3.1, RFC 1035 §2.3.4), in bytes.
const (
	maxAddress   = 254
	maxLocalPart = 64
	maxLabel     = 63
)

// ValidEmail reports whether s is one plain address (RFC 5321 §4.1.2) without a display name, to which a mail can be
// written: its domain is one of names.
func ValidEmail(s string) bool {
	a, err := mail.ParseAddress(s)
	if err != nil || a.Address != s || len(s) > maxAddress || strings.ContainsAny(s, "<>\"") || strings.ContainsFunc(s, Unseen) {
		return false
	}
	local, domain, _ := strings.Cut(s, "@")
	return len(local) <= maxLocalPart && (strings.Contains(domain, ".") || domain == "localhost") && validDomain(domain)
}

// validDomain reports whether a domain has only labels that the DNS may have, also those beyond ASCII (RFC 5890
// §2.3.1).
func validDomain(domain string) bool {
	for label := range strings.SplitSeq(domain, ".") {
		if label == "" || len(label) > maxLabel || label[0] == '-' || label[len(label)-1] == '-' || strings.HasPrefix(label[min(2, len(label)):], "--") && !isPunycode(label) {
			return false
		}
		for i, r := range label {
			if r != '-' && !unicode.IsLetter(r) && !unicode.IsDigit(r) && (i == 0 || !unicode.IsMark(r)) {
				return false
			}
		}
	}
	return true
}

func isPunycode(label string) bool { return len(label) >= 4 && strings.EqualFold(label[:4], "xn--") }

// wrongAddress says what is wrong with an address that a person gave; ok reports that nothing is. Mail to an address of
// ours would come back to us.
func (b *Bridge) wrongAddress(address string) (wrong phrase.Phrase, ok bool) {
	switch {
	case !ValidEmail(address) || len(address) > b.opts.Limits.Email:
		return phrase.Say("This is no email address. One looks like ann@example.org."), false
	case b.opts.Mail.Addresses.ours(address):
		return phrase.Say("This is the address of the support itself."), false
	}
	return phrase.Phrase{}, true
}

// addressed refuses an address that is wrong, as a field.
func (b *Bridge) addressed(field, address string) error {
	wrong, ok := b.wrongAddress(address)
	if ok {
		return nil
	}
	return &phrase.Error{Code: phrase.CodeInvalid, Phrase: wrong, Fields: map[string]phrase.Phrase{field: wrong}}
}

// ours reports whether mail to an address comes to us: it is one of the addresses, or one with a mark.
func (a Addresses) ours(address string) bool {
	if a.own(address) || a.mark(address, tokenMark) != "" || a.mark(address, bounceMark) != "" {
		return true
	}
	local, domain, _ := strings.Cut(address, "@")
	local, _, marked := strings.Cut(local, usualSeparator)
	return marked && a.own(local+"@"+domain)
}
