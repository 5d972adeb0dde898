package bridge

import (
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"strings"
	"time"
)

// Letter is what a mail that came says.
type Letter struct {
	MessageID  string // without angle brackets, as are InReplyTo and References; "": none
	InReplyTo  string
	References []string
	From       string // the first address of From, lower case: who it is from, as far as mail can tell
	Name       string // the name beside it
	AnswerTo   string // of Reply-To, if its domain is another one
	Recipients []string
	Subject    string
	Language   string // BCP 47; "": unknown
	Text       string // the whole text
	Said       string // the text without quotes and signature; "": Text
	Nature     Nature
	Quiet      bool // nothing may answer it by itself
	Doubtful   bool // our own mail server says that the sender is forged (RFC 7489 §3)
	Loop       string
	Bounce     Bounce
	Left       string // what of it is not shown, in a few words for operators; "": all is
	Files      []Attachment
}

// Nature says what kind of mail it is.
type Nature string

// The natures.
const (
	Personal  Nature = "personal"  // somebody wrote it
	Automatic Nature = "automatic" // it answers by itself, such as a vacation notice (RFC 3834)
	Generated Nature = "generated" // a program wrote it, such as a shop's contact form
	Listed    Nature = "list"      // it came over a mailing list
	Bounced   Nature = "bounce"    // a delivery status notification (RFC 3464)
	Ours      Nature = "ours"      // it is our own mail, come back
	Outside   Nature = "outside"   // an operator answered by their own mail program, from our address
)

// Bounce is what a delivery status notification says (RFC 3464).
type Bounce struct {
	Recipient string
	Failed    bool   // for good; else it is late
	Words     string // the status and what the server said
	MessageID string // of the mail that came back; "": unknown
}

// Attachment is a file in a mail.
type Attachment struct {
	Name string
	Data []byte
}

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

// The time in which a mail opens a conversation again that has ended; later it begins a new one.
const mailReopens = 14 * 24 * time.Hour
