package stream

import (
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"
)

// chat is a message as Prosody relays it from a client.
const chat = `<message xml:lang='en' to='anna-7k2f@support.example.org' from='xavi@example.org/Conversations.x7Aq' id='5a9d6f3e-1c0b-4b9e-9d53-2f3a8c1f6f20' type='chat'>` +
	`<body>Good morning, which course are you asking about?</body><active xmlns='http://jabber.org/protocol/chatstates'/>` +
	`<request xmlns='urn:xmpp:receipts'/><markable xmlns='urn:xmpp:chat-markers:0'/>` +
	`<origin-id xmlns='urn:xmpp:sid:0' id='5a9d6f3e-1c0b-4b9e-9d53-2f3a8c1f6f20'/></message>`

func TestParse_Chat(t *testing.T) {
	e, err := Parse([]byte(chat))
	if err != nil {
		t.Fatal(err)
	}
	want := New("", "message",
		Text("", "body", "Good morning, which course are you asking about?"),
		New("http://jabber.org/protocol/chatstates", "active"),
		New("urn:xmpp:receipts", "request"),
		New("urn:xmpp:chat-markers:0", "markable"),
		New("urn:xmpp:sid:0", "origin-id").With("id", "5a9d6f3e-1c0b-4b9e-9d53-2f3a8c1f6f20"),
	).With("xml:lang", "en", "to", "anna-7k2f@support.example.org", "from", "xavi@example.org/Conversations.x7Aq",
		"id", "5a9d6f3e-1c0b-4b9e-9d53-2f3a8c1f6f20", "type", "chat")
	if !equal(e, want) {
		t.Errorf("got %s, want %s", e.Append(nil), want.Append(nil))
	}
}

// equal compares trees. A nil slice equals an empty one.
func equal(a, b *Element) bool {
	if a.Space != b.Space || a.Local != b.Local || a.Text != b.Text ||
		len(a.Attr) != len(b.Attr) || len(a.Children) != len(b.Children) ||
		len(a.Attr) > 0 && !reflect.DeepEqual(a.Attr, b.Attr) {
		return false
	}
	for i := range a.Children {
		if !equal(a.Children[i], b.Children[i]) {
			return false
		}
	}
	return true
}

func TestParse_Accepts(t *testing.T) {
	for name, c := range map[string]struct {
		xml  string
		want *Element
	}{
		"empty":                  {`<a/>`, New("", "a")},
		"empty with end tag":     {`<a></a>`, New("", "a")},
		"space in tags":          {"<a\n b = 'c'\t></a >", New("", "a").With("b", "c")},
		"name characters":        {`<_a-b.C9 x_.-1='1'/>`, New("", "_a-b.C9").With("x_.-1", "1")},
		"entities":               {`<a b="&lt;&gt;&amp;&quot;&apos;">&lt;&gt;&amp;&quot;&apos;</a>`, Text("", "a", `<>&"'`).With("b", `<>&"'`)},
		"references":             {`<a>&#65;&#x42;&#0067;&#x1F4A1;&#9;</a>`, Text("", "a", "ABC💡\t")},
		"'>' in value":           {`<a b='>'/>`, New("", "a").With("b", ">")},
		"'>' in text":            {`<a>a>b]]</a>`, Text("", "a", "a>b]]")},
		"quote in other quote":   {`<a b='"' c="'"/>`, New("", "a").With("b", `"`, "c", "'")},
		"CDATA":                  {`<a>x<![CDATA[<b>&amp;]]]]>y<![CDATA[]]></a>`, Text("", "a", "x<b>&amp;]]y")},
		"line ends":              {"<a b='1\r\n2\r3'>1\r\n2\r3<![CDATA[\r\n]]></a>", Text("", "a", "1\n2\n3\n").With("b", "1\n2\n3")},
		"text around children":   {`<a>1<b>x</b>2<b/>3</a>`, &Element{Local: "a", Text: "123", Children: []*Element{Text("", "b", "x"), New("", "b")}}},
		"client namespace":       {`<a xmlns='jabber:client'><b/></a>`, New("", "a", New("", "b"))},
		"component namespace":    {`<a xmlns='jabber:component:accept'/>`, New("", "a")},
		"foreign inherited":      {`<a><q xmlns='urn:q'><i/></q><b/></a>`, New("", "a", New("urn:q", "q", New("urn:q", "i")), New("", "b"))},
		"client inside foreign":  {`<a><f xmlns='urn:f'><m xmlns='jabber:client'><b/></m></f></a>`, New("", "a", New("urn:f", "f", New("jabber:client", "m", New("jabber:client", "b"))))},
		"no namespace":           {`<a><b xmlns=''><c/></b></a>`, New("", "a", New(NoNamespace, "b", New(NoNamespace, "c")))},
		"prefixes":               {`<p:a xmlns:p='urn:p'><p:b/><c/></p:a>`, New("urn:p", "a", New("urn:p", "b"), New(NSAccept, "c"))},
		"prefix declared behind": {`<a p:x='1' xmlns:p='urn:p'/>`, &Element{Local: "a", Attr: []Attr{{"urn:p", "x", "1"}}}},
		"prefix out of scope":    {`<a><b xmlns:p='urn:1' p:x='1'/><b xmlns:p='urn:2' p:x='1'/></a>`, New("", "a", &Element{Local: "b", Attr: []Attr{{"urn:1", "x", "1"}}}, &Element{Local: "b", Attr: []Attr{{"urn:2", "x", "1"}}})},
		"same name, other space": {`<a x='1' p:x='2' xmlns:p='urn:p'/>`, &Element{Local: "a", Attr: []Attr{{"", "x", "1"}, {"urn:p", "x", "2"}}}},
		"xml:lang":               {`<a xml:lang='de'/>`, &Element{Local: "a", Attr: []Attr{{NSXML, "lang", "de"}}}},
		"stream prefix":          {`<stream:error><x xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error>`, New(NSStreams, "error", New(NSError, "x"))},
	} {
		t.Run(name, func(t *testing.T) {
			e, err := Parse([]byte(c.xml))
			if err != nil {
				t.Fatal(err)
			}
			if !equal(e, c.want) {
				t.Errorf("got %s, want %s", e.Append(nil), c.want.Append(nil))
			}
			if err := sameAsStandard([]byte(c.xml), e); err != nil {
				t.Error(err)
			}
		})
	}
}

