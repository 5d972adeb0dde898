package plain

import (
	"strings"

	"golang.org/x/net/html"
)

// tag is a start tag with those of its attributes that say how it looks.
type tag struct {
	name string
	attr map[string]string // of useful attributes, the first of each name
}

// readTag reads the start tag that a tokenizer has found.
func readTag(z *html.Tokenizer) tag {
	name, more := z.TagName()
	t := tag{name: string(name)}
	for more {
		var key, value []byte
		key, value, more = z.TagAttr()
		switch k := string(key); k {
		case "alt", "class", "data-marker", "height", "hidden", "href", "id", "src", "style", "type", "width":
			if t.attr == nil {
				t.attr = map[string]string{}
			}
			if _, twice := t.attr[k]; !twice {
				t.attr[k] = string(value)
			}
		}
	}
	return t
}

// skipped reports whether an element's content is never text for a reader.
func (t tag) skipped() bool {
	switch t.name {
	case "applet", "iframe", "math", "noembed", "noframes", "noscript", "object", "script", "select", "style", "svg", "template", "title":
		return true
	}
	return false
}

// style returns the element's style without blanks, in lower case.
func (t tag) style() string {
	return strings.ToLower(strings.Join(strings.Fields(t.attr["style"]), ""))
}

// hidden reports whether a reader does not see an element. A font-size of 0 hides nothing: programs that
// build mails put it around whole pages, to close gaps.
func (t tag) hidden() bool {
	if _, ok := t.attr["hidden"]; ok {
		return true
	}
	if t.attr["style"] == "" {
		return false
	}
	s := ";" + t.style() + ";"
	for _, way := range []string{";display:none", ";visibility:hidden", ";opacity:0;", ";opacity:0!"} {
		if strings.Contains(s, way) {
			return true
		}
	}
	low := strings.Contains(s, ";max-height:0;") || strings.Contains(s, ";max-height:0px") || strings.Contains(s, ";max-height:0!")
	return low && strings.Contains(s, ";overflow:hidden")
}

// class reports whether the element has a class.
func (t tag) class(name string) bool {
	for c := range strings.FieldsSeq(t.attr["class"]) {
		if c == name {
			return true
		}
	}
	return false
}

// answeredFrom reports whether the mail that was answered begins with this element and goes on to the
// page's end: our own mark, and what Outlook, Exchange and Zimbra write.
func (t tag) answeredFrom() bool {
	switch t.attr["id"] {
	case "appendonsend", "divRplyFwdMsg", "stopSpelling", "zwchr", "OLK_SRC_BODY_SECTION":
		return true
	}
	if t.class(ReplyMark) || t.attr["data-marker"] == "__DIVIDER__" {
		return true
	}
	if t.name != "div" || t.attr["style"] == "" {
		return false
	}
	s := t.style()
	return strings.Contains(s, "border-top:solid#e1e1e11.0pt") || strings.Contains(s, "border-top:solid#b5c4df1.0pt")
}

// quotes reports whether the element holds the mail that was answered, and nothing else: what Gmail, Apple
// Mail, Thunderbird, Proton, Tuta, Yahoo, Zoho, new Outlook and Roundcube write. rest is what follows its
// tag. A mail that was forwarded is no quote.
func (t tag) quotes(rest string) bool {
	switch t.attr["id"] {
	case "mail-editor-reference-message-container", "reply-intro", "replybody1":
		return true
	}
	if t.name == "blockquote" {
		return t.attr["type"] == "cite" || t.class("gmail_quote") || t.class("protonmail_quote") || t.class("tutanota_quote")
	}
	switch {
	case t.class("moz-cite-prefix"):
		return true
	case t.class("gmail_quote"), t.class("gmail_quote_container"), t.class("protonmail_quote"), t.class("yahoo_quoted"),
		t.class("zmail_extra"), strings.HasPrefix(t.attr["id"], "yahoo_quoted_"):
		return !forwarded(rest)
	}
	return false
}

// forwarded reports whether a container begins as programs begin a mail that was forwarded.
func forwarded(rest string) bool {
	head := strings.ToLower(rest[:min(len(rest), 600)])
	for _, says := range []string{"forwarded message", "weitergeleitete nachricht", "message transféré", "mensaje reenviado", "messaggio inoltrato", "doorgestuurd bericht", "mensagem encaminhada"} {
		if strings.Contains(head, says) {
			return true
		}
	}
	return false
}
