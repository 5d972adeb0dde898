package stream

import (
	"bytes"
	"fmt"
	"io"

	xmppstream "mellium.im/xmpp/stream"
)

const (
	readSize = 32 << 10 // bytes of room for the first read
	headSize = 4 << 10  // bytes that are kept of a stanza that is skipped
)

// splitter cuts the input into its top level elements, in bounded memory: never
// more than max bytes and one read. Before and during the handshake it is the
// plain byte reader mellium negotiates with, so that nothing read ahead is lost
// when the splitting begins.
type splitter struct {
	r          io.Reader
	max        int    // bytes of one element
	buf        []byte // buf[start:end] is read and not yet handed out
	start, end int
}

func newSplitter(r io.Reader, max int) *splitter {
	return &splitter{r: r, max: max, buf: make([]byte, readSize)}
}

// fill reads more. It may drop what lies before start: then every offset into the
// buffer has become smaller by shift.
func (s *splitter) fill() (shift int, err error) {
	if s.start == s.end || s.end == len(s.buf) {
		shift = s.start
		copy(s.buf, s.buf[s.start:s.end])
		s.start, s.end = 0, s.end-shift
	}
	if s.end == len(s.buf) {
		s.buf = append(s.buf, make([]byte, min(len(s.buf), s.max+readSize-len(s.buf)))...)
	}
	for range 100 {
		n, err := s.r.Read(s.buf[s.end:])
		s.end += n
		if n > 0 { // an error with it comes back with the next read
			return shift, nil
		}
		if err != nil {
			return shift, err
		}
	}
	return shift, io.ErrNoProgress
}

// ReadByte makes xml.Decoder read no further than it must.
func (s *splitter) ReadByte() (byte, error) {
	if s.start == s.end {
		if _, err := s.fill(); err != nil {
			return 0, err
		}
	}
	s.start++
	return s.buf[s.start-1], nil
}

// next returns the next top level element, valid until the next call. It reads an
// element longer than max to its end without keeping it, and returns only the first
// bytes, with ErrTooLarge. Every other error is the end of the input: io.EOF stands
// for the stream's end tag.
func (s *splitter) next() ([]byte, error) {
	if err := s.between(); err != nil {
		return nil, err
	}
	var (
		sc   scanner
		head []byte // set once the element is being skipped
		pos  = s.start
	)
	for {
		n, what := sc.scan(s.buf[pos:s.end])
		pos += n
		if pos-s.start > s.max && head == nil {
			head = bytes.Clone(s.buf[s.start : s.start+min(s.max, headSize)])
		}
		el := s.buf[s.start:pos]
		if what != inside || head != nil {
			s.start = pos
		}
		switch {
		case what == restricted:
			return nil, fmt.Errorf("split stream: %w", xmppstream.RestrictedXML)
		case what == streamEnd && bytes.HasPrefix(el, []byte("</stream:stream")):
			return nil, io.EOF
		case what == streamEnd:
			return nil, fmt.Errorf("split stream: end tag without start: %w", xmppstream.NotWellFormed)
		case what == complete && head != nil:
			return head, ErrTooLarge
		case what == complete:
			return el, nil
		}
		shift, err := s.fill()
		if err != nil {
			return nil, unexpected(err)
		}
		pos -= shift
	}
}

// between skips white space, which keeps connections alive (RFC 6120 §4.6.1),
// up to the '<' of the next element.
func (s *splitter) between() error {
	for {
		for ; s.start < s.end; s.start++ {
			switch c := s.buf[s.start]; {
			case c == '<':
				return nil
			case !isSpace(c):
				return fmt.Errorf("split stream: text between stanzas: %w", xmppstream.NotWellFormed)
			}
		}
		if _, err := s.fill(); err != nil {
			return unexpected(err)
		}
	}
}

// unexpected makes a connection that ends without the stream's end tag
// different from one that ends with it.
func unexpected(err error) error {
	if err == io.EOF {
		err = io.ErrUnexpectedEOF
	}
	return fmt.Errorf("read stream: %w", err)
}
