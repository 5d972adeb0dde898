package bridge

import (
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"strings"
)

const (
	tokenMark  = "t." // stands before a thread's token in an address
	bounceMark = "b." // stands before a mail's id in an address
	rootMark   = "c." // begins the id that stands first in References
	tokenBytes = 26   // of a thread's token, which rand.Text makes of 130 random bits

	// usualSeparator is the separator of most providers. It is read whatever Addresses.Separator is, so
	// that answers to older mails find their conversation when the option has changed.
	usualSeparator = "+"
)

// Addresses are the addresses from which mail goes and at which it comes, without names. The value is
// read by any goroutine, and never changed.
type Addresses struct {
	Support     string            // of all departments that have none of their own
	Departments map[string]string // by a department's name
	Separator   string            // stands between an address's local part and a mark (RFC 5233 §1); "": the provider knows no marks
}

// Of is the address of a department.
func (a Addresses) Of(department string) string {
	if own := a.Departments[department]; own != "" {
		return own
	}
	return a.Support
}

// all lists each address, some perhaps twice.
func (a Addresses) all() func(func(string) bool) {
	return func(yield func(string) bool) {
		if !yield(a.Support) {
			return
		}
		for _, own := range a.Departments {
			if !yield(own) {
				return
			}
		}
	}
}

// own reports whether mail from an address comes from ourselves.
func (a Addresses) own(address string) bool {
	for own := range a.all() {
		if strings.EqualFold(own, address) {
			return true
		}
	}
	return false
}

// marked is one of the addresses with a mark behind its local part. It is the address alone if the
// provider knows no marks.
func (a Addresses) marked(address, mark string) string {
	if a.Separator == "" {
		return address
	}
	local, domain, _ := strings.Cut(address, "@")
	return local + a.Separator + mark + "@" + domain
}

// mark reads what marked put into an address behind a mark, "" if it is another address or has no such
// mark.
func (a Addresses) mark(in, mark string) string {
	for address := range a.all() {
		for _, separator := range [...]string{usualSeparator, a.Separator} {
			if rest := markIn(address, in, separator+mark); separator != "" && rest != "" {
				return rest
			}
		}
	}
	return ""
}

func markIn(address, in, mark string) string {
	local, domain, _ := strings.Cut(address, "@")
	inLocal, inDomain, _ := strings.Cut(strings.ToLower(in), "@")
	rest, ok := strings.CutPrefix(inLocal, strings.ToLower(local)+mark)
	if !ok || !strings.EqualFold(domain, inDomain) {
		return ""
	}
	return rest
}

// ReplyTo is the address under which an answer to a thread's mail from an address is known.
func (a Addresses) ReplyTo(from string, t Thread) string { return a.marked(from, tokenMark+t.Token) }

// root is the id that stands first in the References of a thread's mail: it survives relays that change
// Message-IDs.
func (t Thread) root(domain string) string { return rootMark + t.Token + "@" + domain }

// domainOf is the domain of an address.
func domainOf(address string) string {
	_, domain, _ := strings.Cut(address, "@")
	return domain
}

// token is the first thread's token in the recipients of a mail, "" if there is none.
func (a Addresses) token(recipients []string) string {
	for _, to := range recipients {
		if t := a.mark(to, tokenMark); len(t) == tokenBytes {
			return t
		}
	}
	return ""
}

// bounceAddress is the sender of the envelope of a mail from an address, so that what comes back there
// tells which mail it was (VERP).
func (m *Mailroom) bounceAddress(from, id string) string {
	return m.bridge.opts.Mail.Addresses.marked(from, bounceMark+id+"."+m.seal("bounce", id))
}

// bouncedID is the id of the mail to whose bounceAddress a mail came, "" if it came to another address.
func (m *Mailroom) bouncedID(recipients []string) string {
	for _, to := range recipients {
		id, seal, _ := strings.Cut(m.bridge.opts.Mail.Addresses.mark(to, bounceMark), ".")
		if id != "" && subtle.ConstantTimeCompare([]byte(seal), []byte(m.seal("bounce", id))) == 1 {
			return id
		}
	}
	return ""
}

// sealBytes is the length of a seal: an address's local part has 64 octets at most (RFC 5321
// §4.5.3.1.1).
const sealBytes = 8

// seal proves that we made something, in lower case, since relays change the case of addresses.
func (m *Mailroom) seal(use, of string) string {
	h := hmac.New(sha256.New, m.bridge.Tokens.Key("mail "+use))
	h.Write([]byte(of))
	return jidEncoding.EncodeToString(h.Sum(nil))[:sealBytes]
}

// ours reports whether a letter is a mail of ours that came back.
func (m *Mailroom) ours(l Letter) bool {
	return l.MessageID != "" && l.Loop != "" && subtle.ConstantTimeCompare([]byte(l.Loop), []byte(m.seal("loop", l.MessageID))) == 1
}
