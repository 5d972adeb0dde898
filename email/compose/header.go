package compose

import (
	"bytes"
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"mime"
	"net/mail"
	"strings"
	"time"

	"golang.org/x/net/idna"

	"porchlight/bridge/phrase"
)

// NewID makes a Message-ID of 128 random bits, without < >, at the domain of an address of ours. It never has the
// host's name, which is nobody's business.
func NewID(from string) string {
	b := make([]byte, 16)
	_, _ = rand.Read(b) // it never fails
	domain := from[strings.LastIndexByte(from, '@')+1:]
	if plain, err := idna.Lookup.ToASCII(domain); err == nil {
		domain = plain
	}
	return "m." + hex.EncodeToString(b) + "@" + domain
}

// writeHeader writes all fields that do not describe the body.
func writeHeader(out *bytes.Buffer, m Mail, kind nature, tongue *phrase.Language) error {
	from, err := address(m.From)
	if err != nil {
		return err
	}
	to, err := address(m.To)
	if err != nil {
		return err
	}
	if !validID(m.MessageID) {
		m.MessageID = NewID(m.From.Addr)
	}
	field(out, "Date", m.Date.Format(time.RFC1123Z))
	field(out, "From", from)
	field(out, "To", to)
	if m.ReplyTo != "" {
		reply, err := address(Address{Addr: m.ReplyTo})
		if err != nil {
			return err
		}
		field(out, "Reply-To", reply)
	}
	field(out, "Subject", encoded(m.Subject))
	field(out, "Message-ID", "<"+m.MessageID+">")
	if validID(m.InReplyTo) {
		field(out, "In-Reply-To", "<"+m.InReplyTo+">")
	}
	if refs := references(m.References); refs != "" {
		field(out, "References", refs)
	}
	writeAutomatic(out, m, kind)
	field(out, "Content-Language", tongue.Tag)
	field(out, "MIME-Version", "1.0")
	return nil
}

// writeAutomatic writes the fields by which programs know what the mail is and how to answer it.
func writeAutomatic(out *bytes.Buffer, m Mail, kind nature) {
	if kind.automatic != "" {
		field(out, "Auto-Submitted", kind.automatic)
		field(out, "X-Auto-Response-Suppress", "All")
	}
	if loop := oneLine(m.Loop, mostSubject); loop != "" {
		field(out, "X-Porchlight-Loop", encoded(loop))
	}
	if m.Unsubscribe == "" {
		return
	}
	field(out, "List-Unsubscribe", "<"+m.Unsubscribe+">")
	if strings.HasPrefix(m.Unsubscribe, "https:") {
		field(out, "List-Unsubscribe-Post", "List-Unsubscribe=One-Click")
	}
}

// address writes an address with its name, its domain in ASCII (IDNA).
func address(a Address) (string, error) {
	at := strings.LastIndexByte(a.Addr, '@')
	domain, err := idna.Lookup.ToASCII(a.Addr[at+1:])
	if err != nil || at < 1 || len(a.Addr) > 254 {
		return "", fmt.Errorf("%.300q is no address", a.Addr)
	}
	parsed, err := mail.ParseAddress("<" + a.Addr[:at+1] + domain + ">")
	if err != nil || strings.ContainsFunc(parsed.Address, func(r rune) bool { return r <= ' ' || r == 0x7f }) {
		return "", fmt.Errorf("%.300q is no address", a.Addr)
	}
	name, bare := harmless(oneLine(a.Name, mostName)), (&mail.Address{Address: parsed.Address}).String()
	switch {
	case name == "":
		return bare, nil
	case strings.ContainsRune(name, '\\') && strings.ContainsFunc(name, func(r rune) bool { return r >= 0x80 }):
		// net/mail writes it as quoted-printable and leaves the backslash, which a name may not have (RFC 2047 §5).
		return mime.BEncoding.Encode("utf-8", name) + " " + bare, nil
	}
	return (&mail.Address{Name: name, Address: parsed.Address}).String(), nil
}

// references writes the root and the last ids of a thread. What is no id is left out: ids of others come from
// their mails.
func references(ids []string) string {
	var list []string
	for _, id := range ids {
		if validID(id) {
			list = append(list, "<"+id+">")
		}
	}
	if n := len(list); n > mostReferences+1 {
		list = append(list[:1:1], list[n-mostReferences:]...)
	}
	return strings.Join(list, " ")
}

// validID reports whether a text can be a Message-ID without its < > (RFC 5322 §3.6.4, a little more freely).
func validID(id string) bool {
	return id != "" && len(id) <= 250 && !strings.ContainsFunc(id, func(r rune) bool { return r <= ' ' || r > '~' || r == '<' || r == '>' })
}

// encoded writes a text for a header (RFC 2047).
func encoded(text string) string { return mime.QEncoding.Encode("utf-8", harmless(text)) }

// harmless keeps a text from being read as an encoded word (RFC 2047 §2) that somebody else has written.
func harmless(text string) string { return strings.ReplaceAll(text, "=?", "= ?") }

// lineWidth is how long the lines of a header should be at most (RFC 5322 §2.1.1).
const lineWidth = 76

// field writes a field, folded at spaces.
func field(out *bytes.Buffer, name, value string) {
	out.WriteString(name + ":")
	width := len(name) + 1
	for word := range strings.SplitSeq(value, " ") {
		if word != "" && width+1+len(word) > lineWidth && width > len(name)+1 {
			out.WriteString("\r\n")
			width = 0
		}
		out.WriteString(" " + word)
		width += 1 + len(word)
	}
	out.WriteString("\r\n")
}
