package letter

import (
	"maps"
	"slices"
	"strings"
	"testing"
)

func TestParseValue(t *testing.T) {
	for in, want := range map[string]params{
		`text/plain; charset=UTF-8`:                                  {"charset": "UTF-8"},
		`TEXT/plain (really); Charset="utf-8" ; x=`:                  {"charset": "utf-8", "x": ""},
		`text/plain; name=my file (1).pdf; x=y`:                      {"name": "my file (1).pdf", "x": "y"},
		`text/plain; name="a;b\"c\\d.pdf"`:                           {"name": `a;b"c\d.pdf`},
		`text/plain; name="C:\tmp\a.pdf"`:                            {"name": `C:\tmp\a.pdf`},
		`text/plain; name="open`:                                     {"name": "open"},
		`text/plain; name=a; name=b`:                                 {"name": "a"},
		`text/plain; name="=?utf-8?Q?=C3=84.pdf?="`:                  {"name": "Ä.pdf"},
		`text/plain; name*=utf-8''%C3%84%20b.pdf; name=x`:            {"name": "Ä b.pdf"},
		`text/plain; name*=iso-8859-1'de'%C4.pdf`:                    {"name": "Ä.pdf"},
		`text/plain; name*0="a;"; name*1=b; name*2*=%20c; name*4=no`: {"name": "a;b c"},
		`text/plain; name*1=b; name*0*=utf-8''%C3; name*1*=%84`:      {"name": "Ãb"},
		`text/plain; name*x=a; name*999=b`:                           {"name*x": "a", "name*999": "b"},
		`text/plain;;; =x; y`:                                        {},
		`text/plain`:                                                 {},
	} {
		first, got := parseValue(in)
		if first != "text/plain" || !maps.Equal(got, want) {
			t.Errorf("%s: %q %q, should be %q", in, first, got, want)
		}
	}
}

func FuzzParseValue(f *testing.F) {
	f.Add(`multipart/mixed (x); boundary="a;b\"c"; name*0*=utf-8''%C3; name*1=x; name=my file.pdf`)
	f.Fuzz(func(t *testing.T, s string) {
		first, all := parseValue(s)
		if strings.Contains(first, ";") || len(all) > maxParams {
			t.Errorf("%q, %d parameters", first, len(all))
		}
		name, _, _ := strings.Cut(fileName(all["filename"]+all["name"], first), "\x00")
		checkName(t, name)
	})
}

func TestFileName(t *testing.T) {
	for in, want := range map[string]string{
		"a.pdf":                              "a.pdf",
		"../../etc/passwd":                   "passwd",
		`C:\temp\a.pdf`:                      "a.pdf",
		"a\u202Egnp.exe":                     "agnp.exe",
		".htaccess":                          "htaccess",
		"...":                                "file.png",
		"":                                   "file.png",
		"/":                                  "file.png",
		" a  b .txt ":                        "a b .txt",
		"a:b|c?.txt":                         "a_b_c_.txt",
		"a\r\nb\x00.txt":                     "a b.txt",
		strings.Repeat("ä", 300) + ".tar.gz": strings.Repeat("ä", 117) + ".gz",
		"x." + strings.Repeat("y", 300):      "x." + strings.Repeat("y", 118),
	} {
		if got := fileName(in, "image/png"); got != want {
			t.Errorf("%q: %q, should be %q", in, got, want)
		}
	}
}

// The type of a file is found in it, whatever the mail claims.
func TestFileType(t *testing.T) {
	for _, c := range []struct{ data, claimed, want string }{
		{"\x89PNG\r\n\x1a\n", "text/plain", "image/png"},
		{"<html><script>", "image/png", "text/html"},
		{"%PDF-1.4", "image/png", "application/pdf"},
		{"a,b", "text/csv", "text/csv"},
		{"<html>", "text/csv", "text/html"},
		{"\x00\x01", "image/svg+xml", "application/octet-stream"},
	} {
		if got := fileType([]byte(c.data), c.claimed); got != c.want {
			t.Errorf("%q as %s: %s", c.data, c.claimed, got)
		}
	}
}

func TestCutAt(t *testing.T) {
	for _, c := range []struct {
		name, body string
		want       []string
		finished   bool
	}{
		{"usual", "preamble\r\n--b\r\n\r\none\r\n--b\r\n\r\ntwo\r\n--b--\r\nepilogue", []string{"\r\none", "\r\ntwo"}, true},
		{"lines of Unix", "--b\n\none\n--b--\n", []string{"\none"}, true},
		{"no end", "--b\r\none\r\n--b\r\ntwo\r\n", []string{"one", "two\r\n"}, false},
		{"a longer boundary of another part", "--b\r\n--b2\r\none\r\n--b2--\r\n--b--", []string{"--b2\r\none\r\n--b2--"}, true},
		{"in the middle of a line", "--b\r\none --b\r\n--b--", []string{"one --b"}, true},
		{"blanks behind it", "--b \t\r\none\r\n--b-- \r\n", []string{"one"}, true},
		{"an empty part", "--b\r\n--b--\r\n", []string{""}, true},
		{"nowhere", "one", nil, false},
		{"an end alone", "--b--", nil, true},
	} {
		pieces, finished := cutAt([]byte(c.body), "b", 10)
		var got []string
		for _, p := range pieces {
			got = append(got, string(p))
		}
		if !slices.Equal(got, c.want) || finished != c.finished {
			t.Errorf("%s: %q %v", c.name, got, finished)
		}
	}
}

