package smtp

import (
	"errors"
	"net"
)

// mostAnswer is how many bytes a relay may send within a step: a TLS handshake with long chains of certificates fits.
const mostAnswer = 256 << 10

// wire is the connection below TLS. It bounds what the relay sends: go-smtp bounds the lines of an answer, not
// their number.
type wire struct {
	net.Conn
	read int // how many bytes came in this step
}

// Read reads, as long as the step may have more.
func (w *wire) Read(b []byte) (int, error) {
	if w.read > mostAnswer {
		return 0, errors.New("the relay sends too much")
	}
	n, err := w.Conn.Read(b)
	w.read += n
	return n, err
}
