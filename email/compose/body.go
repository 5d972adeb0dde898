package compose

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"encoding/hex"
	htmltemplate "html/template"
	"io"
	"mime"
	"mime/quotedprintable"
	"strings"
	"text/template"
)

// The templates of the two bodies.
var (
	//go:embed mail.txt
	textSource string
	//go:embed mail.html
	htmlSource string

	textTemplate = template.Must(template.New("text").Funcs(template.FuncMap{"quote": quote}).Parse(textSource))
	htmlTemplate = htmltemplate.Must(htmltemplate.New("html").Parse(htmlSource))
)

// quote writes a line that was said before, with a mark before each row (RFC 3676 §4.5).
func quote(l shown) string {
	var b strings.Builder
	row := func(text string) { b.WriteString(strings.TrimRight("> "+text, " ") + "\n") }
	if l.Head != "" {
		row(l.Head + ":")
	}
	for _, spans := range l.Rows {
		text := ""
		for _, s := range spans {
			text += s.Text
		}
		row(text)
	}
	for _, f := range l.Files {
		row(f.Text + ": " + f.URL)
	}
	return b.String()
}

// pictureID is the Content-ID of the picture (RFC 2392); there is one at most, and it counts within its mail alone.
const pictureID = "picture@porchlight.invalid"

// part is a part of a mail: a leaf with data, or several parts.
type part struct {
	header [][2]string // its fields, without those that say how it is encoded
	kind   string      // the subtype of multipart; empty: a leaf
	parts  []part
	text   bool // data is text: it is written readably
	data   []byte
}

// writeBody writes the fields that describe the body, and the body.
func writeBody(out *bytes.Buffer, m Mail, v view) error {
	var text, html bytes.Buffer
	if err := textTemplate.Execute(&text, v); err != nil {
		return err
	}
	if err := htmlTemplate.Execute(&html, v); err != nil {
		return err
	}
	plain := strings.TrimRight(text.String(), "\n") + "\n"
	shown := part{header: typed("text/html; charset=utf-8"), text: true, data: html.Bytes()}
	if m.Picture != nil {
		shown = part{kind: "related", parts: []part{shown, inline(*m.Picture)}}
	}
	body := part{kind: "alternative", parts: []part{{header: typed("text/plain; charset=utf-8"), text: true, data: []byte(plain)}, shown}}
	if len(m.Attach) > 0 {
		body = part{kind: "mixed", parts: []part{body}}
		for _, a := range m.Attach {
			body.parts = append(body.parts, attached(a))
		}
	}
	body.write(out)
	return nil
}

// typed is a header with a type alone.
func typed(contentType string) [][2]string { return [][2]string{{"Content-Type", contentType}} }

// inline is the part of a picture that the HTML shows.
func inline(p Picture) part {
	return part{data: p.Data, header: [][2]string{
		{"Content-Type", mediaType(p.Type)}, {"Content-ID", "<" + pictureID + ">"}, {"Content-Disposition", "inline"},
	}}
}

// attached is the part of a file.
func attached(a Attachment) part {
	return part{data: a.Data, header: [][2]string{
		{"Content-Type", mediaType(a.Type)},
		{"Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": fileName(a.Name)})},
	}}
}

// mediaType is the type of a file without parameters. Types that are made of parts must not be encoded as a file is
// (RFC 2045 §6.4), so they become octets.
func mediaType(claimed string) string {
	name, _, err := mime.ParseMediaType(claimed)
	if err != nil || !strings.Contains(name, "/") || strings.HasPrefix(name, "multipart/") || strings.HasPrefix(name, "message/") {
		return "application/octet-stream"
	}
	return name
}

// write writes the part with its header.
func (p part) write(out *bytes.Buffer) {
	for _, f := range p.header {
		field(out, f[0], f[1])
	}
	switch {
	case p.kind != "":
		p.writeParts(out)
	case p.text:
		field(out, "Content-Transfer-Encoding", "quoted-printable")
		out.WriteString("\r\n")
		w := quotedprintable.NewWriter(out)
		_, _ = w.Write(p.data) // a buffer takes everything
		_ = w.Close()
	default:
		field(out, "Content-Transfer-Encoding", "base64")
		out.WriteString("\r\n")
		w := base64.NewEncoder(base64.StdEncoding, &lines{out: out})
		_, _ = w.Write(p.data) // a buffer takes everything
		_ = w.Close()
	}
	if p.kind == "" && !bytes.HasSuffix(out.Bytes(), []byte("\r\n")) {
		out.WriteString("\r\n")
	}
}

// writeParts writes a multipart. Its boundary is made of what it parts, so equal mails are equal, and begins with "=_",
// which no encoded part can have on a line of its own (RFC 2045 §6.7).
func (p part) writeParts(out *bytes.Buffer) {
	list := make([][]byte, len(p.parts))
	sum := sha256.New()
	for i, child := range p.parts {
		var b bytes.Buffer
		child.write(&b)
		list[i] = b.Bytes()
		sum.Write(b.Bytes())
	}
	boundary := "=_" + hex.EncodeToString(sum.Sum(nil)[:15])
	field(out, "Content-Type", mime.FormatMediaType("multipart/"+p.kind, map[string]string{"boundary": boundary}))
	for _, b := range list {
		out.WriteString("\r\n--" + boundary + "\r\n")
		out.Write(b)
	}
	out.WriteString("\r\n--" + boundary + "--\r\n")
}

// lines breaks what is written into lines of 76 bytes (RFC 2045 §6.8).
type lines struct {
	out *bytes.Buffer
	at  int
}

// Write writes; it never fails.
func (l *lines) Write(b []byte) (int, error) {
	n := len(b)
	for len(b) > 0 {
		if l.at == lineWidth {
			_, _ = io.WriteString(l.out, "\r\n")
			l.at = 0
		}
		k := min(lineWidth-l.at, len(b))
		l.out.Write(b[:k])
		l.at += k
		b = b[k:]
	}
	return n, nil
}
