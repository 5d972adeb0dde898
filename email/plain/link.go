package plain

import "strings"

// maxLink is the longest address of a link that is shown whole.
const maxLink = 500

// link returns the address of a link as it may be shown, or "" if it leads nowhere outside the mail.
func link(href string) string {
	href = strings.Join(strings.Fields(Line(href)), "%20")
	scheme, _, ok := strings.Cut(href, ":")
	if !ok {
		return ""
	}
	switch strings.ToLower(scheme) {
	case "http", "https", "mailto", "tel", "xmpp", "ftp":
	default:
		return ""
	}
	if len(href) > maxLink {
		href = strings.ToValidUTF8(href[:maxLink], "") + "…"
	}
	return href
}

// target writes the address of a link behind its text, unless the text is the address: nobody shall take
// one for the other.
func (c *converter) target(f frame) {
	text := Line(c.out.String()[min(f.from, c.out.Len()):])
	if same(text, f.href) {
		return
	}
	if text == "" && strings.HasPrefix(strings.ToLower(f.href), "mailto:") {
		return
	}
	if text != "" {
		c.gap = 1
	}
	c.write("(" + f.href + ")")
}

// same reports whether a link's text says its address.
func same(text, href string) bool {
	return bare(text) == bare(href)
}

// bare returns an address as people write it: without a scheme, without a slash at the end. The case of
// letters after the host matters, but a difference in it deceives nobody.
func bare(s string) string {
	s = strings.ToLower(strings.TrimSpace(s))
	for _, scheme := range []string{"https://", "http://", "mailto:", "tel:", "xmpp:"} {
		s = strings.TrimPrefix(s, scheme)
	}
	return strings.TrimSuffix(strings.TrimPrefix(s, "www."), "/")
}
