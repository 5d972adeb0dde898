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

// shared finds the file that an operator's message is about: its link, and what is
// known of it. Ok is false if the message is none of a file.
func shared(el *stream.Element, body string) (f bridge.File, ok bool) {
	body = strings.TrimSpace(body)
	if f, ok = fromSharing(el); !ok {
		f, ok = fromMedia(el)
	}
	link := f.Name
	if oob := el.Child(nsOOB, "x").ChildText(nsOOB, "url"); !ok && oob != "" {
		link, ok = strings.TrimSpace(oob), true
	}
	if !ok && bareFile(body) {
		link, ok = body, true
	}
	u, err := url.Parse(link)
	if !ok || err != nil || u.Scheme != "https" || u.Host == "" || u.User != nil || len(link) > maxLink || body != "" && body != link {
		return bridge.File{}, false // words with a link in them are words
	}
	f.Name = link
	return f, true
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

// fromSharing reads stateless file sharing (XEP-0447 §3, XEP-0446).
func fromSharing(el *stream.Element) (bridge.File, bool) {
	s := el.Child(nsSharing, "file-sharing")
	link := s.Child(nsSharing, "sources").Child(nsSource, "url-data").Get("target")
	return described(s.Child(nsMetadata, "file"), nsMetadata, link)
}

// fromMedia reads stateless inline media sharing (XEP-0385 §3).
func fromMedia(el *stream.Element) (bridge.File, bool) {
	m := el.Child(nsRefers, "reference").Child(nsMedia, "media-sharing")
	link := m.Child(nsMedia, "sources").Child(nsRefers, "reference").Get("uri")
	return described(m.Child(nsJingle, "file"), nsJingle, link)
}

// described puts together what a client says of a file.
func described(file *stream.Element, space, link string) (bridge.File, bool) {
	size, err := strconv.ParseInt(file.ChildText(space, "size"), 10, 64)
	if err != nil || size < 0 {
		size = 0
	}
	media := file.ChildText(space, "media-type")
	if len(media) > 64 {
		media = ""
	}
	return bridge.File{Name: link, Type: media, Size: size}, link != ""
}
