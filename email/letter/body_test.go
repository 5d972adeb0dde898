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

// A mail that answers nothing is shown whole, whatever its text looks like.
func TestRead_NothingIsCutOfANewMail(t *testing.T) {
	for _, text := range []string{
		"Name: Fritz\nOrder: 4715\n-----\nMessage:\nMy parcel is broken, please help",
		"Hello,\n\n________________________________\nFrom: form <form@example.org>\nSent: today\nTo: shop\nSubject: order\n\nI want 4716",
		"> the quoted text of the other shop\n> says 4714\n\nIs that true?",
		"See this.\n\nOn Mon, 27 Nov 2026 at 16:11, Shop <shop@example.net> wrote:\n> We are closed.",
		"The parcel came open.\n--\nAnn",
	} {
		mail := "From: ann@example.org\r\nSubject: Order\r\n%\r\n" + text
		if l := Read([]byte(strings.Replace(mail, "%", "", 1)), Options{}); l.Chat != text || l.Hidden > 0 {
			t.Errorf("%q is shown as %q", text, l.Chat)
		}
		answers := []string{"In-Reply-To: <1@example.com>\r\n", "References: <1@example.com>\r\n", "Subject: Re: Order\r\n", "Subject: [shop] AW: Order\r\n"}
		for _, field := range answers {
			mail := strings.Replace(mail, "%", "", 1)
			if strings.HasPrefix(field, "Subject") {
				mail = strings.Replace(mail, "Subject: Order\r\n", "", 1)
			}
			if l := Read([]byte(field+mail), Options{}); strings.HasSuffix(text, "Ann") && l.Chat == text {
				t.Errorf("%q: the signature is shown", field)
			}
		}
	}
	quoted := `<p>Is that true?</p><blockquote type="cite">We are closed.</blockquote>`
	if l := Read(page("Order", quoted), Options{}); !strings.Contains(l.Chat, "> We are closed.") {
		t.Errorf("HTML is shown as %q", l.Chat)
	}
}

// An answer says how many lines are not shown that may be its writer's own.
func TestRead_HiddenLines(t *testing.T) {
	const quote = "\n> Error 42\n> Please call us\n"
	for subject, want := range map[string]int{"Re: x": 4, "FW: x": 0, "x": 0} {
		mail := "From: ann@example.org\r\nSubject: " + subject + "\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nIt says:\n" + quote + "--b\r\n\r\nand:\n" + quote + "--b--\r\n"
		if l := Read([]byte(mail), Options{}); l.Hidden != want {
			t.Errorf("%s: %d lines are hidden of %q", subject, l.Hidden, l.Text)
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
		mail := "From: ann@example.org\r\nIn-Reply-To: <1@example.com>\r\nContent-Type: multipart/" + c.kind + "; boundary=b\r\n\r\n--b\r\nContent-Type: text/html\r\n\r\n" + c.html +
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
