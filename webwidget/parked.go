package webwidget

import (
	"bytes"
	"errors"
	"net"
	"net/http"
	"time"

	"porchlight/webwidget/park"
)

// parked carries a stream over a connection that was taken from net/http. Once the page
// has caught up, the connection is parked in the lot, and the transport is its park.Seat.
// It is a carrier.
type parked struct {
	conn  net.Conn
	lot   *park.Lot
	limit time.Duration // how long one write may take
	head  []byte        // the head of the answer, until it is sent
}

// head makes the head of an answer that lasts until the connection ends (RFC 9112 §6.3).
func head(h http.Header) []byte {
	h.Set("Connection", "close")
	h.Set("Date", time.Now().UTC().Format(http.TimeFormat))
	var b bytes.Buffer
	b.WriteString("HTTP/1.1 200 OK\r\n")
	_ = h.Write(&b) // can't fail: it writes to a buffer
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
