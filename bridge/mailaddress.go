package bridge

import (
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"strings"
)

const (
	tokenMark  = "+t." // stands between a support address and a thread's token
	bounceMark = "+b." // stands between a support address and a mail's id
	rootMark   = "c."  // begins the id that stands first in References
	tokenBytes = 26    // of a thread's token, which rand.Text makes of 130 random bits
)

// ReplyTo is the address under which an answer to a thread is known. address is the support address.
func (t Thread) ReplyTo(address string) string { return marked(address, tokenMark+t.Token) }

// root is the id that stands first in the References of a thread's mail: it survives relays that change
// Message-IDs.
func (t Thread) root(address string) string {
	_, domain, _ := strings.Cut(address, "@")
	return rootMark + t.Token + "@" + domain
}

// marked is an address with something behind its local part (RFC 5233 §1).
func marked(address, mark string) string {
	local, domain, _ := strings.Cut(address, "@")
	return local + mark + "@" + domain
}

// mark reads what marked put into an address, "" if it is another address or has no such mark.
func mark(address, in, mark string) string {
	local, domain, _ := strings.Cut(address, "@")
	inLocal, inDomain, _ := strings.Cut(strings.ToLower(in), "@")
	rest, ok := strings.CutPrefix(inLocal, strings.ToLower(local)+mark)
	if !ok || !strings.EqualFold(domain, inDomain) {
		return ""
	}
	return rest
}

// tokenIn is the first thread's token in the recipients of a mail, "" if there is none.
func tokenIn(address string, recipients []string) string {
	for _, to := range recipients {
		if t := mark(address, to, tokenMark); len(t) == tokenBytes {
			return t
		}
	}
	return ""
}

// bounceAddress is the sender of a mail's envelope, so that what comes back there tells which mail it
// was (VERP).
func (m *Mailroom) bounceAddress(id string) string {
	return marked(m.bridge.opts.Mail.Address, bounceMark+id+"."+m.seal("bounce", id))
}

// bouncedID is the id of the mail to whose bounceAddress a mail came, "" if it came to another address.
func (m *Mailroom) bouncedID(recipients []string) string {
	for _, to := range recipients {
		id, seal, _ := strings.Cut(mark(m.bridge.opts.Mail.Address, to, bounceMark), ".")
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
