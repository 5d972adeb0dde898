package stream

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestAppend(t *testing.T) {
	for name, c := range map[string]struct {
		e    *Element
		want string
	}{
		"empty":                      {New("", "a"), `<a/>`},
		"text":                       {Text("", "a", `<>&"'`), `<a>&lt;&gt;&amp;"'</a>`},
		"value":                      {New("", "a").With("b", `<>&"'`), `<a b="&lt;&gt;&amp;&quot;&apos;"/>`},
		"breaks in text":             {Text("", "a", "1\n2\t3\r4"), "<a>1\n2\t3&#13;4</a>"},
		"breaks in value":            {New("", "a").With("b", "1\n2\t3\r4"), `<a b="1&#10;2&#9;3&#13;4"/>`},
		"illegal characters":         {Text("", "a", "\x00\x0b\x1f\x7f\ufffe\uffff"), "<a>\ufffd\ufffd\ufffd\x7f\ufffd\ufffd</a>"},
		"bad UTF-8":                  {Text("", "a", "a\xffb\xc3"), "<a>a\ufffdb\ufffd</a>"},
		"surrogate as UTF-8":         {Text("", "a", "\xed\xa0\x80"), "<a>\ufffd\ufffd\ufffd</a>"},
		"beyond ASCII":               {Text("", "a", "ä💡\ufffd"), "<a>ä💡\ufffd</a>"},
		"]]>":                        {Text("", "a", "]]>"), "<a>]]&gt;</a>"},
		"xmlns where it changes":     {New("", "a", New("urn:b", "b", New("", "c"), New("urn:b", "d"), New(NSClient, "e"))), `<a><b xmlns="urn:b"><c/><d/><e xmlns="jabber:client"/></b></a>`},
		"stanza namespaces are one":  {New(NSClient, "a", New(NSAccept, "b")), `<a><b/></a>`},
		"back to no namespace":       {New("urn:a", "a", New(NoNamespace, "b", New("", "c"))), `<a xmlns="urn:a"><b xmlns=""><c/></b></a>`},
		"xmlns is escaped":           {New(`"&`, "a"), `<a xmlns="&quot;&amp;"/>`},
		"xml:lang":                   {New("", "a").With("xml:lang", "de"), `<a xml:lang="de"/>`},
		"foreign attribute":          {&Element{Local: "a", Attr: []Attr{{"urn:x", "b", "1"}}}, `<a xmlns:n0="urn:x" n0:b="1"/>`},
		"empty attribute":            {&Element{Local: "a", Attr: []Attr{{"", "b", ""}}}, `<a b=""/>`},
		"bad element name":           {Text("", "a b", "x"), `<_>x</_>`},
		"no element name":            {New("", ""), `<_/>`},
		"bad attribute names":        {&Element{Local: "a", Attr: []Attr{{"", "", "1"}, {"", "b c", "1"}, {"", "p:b", "1"}, {"", "xmlns", "1"}, {nsXMLNS, "p", "1"}, {"\x01", "p", "1"}}}, `<a/>`},
		"repeated attribute":         {&Element{Local: "a", Attr: []Attr{{"", "b", "1"}, {"", "b", "2"}}}, `<a b="1"/>`},
		"nil children":               {New("", "a", nil, New("", "b"), nil), `<a><b/></a>`},
		"undeclarable namespace":     {New(NSXML, "a"), `<a/>`},
		"text goes before children":  {&Element{Local: "a", Text: "x", Children: []*Element{New("", "b")}}, `<a>x<b/></a>`},
		"With sets again and undoes": {New("", "a").With("b", "1", "c", "2", "b", "3", "c", "", "d", "", "e"), `<a b="3"/>`},
	} {
		t.Run(name, func(t *testing.T) {
			got := c.e.Append([]byte("x"))
			if string(got) != "x"+c.want {
				t.Fatalf("got  %s\nwant x%s", got, c.want)
			}
			e, err := Parse(got[1:])
			if err != nil {
				t.Fatal(err)
			}
			if err := sameAsStandard(got[1:], e); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestElement_Reading(t *testing.T) {
	e, err := Parse([]byte(`<iq id='1'><q xmlns='urn:q'><i n='1'/><i n='2'/></q><body>x</body><p:body xmlns:p='urn:p'>y</p:body></iq>`))
	if err != nil {
		t.Fatal(err)
	}
	built := New("", "iq", New("urn:q", "q", New("", "i").With("n", "1")))
	var none *Element
	for what, c := range map[string][2]string{
		"attribute":                {e.Get("id"), "1"},
		"absent attribute":         {e.Get("to"), ""},
		"child by namespace":       {e.ChildText("urn:p", "body"), "y"},
		"child in own namespace":   {e.ChildText("", "body"), "x"},
		"absent child":             {e.ChildText("urn:z", "body"), ""},
		"first of several":         {e.Child("urn:q", "q").Child("urn:q", "i").Get("n"), "1"},
		"own namespace of a child": {e.Child("urn:q", "q").Child("", "i").Get("n"), "1"},
		"foreign child is not own": {e.ChildText("", "q"), ""},
		"built, by namespace":      {built.Child("urn:q", "q").Child("urn:q", "i").Get("n"), "1"},
		"built, own namespace":     {built.Child("urn:q", "q").Child("", "i").Get("n"), "1"},
		"nil element":              {none.Child("", "a").ChildText("", "b") + none.Get("c"), ""},
	} {
		if c[0] != c[1] {
			t.Errorf("%s: %q, want %q", what, c[0], c[1])
		}
	}
}

// clean returns what Append may write of a string.
func clean(s string) string {
	return strings.Map(func(r rune) rune {
		if isChar(r) {
			return r
		}
		return utf8.RuneError
	}, s)
}

// normal returns what Parse makes of an element that was built and written: its
// namespaces are spelled out, its strings are clean, and what can't be written is
// left out.
func normal(e *Element, outer, outerURI string) *Element {
	n := &Element{Space: outer, Local: e.Local, Text: clean(e.Text)}
	uri := outerURI
	if changes(e.Space, outerURI) {
		uri = e.Space
		n.Space = clean(uri)
		if uri == NoNamespace {
			n.Space = uri
		} else if outer == "" && isStanzaSpace(uri) {
			n.Space = ""
		}
	}
	if !isName(e.Local) || e.Local == "xmlns" {
		n.Local = "_"
	}
	for i := range e.Attr {
		a := e.Attr[i]
		if len(e.appendAttr(nil, i)) > 0 {
			n.Attr = append(n.Attr, Attr{a.Space, a.Local, clean(a.Value)})
		}
	}
	for _, c := range e.Children {
		if c != nil {
			n.Children = append(n.Children, normal(c, n.Space, uri))
		}
	}
	return n
}

// Whatever the strings are, Parse and encoding/xml accept what Append writes, and
// read the same element.
func FuzzAppend(f *testing.F) {
	f.Add("hello", "urn:x", "body", "id", "urn:y", "1")
	f.Add("\x0b\ufffe\xff", "\x00", "a:b", "xmlns", NSXML, "\r\n\t")
	f.Add("]]>&#1;", NSClient, "xmlns", "xml", nsXMLNS, "'\"")
	f.Add("<!-- -->", NSXML, "xml", "n0", NSAccept, "")
	f.Fuzz(func(t *testing.T, text, space, local, name, attrSpace, value string) {
		e := New("", "message",
			&Element{Space: space, Local: local, Text: text, Attr: []Attr{{"", name, value}, {attrSpace, name, value}, {attrSpace, name, text}},
				Children: []*Element{Text("", "body", value), New(attrSpace, name, New(space, local)), nil}},
			New(space, "q", New(NSClient, local), New(NSAccept, "b", New("", "c")))).
			With("id", value, name, text)
		out := e.Append(nil)
		got, err := Parse(out)
		if err != nil {
			t.Fatalf("Parse: %v in %q", err, out)
		}
		if err := sameAsStandard(out, got); err != nil {
			t.Fatalf("%v in %q", err, out)
		}
		if want := normal(e, "", NSAccept); !equal(got, want) {
			t.Fatalf("got %+v\nwant %+v\nin %q", got, want, out)
		}
	})
}

// encoding/xml accepts whatever Parse accepts, and reads the same element. The
// element can be written and read again, and the splitter finds its end.
func FuzzParse(f *testing.F) {
	f.Add([]byte(chat))
	for _, xml := range refusals() {
		f.Add([]byte(xml))
	}
	f.Add([]byte(`<a xmlns:p='urn:p' p:b="&#x1F4A1;&lt;"><![CDATA[<]]>]<p:c xmlns=''><d/></p:c></a >`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		e, err := Parse(raw)
		if err != nil {
			return
		}
		if err := sameAsStandard(raw, e); err != nil {
			t.Fatal(err)
		}
		again, err := Parse(e.Append(nil))
		if err != nil || !equal(e, again) {
			t.Fatalf("%v: %s", err, e.Append(nil))
		}
		el, err := newSplitter(strings.NewReader(string(raw)), len(raw)).next()
		if err != nil || string(el) != string(raw) {
			t.Fatalf("splitter: %q, %v", el, err)
		}
	})
}

func BenchmarkAppend(b *testing.B) {
	e, err := Parse([]byte(chat))
	if err != nil {
		b.Fatal(err)
	}
	var buf []byte
	b.ReportAllocs()
	for b.Loop() {
		buf = e.Append(buf[:0])
	}
}
