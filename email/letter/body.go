package letter

import "strings"

// Limits of the text of a mail, in bytes as decoded.
const (
	maxText = 1 << 20
	maxHTML = 2 << 20
)

// reader makes text and files of a mail's parts.
type reader struct {
	letter   *Letter
	tree     tree
	raw      []byte
	partial  bool
	textRoom int
	htmlRoom int
	blocks   []block
	texts    map[*part]block // texts that were converted already
	files    []candidate
	shown    map[string]bool // pictures that a page shows, by content id, and whether outside what it quotes
	total    int             // bytes in letter.Files
}

// block is the text of one part: all of it, what of it the chat shows, and how many lines are missing there that
// may be the writer's own.
type block struct {
	text, chat string
	doubtful   int
}

// candidate is a part that may become a file.
type candidate struct {
	part    *part
	related bool // belongs to a page
}

// read fills in the letter's text and files.
func (r *reader) read(h header, body []byte) {
	r.textRoom, r.htmlRoom = maxText, maxHTML
	r.texts, r.shown = map[*part]block{}, map[string]bool{}
	root := r.tree.newPart(h, body, 0, !r.partial)
	if r.bounce(root) {
		return
	}
	r.walk(root, true, false)
	r.join()
	for _, c := range r.files {
		r.file(c)
	}
	r.attachRaw()
}

// join puts the texts of all parts together.
func (r *reader) join() {
	var text, chat []string
	l := r.letter
	for _, b := range r.blocks {
		if b.text != "" {
			text = append(text, b.text)
		}
		if b.chat != "" {
			chat = append(chat, b.chat)
		}
		l.Hidden += b.doubtful
	}
	l.Text = strings.Join(text, "\n\n")
	l.Chat = strings.Join(chat, "\n\n")
	if l.Chat == "" || forwards(l.Subject) {
		l.Chat, l.Hidden = l.Text, 0
	}
}

// walk takes what is text and what are files out of a part and of those in it. Without want only files are
// taken: the text is there in another form.
func (r *reader) walk(p *part, want, related bool) {
	switch {
	case p.kind == "multipart/alternative":
		r.alternative(p, want)
	case p.kind == "multipart/related":
		r.related(p, want)
	case p.kind == "multipart/signed":
		r.letter.Signed = true
		for i, child := range p.parts {
			if i != 1 { // the second one is the signature (RFC 1847 §2.1)
				r.walk(child, want, false)
			}
		}
	case p.kind == "multipart/report" && len(p.parts) > 0:
		r.walk(p.parts[0], want, false) // the others are for programs
	case p.kind == "multipart/encrypted":
		r.letter.Encrypted = true
	case strings.HasPrefix(p.kind, "multipart/"):
		for _, child := range p.parts {
			r.walk(child, want, related)
		}
	case p.kind == "application/pkcs7-mime" || p.kind == "application/x-pkcs7-mime":
		r.letter.Encrypted = true // signed or encrypted, the text is inside
		r.letter.Signed = r.letter.Signed || strings.HasPrefix(strings.ToLower(p.params["smime-type"]), "signed")
	case strings.HasSuffix(p.kind, "pkcs7-signature") || p.kind == "application/pgp-signature":
		r.letter.Signed = true
	case p.isText() && (p.name() == "" || want && len(r.blocks) == 0):
		if want {
			r.blocks = append(r.blocks, r.block(p))
		}
	case p.kind == "text/x-amp-html" || p.kind == "text/watch-html":
	default:
		r.files = append(r.files, candidate{p, related})
	}
}

// alternative chooses one form of a text. Text is chosen before HTML, unless it is only a stump.
func (r *reader) alternative(p *part, want bool) {
	var text, page, pageIn *part // pageIn: the child that has the page in it
	for _, child := range p.parts {
		if text == nil && child.kind == "text/plain" && child.isText() && r.block(child).text != "" {
			text = child
		}
		if found := pageOf(child); found != nil {
			page, pageIn = found, child
		}
	}
	chosen := pageIn
	if text != nil && (page == nil || !stump(r.block(text).text, r.block(page).text)) {
		chosen = text
	}
	if chosen == nil && len(p.parts) > 0 {
		chosen = p.parts[0]
	}
	for _, child := range p.parts {
		r.walk(child, want && child == chosen, false)
	}
}

// pageOf returns the first part with HTML in a part, or nil.
func pageOf(p *part) *part {
	if p.kind == "text/html" && p.isText() {
		return p
	}
	for _, child := range p.parts {
		if found := pageOf(child); found != nil {
			return found
		}
	}
	return nil
}

// stump reports whether a text stands for a page without saying what the page says.
func stump(text, page string) bool {
	n, m := len(strings.Join(strings.Fields(text), "")), len(strings.Join(strings.Fields(page), ""))
	if n*5 < m {
		return true
	}
	if n > 600 || m == 0 {
		return false
	}
	text = strings.ToLower(text)
	for _, says := range []string{
		"view in html", "view this email in", "view this message in", "does not support html", "doesn't support html", "html-enabled", "html capable", "html-capable",
		"enable html", "in html format", "html email", "kein html", "html-fähig", "im html-format", "format html", "formato html",
	} {
		if strings.Contains(text, says) {
			return true
		}
	}
	return false
}

// related takes the page out of a part that also has the page's pictures (RFC 2387).
func (r *reader) related(p *part, want bool) {
	root := 0
	start := strings.Trim(p.params["start"], "<> ")
	for i, child := range p.parts {
		if start != "" && child.contentID() == start {
			root = i
		}
	}
	for i, child := range p.parts {
		r.walk(child, want && i == root, i != root)
	}
}

// forwards reports whether a subject says that the mail was forwarded: then its writer has shown somebody
// else's mail on purpose.
func forwards(subject string) bool {
	first, _, ok := strings.Cut(strings.ToLower(subject), ":")
	switch strings.TrimSpace(first) {
	case "fw", "fwd", "wg", "tr", "rv", "enc", "doorst", "vs", "vb", "i", "pd", "ilt":
		return ok
	}
	return false
}

// attachRaw adds the raw mail as a file where its parts could not be read as they should, so that people
// can open it in a mail client.
func (r *reader) attachRaw() {
	wanted := r.letter.Encrypted
	for _, f := range r.tree.flaws.list {
		wanted = wanted || f == Broken || f == DepthCut || f == PartsCut
	}
	if wanted && !r.partial {
		r.keep(File{Name: "message.eml", Type: "message/rfc822", Data: r.raw})
	}
}
