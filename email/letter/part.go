package letter

import (
	"bytes"
	"io"
	"strings"

	"github.com/emersion/go-message"
)

// Limits of the parts of a mail.
const (
	maxDepth = 20
	maxParts = 200
	maxScan  = 5 * maxLetter // bytes that are looked through for boundaries, those of inner parts again
)

// part is a part of a mail, or the mail itself.
type part struct {
	header   header
	kind     string // media type in lower case; "text/plain" if none is given
	params   params
	use      string // "attachment", "inline", or "" if the part does not say
	useOpts  params // of Content-Disposition
	body     []byte // still encoded; shares the mail's memory
	parts    []*part
	finished bool // its end is in the mail
}

// tree takes a mail apart. It looks for boundaries itself, in one pass through the bytes of each level:
// go-message's multipart reader gives up at the first part whose header has a line that is no field, and
// puts a reader around a reader for each level.
type tree struct {
	flaws   *flaws
	left    int // parts that may still be read
	scanned int // bytes that were looked through for boundaries
}

// newPart makes a part of its header and body, and of its parts if it has any.
func (t *tree) newPart(h header, body []byte, depth int, finished bool) *part {
	p := &part{header: h, body: body, finished: finished}
	p.kind, p.params = parseValue(h.get("content-type"))
	top := depth == 0 && strings.HasPrefix(p.kind, "text/") && p.kind != "text/html" && p.kind != "text/calendar"
	if !strings.Contains(p.kind, "/") || top {
		p.kind = "text/plain"
	}
	p.use, p.useOpts = parseValue(h.get("content-disposition"))
	if strings.HasPrefix(p.kind, "multipart/") {
		t.split(p, depth)
	}
	return p
}

// split makes the parts of a multipart part. One that has none, because its boundary is missing or nowhere
// to be found, becomes plain text, so that what was written is shown.
func (t *tree) split(p *part, depth int) {
	t.scanned += len(p.body)
	if depth >= maxDepth || t.scanned > maxScan {
		t.flaws.add(DepthCut)
		return
	}
	boundary := p.params["boundary"]
	if strings.TrimSpace(boundary) == "" {
		t.flaws.add(Broken)
		boundary = guessBoundary(p.body)
	}
	pieces, finished := cutAt(p.body, boundary, t.left)
	if len(pieces) == 0 {
		t.flaws.add(Broken)
		p.kind, p.params = "text/plain", params{"charset": p.params["charset"]}
		return
	}
	if !finished && len(pieces) <= t.left {
		t.flaws.add(Unended)
	}
	for i, piece := range pieces {
		if t.left == 0 {
			t.flaws.add(PartsCut)
			return
		}
		t.left--
		h, body, flaws := readHeader(piece, true)
		t.flaws.add(flaws...)
		p.parts = append(p.parts, t.newPart(h, body, depth+1, finished || i < len(pieces)-1))
	}
}

// cutAt cuts a body at the lines that are a boundary, and reports whether the last one was there. It
// returns at most one piece more than limit.
func cutAt(body []byte, boundary string, limit int) (pieces [][]byte, finished bool) {
	if boundary == "" {
		return nil, false
	}
	mark := []byte("--" + boundary)
	start := -1 // of the piece that is open
	for pos := 0; pos < len(body) && len(pieces) <= limit; {
		i := bytes.Index(body[pos:], mark)
		if i < 0 {
			break
		}
		at := pos + i
		pos = at + len(mark)
		if at > 0 && body[at-1] != '\n' {
			continue
		}
		line, next := cutLine(body, pos)
		last := bytes.HasPrefix(line, []byte("--"))
		if rest := bytes.TrimPrefix(line, []byte("--")); len(bytes.TrimSpace(rest)) > 0 {
			continue // a line that only begins like the boundary
		}
		if start >= 0 {
			pieces = append(pieces, withoutLastBreak(body[start:at]))
		}
		if last {
			return pieces, true
		}
		start, pos = next, next
	}
	if start >= 0 && len(pieces) <= limit {
		pieces = append(pieces, body[start:])
	}
	return pieces, false
}

// withoutLastBreak takes off the line's end that belongs to the boundary behind it (RFC 2046 §5.1.1).
func withoutLastBreak(b []byte) []byte {
	return bytes.TrimSuffix(bytes.TrimSuffix(b, []byte("\n")), []byte("\r"))
}

// guessBoundary returns the boundary of a body whose header names none: the first line that looks like one.
func guessBoundary(body []byte) string {
	for pos, n := 0, 0; pos < len(body) && n < 100; n++ {
		line, next := cutLine(body, pos)
		if after, next := cutLine(body, next); bytes.HasPrefix(line, []byte("--")) && len(line) > 6 && next > 0 && fieldName(after) != "" {
			return string(bytes.TrimRight(line[2:], " \t"))
		}
		pos = next
	}
	return ""
}

// decode returns the bytes of a part, at most limit and one more. What could be decoded before an error is
// kept: behind the base64 of a part, mailing lists write in clear.
func (t *tree) decode(p *part, limit int) []byte {
	encoding := strings.ToLower(p.header.get("content-transfer-encoding"))
	encoding, _, _ = strings.Cut(encoding, ";")
	encoding = strings.Trim(encoding, " \t\"")
	body := p.body
	if encoding == "quoted-printable" {
		body = bytes.Map(quotable, body)
	}
	var h message.Header
	h.Set("Content-Transfer-Encoding", encoding)
	entity, err := message.New(h, bytes.NewReader(body))
	if err != nil {
		t.flaws.add(Broken) // an encoding that nobody knows; the bytes are shown as they are
	}
	decoded, err := io.ReadAll(io.LimitReader(entity.Body, int64(limit)+1))
	if err != nil {
		t.flaws.add(Broken)
	}
	return decoded
}

// quotable drops what may not stand in quoted-printable text; its reader would stop there.
func quotable(c rune) rune {
	if c < ' ' && c != '\n' && c != '\r' && c != '\t' || c == 0x7F {
		return -1
	}
	return c
}

// name returns the name that a part has for a file, as the mail has it, or "".
func (p *part) name() string {
	if name := p.useOpts["filename"]; name != "" {
		return name
	}
	return p.params["name"]
}

// contentID returns the id by which a page in the mail shows the part, or "".
func (p *part) contentID() string {
	return strings.Trim(p.header.get("content-id"), "<> ")
}

// isText reports whether a part is text to be read and no file.
func (p *part) isText() bool {
	return (p.kind == "text/plain" || p.kind == "text/html") && p.use != "attachment"
}

// flaws are the flaws of a mail, each once.
type flaws struct{ list []Flaw }

// add notes flaws.
func (f *flaws) add(all ...Flaw) {
	for _, one := range all {
		known := false
		for _, have := range f.list {
			known = known || have == one
		}
		if !known {
			f.list = append(f.list, one)
		}
	}
}
