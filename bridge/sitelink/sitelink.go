// Package sitelink has links into the site's own systems as values: what a template of an address may look like, what it
// becomes for one conversation, and the token that says who follows it. It is pure; who may follow a link, and where its
// templates are kept, is its caller's business.
package sitelink

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"porchlight/bridge/phrase"
)

// Link is a link into one of the site's own systems.
type Link struct {
	Name     string // by which it stands in offers
	Template string // the address, with placeholders
	Secret   string // signs tokens; "" if the template has no {token}
	Made     time.Time
	By       string // the address of the operator who made it
}

// The placeholders beside fields of the site's own.
const (
	Email      = "email"
	Name       = "name"
	Phone      = "phone"
	ID         = "id"         // the subject of the visitor's signed identity
	Number     = "number"     // of the conversation
	Department = "department" // its name
	Language   = "language"   // BCP 47 tag of what the visitor reads
	TokenValue = "token"

	// Attributes begins the placeholder of an attribute that the site has set: {attributes.customer}.
	Attributes = "attributes."
)

// Placeholders lists the placeholders that every site has, in the order in which they are told.
func Placeholders() []string {
	return []string{Email, Name, Phone, ID, Number, Department, Language, TokenValue}
}

const (
	longestName     = 40   // characters of a placeholder that is quoted
	longestTemplate = 2000 // bytes
	longestAddress  = 4000 // bytes; what a browser and a chat surely take
)

// Check refuses what is no template of an address. own are the labels of the site's own fields.
func Check(template string, own []string) error {
	parts, names, ok := split(template)
	if !ok {
		return phrase.Fail(phrase.CodeInvalid, "A { has no } behind it, or the other way round.")
	}
	for _, name := range names {
		if !known(name, own) {
			return phrase.Fail(phrase.CodeInvalid, "{%s} is nothing that is filled in. There are: %s.", cut(name, longestName), said(own))
		}
	}
	u, err := url.Parse(strings.Join(parts, "x"))
	if err == nil && u.Port() != "" {
		_, err = strconv.ParseUint(u.Port(), 10, 16)
	}
	place, _, _ := strings.Cut(strings.TrimPrefix(template, "https://"), "/")
	switch {
	case err != nil, !utf8.ValidString(template), !strings.HasPrefix(template, "https://"), u.Hostname() == "", u.User != nil, len(template) > longestTemplate,
		strings.ContainsFunc(template, func(r rune) bool { return r < ' ' || r == 0x7f }), strings.ContainsFunc(strings.Join(parts, ""), func(r rune) bool { return strings.ContainsRune(" \"'<>\\`", r) }):
		return phrase.Fail(phrase.CodeInvalid, "%q is no address such as https://crm.example.org/{email}.", cut(template, 60))
	case strings.ContainsAny(place, "{?#"):
		return phrase.Fail(phrase.CodeInvalid, "What is filled in comes after the host and a slash, as in https://crm.example.org/{email}.")
	}
	return nil
}

// split cuts a template into what is between the placeholders, and the names of these; there is one part more than there are
// names. ok is false if the braces don't match.
func split(template string) (parts, names []string, ok bool) {
	for {
		before, rest, found := strings.Cut(template, "{")
		if strings.Contains(before, "}") {
			return nil, nil, false
		}
		parts = append(parts, before)
		if !found {
			return parts, names, true
		}
		name, after, found := strings.Cut(rest, "}")
		if !found || strings.Contains(name, "{") {
			return nil, nil, false
		}
		names, template = append(names, name), after
	}
}

func known(name string, own []string) bool {
	attribute, ok := strings.CutPrefix(name, Attributes)
	return slices.Contains(Placeholders(), name) || slices.Contains(own, name) || ok && attribute != ""
}

// said lists all placeholders for people.
func said(own []string) string {
	var list []string
	for _, name := range slices.Concat(Placeholders(), own, []string{Attributes + "…"}) {
		list = append(list, "{"+name+"}")
	}
	return strings.Join(list, ", ")
}

// Named finds a link by its name, however it is written.
func Named(list []Link, name string) (Link, error) {
	i := slices.IndexFunc(list, func(l Link) bool { return strings.EqualFold(l.Name, strings.TrimSpace(name)) })
	if i < 0 {
		return Link{}, phrase.Fail(phrase.CodeNotFound, "There is no link %q. links lists them.", cut(name, longestName))
	}
	return list[i], nil
}

// Names lists the placeholders of the link's template, each once.
func (l Link) Names() []string {
	_, names, _ := split(l.Template)
	var list []string
	for _, n := range names {
		if !slices.Contains(list, n) {
			list = append(list, n)
		}
	}
	return list
}

// Signs reports whether the link has a token in it.
func (l Link) Signs() bool { return slices.Contains(l.Names(), TokenValue) }

// Fill puts values in the place of the template's placeholders, percent-encoded. ok is false if one has no value, or none that
// may stand in a path, or if the address gets too long: then there is no link.
func (l Link) Fill(value func(name string) string) (address string, ok bool) {
	parts, names, ok := split(l.Template)
	if !ok {
		return "", false
	}
	var b strings.Builder
	b.WriteString(parts[0])
	for i, name := range names {
		v := value(name)
		if v == "" || v == "." || v == ".." { // browsers take dots for a folder, however they are encoded (URL standard, "double-dot path segment")
			return "", false
		}
		b.WriteString(escape(v) + parts[i+1])
	}
	return b.String(), b.Len() <= longestAddress
}

// escape encodes all but what has no meaning anywhere in an address (RFC 3986 §2.3).
func escape(s string) string {
	var b strings.Builder
	for _, c := range []byte(s) {
		switch {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9', c == '-', c == '.', c == '_', c == '~':
			b.WriteByte(c)
		default:
			fmt.Fprintf(&b, "%%%02X", c)
		}
	}
	return b.String()
}

// Host is the host to which the link leads.
func (l Link) Host() string {
	host, _, _ := strings.Cut(strings.TrimPrefix(l.Template, "https://"), "/")
	return host
}

// cut cuts a text to so many characters.
func cut(s string, most int) string {
	if r := []rune(s); len(r) > most {
		return string(r[:most-1]) + "…"
	}
	return s
}
