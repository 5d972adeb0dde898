package smtp

import (
	"crypto/tls"
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/emersion/go-smtp"

	"porchlight/email/login"
)

// Kind says what follows from a failure.
type Kind string

// The kinds of failures.
const (
	// Temporary: the same mail may succeed later (4xx, a time-out, a lost connection).
	Temporary Kind = "temporary"
	// Permanent: this mail will never be taken (5xx to its sender, recipient or data).
	Permanent Kind = "permanent"
	// Ours: nothing is wrong with the mail. The relay does not let us in, or is not who it should be. No mail can be
	// sent until somebody has mended it, so the whole queue is to be held.
	Ours Kind = "ours"
)

// Stage is how far a failed attempt came.
type Stage string

// The stages, in their order.
const (
	StageConnect Stage = "connect"
	StageTLS     Stage = "TLS"
	StageLogin   Stage = "login"
	StageMail    Stage = "MAIL" // the envelope's sender
	StageRcpt    Stage = "RCPT" // the recipient
	StageData    Stage = "DATA" // the mail itself
)

// Refused is why a mail was not taken.
type Refused struct {
	Kind     Kind
	Stage    Stage
	Code     int    // the relay's code; 0: the failure is not the relay's answer
	Enhanced string // its enhanced code (RFC 3463), as in "5.1.1"; may be empty
	Text     string // the relay's words, on one line, or our own if Code is 0
	Err      error  // what lies below
}

// Error says the relay's code and words.
func (r *Refused) Error() string {
	words := strings.Join(strings.Fields(strings.Join([]string{code(r.Code), r.Enhanced, r.Text}, " ")), " ")
	return fmt.Sprintf("%s: %s", r.Stage, words)
}

// code writes a code of the relay.
func code(n int) string {
	if n == 0 {
		return ""
	}
	return fmt.Sprint(n)
}

// Unwrap returns what lies below.
func (r *Refused) Unwrap() error { return r.Err }

// enhanced finds an enhanced code at the start of a line. It should stand on each line of an answer (RFC 2034 §4), but
// some relays leave it out on all but the last.
var enhanced = regexp.MustCompile(`(?m)^([45]\.\d{1,3}\.\d{1,3})\b`)

// mostText is how many characters of the relay's words are kept.
const mostText = 500

// refusedBy makes a Refused of an error at a stage.
func refusedBy(stage Stage, err error) *Refused {
	r := &Refused{Stage: stage, Err: err, Text: line(err.Error())}
	var answer *smtp.SMTPError
	if errors.As(err, &answer) {
		r.Code, r.Text = answer.Code, line(enhanced.ReplaceAllString(answer.Message, ""))
		if e := answer.EnhancedCode; e[0] == 4 || e[0] == 5 {
			r.Enhanced = fmt.Sprintf("%d.%d.%d", e[0], e[1], e[2])
		} else if found := enhanced.FindStringSubmatch(answer.Message); found != nil {
			r.Enhanced = found[1]
		}
	}
	r.Kind = kindOf(r)
	return r
}

// kindOf says what a failure is about.
func kindOf(r *Refused) Kind {
	var broken *tls.CertificateVerificationError
	var noTLS tls.RecordHeaderError
	switch {
	case errors.As(r.Err, &broken), errors.As(r.Err, &noTLS), errors.Is(r.Err, errNoStartTLS), errors.Is(r.Err, login.ErrNoneFits), errors.Is(r.Err, errLogin):
		return Ours
	case r.Code < 500:
		return Temporary // an answer that makes no sense is one, too
	case r.Stage != StageMail && r.Stage != StageRcpt && r.Stage != StageData:
		return Ours // a refusal before any mail was named
	case aboutLogin(r):
		return Ours
	}
	return Permanent
}

// aboutLogin reports whether a 5xx answer to a mail is about our login (RFC 4954 §6). Of the security codes (RFC 3463
// §3.8), an answer to MAIL is about whether we may send as this sender. One to RCPT or DATA is often the judgement on
// one recipient or text, which strangers choose, so there only those codes count which name the login.
func aboutLogin(r *Refused) bool {
	switch r.Code {
	case 530, 534, 535, 538:
		return true
	}
	switch r.Enhanced {
	case "5.7.8", "5.7.9", "5.7.57": // credentials invalid, mechanism too weak; Exchange: the client was not authenticated
		return true
	}
	return r.Stage == StageMail && strings.HasPrefix(r.Enhanced, "5.7.")
}

// line makes one line of foreign words, without control characters.
func line(s string) string {
	s = strings.Map(func(r rune) rune {
		if r < ' ' || r >= 0x7f && r <= 0x9f || r == '\uFFFD' {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(s, " "))
	s = strings.Join(strings.Fields(s), " ")
	if runes := []rune(s); len(runes) > mostText {
		s = string(runes[:mostText]) + "…"
	}
	return s
}
