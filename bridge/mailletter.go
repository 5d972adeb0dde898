package bridge

import (
	"fmt"
	"strings"
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
	About      string // Subject without what mail programs put before it, such as "Re:" (RFC 5256 §2.1)
	Number     int64  // of the conversation that Subject names; 0: none
	Language   string // BCP 47; "": unknown
	Text       string // the whole text
	Said       string // the text without quotes and signature; "": Text
	Hidden     int    // how many lines of Text are missing in Said that the sender may have written
	Nature     Nature
	Quiet      bool // nothing may answer it by itself
	Doubtful   bool // our own mail server says that the sender is forged (RFC 7489 §3)
	Loop       string
	Bounce     Bounce
	Left       string // the names of its files that are not shown
	Lacks      []Lack // what else of it is not shown, each once
	Files      []Attachment
}

// Lack names something of a mail that its conversation does not show.
type Lack string

// What may be missing.
const (
	LongText    Lack = "text"      // the end of a text that is too long
	ManyParts   Lack = "parts"     // parts of a mail that has too many
	DeepParts   Lack = "depth"     // parts in parts in parts
	MailEnd     Lack = "end"       // the end of a mail that was not fetched whole
	BrokenParts Lack = "broken"    // what could not be decoded
	Encryption  Lack = "encrypted" // encrypted text
	Signature   Lack = "signature" // a signature that nobody has checked
)

// lacking is a list as a Heading has it.
func lacking(list []Lack) string {
	var words []string
	for _, l := range list {
		words = append(words, string(l))
	}
	return strings.Join(words, " ")
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
	Failed    bool   // for good; else it is late
	Words     string // the status and what the server said
	MessageID string // of the mail that came back; "": unknown
}

// mailSubjectBytes is how much of a subject is kept, and how long one of ours may be.
const mailSubjectBytes = 200

// tidy makes of foreign text what the log may hold.
func (l *Letter) tidy(limits Limits) {
	l.From, l.Name, l.Subject = strings.ToLower(cleanLine(l.From)), Cut(cleanLine(l.Name), limits.Name), Cut(cleanLine(l.Subject), mailSubjectBytes)
	l.About = Cut(cleanLine(l.About), mailSubjectBytes)
	l.AnswerTo, l.Left, l.Language = cleanLine(l.AnswerTo), cleanLine(l.Left), Cut(cleanLine(l.Language), 35)
	l.Text, l.Said = CleanText(l.Text), CleanText(l.Said)
	if l.Said == "" {
		l.Said, l.Hidden = l.Text, 0
	}
	if l.Name == "" {
		l.Name, _, _ = strings.Cut(l.From, "@")
	}
	l.setAside()
	if l.Said != shown(l.Said) || l.Hidden > 0 {
		l.Files = append([]Attachment{{Name: "mail.txt", Data: []byte(l.Text), own: true}}, l.Files...)
	}
}

// How much of a mail an operator is shown; all of it is in a file beside it then.
const (
	chatText  = 1500 // characters
	chatLines = 60
)

// shown is as much of a mail's text as an operator is shown.
func shown(text string) string {
	at, lines := 0, 1
	for i, r := range text {
		if at++; at > chatText || lines == chatLines && r == '\n' {
			return text[:i]
		}
		if r == '\n' {
			lines++
		}
	}
	return text
}

// named lists the names and sizes of the files, since a link tells neither.
func (l Letter) named() string {
	var list []string
	for _, f := range l.Files {
		if f.own {
			continue
		}
		size := fmt.Sprintf("%d KB", (len(f.Data)+999)/1000)
		if len(f.Data) >= 1_000_000 {
			size = fmt.Sprintf("%.1f MB", float64(len(f.Data))/1e6)
		}
		list = append(list, Cut(cleanLine(f.Name), 80)+" ("+size+")")
	}
	return strings.Join(list, ", ")
}
