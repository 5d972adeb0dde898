package console

import (
	"bufio"
	"io"
	"regexp"
	"slices"
	"strings"
)

// maxText bounds a message in bytes, since servers end the stream over a stanza of more than
// 256 KiB.
const maxText = 32 << 10

// takes matches the lines that take a request at the desk: 12, take 12, !take #12.
var takes = regexp.MustCompile(`(?i)^\s*!?\s*(take\s+)?#?\d+\s*$`)

const help = `what you type goes to one partner, the desk at first; after a take, to the visitor
@NAME TEXT     to somebody else from now on; the beginning of the name is enough
/to NAME       the same without a text
/desk [TEXT]   back to the desk
/quit          leave this console (so does Ctrl-D)
// and @@      begin a text with / or @
At the desk: 12 takes request 12, help lists the rest. With a visitor: !close, !help.`

// line is a line that was typed, or the reason why no more will come.
type line struct {
	text string
	err  error
}

// readLines starts a goroutine that sends what is typed until in ends or stop is closed. See
// Run for its end.
func readLines(in io.Reader, stop <-chan struct{}) <-chan line {
	typed := make(chan line)
	go func() {
		r := bufio.NewReader(in)
		for {
			text, err := r.ReadString('\n')
			next := []line{{text: strings.TrimRight(text, "\r\n")}}
			if err != nil {
				next = append(next, line{err: err})
			}
			for _, l := range next {
				select {
				case typed <- l:
				case <-stop:
					return
				}
			}
			if err != nil {
				return
			}
		}
	}()
	return typed
}

// typed obeys a typed line, and reports whether it was the last.
func (c *console) typed(text string) (quit bool) {
	text = strings.ToValidUTF8(text, "\ufffd")
	word, rest, _ := strings.Cut(strings.TrimSpace(text), " ")
	rest = strings.TrimSpace(rest)
	switch {
	case word == "":
	case strings.HasPrefix(text, "//"), strings.HasPrefix(text, "@@"):
		c.say(text[1:])
	case word == "/quit":
		return true
	case word == "/help":
		c.notice(help)
	case word == "/desk":
		c.address(c.desk, rest)
	case word == "/to":
		name, more, _ := strings.Cut(rest, " ")
		c.call(strings.TrimPrefix(name, "@"), strings.TrimSpace(more))
	case word[0] == '@':
		c.call(word[1:], rest)
	case word[0] == '/':
		c.notice("not sent: there is no " + clean(word) + "; /help tells what there is")
	default:
		c.say(text)
	}
	return false
}

// address makes jid the partner, and sends them the text if there is one.
func (c *console) address(jid, text string) {
	c.turn(jid)
	if text != "" {
		c.say(text)
	}
}

// call addresses somebody by their name, by the beginning of their name, or by a bare JID.
func (c *console) call(name, text string) {
	name = strings.ToLower(strings.TrimRight(name, ",:"))
	if local, domain, ok := strings.Cut(name, "@"); ok && local != "" && domain != "" {
		c.meet(name)
		c.address(name, text)
		return
	}
	var found, names []string
	for _, jid := range c.known {
		names = append(names, c.name(jid))
		switch called := strings.ToLower(c.name(jid)); {
		case called == name:
			c.address(jid, text)
			return
		case name != "" && strings.HasPrefix(called, name):
			found = append(found, jid)
		}
	}
	if len(found) == 1 {
		c.address(found[0], text)
		return
	}
	slices.Sort(names)
	c.notice("not sent: nobody, or more than one, is called " + clean(name) + "; there are " + strings.Join(names, ", "))
}
