package config

import (
	"encoding/base64"
	"encoding/pem"
	"net"
	"net/mail"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"mellium.im/xmpp/jid"
)

// named is one check of a tag, with its argument: `min=1` is the check min with 1.
type named struct{ name, arg string }

// check is a rule for one value, or for each element of a list. Empty values break only the rule
// that they are required.
type check struct {
	// allowed tells people which values pass; %s is the check's argument.
	allowed string
	// wrong returns what is wrong with a value, or "". The value is a string (a Secret is passed as
	// one, too), an int or a time.Duration. The result must not quote the value, which may be secret.
	wrong func(value any, arg string) string
}

// checks are the checks that a `check` tag may name.
var checks = map[string]check{
	"required": {},
	"min":      {"%s or more", func(v any, arg string) string { return bound(v, arg, -1, "is too small") }},
	"max":      {"%s or less", func(v any, arg string) string { return bound(v, arg, +1, "is too large") }},
	"oneof": {"one of %s", func(v any, arg string) string {
		if text, ok := v.(string); ok && !slices.Contains(strings.Split(arg, "|"), text) {
			return "is none of them"
		}
		return ""
	}},
	"hostport":   {"HOST:PORT, as in 127.0.0.1:5347", onText(wrongHostPort)},
	"listen":     {"HOST:PORT, as in 127.0.0.1:8080, or :PORT for all addresses", onText(wrongListen)},
	"domain":     {"a domain, as in support.example.org", onText(wrongDomain)},
	"jid":        {"a bare JID, as in xavi@example.org", onText(wrongJID)},
	"url":        {"http(s)://HOST with maybe port and path, no slash at the end, as in https://chat.example.org", onText(wrongURL)},
	"origin":     {"http(s)://HOST in lower case with maybe port and nothing else, as in https://www.example.org", onText(wrongOrigin)},
	"cidr":       {"a network in CIDR notation, as in 127.0.0.1/32", onText(wrongCIDR)},
	"address":    {"a mail address, as in Example Support <support@example.org>", onText(wrongAddress)},
	"host":       {"HOST or HOST:PORT, as in upload.example.org", onText(wrongHost)},
	"separator":  {"one of + - = _ . #, or empty", onText(wrongSeparator)},
	"department": {"a department's name, as in sales", onText(wrongDepartment)},
	"pushover":   {"30 letters and digits", onText(wrongPushoverToken)},
	"webhook":    {"whsec_ and then 24 to 64 bytes in Base64, as from: echo whsec_$(head -c 32 /dev/urandom | base64)", onText(wrongWebhookSecret)},
	"pem":        {"a private key in PEM, which begins with -----BEGIN PRIVATE KEY-----", onText(wrongPEM)},
	"selector":   {"letters, digits, - and dots, as in porchlight", onText(wrongDomain)},
	"node":       {"letters, digits, -, _ and dots, as in chat-1", onText(wrongNode)},
	"postgres":   {"postgres://USER:PASSWORD@HOST:PORT/DATABASE, special characters as %XX, parameters of libpq after ?", onText(wrongPostgres)},
	"scheme":     {"%s://USER:PASSWORD@HOST:PORT, special characters as %%XX", wrongScheme},
}

// onText turns a function that takes only text into one for a check.
func onText(wrong func(string) string) func(any, string) string {
	return func(value any, _ string) string {
		text, _ := value.(string)
		return wrong(text)
	}
}

// bound returns text if value lies beyond arg on the given side (-1 below, +1 above).
func bound(value any, arg string, side int64, text string) string {
	var v, limit int64
	switch n := value.(type) {
	case int:
		v = int64(n)
		limit, _ = strconv.ParseInt(arg, 10, 64) // a test parses all arguments
	case time.Duration:
		v = int64(n)
		d, _ := time.ParseDuration(arg)
		limit = int64(d)
	}
	if side < 0 && v < limit || side > 0 && v > limit {
		return text
	}
	return ""
}

// wrongHostPort checks an address to connect to.
func wrongHostPort(s string) string {
	host, port, wrong := hostPort(s)
	switch {
	case wrong != "":
		return wrong
	case host == "":
		return "has no host"
	}
	return wrongPort(port, 1)
}

