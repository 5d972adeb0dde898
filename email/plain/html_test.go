package plain

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

// What a page says, as text.
func TestHTML(t *testing.T) {
	for _, c := range []struct{ name, src, want string }{
		{"words and blanks", "<p>Hello  <b>dear</b>\n<i>Ann</i>,</p>", "Hello dear Ann,"},
		{"paragraphs", "<p>one</p><p>two</p>", "one\n\ntwo"},
		{"blocks without room", "<div>one</div><div>two</div>", "one\ntwo"},
		{"an empty line of Gmail", "<div>one</div><div><br></div><div>two</div>", "one\n\ntwo"},
		{"line breaks", "one<br>two<br><br>three", "one\ntwo\n\nthree"},
		{"more than two empty lines", "one<br><br><br><br><br>two", "one\n\n\ntwo"},
		{"Word's paragraphs", `<p class="MsoNormal">one</p><p class="MsoNormal">&nbsp;</p><p class="MsoNormal">two</p>`, "one\n\ntwo"},
		{"tags that nobody closed", "<p>one<p>two<ul><li>three<li>four</ul><table><tr><td>a<td>b<tr><td>c</table>", "one\n\ntwo\n\n• three\n• four\na  b\nc"},
		{"a numbered list", "<ol><li>one</li><li>two</li></ol>", "1. one\n2. two"},
		{"a quote", "he said<blockquote>one<br>two<blockquote>three</blockquote></blockquote>yes", "he said\n\n> one\n> two\n\n> > three\n\nyes"},
		{"preformatted", "<pre>a\n  b</pre>", "a\n  b"},
		{"characters", "&lt;b&gt; &amp; &euro;&nbsp;5 &#x202e;", "<b> & € 5"},
		{"scripts and styles", "<style>p{}</style><script>alert(1)</script><title>t</title><template>x</template>seen", "seen"},
		{"comments", "<!-- no --><!--[if mso]>no<![endif]-->seen", "seen"},
		{"hidden", `<div style="display: none">no</div><span style="DISPLAY:none!important">no</span><p hidden>no<p>seen<div style="max-height:0;overflow:hidden">no</div><i style="visibility:hidden">no</i><i style="opacity:0">no</i>`, "seen"},
		{"a font of no size hides nothing", `<td style="font-size:0"><p style="font-size:14px">seen</p></td>`, "seen"},
		{"hidden in hidden", `<div style="display:none"><div>no</div>no</div>seen`, "seen"},
		{"pictures", `<img alt="Logo" src=x><img alt="" src=y><img alt="counter" width=1 height=1 src=z>`, "Logo"},
		{"a link", `<a href="https://example.org/a">the page</a>`, "the page (https://example.org/a)"},
		{"a link that says where it leads", `<a href="https://www.example.org/">example.org</a>`, "example.org"},
		{"a link that lies", `<a href="https://evil.example/">https://bank.example/</a>`, "https://bank.example/ (https://evil.example/)"},
		{"a link to an address", `<a href="mailto:ann@example.org">ann@example.org</a> <a href="mailto:bob@example.org">Bob</a>`, "ann@example.org Bob (mailto:bob@example.org)"},
		{"a link that is no link", `<a href="javascript:alert(1)">click</a> <a href="#top">up</a> <a>none</a>`, "click up none"},
		{"a link with blanks", "<a href=\"https://example.org/a b\nc\">x</a>", "x (https://example.org/a%20b%20c)"},
		{"a link around a picture", `<a href="https://example.org/"><img src=x></a>`, "(https://example.org/)"},
		{"a table", "<table><tr><th>Item</th><th>Price</th></tr><tr><td>Tea</td><td>3</td></tr></table>", "Item  Price\nTea  3"},
		{"tags that end what is not open", "</div></b>a</p>b", "a\nb"},
		{"nothing", "", ""},
	} {
		if got := HTML(c.src, Options{}).Text; got != c.want {
			t.Errorf("%s: %q, should be %q", c.name, got, c.want)
		}
	}
}

