// Package letter reads a received mail (RFC 5322, MIME) into a value that holds what a conversation
// needs of it. Read never fails, never panics and does a bounded amount of work, whatever bytes it is
// given. All text in a Letter is valid UTF-8 that XML 1.0 may carry, and its addresses, names and
// subject are one line each.
//
// The package decides nothing about conversations: it says who wrote, of what kind the mail is, and to
// which mails it refers.
package letter

import "time"

// Address is a person or a mailbox in a header.
type Address struct {
	Name string // as shown; "" if the mail has none
	Addr string // local@domain in lower case, or "" if the field held no address
}

// Kind says what sort of mail a letter is. A kind other than Normal is never answered automatically.
type Kind string

// The kinds of mail, from what a person wrote to what no person ever reads.
const (
	Normal    Kind = "normal"
	List      Kind = "list"      // came through a mailing list or a group (RFC 2919); a person wrote it
	Generated Kind = "generated" // a program wrote it: a shop's contact form or, if it refers to a mail of ours, Exchange's vacation notice (RFC 3834 auto-generated)
	Automatic Kind = "automatic" // a program answered: vacation notices, read receipts, bulk mail (RFC 3834 auto-replied)
	Bounce    Kind = "bounce"    // a mail server says what became of a mail of ours; see Letter.Failure
)

// Letter is a received mail.
type Letter struct {
	ID         string   // Message-ID without < >, in its own case; "" if the mail has none
	InReplyTo  string   // the last id of In-Reply-To, without < >
	References []string // as the field has them, oldest first, without < >; at most 100

	From      Address // the first From address; what a mail's writer is known by. Addr is "" only if the mail names nobody
	ReplyTo   Address // zero unless its address differs from From's; never an identity
	To, Cc    []Address
	Delivered []string // addresses of Delivered-To, X-Original-To and Envelope-To, in this order

	ReturnPath string // the envelope's sender, if the receiving server wrote it down
	NullPath   bool   // Return-Path was <>: mail that must not be answered by a program

	Subject  string    // one line, decoded; "" if there is none
	Date     time.Time // what the mail claims; zero if that can't be read. Never sort by it
	Language string    // Content-Language, else the first of Accept-Language, as "de" or "pt-BR"; "" if unknown

	Kind  Kind
	Quiet bool   // no automatic answer may go to this mail's writer
	Loop  string // the value of the header field LoopField, which only porchlight writes

	Failure *Failure // what a bounce says; nil for any other kind

	Text  string // all that was written, as text; HTML is converted
	Chat  string // of an answer: Text without quoted mails and signature; the whole Text if nothing else is left of it
	Files []File // what came with it and may be stored, at most 20 of together 20 MB

	Hidden int // how many lines of Text are missing in Chat that may be the writer's own words

	Signed    bool   // has a signature, which nobody has checked
	Encrypted bool   // can only be read in a mail client
	DMARC     string // "pass", "fail" or another result (RFC 7601) of Options.Authserv; "" if it says none

	Omitted []Omitted // files that are not in Files
	Flaws   []Flaw    // what could not be read or was cut, each once
	Fault   error     // why the reader failed, for the log; nil unless Flaws has Unreadable
}

// LoopField is the header field by which porchlight knows its own mails.
const LoopField = "X-Porchlight-Loop"

// Failure is what a bounce says about one recipient (RFC 3464).
type Failure struct {
	Recipient  string // the address that the mail did not reach
	Action     string // "failed", "delayed", "delivered", "relayed" or "expanded"
	Status     string // enhanced status code (RFC 3463) as "5.1.1"; "" if the bounce has none
	Diagnostic string // the server's words, one line
	MessageID  string // of the mail that came back, without < >
	Sender     string // the envelope's sender of the mail that came back, if the bounce shows it
}

// File is something that came with a mail.
type File struct {
	Name string // safe to show and to offer for saving: no path, no control characters, at most 120 characters
	Type string // media type, found in the content and never in what the mail claims
	Data []byte // may share memory with the raw mail
}

// Omitted is a file that a letter does not hold.
type Omitted struct {
	Name string
	Size int  // bytes as decoded; 0 if it was not decoded
	Why  Flaw // FilesCut, Partial or Decoration
}

// Flaw names something that was wrong with a mail or that a limit kept out of its letter.
type Flaw string

// The flaws. A mail with Broken or one of the cuts is worth a look at its raw bytes.
const (
	HeaderMended Flaw = "header mended" // lines of the header were no fields, or had bytes that don't belong there
	HeaderCut    Flaw = "header cut"    // a field was longer than 16 KB, or all that are of use were longer than 256 KB
	DepthCut     Flaw = "depth cut"     // parts in parts, more than 20 deep
	PartsCut     Flaw = "parts cut"     // more than 200 parts
	TextCut      Flaw = "text cut"      // more than 1 MB of text, or 2 MB of HTML
	FilesCut     Flaw = "files cut"     // more than 20 files, or than 20 MB of them
	Partial      Flaw = "partial"       // only the beginning of the mail was fetched
	Broken       Flaw = "broken"        // a part could not be decoded to its end, or the parts could not be told apart
	Unended      Flaw = "unended"       // the mail's end is missing; it may have been cut on its way
	Unreadable   Flaw = "unreadable"    // the reader failed; header and text are what could be saved
	Decoration   Flaw = "decoration"    // a small picture of a signature, or one of a quoted mail, was left out
)

// Options say how a mail is read.
type Options struct {
	// Authserv is the authserv-id (RFC 8601) of the server that received the mail. Only its topmost
	// Authentication-Results field is believed; none is if Authserv is "".
	Authserv string
	// Partial says that raw is only the beginning of the mail.
	Partial bool
}

// answers reports whether the mail answers another one, by its header.
func (l *Letter) answers() bool {
	return l.InReplyTo != "" || len(l.References) > 0 || prefix.MatchString(listMark.ReplaceAllString(l.Subject, ""))
}

// Recipients returns the addresses that the mail came to, each once: first those of the envelope, then To
// and Cc. The address with a conversation's token, or a bounce's with the number of the mail, is among them.
func (l *Letter) Recipients() []string {
	var all []string
	seen := map[string]bool{}
	add := func(addr string) {
		if addr != "" && !seen[addr] {
			seen[addr] = true
			all = append(all, addr)
		}
	}
	for _, addr := range l.Delivered {
		add(addr)
	}
	for _, list := range [][]Address{l.To, l.Cc} {
		for _, a := range list {
			add(a.Addr)
		}
	}
	return all
}