// refusals returns, by name, what XML, its namespaces or RFC 6120 §11.1 forbid, and
// what XMPP servers end a stream for.
func refusals() map[string]string {
	many := ""
	for i := range maxAttrs + 1 {
		many += fmt.Sprintf(" a%d=''", i)
	}
	return map[string]string{
		"nothing":                      ``,
		"text":                         `a`,
		"text before":                  ` <a/>`,
		"text behind":                  `<a/> `,
		"not an element":               `xa/>`,
		"two elements":                 `<a/><b/>`,
		"no name":                      `<>`,
		"end tag":                      `</a>`,
		"unfinished start tag":         `<a b='c'`,
		"unfinished empty tag":         `<a/`,
		"unfinished value":             `<a b='c>`,
		"unfinished element":           `<a><b/>`,
		"unfinished text":              `<a>b`,
		"unfinished end tag":           `<a></a`,
		"mismatched tags":              `<a></b>`,
		"crossed tags":                 `<a><b></a></b>`,
		"mismatched prefix":            `<p:a xmlns:p='urn:p' xmlns:q='urn:p'></q:a>`,
		"space before name":            `< a/>`,
		"attribute in end tag":         `<a></a b='c'>`,
		"name beginning with digit":    `<1/>`,
		"name that is not ASCII":       `<ä/>`,
		"attribute without value":      `<a b/>`,
		"attribute without quotes":     `<a b=c/>`,
		"attributes without space":     `<a b='1'c='2'/>`,
		"'<' in value":                 `<a b='<'/>`,
		"comment":                      `<a><!-- b --></a>`,
		"processing instruction":       `<a><?b?></a>`,
		"DOCTYPE":                      `<!DOCTYPE a><a/>`,
		"declaration inside":           `<a><!ENTITY b 'c'></a>`,
		"XML declaration":              `<?xml version='1.0'?><a/>`,
		"unfinished CDATA":             `<a><![CDATA[b</a>`,
		"CDATA in lower case":          `<a><![cdata[b]]></a>`,
		"']]>' in text":                `<a>]]></a>`,
		"unknown entity":               `<a>&nbsp;</a>`,
		"entity in capitals":           `<a>&LT;</a>`,
		"empty entity":                 `<a>&;</a>`,
		"bare ampersand":               `<a>a & b</a>`,
		"bare ampersand in value":      `<a b='&'/>`,
		"reference to nothing":         `<a>&#;</a>`,
		"hex reference to nothing":     `<a>&#x;</a>`,
		"reference in capitals":        `<a>&#X41;</a>`,
		"reference with sign":          `<a>&#+65;</a>`,
		"reference to NUL":             `<a>&#0;</a>`,
		"reference to control":         `<a>&#x0B;</a>`,
		"reference to surrogate":       `<a>&#xD800;</a>`,
		"reference to U+FFFE":          `<a>&#xFFFE;</a>`,
		"reference past Unicode":       `<a>&#x110000;</a>`,
		"reference past 64 bits":       `<a>&#18446744073709551681;</a>`,
		"control character":            "<a>\x0b</a>",
		"NUL":                          "<a>\x00</a>",
		"control character in value":   "<a b='\x01'/>",
		"U+FFFE":                       "<a>\ufffe</a>",
		"U+FFFF in value":              "<a b='\uffff'/>",
		"UTF-8 cut short":              "<a>\xc3</a>",
		"UTF-8 overlong":               "<a>\xc0\xaf</a>",
		"UTF-8 surrogate":              "<a>\xed\xa0\x80</a>",
		"Latin-1":                      "<a>\xe4</a>",
		"duplicate attribute":          `<a b='1' b='2'/>`,
		"duplicate by namespace":       `<a xmlns:p='urn:x' xmlns:q='urn:x' p:b='1' q:b='2'/>`,
		"duplicate xmlns":              `<a xmlns='urn:1' xmlns='urn:2'/>`,
		"duplicate prefix":             `<a xmlns:p='urn:1' xmlns:p='urn:2'/>`,
		"unbound prefix":               `<p:a/>`,
		"unbound attribute prefix":     `<a p:b='1'/>`,
		"prefix of a sibling":          `<a><b xmlns:p='urn:p'/><p:c/></a>`,
		"prefix undone":                `<a xmlns:p=''/>`,
		"two colons":                   `<a:b:c xmlns:a='urn:a'/>`,
		"colon first":                  `<:a/>`,
		"colon last":                   `<a: xmlns:a='urn:a'/>`,
		"prefix xml on element":        `<xml:a/>`,
		"prefix xmlns on element":      `<xmlns:a/>`,
		"element xmlns":                `<xmlns/>`,
		"prefix xml rebound":           `<a xmlns:xml='urn:x'/>`,
		"prefix xmlns bound":           `<a xmlns:xmlns='urn:x'/>`,
		"xml namespace as default":     `<a xmlns='http://www.w3.org/XML/1998/namespace'/>`,
		"xml namespace to prefix":      `<a xmlns:p='http://www.w3.org/XML/1998/namespace'/>`,
		"xmlns namespace as default":   `<a xmlns='http://www.w3.org/2000/xmlns/'/>`,
		"more attributes than allowed": `<a` + many + `/>`,
	}
}

