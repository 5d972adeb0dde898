package letter

import (
	"bytes"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/emersion/go-message/charset"
	htmlcharset "golang.org/x/net/html/charset"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
)

// wider are charsets that mails claim while they use a larger one, as browsers know too (WHATWG Encoding
// §4.2), and names that no table has.
var wider = map[string]string{
	"gb2312": "gb18030", "gb_2312-80": "gb18030", "gbk": "gb18030", "cp936": "gb18030", "x-gbk": "gb18030",
	"ks_c_5601": "euc-kr", "ks_c_5601-1987": "euc-kr", "ksc5601": "euc-kr", "cp949": "euc-kr",
	"iso-8859-1": "windows-1252", "iso8859-1": "windows-1252", "latin1": "windows-1252", "cp1252": "windows-1252", "ansi": "windows-1252",
	"iso-8859-9": "windows-1254", "tis-620": "windows-874", "cp932": "shift_jis", "utf8": "utf-8", "utf_8": "utf-8",
}

// toUTF8 makes text of bytes in the charset that a mail names for them. An unknown charset, and none at
// all, are taken for UTF-8 where the bytes allow it, else for windows-1252, in which every byte is a
// character. UTF-7 is unknown on purpose: with it, markup hides from everybody who looks at the bytes.
func toUTF8(b []byte, name string) string {
	name = strings.ToLower(strings.TrimSpace(name))
	if to, ok := wider[name]; ok {
		name = to
	}
	switch name {
	case "", "us-ascii", "ascii", "utf-8":
		return guessed(b)
	case "windows-1252":
		if utf8.Valid(b) {
			return string(b) // what claims Latin-1 and is valid UTF-8 is UTF-8 in practice
		}
	}
	r, err := charset.Reader(name, bytes.NewReader(b))
	if err != nil {
		return guessed(b)
	}
	text, err := io.ReadAll(r)
	if err != nil && len(text) == 0 {
		return guessed(b)
	}
	return strings.ToValidUTF8(string(text), "\uFFFD")
}

// guessed makes text of bytes that are UTF-8 if anything says so.
func guessed(b []byte) string {
	if utf8.Valid(b) || multibyte(b) {
		return strings.ToValidUTF8(string(b), "\uFFFD")
	}
	text, _ := charmap.Windows1252.NewDecoder().Bytes(b) // any byte is a character
	return string(text)
}

// multibyte reports whether more of the bytes above ASCII belong to characters of UTF-8 than not.
func multibyte(b []byte) bool {
	good, bad := 0, 0
	for len(b) > 0 {
		r, n := utf8.DecodeRune(b)
		switch {
		case r == utf8.RuneError && n == 1:
			bad++
		case n > 1:
			good += n
		}
		b = b[n:]
	}
	return good > bad
}

// htmlToUTF8 makes text of an HTML page. Without a charset in the mail's header the page's own <meta> counts.
func htmlToUTF8(b []byte, name string) string {
	if name != "" || utf8.Valid(b) {
		return toUTF8(b, name)
	}
	var e encoding.Encoding
	e, name, _ = htmlcharset.DetermineEncoding(b, "text/html")
	if name == "utf-8" {
		return guessed(b)
	}
	text, err := e.NewDecoder().Bytes(b)
	if err != nil {
		return guessed(b)
	}
	return strings.ToValidUTF8(string(text), "\uFFFD")
}
