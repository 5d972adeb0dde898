package letter

import (
	"bytes"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"testing"
)

// head begins the mails that are too large to lie in a folder.
const head = "From: Ann <ann@example.org>\r\nTo: support@example.com\r\nSubject: Large\r\nMessage-ID: <1@example.org>\r\n"

func mixed(parts string) string {
	return head + "Content-Type: multipart/mixed; boundary=b\r\n\r\n" + parts + "--b--\r\n"
}

// large are mails that cost other readers seconds or gigabytes.
func large() map[string]func() string {
	nested, end := strings.Builder{}, "\r\nThe end.\r\n"
	nested.WriteString(head)
	for i := range 500 {
		fmt.Fprintf(&nested, "Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n", i, i)
	}
	deep := head
	for i := range maxDepth {
		boundary := strings.Repeat("b", i+1)
		deep += "Content-Type: multipart/mixed; boundary=" + boundary + "\r\n\r\n--" + boundary + "\r\n"
	}
	text := "--b\r\nContent-Type: text/plain\r\n\r\nThe text.\r\n"
	file := "--b\r\nContent-Type: application/pdf; name=f.pdf\r\nContent-Transfer-Encoding: base64\r\n\r\n"
	base64Of := func(n int) string { return strings.Repeat(strings.Repeat("QUJD", 19)+"\r\n", n/57) }
	return map[string]func() string{
		"04 a field of 3 MB": func() string { return "X-Junk: " + strings.Repeat("j", 3<<20) + "\r\n" + head + "\r\nThe text.\r\n" },
		"04 20,000 fields": func() string {
			return strings.Repeat("Received: from a by b; Sat, 28 Nov 2026 10:00:00 +0100\r\n", 20000) + head + "\r\nThe text.\r\n"
		},
		"04 a subject of 3 MB": func() string { return "Subject: " + strings.Repeat("j", 3<<20) + "\r\n" + head + "\r\nThe text.\r\n" },
		"04 20,000 addresses": func() string {
			return head + "Cc: " + strings.Repeat("a@example.org, ", 20000) + "x@example.org\r\n\r\nThe text.\r\n"
		},
		"04 fields of bad words": func() string {
			return head + strings.Repeat("Cc: "+strings.Repeat("=?", 8000)+"\r\n", 60) + "\r\nThe text.\r\n"
		},
		"04 fields of brackets": func() string {
			return head + strings.Repeat("To: "+strings.Repeat("<", 16000)+"\r\nReferences: "+strings.Repeat("<", 16000)+"\r\n", 60) + "\r\nThe text.\r\n"
		},
		"05 500 parts in each other": func() string { return nested.String() + end },
		"06 20,000 parts":            func() string { return mixed(text + strings.Repeat("--b\r\n\r\nx\r\n", 20000)) },
		"06 20,000 files": func() string {
			return mixed(text + strings.Repeat("--b\r\nContent-Type: image/png; name=x.png\r\n\r\nx\r\n", 20000))
		},
		"11 100,000 divs": func() string {
			return head + "Content-Type: text/html\r\n\r\n" + strings.Repeat("<div>", 100000) + "The text.\r\n"
		},
		"11 100,000 quotes": func() string {
			return head + "Content-Type: text/html\r\n\r\nThe text.<br>" + strings.Repeat("<blockquote>a", 100000) + "\r\n"
		},
		"11 20 MB of HTML": func() string {
			return head + "Content-Type: text/html\r\n\r\n<p>The text." + strings.Repeat("<p>a <a href=http://x>b</a>", 20<<20/25) + "\r\n"
		},
		"11 20 MB of <": func() string {
			return head + "Content-Type: text/html\r\n\r\nThe text." + strings.Repeat("<", 20<<20) + "\r\n"
		},
		"20 MB of short lines":     func() string { return head + "\r\nThe text.\r\n" + strings.Repeat("a\n", 10<<20) },
		"20 MB of empty lines":     func() string { return head + "\r\nThe text.\r\n" + strings.Repeat("\n", 20<<20) },
		"1 MB of who wrote":        func() string { return head + "\r\nThe text.\r\n" + strings.Repeat("On 1 a@b\n", 1<<20/9) },
		"1 MB of who wrote, ended": func() string { return head + "\r\nThe text.\r\n" + strings.Repeat("On 1 a@b :\n", 1<<20/10) },
		"1 MB of headers":          func() string { return head + "\r\nThe text.\r\n" + strings.Repeat("From: a\n", 1<<20/8) },
		"20 MB in one line":        func() string { return head + "\r\nThe text." + strings.Repeat("a", 20<<20) + "\r\n" },
		"20 MB of boundaries": func() string {
			return head + "Content-Type: multipart/mixed; boundary=b\r\n\r\n" + text + strings.Repeat("--bx\r\n", 20<<20/6)
		},
		"05 18 MB of boundaries, 20 deep": func() string { return deep + strings.Repeat("--bbbbbbbbbbbbbbbbbbbbbbb\r\n", 18<<20/27) },
		"23 a file of 24 MB":              func() string { return mixed(text + file + base64Of(24<<20)) },
		"23 files of 22 MB": func() string {
			return mixed(text + strings.Repeat(strings.Replace(file, "base64", "binary", 1)+strings.Repeat("PDF 4711", 1<<18)+"\r\n", 11))
		},
		"23 a file of 22 MB": func() string {
			return mixed(text + strings.Replace(file, "base64", "binary", 1) + strings.Repeat("PDF 4711", 22<<17) + "\r\n")
		},
		"23 a file's name of 1 MB": func() string {
			return mixed(text + "--b\r\nContent-Type: image/png; name*0=" + strings.Repeat("a;name*1=b", 100000) + "\r\n\r\nx\r\n")
		},
		"24 a bounce of 20 MB": func() string {
			return head + "Return-Path: <>\r\nContent-Type: multipart/report; boundary=b\r\n\r\n--b\r\n\r\nThe text.\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\n" + strings.Repeat("Action: failed\r\n\r\n", 1<<20) + "--b--\r\n"
		},
		"40 MB": func() string { return head + "\r\nThe text.\r\n" + strings.Repeat("a b c d\n", 5<<20) },
	}
}