func TestParse_Refuses(t *testing.T) {
	for name, xml := range refusals() {
		t.Run(name, func(t *testing.T) {
			e, err := Parse([]byte(xml))
			var syntax *SyntaxError
			if !errors.As(err, &syntax) {
				t.Fatalf("Parse(%q) = %v, %v, want a *SyntaxError", xml, e, err)
			}
			if syntax.Offset < 0 || syntax.Offset > len(xml) {
				t.Errorf("offset %d of %d", syntax.Offset, len(xml))
			}
		})
	}
}

func TestParse_Limits(t *testing.T) {
	lim := Limits{}.orDefault()
	deep := func(n int) string { return strings.Repeat("<a>", n) + strings.Repeat("</a>", n) }
	many := func(n int) string { return "<a>" + strings.Repeat("<b/>", n-1) + "</a>" }
	for _, c := range []struct {
		name, xml string
		want      error
	}{
		{"as deep as allowed", deep(lim.Depth), nil},
		{"too deep", deep(lim.Depth + 1), ErrTooDeep},
		{"5,000 deep", deep(5000), ErrTooMany}, // or ErrTooDeep, see below
		{"as many as allowed", many(lim.Elements), nil},
		{"too many", many(lim.Elements + 1), ErrTooMany},
	} {
		_, err := Parse([]byte(c.xml))
		if c.name == "5,000 deep" && errors.Is(err, ErrTooDeep) {
			continue
		}
		if !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", c.name, err, c.want)
		}
	}
}

// Text in thousands of pieces must not cost the square of its length.
func TestParse_TextInPieces(t *testing.T) {
	const n = 20000
	e, err := Parse([]byte("<a>" + strings.Repeat("<![CDATA[x]]>y", n) + "</a>"))
	if err != nil || e.Text != strings.Repeat("xy", n) {
		t.Fatalf("%v, %d bytes of text", err, len(e.Text))
	}
	allocs := testing.AllocsPerRun(1, func() {
		_, _ = Parse([]byte("<a>" + strings.Repeat("<![CDATA[x]]>y", n) + "</a>"))
	})
	if allocs > 100 {
		t.Errorf("%v allocations", allocs)
	}
}

func TestHead(t *testing.T) {
	for xml, want := range map[string]*Element{
		`<message from='a@b' to="c@d" id='1' type='chat'><bo`: New("", "message").With("from", "a@b", "to", "c@d", "id", "1", "type", "chat"),
		`<message from='a@b' id='1`:                           New("", "message").With("from", "a@b"),
		`<iq from='a&amp;b' p:to='x' id=`:                     New("", "iq").With("from", "a&b"),
		`<p:iq id='1'/>`:                                      New("", "iq").With("id", "1"),
		`<mess`:                                               New("", "mess"),
		`<`:                                                   New("", ""),
		`<1`:                                                  New("", ""),
	} {
		if got := head([]byte(xml)); !equal(got, want) {
			t.Errorf("head(%s) = %+v, want %+v", xml, got, want)
		}
	}
}

func BenchmarkParse(b *testing.B) {
	raw := []byte(chat)
	p := parser{lim: Limits{}.orDefault()}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := p.parse(raw); err != nil {
			b.Fatal(err)
		}
	}
}
