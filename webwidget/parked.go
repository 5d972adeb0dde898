package webwidget

import (
	"bytes"
	"errors"
	"net"
	"net/http"
	"time"

	"porchlight/webwidget/park"
)

// parked carries a stream over a connection that was taken from net/http, and that
// settles in the lot: its transport is a park.Seat. It is a carrier.
type parked struct {
	conn  net.Conn
	lot   *park.Lot
	limit time.Duration // for one write
	head  []byte        // of the answer, until it is sent
}

// head is the beginning of an answer that lasts until the connection ends
// (RFC 9112 §6.3).
func head(h http.Header) []byte {
	h.Set("Connection", "close")
	h.Set("Date", time.Now().UTC().Format(http.TimeFormat))
	var b bytes.Buffer
	b.WriteString("HTTP/1.1 200 OK\r\n")
	_ = h.Write(&b) // a buffer takes all
	b.WriteString("\r\n")
	return b.Bytes()
}

func (p *parked) send(b []byte) error {
	if p.head != nil {
		b, p.head = append(p.head, b...), nil
	}
	err := p.conn.SetWriteDeadline(time.Now().Add(p.limit))
	if err == nil {
		_, err = p.conn.Write(b)
	}
	if err != nil {
		return errors.Join(park.ErrGone, err)
	}
	return nil
}

func (p *parked) settle(t park.Tenant) (transport, error) {
	seat, err := p.lot.Park(p.conn, t)
	if err != nil {
		return nil, err
	}
	return seat, nil
}
