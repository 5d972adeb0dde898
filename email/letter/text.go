package letter

import (
	"strings"

	"porchlight/email/plain"
	"porchlight/email/trim"
)

// block returns the text of a part, converted once.
func (r *reader) block(p *part) block {
	if b, ok := r.texts[p]; ok {
		return b
	}
	b := r.plainBlock(p)
	if p.kind == "text/html" {
		b = r.pageBlock(p)
	}
	r.texts[p] = b
	return b
}

// plainBlock reads a part with plain text.
func (r *reader) plainBlock(p *part) block {
	if p.kind == "text/html" {
		return block{}
	}
	data := r.tree.decode(p, r.textRoom)
	text, cut := cutBytes(toUTF8(data, p.params["charset"]), r.textRoom)
	r.textRoom -= len(text)
	if cut {
		r.tree.flaws.add(TextCut)
	}
	if strings.EqualFold(p.params["format"], "flowed") {
		text = unflow(text, strings.EqualFold(p.params["delsp"], "yes"))
	}
	text = r.pgp(plain.Clean(text))
	return r.answered(block{text: text, chat: text})
}

// pgp notes that a text has an armored block in it, and takes the armor off a text that is signed (RFC 9580
// §7).
func (r *reader) pgp(text string) string {
	if strings.Contains(text, "-----BEGIN PGP MESSAGE-----") {
		r.letter.Encrypted = true
	}
	before, signed, ok := strings.Cut(text, "-----BEGIN PGP SIGNED MESSAGE-----\n")
	if !ok {
		return text
	}
	r.letter.Signed = true
	_, signed, _ = strings.Cut(signed, "\n\n") // behind the armor's own header
	signed, after, _ := strings.Cut(signed, "\n-----BEGIN PGP SIGNATURE-----")
	_, after, _ = strings.Cut(after, "-----END PGP SIGNATURE-----")
	signed = strings.ReplaceAll("\n"+signed, "\n- ", "\n")
	return plain.Clean(before + signed + after)
}

// pageBlock reads a part with HTML.
func (r *reader) pageBlock(p *part) block {
	data := r.tree.decode(p, r.htmlRoom)
	if len(data) > r.htmlRoom {
		data = data[:r.htmlRoom]
		r.tree.flaws.add(TextCut)
	}
	r.htmlRoom -= len(data)
	src := htmlToUTF8(data, p.params["charset"])
	whole := plain.HTML(src, plain.Options{Max: maxText})
	fresh := plain.HTML(src, plain.Options{Max: maxText, Fresh: true})
	if whole.Cut {
		r.tree.flaws.add(TextCut)
	}
	if fresh.Inline || fresh.Text == "" || !r.letter.answers() {
		fresh = whole
	}
	for _, id := range whole.Pictures {
		if !r.shown[id] {
			r.shown[id] = false // known, but only in what is quoted
		}
	}
	for _, id := range fresh.Pictures {
		r.shown[id] = true
	}
	return r.answered(block{text: whole.Text, chat: fresh.Text})
}

// answered cuts what was answered out of what the chat shows. A mail that is no answer has nothing of the
// kind, whatever its text looks like.
func (r *reader) answered(b block) block {
	if r.letter.answers() {
		b.chat, b.doubtful = trim.Reply(b.chat, r.letter.Recipients())
	}
	return b
}
