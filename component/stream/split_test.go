package stream

import (
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	xmppstream "mellium.im/xmpp/stream"
)

// pieces splits the whole input and says in words what came out.
func pieces(r io.Reader, max int) (got []string) {
	s := newSplitter(r, max)
	for {
		el, err := s.next()
		switch {
		case err == nil:
			got = append(got, string(el))
		case errors.Is(err, ErrTooLarge):
			got = append(got, "too large: "+string(el))
		default:
			return append(got, err.Error())
		}
	}
}

const (
	cut   = "read stream: unexpected EOF"
	limit = 40
)

func TestSplitter(t *testing.T) {
	long := strings.Repeat("x", 100)
	for name, c := range map[string]struct {
		in   string
		want []string
	}{
		"nothing":                  {"", []string{cut}},
		"two stanzas":              {"<a/><b>x</b>", []string{"<a/>", "<b>x</b>", cut}},
		"white space between":      {" \n<a/>\t\r\n <b/> ", []string{"<a/>", "<b/>", cut}},
		"end of stream":            {"<a/></stream:stream>", []string{"<a/>", "EOF"}},
		"end of stream with space": {"</stream:stream >", []string{"EOF"}},
		"some other end tag":       {"</a>", []string{"split stream: end tag without start: not-well-formed"}},
		"nested":                   {"<a><a><b/></a></a><c/>", []string{"<a><a><b/></a></a>", "<c/>", cut}},
		"'>' in value":             {`<a b='>' c=">"/><d/>`, []string{`<a b='>' c=">"/>`, "<d/>", cut}},
		"'/>' in value":            {`<a b='/>'><c/></a>`, []string{`<a b='/>'><c/></a>`, cut}},
		"'/' at the end of value":  {`<a b='/'></a>`, []string{`<a b='/'></a>`, cut}},
		"other quote in value":     {`<a b='"' c="'">></a>`, []string{`<a b='"' c="'">></a>`, cut}},
		"tags in CDATA":            {"<a><![CDATA[</a>]></a>]]></a>", []string{"<a><![CDATA[</a>]></a>]]></a>", cut}},
		"many brackets":            {"<a><![CDATA[]]]]]></a>", []string{"<a><![CDATA[]]]]]></a>", cut}},
		"tags in a comment":        {"<a><!-- </a>->--></a><b/>", []string{"<a><!-- </a>->--></a>", "<b/>", cut}},
		"tags in an instruction":   {"<a><?x </a>??></a><b/>", []string{"<a><?x </a>??></a>", "<b/>", cut}},
		"unbalanced is told later": {"<a><b></a></b><c/>", []string{"<a><b></a></b>", "<c/>", cut}},
		"text between":             {"<a/>x<b/>", []string{"<a/>", "split stream: text between stanzas: not-well-formed"}},
		"comment between":          {"<a/><!-- -->", []string{"<a/>", "split stream: restricted-xml"}},
		"instruction between":      {"<?xml version='1.0'?>", []string{"split stream: restricted-xml"}},
		"DOCTYPE":                  {"<!DOCTYPE a>", []string{"split stream: restricted-xml"}},
		"declaration inside":       {"<a><!ENTITY b 'c'></a>", []string{"split stream: restricted-xml"}},
		"CDATA misspelt":           {"<a><![CDATa[]]></a>", []string{"split stream: restricted-xml"}},
		"cut in a tag":             {"<a b='", []string{cut}},
		"cut in an element":        {"<a><b/>", []string{cut}},
		"as large as allowed":      {"<a>" + long[:33] + "</a><b/>", []string{"<a>" + long[:33] + "</a>", "<b/>", cut}},
		"one byte too large":       {"<a>" + long[:34] + "</a><b/>", []string{"too large: <a>" + long[:34] + "</a", "<b/>", cut}},
		"much too large":           {"<a>" + long + "<b><![CDATA[</a>" + long + "]]></b></a><b/>", []string{"too large: <a>" + long[:37], "<b/>", cut}},
		"too large, then the end":  {"<a>" + long + "</a></stream:stream>", []string{"too large: <a>" + long[:37], "EOF"}},
		"large start tag":          {"<a b='" + long + "' c='>'/><b/>", []string{"too large: <a b='" + long[:34], "<b/>", cut}},
		"too large, cut":           {"<a>" + long, []string{cut}},
		"DOCTYPE in what is large": {"<a>" + long + "<!DOCTYPE></a>", []string{"split stream: restricted-xml"}},
	} {
		t.Run(name, func(t *testing.T) {
			if got := pieces(strings.NewReader(c.in), limit); !slices.Equal(got, c.want) {
				t.Errorf("in one piece: %q, want %q", got, c.want)
			}
			if got := pieces(iotest.OneByteReader(strings.NewReader(c.in)), limit); !slices.Equal(got, c.want) {
				t.Errorf("byte by byte: %q, want %q", got, c.want)
			}
			if got := pieces(iotest.DataErrReader(strings.NewReader(c.in)), limit); !slices.Equal(got, c.want) {
				t.Errorf("error with the last bytes: %q, want %q", got, c.want)
			}
		})
	}
}

