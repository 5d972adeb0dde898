package streamtest

import (
	"bytes"
	"crypto/sha1"
	"encoding/hex"
	"encoding/xml"
	"errors"
	"fmt"
	"io"

	"porchlight/component/stream"
)

const header = `<?xml version='1.0'?><stream:stream xmlns='` + stream.NSAccept + `' xmlns:stream='` + stream.NSStreams +
	`' from='` + Domain + `' id='3BF96D32'>`

// handshake plays the server's part of XEP-0114 §3.
func (s *Server) handshake(c *Conn) bool {
	fail := func(condition, text string) bool {
		c.StreamError(condition, text)
		return false
	}
	tok, err := c.dec.Token()
	start, ok := tok.(xml.StartElement)
	if err != nil || !ok || start.Name != (xml.Name{Space: stream.NSStreams, Local: "stream"}) || c.write(header) != nil {
		return false
	}
	s.mu.Lock()
	reject, text := s.reject, s.text
	s.mu.Unlock()
	for _, a := range start.Attr {
		if a.Name.Local == "to" && a.Value != Domain {
			return fail("host-unknown", "")
		}
	}
	c.forget()
	e, err := c.element()
	sum := sha1.Sum([]byte("3BF96D32" + Secret))
	switch {
	case err != nil:
		return false
	case reject != "":
		return fail(reject, text)
	case e.Local != "handshake" || e.Text != hex.EncodeToString(sum[:]):
		return fail("not-authorized", "Given token does not match calculated token")
	}
	return c.write("<handshake/>") == nil
}

// read queues what the component writes until its stream ends, and returns why it
// ended.
func (c *Conn) read() error {
	for {
		e, err := c.element()
		if err == nil && c.answers != nil && c.answers(c, e) {
			continue
		}
		var syntax *xml.SyntaxError
		var refused *stream.SyntaxError
		if errors.As(err, &refused) || errors.As(err, &syntax) && syntax.Msg != "unexpected EOF" {
			c.t.Errorf("component wrote bad XML: %v", err)
		}
		c.mu.Lock()
		if c.err = err; err == nil {
			c.queue = append(c.queue, e)
		}
		c.mu.Unlock()
		select {
		case c.more <- struct{}{}:
		default:
		}
		if err != nil {
			return err
		}
	}
}

// element reads one element with encoding/xml, and its bytes with stream.Parse.
// The error is io.EOF at the end tag of the stream.
func (c *Conn) element() (*stream.Element, error) {
	for {
		tok, err := c.dec.Token()
		if err != nil {
			return nil, fmt.Errorf("read component: %w", err)
		}
		switch tok.(type) {
		case xml.StartElement:
			if err := c.dec.Skip(); err != nil {
				return nil, fmt.Errorf("read component: %w", err)
			}
			return stream.Parse(bytes.TrimLeft(c.forget(), " "))
		case xml.EndElement:
			return nil, io.EOF
		}
	}
}

// forget drops what the decoder has consumed so far, and returns it.
func (c *Conn) forget() []byte {
	n := c.dec.InputOffset() - c.cut
	c.cut += n
	return c.seen.Next(int(n))
}
