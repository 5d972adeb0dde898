package plain

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// ReplyMark is the class of the element above which a mail of ours asks people to write. Fresh text ends
// there.
const ReplyMark = "porchlight-reply-above"

// maxQuotes is how many marks of quoting a line gets at most.
const maxQuotes = 10

// Options say what of a page is converted.
type Options struct {
	Fresh bool // leave the containers out in which mail programs quote the mail that was answered
	Max   int  // bytes of text after which nothing more is read; 0 means no limit
}

// Page is what a page of HTML says.
type Page struct {
	Text     string
	Pictures []string // ids of the mail's own pictures that are shown ("cid:…", without "cid:")
	Inline   bool     // something was written between quoted pieces: Fresh text would lose what it answers
	Cut      bool     // the page has more text than Options.Max
}

// HTML converts a page to text. It uses a tokenizer and no tree: the parser of golang.org/x/net/html gives
// up on pages with more than 512 elements in each other, which mails have.
//
// Block elements begin a line, list items get a bullet or a number, quotes get "> ", a link whose text is
// not its address shows both, a picture shows its alternative text. What a reader of the page would not
// see (scripts, styles, hidden elements) is left out.
func HTML(src string, opts Options) Page {
	c := &converter{opts: opts, open: map[string]int{}}
	z := html.NewTokenizer(strings.NewReader(src))
	for pos := 0; !c.ended; {
		kind := z.Next()
		if kind == html.ErrorToken {
			break
		}
		pos += len(z.Raw())
		switch kind {
		case html.TextToken:
			c.text(string(z.Text()))
		case html.StartTagToken, html.SelfClosingTagToken:
			c.start(readTag(z), src[pos:])
		case html.EndTagToken:
			name, _ := z.TagName()
			c.end(string(name))
		}
		if opts.Max > 0 && c.out.Len() > opts.Max {
			c.page.Cut = true
			break
		}
	}
	for len(c.stack) > 0 && !c.ended && !c.page.Cut {
		c.pop()
	}
	c.page.Text = Clean(c.out.String())
	return c.page
}

// frame is an element that is open.
type frame struct {
	tag         string
	block       int // empty lines around it, plus 1; 0 for what stands in a line
	hidden, pre bool
	quote       bool // marks its lines with "> "
	gone        bool // a container of a quoted mail, left out
	href        string
	from        int // where the text of a link begins
	items       int // of a numbered list
}

// converter makes text of a page, one token after another.
type converter struct {
	opts  Options
	page  Page
	out   strings.Builder
	stack []frame
	open  map[string]int // elements of the stack by their tags

	hidden, pre, quotes, gone int // elements of the stack that are so

	newlines int  // to be written before the next text
	gap      int  // blanks to be written before the next text in the line
	inLine   bool // the line has text
	ended    bool // all that follows is the mail that was answered

	quoteOver bool // a container of a quoted mail has ended
	between   bool // and something was written after it
	gmail     bool // the container that is open is one of Gmail's
	innerOver bool // and a quote in it has ended
}

// start takes a start tag. rest is what follows it.
func (c *converter) start(t tag, rest string) {
	c.implied(t.name)
	if t.skipped() {
		c.push(frame{tag: t.name, hidden: true})
		return
	}
	seen := c.hidden == 0 && c.gone == 0
	switch t.name {
	case "br":
		if seen {
			c.newlines++
			c.gap = 0
		}
		return
	case "hr":
		c.breakLine(2)
	case "img":
		c.picture(t)
	case "td", "th":
		c.gap = 2
	case "a":
		c.end("a") // no link stands in a link
	}
	if c.opts.Fresh && seen && t.answeredFrom() {
		c.ended = true
		return
	}
	if void(t.name) {
		return
	}
	f := frame{tag: t.name, block: blocks[t.name], hidden: t.hidden(), pre: t.name == "pre" || t.name == "textarea", quote: t.name == "blockquote"}
	if c.opts.Fresh && t.quotes(rest) {
		f.gone = true
		c.quoted(t)
	}
	if t.name == "a" && seen {
		f.href, f.from = link(t.attr["href"]), c.out.Len()
	}
	if t.class("MsoNormal") {
		f.block = 1 // Word leaves no room around its paragraphs
	}
	c.breakBlock(f.block)
	c.push(f)
	if t.name == "li" && c.hidden == 0 && c.gone == 0 {
		c.bullet()
	}
}

// quoted notes that a quoted container begins. If something was written since the last one ended, people
// have answered piece by piece.
func (c *converter) quoted(t tag) {
	if c.gone > 0 {
		return
	}
	c.page.Inline = c.page.Inline || c.between
	c.gmail, c.innerOver = t.class("gmail_quote") || t.class("gmail_quote_container"), false
}

// push opens an element.
func (c *converter) push(f frame) {
	c.count(f, 1)
	c.stack = append(c.stack, f)
}

// count counts an element in or out.
func (c *converter) count(f frame, n int) {
	c.open[f.tag] += n
	if f.hidden {
		c.hidden += n
	}
	if f.pre {
		c.pre += n
	}
	if f.quote {
		c.quotes += n
	}
	if f.gone {
		c.gone += n
	}
}

// end takes an end tag: it closes the innermost element of that name with all that is open in it.
func (c *converter) end(name string) {
	if name == "br" || name == "p" && c.open[name] == 0 {
		c.newlines++
	}
	if c.open[name] == 0 {
		return
	}
	for {
		if c.pop() == name {
			return
		}
	}
}

// pop closes the innermost element.
func (c *converter) pop() string {
	f := c.stack[len(c.stack)-1]
	c.stack = c.stack[:len(c.stack)-1]
	c.count(f, -1)
	if f.href != "" && c.hidden == 0 && c.gone == 0 {
		c.target(f)
	}
	c.breakBlock(f.block)
	switch {
	case f.gone && c.gone == 0:
		c.quoteOver, c.between = true, false
	case f.quote && c.gone > 0:
		c.innerOver = true
	}
	return f.tag
}

// implied closes what the start of an element ends without an end tag (HTML §13.1.2.4).
func (c *converter) implied(name string) {
	if len(c.stack) == 0 {
		return
	}
	top := c.stack[len(c.stack)-1].tag
	switch {
	case top == "p" && blocks[name] > 0,
		top == "li" && name == "li",
		(top == "td" || top == "th") && (name == "td" || name == "th" || name == "tr"),
		top == "tr" && name == "tr",
		(top == "dt" || top == "dd") && (name == "dt" || name == "dd"),
		top == "option" && name == "option":
		c.pop()
	}
}

// void reports whether an element has no content and no end tag.
func void(name string) bool {
	switch atom.Lookup([]byte(name)) {
	case atom.Area, atom.Base, atom.Br, atom.Col, atom.Embed, atom.Hr, atom.Img, atom.Input, atom.Link, atom.Meta, atom.Param, atom.Source, atom.Track, atom.Wbr:
		return true
	}
	return false
}

// blocks are the elements that begin a line of their own, each with one more than the empty lines around it.
var blocks = map[string]int{
	"address": 1, "article": 1, "aside": 1, "blockquote": 2, "body": 1, "center": 1, "dd": 1, "div": 1, "dl": 2, "dt": 1,
	"fieldset": 1, "figure": 1, "footer": 1, "form": 1, "h1": 2, "h2": 2, "h3": 2, "h4": 2, "h5": 2, "h6": 2, "header": 1,
	"li": 1, "main": 1, "nav": 1, "ol": 1, "p": 2, "pre": 1, "section": 1, "table": 1, "textarea": 1, "tr": 1, "ul": 1,
}
