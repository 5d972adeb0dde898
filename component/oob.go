package component

import (
	"net/url"
	"path"
	"slices"
	"strconv"
	"strings"

	"porchlight/bridge"
	"porchlight/component/stream"
)

// Files go as links: out-of-band data (XEP-0066 §2) with the URL as the body, which
// all clients take; operators' come so too, or by file sharing (XEP-0447) or media
// sharing (XEP-0385), from where they uploaded them (XEP-0363).
const (
	nsOOB      = "jabber:x:oob"
	nsSharing  = "urn:xmpp:sfs:0"
	nsMetadata = "urn:xmpp:file:metadata:0"
	nsSource   = "http://jabber.org/protocol/url-data"
	nsMedia    = "urn:xmpp:sims:1"
	nsRefers   = "urn:xmpp:reference:0"
	nsJingle   = "urn:xmpp:jingle:apps:file-transfer:5"
)

// fileMessage is a file as an operator other than its sender gets it: of a visitor
// the link alone, of a colleague with who sent it.
func (c *Component) fileMessage(card bridge.Card, to bridge.OperatorJID, e bridge.Event) []*stream.Element {
	if e.Operator == to {
		return nil
	}
	link := c.bridge.FileURL(card.ID, e)
	m := c.content(card, string(to), e, 0, link)
	m.Children = append(m.Children, stream.New(nsOOB, "x", stream.Text("", "url", link)))
	if e.From == bridge.FromOperator {
		who := chat(string(card.Visitor), string(to), bridge.StanzaID(string(card.ID)+".who", e.Seq), "_"+c.voice(to).Say("%s sends a file:", e.Name)+"_")
		return []*stream.Element{who, m}
	}
	return []*stream.Element{m}
}

// shared finds the file that an operator's message brings: its link, and what is known
// of it; and what of the body are words. Without a file, which has no name then, all of
// it is: words with a link in them are words.
func shared(el *stream.Element, body string) (bridge.File, string) {
	if files := shares(el); len(files) > 0 {
		words := strings.TrimSpace(uncovered(el, nsReply, nsSharing, nsMedia, nsOOB))
		if len(files) == 1 {
			return files[0], strings.TrimSpace(strings.TrimSuffix(words, files[0].Name)) // which old clients show
		}
		for _, f := range files { // as words none of them is lost
			if !strings.Contains(words, f.Name) {
				words = strings.TrimSpace(words + "\n" + f.Name)
			}
		}
		return bridge.File{}, words
	}
	link := strings.TrimSpace(body)
	if oob := el.Child(nsOOB, "x").ChildText(nsOOB, "url"); oob != "" {
		link = strings.TrimSpace(oob)
	} else if !bareFile(link) {
		return bridge.File{}, body
	}
	if rest := strings.TrimSpace(body); !isLink(link) || rest != "" && rest != link {
		return bridge.File{}, body
	}
	return bridge.File{Name: link}, ""
}

// isLink reports whether a text is a link that visitors may be given as a file's.
func isLink(text string) bool {
	u, err := url.Parse(text)
	return err == nil && u.Scheme == "https" && u.Host != "" && u.User == nil && len(text) <= maxLink
}

// maxLink is the longest link that is taken for a file's, in bytes.
const maxLink = 2048

// bareFile reports whether a text is nothing but the link of a file, by its
// extension.
func bareFile(text string) bool {
	u, err := url.Parse(text)
	if err != nil || u.Scheme != "https" || strings.ContainsAny(text, " \n\t") {
		return false
	}
	return slices.Contains([]string{".png", ".jpg", ".jpeg", ".gif", ".webp", ".pdf", ".mp3", ".ogg", ".opus", ".m4a", ".mp4", ".webm", ".mov",
		".txt", ".csv", ".zip", ".docx", ".xlsx", ".odt", ".ods"}, strings.ToLower(path.Ext(u.Path)))
}

// shares reads stateless file sharing (XEP-0447 §3, XEP-0446) and inline media sharing
// (XEP-0385 §3): of each file the first link that visitors may be given. Clients may
// announce one file in both ways.
func shares(el *stream.Element) (list []bridge.File) {
	add := func(f bridge.File) (usable bool) {
		usable = isLink(f.Name)
		if usable && !slices.ContainsFunc(list, func(g bridge.File) bool { return g.Name == f.Name }) {
			list = append(list, f)
		}
		return usable
	}
	for s := range el.All(nsSharing, "file-sharing") {
		for source := range s.Child(nsSharing, "sources").All(nsSource, "url-data") {
			if add(described(s.Child(nsMetadata, "file"), nsMetadata, source.Get("target"))) {
				break
			}
		}
	}
	for reference := range el.All(nsRefers, "reference") { // others are mentions of somebody
		m := reference.Child(nsMedia, "media-sharing")
		for source := range m.Child(nsMedia, "sources").All(nsRefers, "reference") {
			if add(described(m.Child(nsJingle, "file"), nsJingle, source.Get("uri"))) {
				break
			}
		}
	}
	return list
}

// described puts together what a client says of a file.
func described(file *stream.Element, space, link string) bridge.File {
	size, err := strconv.ParseInt(file.ChildText(space, "size"), 10, 64)
	if err != nil || size < 0 {
		size = 0
	}
	media := file.ChildText(space, "media-type")
	if len(media) > 64 {
		media = ""
	}
	return bridge.File{Name: link, Title: file.ChildText(space, "name"), Type: media, Size: size}
}
