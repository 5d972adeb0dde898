// Package compose writes outgoing mails: the final bytes from a value, text and HTML from the same data, in the reader's
// language. Equal values give equal bytes. It knows no store, no clock and no network.
//
// A mail is multipart/alternative, text first (RFC 2046 §5.1.4). Its HTML has no remote picture, no script and nothing
// that tells when it is read; colours follow the reader's choice of light or dark.
package compose

import (
	"time"
)

// Kind is what a mail is for. Its header follows from it.
type Kind string

// The kinds of mails.
const (
	Answer          Kind = "answer"          // what operators wrote to a visitor
	Transcript      Kind = "transcript"      // a whole conversation, for its visitor
	Acknowledgement Kind = "acknowledgement" // "we have received your request"
	Closed          Kind = "closed"          // the same, and "we are closed, back at …"
	Notice          Kind = "notice"          // something that an operator should know
	Statistics      Kind = "statistics"      // figures, with a picture
)

// nature is what a kind brings with it.
type nature struct {
	automatic string // the value of Auto-Submitted (RFC 3834 §5); empty: a person wrote it
	bare      bool   // nothing in it may come from a visitor, who may not be the one whose address it is
	recurring bool   // it may be unsubscribed (RFC 2369 §3.2, RFC 8058)
	named     bool   // each line says who wrote it and when
}

// natures are the natures of all kinds.
var natures = map[Kind]nature{
	Answer:          {},
	Transcript:      {automatic: "auto-generated", named: true},
	Acknowledgement: {automatic: "auto-replied", bare: true},
	Closed:          {automatic: "auto-replied", bare: true},
	Notice:          {automatic: "auto-generated", recurring: true},
	Statistics:      {automatic: "auto-generated", recurring: true},
}

// Mail is a mail before it is written.
type Mail struct {
	Kind     Kind
	Language string         // a tag of RFC 5646; one without a catalogue gives English
	Zone     *time.Location // in which times are told; nil: UTC

	From, To  Address
	ReplyTo   string    // where answers go, an address; empty: to From
	Date      time.Time // when it is written
	MessageID string    // without < >; empty: one is made of random bits (see NewID)
	InReplyTo string    // without < >; may be empty
	// References are the ids of the thread, without < >, its root first. The first and the last 10 are kept.
	References []string
	Loop       string // the value of X-Porchlight-Loop, by which we know our own mails; may be empty

	// Subject keeps a thread together, so it should stay the same. Empty: "Your request #12 – Example". A mail of the
	// kinds Acknowledgement and Closed has always that one.
	Subject      string
	Number       int64  // the conversation's
	Organization string // whose support it is; may be empty

	Lines     []Line    // what the mail says, oldest first
	Quoted    []Line    // what was said before, oldest first; the last 10 are quoted
	Signature string    // may have several lines; may be empty
	Back      time.Time // Closed: when we are back; zero: not known

	Resume      string // an http(s) link that brings the visitor back into the conversation; may be empty
	Feedback    string // an http(s) link to the form that asks how the help was; may be empty
	Unsubscribe string // Notice and Statistics: an https link that takes a POST (RFC 8058), or mailto:; may be empty

	Picture *Picture // shown within the HTML; may be nil
	Attach  []Attachment
}

// Address is a name, which may be empty, and an address.
type Address struct{ Name, Addr string }

// Line is something that was said, or a paragraph of a mail of ours.
type Line struct {
	From  string    // who said it; may be empty
	At    time.Time // when; zero: not told
	Own   bool      // we have said it, so links in it may be followed
	Text  string    // plain text; may be empty if there are files
	Files []FileLink
}

// FileLink is a file that the reader gets from a link.
type FileLink struct {
	Name, URL string
	Size      int64 // in bytes; 0: not known
}

// Attachment is a file that goes with the mail.
type Attachment struct {
	Name, Type string // Type is a media type; one that can't be used becomes application/octet-stream
	Data       []byte
}

// Picture is a picture within the mail.
type Picture struct {
	Type string // image/png
	Data []byte
	Alt  string // what it shows, in words
	// Width and Height are in CSS pixels. It shrinks on small screens.
	Width, Height int
}

// Limits of a mail.
const (
	mostQuoted     = 10
	mostReferences = 10 // beside the root
	mostSubject    = 250
	mostName       = 100
	mostFileName   = 120
	mostLink       = 2500 // of a link that is text
)