// wrongHost checks a host, perhaps with a port.
func wrongHost(s string) string {
	u, err := url.Parse("//" + s)
	if err != nil || u.Host != s || u.Hostname() == "" || strings.ContainsFunc(strings.Trim(u.Hostname(), "[]"), notInHost) {
		return "is no host"
	}
	if u.Port() != "" {
		return wrongPort(u.Port(), 1)
	}
	return ""
}

// wrongListen checks an address of our own. No host means all addresses, port 0 any free port.
func wrongListen(s string) string {
	_, port, wrong := hostPort(s)
	if wrong != "" {
		return wrong
	}
	return wrongPort(port, 0)
}

func hostPort(s string) (host, port, wrong string) {
	host, port, err := net.SplitHostPort(s)
	switch {
	case err != nil && !strings.Contains(s, ":"):
		return "", "", "has no port"
	case err != nil || strings.ContainsFunc(host, notInHost):
		return "", "", "is no host and port"
	}
	return host, port, ""
}

func wrongPort(port string, least uint64) string {
	if port == "" {
		return "has no port"
	}
	if n, err := strconv.ParseUint(port, 10, 16); err != nil || n < least {
		return "has a port that is not a number up to 65535"
	}
	return ""
}

func notInHost(r rune) bool {
	return unicode.IsSpace(r) || unicode.IsControl(r) || r == unicode.ReplacementChar || strings.ContainsRune(`/@?#\"'<>&`, r)
}

func notInLabel(r rune) bool {
	return r != '-' && r != '_' && !unicode.In(r, unicode.Letter, unicode.Mark, unicode.Digit)
}

func notInLocal(r rune) bool {
	return unicode.IsSpace(r) || unicode.IsControl(r) || r == unicode.ReplacementChar || strings.ContainsRune(`"&'/:<>`, r)
}

// wrongDomain checks a domainpart (RFC 7622 §3.2) that is a host name, not an address in brackets.
func wrongDomain(s string) string {
	if strings.Contains(s, "@") {
		return "has a part before the @"
	}
	if strings.Contains(s, "/") {
		return "has a resource after the /"
	}
	for label := range strings.SplitSeq(s, ".") {
		if label == "" || len(label) > 63 || strings.ContainsFunc(label, notInLabel) {
			return "is no domain"
		}
	}
	if len(s) > 1023 {
		return "is too long"
	}
	if _, err := jid.New("", s, ""); err != nil {
		return "is no domain for XMPP (" + err.Error() + ")"
	}
	return ""
}

// wrongJID checks a bare JID: its local part must not hold what RFC 7622 §3.3.1 forbids, and
// mellium's parser must accept it, since the addresses in stanzas go through that parser.
func wrongJID(s string) string {
	local, domain, ok := strings.Cut(s, "@")
	switch {
	case !ok || local == "":
		return "has no name before the @"
	case strings.Contains(domain, "/"):
		return "has a resource after the /"
	case len(local) > 1023:
		return "is too long"
	case strings.ContainsFunc(local, notInLocal):
		return "has a space or one of \"&'/:<> before the @"
	}
	if wrongDomain(domain) != "" {
		return "has no valid domain after the @"
	}
	if _, err := jid.New(local, domain, ""); err != nil {
		return "has something before the @ that XMPP addresses can't hold (" + err.Error() + ")"
	}
	return ""
}

// webURL parses a URL of a website, or says what is wrong with it.
func webURL(s string) (*url.URL, string) {
	u, err := url.Parse(s)
	switch {
	case err != nil:
		return nil, "is no URL"
	case u.Scheme != "http" && u.Scheme != "https":
		return nil, "is not http:// or https://"
	case u.Hostname() == "" || strings.ContainsFunc(u.Hostname(), notInHost):
		return nil, "has no valid host"
	case u.User != nil:
		return nil, "has a user or password"
	case strings.ContainsAny(s, "?#"):
		return nil, "has a query or fragment"
	}
	if strings.HasSuffix(u.Host, ":") || u.Port() != "" {
		return u, wrongPort(u.Port(), 1)
	}
	return u, ""
}

func wrongURL(s string) string {
	if _, wrong := webURL(s); wrong != "" {
		return wrong
	}
	if strings.HasSuffix(s, "/") {
		return "ends in a slash"
	}
	return ""
}

