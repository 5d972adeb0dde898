package compose

import (
	"bytes"
	"errors"
	"fmt"
	"net/url"
	"strings"

	"golang.org/x/net/idna"

	"porchlight/bridge/phrase"
)

// Bytes writes a mail, with CRLF. It returns an error if a value can't be part of a mail: an address that is none, a
// link of ours that is not http(s), a kind that is unknown, or something of a visitor's in a mail that must have nothing of
// it. Texts, names and links to files never cause an error: what can't be written is left out of the
// texts, and such a link is part of the text. It may be called by
// any goroutine.
func Bytes(m Mail) ([]byte, error) {
	kind, known := natures[m.Kind]
	if !known {
		return nil, fmt.Errorf("compose mail: the kind %q is unknown", m.Kind)
	}
	if err := check(m, kind); err != nil {
		return nil, fmt.Errorf("compose %s: %w", m.Kind, err)
	}
	m.Lines, m.Quoted = withLinks(m.Lines), withLinks(m.Quoted)
	tongue := phrase.Tongue(m.Language)
	if m.Subject = oneLine(m.Subject, mostSubject); m.Subject == "" {
		m.Subject = Subject(m.Language, m.Organization, m.Number)
	}
	var out bytes.Buffer
	if err := writeHeader(&out, m, kind, tongue); err != nil {
		return nil, fmt.Errorf("compose %s: %w", m.Kind, err)
	}
	if err := writeBody(&out, m, newView(m, kind, tongue)); err != nil {
		return nil, fmt.Errorf("compose %s: %w", m.Kind, err)
	}
	return out.Bytes(), nil
}

// Subject is what a mail without a subject gets.
func Subject(language, organization string, number int64) string {
	tongue := phrase.Tongue(language)
	if org := oneLine(organization, mostName); org != "" {
		return tongue.Say(phrase.Say("Your request #%d – %s", number, org))
	}
	return tongue.Say(phrase.Say("Your request #%d", number))
}

// check says what in a mail can't be written.
func check(m Mail, kind nature) error {
	switch {
	case m.Date.IsZero():
		return errors.New("the date is missing")
	case kind.bare && (m.Subject != "" || m.To.Name != "" || len(m.Lines)+len(m.Quoted)+len(m.Attach) > 0 || m.Picture != nil):
		return errors.New("somebody else may have typed the address, so the mail must have nothing that they wrote")
	case m.Unsubscribe != "" && !kind.recurring:
		return errors.New("a mail that does not recur can't be unsubscribed")
	case m.Unsubscribe != "" && !linkable(m.Unsubscribe, "https", "http", "mailto"):
		return fmt.Errorf("%.200q is no link to unsubscribe", m.Unsubscribe)
	}
	for _, l := range []string{m.Resume, m.Feedback} {
		if l != "" && !linkable(l, "https", "http") {
			return fmt.Errorf("%.200q is no link", l)
		}
	}
	return nil
}

// withLinks makes the links of files fit for a mail. A file whose link can't be made fit stands in the text, so that
// no mail is kept back by what somebody has typed.
func withLinks(lines []Line) []Line {
	list := make([]Line, 0, len(lines))
	for _, l := range lines {
		files := l.Files
		l.Files = nil
		for _, f := range files {
			if fit := encodedLink(f.URL); linkable(fit, "https", "http") {
				f.URL = fit
				l.Files = append(l.Files, f)
				continue
			}
			l.Text = strings.TrimLeft(l.Text+"\n"+oneLine(f.Name+": "+f.URL, mostLink), "\n")
		}
		list = append(list, l)
	}
	return list
}

// encodedLink is a link in visible ASCII alone (RFC 3987 §3.1).
func encodedLink(link string) string {
	u, err := url.Parse(link)
	if err != nil {
		return link
	}
	if host, err := idna.Lookup.ToASCII(u.Hostname()); err == nil && host != u.Hostname() {
		u.Host = strings.Replace(u.Host, u.Hostname(), host, 1)
	}
	var b strings.Builder
	for _, c := range []byte(u.String()) {
		if c <= ' ' || c > '~' || strings.IndexByte(`<>"`, c) >= 0 {
			fmt.Fprintf(&b, "%%%02X", c)
			continue
		}
		b.WriteByte(c)
	}
	return b.String()
}

// linkable reports whether a link may stand in a mail: it has one of the schemes, and visible ASCII alone.
func linkable(link string, schemes ...string) bool {
	if strings.ContainsFunc(link, func(r rune) bool { return r <= ' ' || r > '~' || r == '<' || r == '>' || r == '"' }) {
		return false
	}
	u, err := url.Parse(link)
	if err != nil {
		return false
	}
	for _, s := range schemes {
		if u.Scheme == s && (u.Host != "" || s == "mailto") {
			return true
		}
	}
	return false
}
