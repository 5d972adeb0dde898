package xmppd

import (
	"bytes"
	"errors"
	"os"
	"strings"
)

// errPortTaken is the verdict on a server that lost its port to somebody else.
var errPortTaken = errors.New("a port was taken meanwhile")

// tap copies the server's output to its log file and gives a verdict, once, by
// the lines it knows: nil when all signs of readiness were seen.
// The server's own word is safer than a connection to its port, which somebody
// else's server may answer.
type tap struct {
	file    *os.File
	ready   []string // each is part of a line; all must come
	taken   []string // each alone says that a port can't be had
	verdict chan error
	spoke   chan struct{} // has room for one; filled when something was said
	line    []byte        // the unfinished last line
	last    []string      // the last lines, for errors; read after the process has ended
}

const lastLines = 8

// Write takes the next piece of output. Only the process's copier calls it.
func (t *tap) Write(p []byte) (int, error) {
	select {
	case t.spoke <- struct{}{}:
	default: // whoever waits has not looked since the last time
	}
	rest := p
	for {
		line, after, found := bytes.Cut(rest, []byte("\n"))
		t.line = append(t.line, line...)
		if !found {
			break
		}
		t.see(string(t.line))
		t.line, rest = t.line[:0], after
	}
	return t.file.Write(p)
}

func (t *tap) see(line string) {
	t.last = append(t.last, line)
	if len(t.last) > lastLines {
		t.last = t.last[1:]
	}
	for _, sign := range t.taken {
		if strings.Contains(line, sign) {
			t.decide(errPortTaken)
		}
	}
	for i, sign := range t.ready {
		if !strings.Contains(line, sign) {
			continue
		}
		if t.ready = append(t.ready[:i], t.ready[i+1:]...); len(t.ready) == 0 {
			t.decide(nil)
		}
		break
	}
}

func (t *tap) decide(err error) {
	select {
	case t.verdict <- err:
	default: // the first verdict stands
	}
}
