package letter

import (
	"regexp"
	"strings"

	"porchlight/email/plain"
)

// says are phrases of bounces that are plain text: of qmail, Exim, Exchange before 2007, Postfix without a
// report, and German providers.
var says = []string{
	"wasn't able to deliver", "was not able to deliver", "could not be delivered", "couldn't be delivered", "could not deliver", "cannot be delivered",
	"undeliverable", "undelivered mail", "delivery has failed", "delivery failed", "delivery to the following", "did not reach", "returned mail", "mail delivery failed",
	"delivery status notification", "unzustellbar", "nicht zugestellt", "nicht zustellbar", "konnte nicht", "n'a pas pu être", "no se ha podido", "non è stato possibile",
}

// copies announce the mail that came back, at the end of a bounce that is plain text.
var copies = []string{
	"--- Below this line is a copy of the message.", "------ This is a copy of the message", "--- Original message follows.", "--- The header of the original message is following",
	"----- Original message -----", "------ This is a copy of your message", "--- Undelivered message follows ---", "----- Unsent message follows -----",
}

var (
	aboutLine  = regexp.MustCompile(`(?m)^\s*<?([^\s<>@]{1,64}@[^\s<>@:]{1,255})>?:?\s*$`)
	aboutWords = regexp.MustCompile(`(?m)^\s*<([^\s<>@]{1,64}@[^\s<>@]{1,255})>:?\s+(\S.*)$`)
	reply      = regexp.MustCompile(`(?m)^.*\b[45]\d\d[ -].*$`)
)

// looksBounced reads a bounce that has no report in it and fills in the letter's failure. Only mail that a
// mail system sends counts: with an empty return path, from MAILER-DAEMON or postmaster, or with the field
// that Exim writes.
func (r *reader) looksBounced(root *part, found *report) bool {
	l := r.letter
	failed := root.header.get("x-failed-recipients")
	local, _, _ := strings.Cut(l.From.Addr, "@")
	system := l.NullPath || local == "mailer-daemon" || local == "postmaster"
	if !system && failed == "" {
		return false
	}
	p := root
	for len(p.parts) > 0 {
		p = p.parts[0]
	}
	if !p.isText() {
		return false
	}
	text := r.block(p).text
	text, _ = cutBytes(text, maxNotice)
	words, back := cutCopy(text)
	if failed == "" && !bounceWords(words+" "+l.Subject) {
		return false
	}
	f := &Failure{Action: "failed"}
	if list := addresses(failed); len(list) > 0 {
		f.Recipient = list[0].Addr
	}
	f.readWords(words)
	lower := strings.ToLower(words + " " + l.Subject)
	if strings.Contains(lower, "delayed") || strings.Contains(lower, "will be retried") || strings.Contains(lower, "will keep trying") {
		f.Action = "delayed"
	}
	if f.Recipient == "" && back == "" && found.returned == nil {
		return false // nothing says which mail it is about
	}
	if found.returned == nil && back != "" {
		found.returned = []byte(back)
	}
	l.Failure = f
	return true
}

// cutCopy cuts the mail that came back off the words about it.
func cutCopy(text string) (words, back string) {
	for _, c := range copies {
		if before, after, ok := strings.Cut(text, c); ok {
			_, after, _ = strings.Cut(after, "\n") // the rest of that line
			return before, strings.TrimLeft(after, "\n ")
		}
	}
	return text, ""
}

// bounceWords reports whether a text says that a mail did not arrive.
func bounceWords(s string) bool {
	s = strings.ToLower(s)
	for _, phrase := range says {
		if strings.Contains(s, phrase) {
			return true
		}
	}
	return false
}

// readWords finds the recipient and the server's words in the words of a bounce: the lines below the
// recipient's address, or the line with a code of SMTP.
func (f *Failure) readWords(words string) {
	rest := ""
	if m := aboutWords.FindStringSubmatchIndex(words); m != nil {
		f.setRecipient(words[m[2]:m[3]])
		rest = words[m[4]:]
	} else if m := aboutLine.FindStringSubmatchIndex(words); m != nil {
		f.setRecipient(words[m[2]:m[3]])
		rest = words[m[1]:]
	}
	said, _, _ := strings.Cut(strings.TrimLeft(rest, "\n "), "\n\n")
	if said == "" {
		said = reply.FindString(words)
	}
	f.Diagnostic = cutText(plain.Line(said), maxDiagnostic)
	f.Status = statusIn(f.Diagnostic)
	if f.Status == "" {
		f.Status = statusIn(words)
	}
}

// setRecipient sets the recipient if none is known yet.
func (f *Failure) setRecipient(addr string) {
	if f.Recipient == "" {
		f.Recipient = cleanAddress(addr)
	}
}