// What mail programs put around the mail that was answered is left out of a fresh text; around what was
// forwarded it stays.
func TestHTML_Fresh(t *testing.T) {
	const old = "<p>The old mail.</p>"
	for _, c := range []struct{ name, src, want string }{
		{"Gmail", `new<div class="gmail_quote">On … wrote:<blockquote class="gmail_quote">` + old + `</blockquote></div>`, "new"},
		{"Gmail, forwarded", `new<div class="gmail_quote"><div class="gmail_attr">---------- Forwarded message ---------<br></div>` + old + `</div>`, "new\n---------- Forwarded message ---------\n\nThe old mail."},
		{"Gmail, below", `<div class="gmail_quote">` + old + `</div><div>new</div>`, "new"},
		{"Apple Mail", `new<blockquote type="cite">` + old + `</blockquote>`, "new"},
		{"Thunderbird", `<div class="moz-cite-prefix">Am 1.1. schrieb Ann:</div><blockquote type="cite">` + old + `</blockquote>new`, "new"},
		{"Outlook on the web", `new<div id="appendonsend"></div><hr><div id="divRplyFwdMsg">From: x</div>` + old, "new"},
		{"Outlook", `new<div><div style='border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm'><p>From: x</p></div></div>` + old, "new"},
		{"Outlook 2007", `new<div style="border:none;border-top:solid #B5C4DF 1.0pt"><p>From: x</p></div>` + old, "new"},
		{"new Outlook", `new<div id="mail-editor-reference-message-container">` + old + `</div>`, "new"},
		{"Proton", `new<div class="protonmail_quote">On … wrote:` + old + `</div>`, "new"},
		{"Yahoo", `new<div id="yahoo_quoted_123" class="yahoo_quoted">` + old + `</div>`, "new"},
		{"Zimbra", `new<hr id="zwchr" data-marker="__DIVIDER__">` + old, "new"},
		{"Zoho", `new<div class="zmail_extra">` + old + `</div>`, "new"},
		{"Roundcube", `<p id="reply-intro">On … wrote:</p><blockquote type="cite">` + old + `</blockquote>new`, "new"},
		{"our own mark", `new<div class="x porchlight-reply-above">Please write above this line</div>` + old, "new"},
		{"a quote of one's own", `<blockquote>a poem</blockquote>new`, "> a poem\n\nnew"},
		{"nothing else", `<blockquote type="cite">` + old + `</blockquote>`, ""},
	} {
		page := HTML(c.src, Options{Fresh: true})
		if page.Text != c.want || page.Inline {
			t.Errorf("%s: %q inline %v, should be %q", c.name, page.Text, page.Inline, c.want)
		}
		if whole := HTML(c.src, Options{}).Text; strings.Contains(c.src, old) && !strings.Contains(whole, "The old mail.") {
			t.Errorf("%s: the whole text is %q", c.name, whole)
		}
	}
}

// Answers between quoted lines are noticed, in one container and between several.
func TestHTML_Inline(t *testing.T) {
	for src, want := range map[string]bool{
		`<div class="gmail_quote">On … wrote:<blockquote class="gmail_quote">q</blockquote><div>a</div><blockquote class="gmail_quote">q</blockquote></div>`: true,
		`<blockquote type="cite">q</blockquote>a<blockquote type="cite">q</blockquote>b`:                                                                     true,
		`<blockquote type="cite">q</blockquote><br> <blockquote type="cite">q</blockquote>b`:                                                                 false,
		`<blockquote type="cite">q<blockquote type="cite">q</blockquote>q</blockquote>b`:                                                                     false,
		`a<div class="gmail_quote">On … wrote:<blockquote class="gmail_quote">q</blockquote></div>b`:                                                         false,
	} {
		if got := HTML(src, Options{Fresh: true}).Inline; got != want {
			t.Errorf("%s: inline %v", src, got)
		}
	}
}

// The ids of pictures tell which of them stand in what was quoted.
func TestHTML_Pictures(t *testing.T) {
	src := `<img src="cid:new@x"><img src=" CID:two@x "><img src="https://x/y.png"><blockquote type="cite"><img src="cid:old@x"></blockquote>`
	if got := HTML(src, Options{}).Pictures; !slices.Equal(got, []string{"new@x", "two@x", "old@x"}) {
		t.Errorf("all: %q", got)
	}
	if got := HTML(src, Options{Fresh: true}).Pictures; !slices.Equal(got, []string{"new@x", "two@x"}) {
		t.Errorf("fresh: %q", got)
	}
}

// A page is read up to its limit, and says so.
func TestHTML_Max(t *testing.T) {
	page := HTML(strings.Repeat("<p>word</p>", 1000), Options{Max: 100})
	if !page.Cut || len(page.Text) < 90 || len(page.Text) > 110 {
		t.Errorf("cut %v, %d bytes", page.Cut, len(page.Text))
	}
	if page := HTML("<p>word</p>", Options{Max: 100}); page.Cut {
		t.Error("a short page is cut")
	}
}

func FuzzHTML(f *testing.F) {
	for _, src := range []string{
		`<p>one<p>two<ul><li>three</ul><table><tr><td>a<td>b</table><pre> x</pre>`, `<a href="https://x/">y<a href=z>`, `<div class="gmail_quote"><blockquote>`,
		`<blockquote type=cite>q</blockquote>a<blockquote type=cite>`, `<img src=cid:x alt=y>`, "<script><!--", "<div hidden>\x00\x1b[31m&#x202e;", "</p></br><ol><li><ol><li>",
	} {
		f.Add(src)
	}
	f.Fuzz(func(t *testing.T, src string) {
		whole := HTML(src, Options{})
		fresh := HTML(src, Options{Fresh: true})
		for _, p := range []Page{whole, fresh} {
			checkClean(t, p.Text)
			if len(p.Text) > 60*len(src)+60 {
				t.Errorf("%d bytes became %d", len(src), len(p.Text))
			}
		}
		if len(fresh.Pictures) > len(whole.Pictures) {
			t.Error("a fresh text shows more pictures than the whole")
		}
	})
}

// checkClean fails if a text is not what Clean promises.
func checkClean(t *testing.T, s string) {
	t.Helper()
	if !utf8.ValidString(s) || strings.Contains(s, "\n\n\n\n") || strings.ContainsAny(s, "\r\t") || strings.Contains(s, " \n") || strings.HasPrefix(s, "\n") || strings.HasSuffix(s, "\n") {
		t.Fatalf("not clean: %q", s)
	}
	for _, c := range s {
		if Hidden(c) {
			t.Fatalf("%U in %q", c, s)
		}
	}
}
