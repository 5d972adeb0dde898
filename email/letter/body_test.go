package letter

import (
	"encoding/base64"
	"slices"
	"strings"
	"testing"
)

// page makes a mail of HTML.
func page(subject, html string) []byte {
	return []byte("From: ann@example.org\r\nSubject: " + subject + "\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + html)
}

// What is cut for chat, and what is not.
func TestRead_Chat(t *testing.T) {
	const outlook = `<p>See below.</p><div style="border:none;border-top:solid #E1E1E1 1.0pt"><p>From: Bob</p></div><p>The old mail.</p>`
	for _, c := range []struct{ name, subject, html, chat string }{
		{"an answer", "Re: x", outlook, "See below."},
		{"a forwarded mail", "FW: x", outlook, "See below.\n\nFrom: Bob\n\nThe old mail."},
		{"a forwarded mail in German", "WG: x", outlook, "See below.\n\nFrom: Bob\n\nThe old mail."},
		{"answers between quotes", "Re: x", `Hi,<blockquote type="cite">one?</blockquote>yes<blockquote type="cite">two?</blockquote>no`, "Hi,\n\n> one?\n\nyes\n\n> two?\n\nno"},
		{"only a quote", "Re: x", `<blockquote type="cite">The old mail.</blockquote>`, "> The old mail."},
		{"our own mark", "Re: x", `<p>New.</p><div class="porchlight-reply-above">Please write above this line</div><p>The old mail.</p>`, "New."},
	} {
		if l := Read(page(c.subject, c.html), Options{}); l.Chat != c.chat {
			t.Errorf("%s: %q, should be %q", c.name, l.Chat, c.chat)
		}
	}
}

// Pictures that only decorate a page are left out; what was sent for its own sake stays, however small.
func TestRead_Decoration(t *testing.T) {
	small := "\x89PNG\r\n\x1a\n" + strings.Repeat("p", 100)
	large := small + strings.Repeat("p", maxTiny)
	for _, c := range []struct {
		name, fields, data, kind, html string
		kept                           bool
	}{
		{"a small one in the page", "Content-ID: <a>\r\n", small, "related", `<img src="cid:a">`, false},
		{"a large one in the page", "Content-ID: <a>\r\n", large, "related", `<img src="cid:a">`, true},
		{"a large one in the mail that was answered", "Content-ID: <a>\r\n", large, "related", `x<blockquote type="cite"><img src="cid:a"></blockquote>`, false},
		{"a large one in both", "Content-ID: <a>\r\n", large, "related", `<img src="cid:a"><blockquote type="cite"><img src="cid:a"></blockquote>`, true},
		{"a small one beside the page, as Gmail attaches files", "Content-ID: <a>\r\nContent-Disposition: attachment; filename=a.png\r\n", small, "mixed", `x`, true},
		{"a small one without an id", "Content-Disposition: attachment; filename=a.png\r\n", small, "mixed", `x`, true},
		{"a small one without an id or a name", "", small, "mixed", `x`, true},
		{"a small one that the page does not show", "Content-ID: <a>\r\n", small, "related", `x`, false},
		{"a small one, attached, that the page shows", "Content-ID: <a>\r\nContent-Disposition: attachment; filename=a.png\r\n", small, "mixed", `<img src="cid:a">`, false},
	} {
		mail := "From: ann@example.org\r\nContent-Type: multipart/" + c.kind + "; boundary=b\r\n\r\n--b\r\nContent-Type: text/html\r\n\r\n" + c.html +
			"\r\n--b\r\nContent-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n" + c.fields + "\r\n" + base64.StdEncoding.EncodeToString([]byte(c.data)) + "\r\n--b--\r\n"
		l := Read([]byte(mail), Options{})
		if kept := len(l.Files) == 1; kept != c.kept || !kept && (len(l.Omitted) != 1 || l.Omitted[0].Why != Decoration) {
			t.Errorf("%s: kept %v, omitted %v, flaws %v", c.name, kept, l.Omitted, l.Flaws)
		}
	}
}

// The page of multipart/related is the part that it names; the files of a form that was not chosen are kept.
func TestRead_Structure(t *testing.T) {
	for _, c := range []struct{ name, body, text, files string }{
		{"a named root", "multipart/related; start=\"<r>\"; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain; name=x.txt\r\n\r\nno\r\n--b\r\nContent-ID: <r>\r\n\r\nyes\r\n--b--\r\n", "yes", "x.txt"},
		{"Apple Mail", "multipart/alternative; boundary=a\r\n\r\n--a\r\n\r\nThe text of the mail.\r\n--a\r\nContent-Type: multipart/mixed; boundary=m\r\n\r\n--m\r\nContent-Type: text/html\r\n\r\n<p>The text of\r\n--m\r\nContent-Type: application/pdf; name=x.pdf\r\n\r\n%PDF\r\n--m\r\nContent-Type: text/html\r\n\r\nthe mail.\r\n--m--\r\n--a--\r\n", "The text of the mail.", "x.pdf"},
		{"two texts", "multipart/mixed; boundary=m\r\n\r\n--m\r\n\r\none\r\n--m\r\nContent-Type: application/pdf; name=x.pdf\r\n\r\n%PDF\r\n--m\r\n\r\ntwo\r\n--m--\r\n", "one\n\ntwo", "x.pdf"},
		{"an attached text", "multipart/mixed; boundary=m\r\n\r\n--m\r\n\r\none\r\n--m\r\nContent-Disposition: attachment\r\n\r\ntwo\r\n--m--\r\n", "one", "file.txt"},
		{"a text with a name", "multipart/mixed; boundary=m\r\n\r\n--m\r\n\r\none\r\n--m\r\nContent-Type: text/plain; name=a.log\r\n\r\ntwo\r\n--m--\r\n", "one", "a.log"},
		{"a form for other readers", "multipart/alternative; boundary=a\r\n\r\n--a\r\n\r\none\r\n--a\r\nContent-Type: text/x-amp-html\r\n\r\n<html amp4email>\r\n--a\r\nContent-Type: text/html\r\n\r\none\r\n--a--\r\n", "one", ""},
		{"text of an unknown kind", "text/x-own\r\n\r\none", "one", ""},
		{"a file alone", "application/pdf; name=x.pdf\r\n\r\n%PDF", "", "x.pdf"},
		{"an alternative without text", "multipart/alternative; boundary=a\r\n\r\n--a\r\nContent-Type: text/calendar; name=x.ics\r\n\r\nBEGIN\r\n--a--\r\n", "", "x.ics"},
		{"an empty text", "multipart/alternative; boundary=a\r\n\r\n--a\r\n\r\n \r\n--a\r\nContent-Type: text/html\r\n\r\n<p>one\r\n--a--\r\n", "one", ""},
		{"a signed mail with a signed mail in it", "multipart/signed; boundary=a\r\n\r\n--a\r\nContent-Type: multipart/signed; boundary=i\r\n\r\n--i\r\n\r\none\r\n--i\r\nContent-Type: application/pkcs7-signature; name=smime.p7s\r\n\r\nx\r\n--i--\r\n--a\r\nContent-Type: application/pgp-signature\r\n\r\nx\r\n--a\r\n\r\na list's footer\r\n--a--\r\n", "one\n\na list's footer", ""},
	} {
		l := Read([]byte("From: ann@example.org\r\nContent-Type: "+c.body), Options{})
		var names []string
		for _, f := range l.Files {
			names = append(names, f.Name)
		}
		if l.Text != c.text || strings.Join(names, " ") != c.files || slices.Contains(l.Flaws, Broken) {
			t.Errorf("%s: %q, files %q, flaws %v", c.name, l.Text, names, l.Flaws)
		}
	}
}
