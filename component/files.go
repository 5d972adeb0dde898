package component

import (
	"strings"

	"porchlight/bridge"
	"porchlight/component/stanza"
	"porchlight/component/stream"
)

// Files are sent to operators as links: out-of-band data (XEP-0066 §3) with the URL as
// the body, a form that all clients take. Operators' clients upload a file (XEP-0363) and
// send its link in the same form, or by file sharing (XEP-0447) or media sharing
// (XEP-0385).

// shared splits an operator's message into the file that it brings and its words. The
// file has no URL if the message brings none, and then the whole body is words, even if
// there is a link in it.
func shared(el *stream.Element, body string) (bridge.File, string) {
	if files := stanza.Files(el); len(files) > 0 {
		words := strings.TrimSpace(stanza.Uncovered(el, bodyOf(el), stanza.NSReply, stanza.NSSharing, stanza.NSMedia, stanza.NSOOB))
		if len(files) == 1 {
			f := files[0]
			return bridge.File{URL: f.Link, Name: f.Title, Type: f.Type, Size: f.Size}, strings.TrimSpace(strings.TrimSuffix(words, f.Link)) // the link is there for old clients
		}
		for _, f := range files { // a message can hold only one file, so several become words
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