func TestSplitter_Errors(t *testing.T) {
	for in, want := range map[string]error{
		"</stream:stream>": io.EOF,
		"<a>":              io.ErrUnexpectedEOF,
		"<!DOCTYPE a>":     xmppstream.RestrictedXML,
		"x":                xmppstream.NotWellFormed,
	} {
		if _, err := newSplitter(strings.NewReader(in), limit).next(); !errors.Is(err, want) {
			t.Errorf("%s: %v, want %v", in, err, want)
		}
	}
	if _, err := newSplitter(stuck{}, limit).next(); !errors.Is(err, io.ErrNoProgress) {
		t.Errorf("reader that gives nothing: %v", err)
	}
}

type stuck struct{}

func (stuck) Read([]byte) (int, error) { return 0, nil }

// The buffer stays bounded, however large a stanza is.
func TestSplitter_Memory(t *testing.T) {
	const max = 100 << 10
	huge := io.MultiReader(strings.NewReader("<a>"), io.LimitReader(&endless{s: strings.Repeat("<b>x</b>", 1<<10)}, 8<<20), strings.NewReader("</a>"))
	largest := strings.NewReader("<c>" + strings.Repeat("x", max-7) + "</c>")
	s := newSplitter(io.MultiReader(huge, largest), max)
	if _, err := s.next(); !errors.Is(err, ErrTooLarge) {
		t.Fatal(err)
	}
	if el, err := s.next(); err != nil || len(el) != max {
		t.Fatalf("%d bytes, %v", len(el), err)
	}
	if cap(s.buf) > max+2*readSize {
		t.Errorf("buffer of %d bytes", cap(s.buf))
	}
}

// endless reads as copies of itself without end.
type endless struct {
	s  string
	at int
}

func (r *endless) Read(p []byte) (n int, err error) {
	for n < len(p) {
		c := copy(p[n:], r.s[r.at:])
		n += c
		r.at = (r.at + c) % len(r.s)
	}
	return n, nil
}

// The splitter never panics, and it finds the same however the input is cut.
func FuzzSplit(f *testing.F) {
	f.Add([]byte(chat + " " + chat + "</stream:stream>"))
	for _, xml := range refusals() {
		f.Add([]byte("<x>" + xml + "</x><y/>"))
	}
	f.Add([]byte("<a><![CDATA[]]]]><!----><??>></a>"))
	f.Fuzz(func(t *testing.T, in []byte) {
		whole := pieces(strings.NewReader(string(in)), limit)
		bytewise := pieces(iotest.OneByteReader(strings.NewReader(string(in))), limit)
		if !slices.Equal(whole, bytewise) {
			t.Fatalf("in one piece %q, byte by byte %q", whole, bytewise)
		}
		halves := pieces(iotest.HalfReader(strings.NewReader(string(in))), limit)
		if !slices.Equal(whole, halves) {
			t.Fatalf("in one piece %q, in halves %q", whole, halves)
		}
	})
}

func BenchmarkSplit(b *testing.B) {
	s := newSplitter(&endless{s: chat}, 512<<10)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := s.next(); err != nil {
			b.Fatal(err)
		}
	}
}
