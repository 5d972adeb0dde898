package component

import (
	"strings"

	"porchlight/bridge"
	"porchlight/component/stanza"
	"porchlight/component/stream"
)

// Files go as links: out-of-band data (XEP-0066 §2) with the URL as the body, which
// all clients take; operators' come so too, or by file sharing (XEP-0447) or media
// sharing (XEP-0385), from where they uploaded them (XEP-0363).

// shared finds the file that an operator's message brings: its link, and what is known
// of it; and what of the body are words. Without a file, which has no URL then, all of
// it is: words with a link in them are words.
func shared(el *stream.Element, body string) (bridge.File, string) {
	if files := stanza.Files(el); len(files) > 0 {
		words := strings.TrimSpace(stanza.Uncovered(el, bodyOf(el), stanza.NSReply, stanza.NSSharing, stanza.NSMedia, stanza.NSOOB))
		if f := files[0]; len(files) == 1 {
			return bridge.File{URL: f.Link, Name: f.Title, Type: f.Type, Size: f.Size}, strings.TrimSpace(strings.TrimSuffix(words, f.Link)) // which old clients show
		}
		for _, f := range files { // as words none of them is lost
			if !strings.Contains(words, f.Link) {
				words = strings.TrimSpace(words + "\n" + f.Link)
			}
		}
		return bridge.File{}, words
	}
	link := strings.TrimSpace(body)
	if oob := stanza.Link(el); oob != "" {
		link = oob
	} else if !stanza.IsFileLink(link) {
		return bridge.File{}, body
	}
	if rest := strings.TrimSpace(body); !stanza.IsLink(link) || rest != "" && rest != link {
		return bridge.File{}, body
	}
	return bridge.File{URL: link}, ""
}
