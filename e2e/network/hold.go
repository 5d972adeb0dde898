package network

import (
	"bytes"
	"io"
	"net/http"
)

// hold lets an answer come in pieces, its head with the first one.
func (n *Network) hold(r *http.Response) error {
	p := &pieces{from: r.Body, size: int64(n.cfg.Hold)}
	p.fill()
	r.Body = struct {
		io.Reader
		io.Closer
	}{p, r.Body}
	return nil
}

// pieces is a reader that gives nothing before it has a whole piece, or all that is left.
type pieces struct {
	from io.Reader
	size int64
	have bytes.Buffer
	err  error
}

// fill waits for the next piece.
func (p *pieces) fill() { _, p.err = io.CopyN(&p.have, p.from, p.size) }

// Read gives of the piece that is there, or waits for the next one.
func (p *pieces) Read(b []byte) (int, error) {
	if p.have.Len() == 0 && p.err == nil {
		p.fill()
	}
	if p.have.Len() == 0 {
		return 0, p.err
	}
	return p.have.Read(b)
}
