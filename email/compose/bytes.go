package compose

import (
	"bytes"
	"errors"
	"fmt"
	"net/url"
	"strings"

	"porchlight/bridge/phrase"
)

// Bytes writes a mail, with CRLF. It returns an error if a value can't be part of a mail: an address that is none, a
// link that is not http(s), a kind that is unknown, or something of a visitor's in a mail that must have nothing of
// it. Texts and names never cause an error: what can't be written is left out of them. It may be called by
// any goroutine.
func Bytes(m Mail) ([]byte, error) {
	kind, known := natures[m.Kind]
	if !known {
		return nil, fmt.Errorf("compose mail: the kind %q is unknown", m.Kind)
	}
	if err := check(m, kind); err != nil {
		return nil, fmt.Errorf("compose %s: %w", m.Kind, err)
	}
	tongue := phrase.Tongue(m.Language)
	if m.Subject = oneLine(m.Subject, mostSubject); m.Subject == "" {
		m.Subject = subject(m, tongue)
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

// subject is what a mail without a subject gets.
func subject(m Mail, tongue *phrase.Language) string {
	if org := oneLine(m.Organization, mostName); org != "" {
		return tongue.Say(phrase.Say("Your request #%d – %s", m.Number, org))
	}
	return tongue.Say(phrase.Say("Your request #%d", m.Number))
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
	links := []string{m.Resume, m.Feedback}
	for _, l := range append(m.Lines[:len(m.Lines):len(m.Lines)], m.Quoted...) {
		for _, f := range l.Files {
			links = append(links, f.URL)
		}
	}
	for _, l := range links {
		if l != "" && !linkable(l, "https", "http") {
			return fmt.Errorf("%.200q is no link", l)
		}
	}
	return nil
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
