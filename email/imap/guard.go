package imap

import (
	"bytes"
	"errors"
	"fmt"
	"regexp"
	"strconv"
)

// guard looks at what a server sends before the library does.
type guard struct {
	literal int64  // how much of a literal (RFC 9051 §4.3) is still to come; it is let pass
	line    []byte // what came of a line
	goodbye string // the words of BYE, which the library throws away
}

// maxLine is how long a line may be. A search for the UIDs of a million mails is answered with 8 MB.
const maxLine = 16 << 20

var (
	// The library never ends reading a parenthesis among capabilities.
	endless = regexp.MustCompile(`(?i)^\S+ +(?:(?:OK|NO|BAD|PREAUTH|BYE) +\[)? *CAPABILITY[^\]\n]*\(`)
	bye     = regexp.MustCompile(`(?i)^\* BYE\b([^\r\n]*)`)
	begins  = regexp.MustCompile(`\{([0-9]{1,18})\}\r?\n$`) // a literal
)

// check returns an error about what the library must not see.
func (g *guard) check(p []byte) error {
	for len(p) > 0 {
		if g.literal > 0 {
			n := min(int64(len(p)), g.literal)
			g.literal -= n
			p = p[n:]
			continue
		}
		part, rest, whole := bytes.Cut(p, []byte("\n"))
		p = rest
		g.line = append(g.line, part...)
		if len(g.line) > maxLine {
			return fmt.Errorf("the server sends a line of more than %d bytes", maxLine)
		}
		if endless.Match(g.line[:min(len(g.line), 64<<10)]) {
			return errors.New("the server lists its capabilities with a parenthesis in it (RFC 9051 §7.2.2)")
		}
		if whole {
			g.end(append(g.line, '\n'))
			g.line = g.line[:0]
		}
	}
	return nil
}

// end looks at a whole line.
func (g *guard) end(line []byte) {
	if m := bye.FindSubmatch(line[:min(len(line), 1000)]); m != nil {
		g.goodbye = string(bytes.TrimSpace(m[1]))
	}
	if m := begins.FindSubmatch(line[max(0, len(line)-32):]); m != nil {
		g.literal, _ = strconv.ParseInt(string(m[1]), 10, 64)
	}
}
