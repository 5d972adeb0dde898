package stanza

import (
	"net/url"
	"path"
	"slices"
	"strconv"
	"strings"

	"porchlight/component/stream"
)

// File is what a message says of a file that it brings. Only the link is always there.
type File struct {
	Link  string // an https URL
	Title string // its name
	Type  string // its media type
	Size  int64  // in bytes
}

// maxLink is the longest link that is taken for a file's, in bytes.
const maxLink = 2048

// IsLink reports whether a text is a link that visitors may be given as a file: https
// and without a password.
func IsLink(text string) bool {
	u, err := url.Parse(text)
	return err == nil && u.Scheme == "https" && u.Host != "" && u.User == nil && len(text) <= maxLink
}

// IsFileLink reports whether a text is only a link, and its extension that of a file.
func IsFileLink(text string) bool {
	if strings.ContainsAny(text, " \n\t") { // most texts are words
		return false
	}
	u, err := url.Parse(text)
	if err != nil || u.Scheme != "https" {
		return false
	}
	return slices.Contains([]string{".png", ".jpg", ".jpeg", ".gif", ".webp", ".pdf", ".mp3", ".ogg", ".opus", ".m4a", ".mp4", ".webm", ".mov",
		".txt", ".csv", ".zip", ".docx", ".xlsx", ".odt", ".ods"}, strings.ToLower(path.Ext(u.Path)))
}

// Linked makes the out-of-band data (XEP-0066 §3) of a message whose body is the same URL, which is how all
// clients show a file.
func Linked(url string) *stream.Element {
	return stream.New(NSOOB, "x", stream.Text("", "url", url))
}

// Link returns the URL that a message brings as out-of-band data (XEP-0066 §3), "" if
// there is none.
func Link(el *stream.Element) string {
	return strings.TrimSpace(el.Child(NSOOB, "x").ChildText(NSOOB, "url"))
}

// Files lists the files that a message shares by stateless file sharing (XEP-0447 §3,
// XEP-0446) and inline media sharing (XEP-0385 §4), each with its first link that
// visitors may be given. A client may announce one file in both ways; it is listed once.
func Files(el *stream.Element) (list []File) {
	add := func(f File) (usable bool) {
		usable = IsLink(f.Link)
		if usable && !slices.ContainsFunc(list, func(g File) bool { return g.Link == f.Link }) {
			list = append(list, f)
		}
		return usable
	}
	for s := range el.All(NSSharing, "file-sharing") {
		for source := range s.Child(NSSharing, "sources").All(nsSource, "url-data") {
			if add(described(s.Child(nsMetadata, "file"), nsMetadata, source.Get("target"))) {
				break
			}
		}
	}
	for reference := range el.All(NSReference, "reference") { // one without media-sharing mentions somebody
		m := reference.Child(NSMedia, "media-sharing")
		for source := range m.Child(NSMedia, "sources").All(NSReference, "reference") {
			if add(described(m.Child(nsJingle, "file"), nsJingle, source.Get("uri"))) {
				break
			}
		}
	}
	return list
}

// Shares reports whether a message announces a file, even one without a usable link.
func Shares(el *stream.Element) bool {
	shares := el.Child(NSSharing, "file-sharing") != nil
	for reference := range el.All(NSReference, "reference") {
		shares = shares || reference.Child(NSMedia, "media-sharing") != nil
	}
	return shares
}

// described puts together what a client says of a file.
func described(file *stream.Element, space, link string) File {
	size, err := strconv.ParseInt(file.ChildText(space, "size"), 10, 64)
	if err != nil || size < 0 {
		size = 0
	}
	return File{Link: link, Title: file.ChildText(space, "name"), Type: file.ChildText(space, "media-type"), Size: size}
}