// wrongOrigin checks that s is exactly what browsers send (RFC 6454 §6.2), since it is compared byte
// by byte.
func wrongOrigin(s string) string {
	u, wrong := webURL(s)
	switch {
	case wrong != "":
		return wrong
	case u.Path != "":
		return "has a path"
	case u.Scheme == "http" && u.Port() == "80", u.Scheme == "https" && u.Port() == "443":
		return "has its scheme's own port, which browsers leave out"
	case strings.Contains(s, "*"):
		return "has a wildcard"
	case strings.ContainsFunc(s, func(r rune) bool { return r > unicode.MaxASCII }):
		return "has letters that browsers send as xn--"
	case s != strings.ToLower(s):
		return "has capital letters"
	}
	return ""
}

func wrongCIDR(s string) string {
	if _, err := netip.ParsePrefix(s); err == nil {
		return ""
	}
	if _, err := netip.ParseAddr(s); err == nil {
		return "has no prefix length (/32 for one IPv4 address, /128 for one IPv6 address)"
	}
	return "is no network"
}

func wrongAddress(s string) string {
	if _, err := mail.ParseAddress(s); err != nil {
		return "is no mail address"
	}
	return ""
}

// wrongSeparator checks what stands between the user and the detail of an address (RFC 5233 §1).
func wrongSeparator(s string) string {
	if len(s) != 1 || !strings.Contains("+-=_.#", s) {
		return "is none of them"
	}
	return ""
}

// wrongDepartment checks a department's name as far as a name alone can be checked. Whether there is such
// a department the store knows.
func wrongDepartment(s string) string {
	notIn := func(r rune) bool {
		return r != '-' && r != '_' && !unicode.IsLetter(r) && !unicode.IsDigit(r) || unicode.IsUpper(r)
	}
	if strings.HasPrefix(s, "-") || strings.ContainsFunc(s, notIn) {
		return "is no name of a department: one word of small letters, digits and hyphens"
	}
	return ""
}

// wrongNode checks a node's name. It stands in ids before a slash, and in logs and metrics as one word.
func wrongNode(s string) string {
	if len(s) > 63 || strings.ContainsFunc(s, func(r rune) bool { return r != '.' && notInLabel(r) }) {
		return "is no name for a node"
	}
	return ""
}

// wrongPEM checks that a text holds a private key (RFC 7468 §10). Of which kind it is, email/dkim finds out.
func wrongPEM(s string) string {
	block, _ := pem.Decode([]byte(s))
	if block == nil || !strings.HasSuffix(block.Type, "PRIVATE KEY") {
		return "is no private key in PEM"
	}
	return ""
}

// wrongPushoverToken checks a token of an application (https://pushover.net/api, "Application API Token").
func wrongPushoverToken(s string) string {
	notIn := func(r rune) bool { return r > unicode.MaxASCII || !unicode.In(r, unicode.Letter, unicode.Digit) }
	if len(s) != 30 || strings.ContainsFunc(s, notIn) {
		return "is no token of Pushover"
	}
	return ""
}

// wrongWebhookSecret checks a secret (Standard Webhooks, "Signature scheme").
func wrongWebhookSecret(s string) string {
	text, ok := strings.CutPrefix(s, "whsec_")
	if !ok {
		return "does not begin with whsec_"
	}
	if key, err := base64.StdEncoding.DecodeString(text); err != nil || len(key) < 24 || len(key) > 64 {
		return "is no Base64 of 24 to 64 bytes"
	}
	return ""
}

// wrongScheme checks a mail server's URL; arg lists the schemes.
func wrongScheme(value any, arg string) string {
	text, _ := value.(string)
	u, err := url.Parse(text)
	switch {
	case err != nil:
		return "is no URL"
	case !slices.Contains(strings.Split(arg, "|"), u.Scheme):
		return "has an unknown scheme"
	case u.Hostname() == "" || strings.ContainsFunc(u.Hostname(), notInHost):
		return "has no valid host"
	case u.RawQuery != "" || u.Fragment != "":
		return "has a query or fragment"
	}
	return wrongPort(u.Port(), 1)
}

// wrongPostgres checks no more than what it is: the driver knows what may stand in it.
func wrongPostgres(s string) string {
	u, err := url.Parse(s)
	switch {
	case err != nil:
		return "is no URL"
	case u.Scheme != "postgres" && u.Scheme != "postgresql":
		return "has an unknown scheme"
	}
	return ""
}
