package letter

import "strings"

// Limits of the files of a mail.
const (
	maxFiles    = 20 << 20 // bytes of all
	maxCount    = 20
	maxTiny     = 6 << 10 // bytes below which a picture of a page is decoration
	maxOmitted  = 50
	winmailName = "winmail.dat"
)

// file makes a file of a part, or says why not. Nothing is unpacked, so that no file can be larger than it
// looks.
func (r *reader) file(c candidate) {
	p := c.part
	size := p.size()
	name := p.name()
	switch {
	case p.kind == "application/ms-tnef":
		name = winmailName
	case p.kind == "message/rfc822" && name == "":
		inner, _, _ := readHeader(p.body[:min(len(p.body), maxHeader)], true)
		if subject := line(inner.get("subject")); subject != "" {
			name = strings.NewReplacer("/", "-", `\`, "-").Replace(subject) + ".eml"
		}
	}
	if outside, ok := r.shown[p.contentID()]; ok && !outside && p.contentID() != "" {
		r.omit(fileName(name, p.kind), size, Decoration)
		return
	}
	switch {
	case r.partial && !p.finished:
		r.omit(fileName(name, p.kind), 0, Partial)
		return
	case len(r.letter.Files) >= maxCount, size > maxFiles-r.total+1<<10:
		r.omit(fileName(name, p.kind), size, FilesCut)
		return
	}
	data := r.tree.decode(p, maxFiles-r.total)
	kind := p.kind
	if kind != "message/rfc822" && kind != "application/ms-tnef" {
		kind = fileType(data, p.kind)
	}
	if r.decorates(c, kind) && len(data) < maxTiny {
		r.omit(fileName(name, kind), len(data), Decoration)
		return
	}
	r.keep(File{Name: fileName(name, kind), Type: kind, Data: data})
}

// decorates reports whether a picture is part of a page, and not something that was sent for its own sake.
func (r *reader) decorates(c candidate, kind string) bool {
	if !strings.HasPrefix(kind, "image/") && !strings.HasPrefix(c.part.kind, "image/") || c.part.contentID() == "" {
		return false
	}
	_, shown := r.shown[c.part.contentID()]
	return shown || c.part.use != "attachment" && (c.related || c.part.name() == "")
}

// size returns about how many bytes a part has when it is decoded.
func (p *part) size() int {
	if strings.Contains(strings.ToLower(p.header.get("content-transfer-encoding")), "base64") {
		return len(p.body) / 78 * 57
	}
	return len(p.body)
}

// keep adds a file if there is room for it.
func (r *reader) keep(f File) {
	if len(r.letter.Files) >= maxCount || len(f.Data) > maxFiles-r.total {
		r.omit(f.Name, len(f.Data), FilesCut)
		return
	}
	r.total += len(f.Data)
	r.letter.Files = append(r.letter.Files, f)
}

// omit notes a file that the letter does not hold.
func (r *reader) omit(name string, size int, why Flaw) {
	r.tree.flaws.add(why)
	if len(r.letter.Omitted) < maxOmitted {
		r.letter.Omitted = append(r.letter.Omitted, Omitted{name, size, why})
	}
}