// Control characters in quoted-printable text do not end it; what follows base64 in clear does.
func TestDecode(t *testing.T) {
	for _, c := range []struct {
		encoding, body, want string
		broken               bool
	}{
		{"quoted-printable", "a=3D\x1b[1mb\x00c=\r\nd", "a=[1mbcd", false},
		{"Quoted-Printable; x", "a=20b=ZZ", "a b=ZZ", false},
		{"base64", " QUJD\r\n\tREVG\r\n", "ABCDEF", false},
		{"base64", "QUJDREVG\r\n_____\r\nlist", "ABCDEF", true},
		{"x-uuencode", "begin 644", "begin 644", true},
		{"", "a=3D", "a=3D", false},
	} {
		found := &flaws{}
		r := tree{flaws: found}
		p := &part{header: header{{"content-transfer-encoding", c.encoding}}, body: []byte(c.body)}
		if got := string(r.decode(p, 100)); got != c.want || slices.Contains(found.list, Broken) != c.broken {
			t.Errorf("%s: %q %v", c.encoding, got, found.list)
		}
	}
	r := tree{flaws: &flaws{}}
	if got := r.decode(&part{body: []byte("abcdef")}, 3); len(got) != 4 {
		t.Errorf("limit 3, and one more: %q", got)
	}
}

func TestUnflow(t *testing.T) {
	for _, c := range []struct {
		name, in, want string
		delsp          bool
	}{
		{"a paragraph", "one \ntwo \nthree\nfour", "one two three\nfour", false},
		{"with delsp", "on \ne\ntwo", "one\ntwo", true},
		{"stuffed", "one\n From: x\n > y", "one\nFrom: x\n> y", false},
		{"quotes of two depths", "> a \n> b\n>> c \n> d\ne", "> a b\n>> c \n> d\ne", false},
		{"a signature", "one \n-- \nAnn", "one \n-- \nAnn", false},
		{"lines of Windows", "one \r\ntwo\r\n", "one two\n", false},
		{"an empty line ends", "one \n\ntwo", "one \ntwo", false},
	} {
		if got := unflow(c.in, c.delsp); got != c.want {
			t.Errorf("%s: %q, should be %q", c.name, got, c.want)
		}
	}
}

func FuzzUnflow(f *testing.F) {
	f.Add("one \r\n> two \r\n>> three\r\n-- \r\n From x", true)
	f.Fuzz(func(t *testing.T, s string, delsp bool) {
		if got := unflow(s, delsp); len(got) > 2*len(s)+2 {
			t.Errorf("%d bytes became %d", len(s), len(got))
		}
	})
}

func TestToUTF8(t *testing.T) {
	for _, c := range []struct{ bytes, charset, want string }{
		{"h\xe9llo", "x-foo", "héllo"},
		{"h\xe9llo", "", "héllo"},
		{"h\xc3\xa9llo", "", "héllo"},
		{"h\xc3\xa9llo", "x-foo", "héllo"},
		{"h\xc3\xa9llo", "iso-8859-1", "héllo"},
		{"\x80 5", "ISO-8859-1", "€ 5"},
		{"h\xe9llo", "utf-8", "héllo"},
		{"h\xc3\xa9llo \xc3\xa9 \xff", "utf-8", "héllo é \uFFFD"},
		{"\xe9F", "gb2312", "镕"},
		{"\xb0\xa1", "ks_c_5601-1987", "가"},
		{"\x93\xfa\x96\x7b", "cp932", "日本"},
		{"\xcf\xf0\xe8\xe2\xe5\xf2", "windows-1251", "Привет"},
		{"\xf0\xd2\xc9\xd7\xc5\xd4", "koi8-r", "Привет"},
		{"+ADw-script+AD4-", "utf-7", "+ADw-script+AD4-"},
		{"\x00h\x00i", "utf-16be", "hi"},
	} {
		if got := toUTF8([]byte(c.bytes), c.charset); got != c.want {
			t.Errorf("%q in %s: %q, should be %q", c.bytes, c.charset, got, c.want)
		}
	}
	if got := htmlToUTF8([]byte("<meta charset=koi8-r><p>\xf0\xd2\xc9\xd7\xc5\xd4"), ""); !strings.Contains(got, "Привет") {
		t.Errorf("the page's own charset: %q", got)
	}
}

func FuzzToUTF8(f *testing.F) {
	for _, name := range []string{"utf-8", "iso-2022-jp", "gb18030", "utf-16", "hz-gb-2312", "iso-2022-kr", "x-foo"} {
		f.Add([]byte("\x1b$B\xff~{"), name)
	}
	f.Fuzz(func(t *testing.T, b []byte, name string) {
		for _, s := range []string{toUTF8(b, name), htmlToUTF8(b, name)} {
			if len(s) > 12*len(b)+12 {
				t.Errorf("%d bytes became %d", len(b), len(s))
			}
			if strings.ToValidUTF8(s, "") != s {
				t.Errorf("not UTF-8: %q", s)
			}
		}
	})
}
