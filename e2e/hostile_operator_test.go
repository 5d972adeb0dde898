package e2e_test

import (
	"fmt"
	"strings"
	"testing"

	"porchlight/component/stream"
	"porchlight/demo"
	"porchlight/e2e/operator"
)

// TestHostile_OperatorTexts: whatever an operator's client sends reaches the page as text. What
// is no XML costs that client its own connection, and nobody else theirs.
func TestHostile_OperatorTexts(t *testing.T) {
	t.Parallel()
	c := startChat(t, nil)
	for _, text := range []struct{ xml, want string }{ // the content of a <body/>
		{"&lt;b&gt;bold&lt;/b&gt; &amp;lt;i&amp;gt; &amp;#1;", "<b>bold</b> &lt;i&gt; &#1;"},
		{"<![CDATA[<img src=x onerror=alert(1)>]]]]><![CDATA[>]]>", "<img src=x onerror=alert(1)>]]>"},
		{"a&#9;b&#10;c&#13;&#10;d", "a\tb\nc\nd"},
		{"x&#x85;\u0080y\uFDD0\U0001FFFEz", "xy\uFDD0\U0001FFFEz"},
		{"\u202Ereversed\u2066 \u200B.", "reversed \u200B."},
		{"javascript:alert(1) https://example.org/?a=1&amp;b=&lt;x&gt;", "javascript:alert(1) https://example.org/?a=1&b=<x>"},
		{"e\u0301👩‍👩‍👧 &apos;&quot;", "e\u0301👩‍👩‍👧 '\""},
	} {
		c.x.SendXML("<message type='chat' to='" + c.jid + "'><body>" + text.xml + "</body></message>")
		c.page.shows(text.want)
	}
	c.page.wait("no markup", `!`+inPanel(".entry p :is(b, i, img, script)"))
	c.page.wait("one link", thePanel+`.shadowRoot.querySelectorAll(".entry a").length === 1`)
	c.page.picture("hostile-operator")
	for _, bad := range []string{"&#1;", "&#0;", "&#xFFFE;", "\x02", "&bogus;", "<!DOCTYPE a [<!ENTITY b 'c'>]>&b;", "</b>", "\xff"} {
		other, err := operator.Login(c.server.ClientAddr(), demo.Host, "olga", demo.Password, "bad", "")
		if err != nil {
			t.Fatal(err)
		}
		other.SendXML("<message type='chat' to='" + c.jid + "'><body>" + bad + "</body></message>")
		// The server ends that client's stream, or drops what it does not take. The chat goes on either way.
		c.x.says(c.jid, "still here after "+fmt.Sprintf("%+q", bad))
		c.page.shows("still here after " + fmt.Sprintf("%+q", bad))
		other.Close(false)
	}
	if n := c.links(); n != 1 {
		t.Errorf("the XMPP link came up %d times", n)
	}
}

// TestHostile_OperatorClients: addresses that servers allow and libraries refuse, and stanzas
// beyond all measure, end nobody's stream.
func TestHostile_OperatorClients(t *testing.T) {
	t.Parallel()
	b := besiege(t)
	for _, resource := range []string{"❤️", "\u115f", "\u3164", "\u302e", "a/b@c<&>'\"", "\u202E", strings.Repeat("é", 500)} {
		t.Run(fmt.Sprintf("resource %.20q", resource), func(t *testing.T) {
			o, err := operator.Login(b.server.ClientAddr(), demo.Host, "olga", demo.Password, resource, "")
			if err != nil {
				t.Logf("the server does not give it: %v", err)
				return
			}
			defer o.Close(true)
			p := &person{o, t}
			p.desk("who", "Olga (olga@localhost)")
			p.Send(stream.New("", "iq", stream.New("urn:xmpp:ping", "ping")).With("type", "get", "to", demo.Desk, "id", "ping"))
			p.expect("the pong", func(el *stream.Element) bool {
				return el.Local == "iq" && el.Get("id") == "ping" && el.Get("type") == "result"
			})
			p.Chat(b.c.Visitor, "m", "Not mine")
			p.expect("the refusal", func(el *stream.Element) bool { return el.Get("id") == "m" && el.Get("type") == "error" })
			b.unharmed(t)
		})
	}
	for _, big := range []struct{ name, inside string }{
		{"nested", strings.Repeat("<a>", deep()) + strings.Repeat("</a>", deep())},
		{"nested with namespaces", strings.Repeat("<a xmlns='u'><b xmlns='v'>", 60) + strings.Repeat("</b></a>", 60)},
		{"many", strings.Repeat("<a/>", 10000)},
		{"attributes", "<a " + attributes(1000) + "/>"},
	} {
		t.Run(big.name, func(t *testing.T) {
			b.x.t = t
			b.x.SendXML("<message type='chat' id='" + big.name + "' to='" + b.c.Visitor + "'><body>" + big.name + "</body>" + big.inside + "</message>")
			b.x.expect("an answer", func(el *stream.Element) bool {
				return el.Get("type") == "error" && el.Get("id") == big.name
			})
			b.unharmed(t)
		})
	}
	t.Run("200 KB", func(t *testing.T) {
		b.x.t = t
		long := strings.Repeat("0123456789", 20000)
		b.x.Chat(b.c.Visitor, "long", long)
		el := b.x.expect("an answer", func(el *stream.Element) bool {
			return el.Get("id") == "long" || el.Child(nsReceipts, "received").Get("id") == "long"
		})
		if el.Get("type") != "error" && b.hears(t, "0123456789") != long {
			t.Error("it was acknowledged, and did not come whole")
		}
		b.unharmed(t)
	})
}

// deep is how many levels of elements a stanza has that the server must pass on. 5,000 levels
// end ejabberd 23.01 as a whole.
func deep() int {
	if serverKind() == "ejabberd" {
		return 500
	}
	return 5000
}

func attributes(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "a%d='%d' ", i, i)
	}
	return b.String()
}

// TestHostile_LongLog: an operator can take a request and talk to its visitor
// however much the visitor has written before.
func TestHostile_LongLog(t *testing.T) {
	t.Parallel()
	b := &besieged{site: start(t, nil)}
	b.x = b.operators("xavi")[0]
	b.c = b.ask("Anna", "Question")
	for i := range 40 {
		if _, err := b.c.Write(within(t), fmt.Sprint("client-id-number-", i), strings.Repeat("<", 8192)); err != nil {
			t.Fatal(err)
		}
	}
	b.x.take(b.c.Number, b.c.Visitor)
	b.unharmed(t)
}
