package plain

import (
	"strconv"
	"strings"
)

// text writes what stands between two tags.
func (c *converter) text(s string) {
	if c.hidden > 0 {
		return
	}
	if c.gone > 0 {
		c.answered(s)
		return
	}
	if c.pre > 0 {
		for i, line := range strings.Split(s, "\n") {
			if i > 0 {
				c.newlines++
				c.inLine = false
			}
			c.write(strings.TrimRight(line, "\r"))
		}
		return
	}
	if strings.TrimLeft(s, blank) != s {
		c.gap = max(c.gap, 1)
	}
	for i, word := range strings.FieldsFunc(s, isBlank) {
		if i > 0 {
			c.gap = 1
		}
		c.write(word)
	}
	if strings.TrimRight(s, blank) != s {
		c.gap = 1
	}
}

const blank = " \t\r\n\f"

func isBlank(r rune) bool { return strings.ContainsRune(blank, r) }

// answered notes that something is written inside a quoted container, but outside the quote in it: Gmail
// puts answers between the quoted lines there.
func (c *converter) answered(s string) {
	if c.gmail && c.innerOver && c.quotes == 0 && Line(s) != "" {
		c.page.Inline = true
	}
}

// write writes a piece of a line.
func (c *converter) write(s string) {
	if s == "" {
		return
	}
	if c.out.Len() > 0 {
		for range min(c.newlines, 3) {
			c.out.WriteByte('\n')
		}
	}
	if c.newlines > 0 || c.out.Len() == 0 {
		c.inLine = false
	}
	c.newlines = 0
	if !c.inLine {
		c.out.WriteString(strings.Repeat("> ", min(c.quotes, maxQuotes)))
	} else {
		c.out.WriteString("  "[:c.gap])
	}
	c.gap, c.inLine = 0, true
	c.out.WriteString(s)
	c.between = c.between || c.quoteOver
}

// breakLine asks for a line's end, and for n-1 empty lines, before the next text.
func (c *converter) breakLine(n int) {
	c.newlines = max(c.newlines, n)
	c.gap = 0
}

// breakBlock asks for the line's end that an element brings, if it is a block that is seen.
func (c *converter) breakBlock(n int) {
	if n > 0 && c.gone == 0 && c.hidden == 0 {
		c.breakLine(n)
	}
}

// bullet begins an item of a list.
func (c *converter) bullet() {
	mark := "•"
	for i := len(c.stack) - 2; i >= max(0, len(c.stack)-4); i-- {
		switch f := &c.stack[i]; f.tag {
		case "ol":
			f.items++
			mark = strconv.Itoa(f.items) + "."
		case "ul":
		default:
			continue
		}
		break
	}
	c.write(mark)
	c.gap = 1
}

// picture writes what stands for a picture.
func (c *converter) picture(t tag) {
	if c.hidden > 0 || c.gone > 0 {
		return
	}
	src := strings.TrimSpace(t.attr["src"])
	if len(src) > 4 && strings.EqualFold(src[:4], "cid:") {
		c.page.Pictures = append(c.page.Pictures, src[4:])
	}
	if w, h := t.attr["width"], t.attr["height"]; w == "1" || h == "1" || w == "0" || h == "0" {
		return // it counts readers
	}
	if alt := Line(t.attr["alt"]); alt != "" {
		c.write(alt)
	}
}