// Whatever a mail is like, its letter is within the limits, some of its text is there, and reading it takes
// memory in proportion to its size only.
func TestRead_LargeMails(t *testing.T) {
	for name, mail := range large() {
		t.Run(name, func(t *testing.T) {
			raw := []byte(mail())
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			l := Read(raw, Options{})
			runtime.ReadMemStats(&after)
			checkLetter(t, l)
			if used, most := after.TotalAlloc-before.TotalAlloc, uint64(96<<20+8*len(raw)); used > most {
				t.Errorf("%d bytes of mail took %d bytes of memory, more than %d", len(raw), used, most)
			}
			t.Logf("%d bytes, %d allocated, %d objects", len(raw), after.TotalAlloc-before.TotalAlloc, after.Mallocs-before.Mallocs)
			if l.From.Addr != "ann@example.org" || l.ID != "1@example.org" {
				t.Errorf("from %v, id %q", l.From, l.ID)
			}
			if !strings.HasPrefix(name, "05") && !strings.Contains(l.Text, "The text.") {
				t.Errorf("text %.100q", l.Text)
			}
		})
	}
}

// Where a limit cuts something off, the letter says so, and people can open the raw mail.
func TestRead_SaysWhatWasCut(t *testing.T) {
	mails := large()
	for name, want := range map[string][]Flaw{
		"04 a subject of 3 MB":            {HeaderCut},
		"05 500 parts in each other":      {DepthCut},
		"05 18 MB of boundaries, 20 deep": {DepthCut},
		"06 20,000 parts":                 {PartsCut},
		"06 20,000 files":                 {PartsCut, FilesCut},
		"11 20 MB of HTML":                {TextCut},
		"20 MB of short lines":            {TextCut},
		"23 a file of 24 MB":              {Partial},
		"23 a file of 22 MB":              {FilesCut},
		"23 files of 22 MB":               {FilesCut},
		"40 MB":                           {Partial, TextCut},
	} {
		l := Read([]byte(mails[name]()), Options{})
		for _, flaw := range want {
			if !slices.Contains(l.Flaws, flaw) {
				t.Errorf("%s: flaws %v, not %s", name, l.Flaws, flaw)
			}
		}
		raw := slices.ContainsFunc(l.Files, func(f File) bool { return f.Name == "message.eml" })
		if must := want[0] == DepthCut || name == "06 20,000 parts"; must && !raw {
			t.Errorf("%s: the raw mail is not among the files", name)
		}
	}
}

// Of a mail that was fetched in part, a file that is cut off is not kept, and one before it is.
func TestRead_Partial(t *testing.T) {
	text := "--b\r\n\r\nThe text.\r\n"
	file := "--b\r\nContent-Type: application/pdf; name=%s.pdf\r\n\r\n%%PDF-1.4 %s\r\n"
	raw := mixed(text + fmt.Sprintf(file, "first", "x") + fmt.Sprintf(file, "second", strings.Repeat("y", 1000)))
	l := Read([]byte(raw[:len(raw)-500]), Options{Partial: true})
	if len(l.Files) != 1 || l.Files[0].Name != "first.pdf" || len(l.Omitted) != 1 || l.Omitted[0] != (Omitted{"second.pdf", 0, Partial}) {
		t.Errorf("files %d, omitted %v", len(l.Files), l.Omitted)
	}
	if l.Text != "The text." || !slices.Contains(l.Flaws, Partial) {
		t.Errorf("text %q, flaws %v", l.Text, l.Flaws)
	}
}

// A mail that makes the reader panic still has a sender, some text and its raw bytes.
func TestRead_PanicIsAFlaw(t *testing.T) {
	err := guard(func() { panic("on purpose") }) // in a test, to see that it is caught
	if err == nil || !strings.Contains(err.Error(), "on purpose") {
		t.Error(err)
	}
	l := Letter{}
	l.rescue([]byte("all"), []byte("The \x00 text."))
	if l.Text != "The  text." || l.Chat != l.Text || len(l.Files) != 1 || !bytes.Equal(l.Files[0].Data, []byte("all")) {
		t.Errorf("%+v", l)
	}
}
