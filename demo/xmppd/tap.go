package xmppd

import (
	"bytes"
	"errors"
	"os"
	"strings"
)

// errPortTaken is the verdict on a server whose port somebody else has taken.
var errPortTaken = errors.New("a port was taken meanwhile")

// tap copies a server's output to its log file, and gives one verdict by the lines that it
// recognises: nil once all signs of readiness have come. The server's own output is better
// evidence than a connection to its port, which another server may answer.
type tap struct {
	file    *os.File
	ready   []string // parts of lines; the server is ready once all have come
	taken   []string // parts of lines; each says that a port is taken
	verdict chan error
	spoke   chan struct{} // holds one when the server has written something
	line    []byte        // the unfinished last line
	last    []string      // the last lines, for errors; read after the process has ended
}

const lastLines = 8

// Write takes the next piece of output. Only the goroutine of exec.Cmd that copies the
// output calls it.
func (t *tap) Write(p []byte) (int, error) {
	select {
	case t.spoke <- struct{}{}:
	default: // becomeReady has not looked since the last piece
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
