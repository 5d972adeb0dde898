package console

import (
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net"
	"time"

	"mellium.im/sasl"
	"mellium.im/xmpp"
	"mellium.im/xmpp/jid"
)

const (
	resource   = "console"
	nsBind     = "urn:ietf:params:xml:ns:xmpp-bind"
	loginLimit = 15 * time.Second // for connection and login together
	writeLimit = 10 * time.Second // for one stanza
	closeLimit = time.Second      // for the server to end the stream
)

// stream is a stream that is logged in. mellium.im/xmpp negotiates it. Then one goroutine
// reads whole stanzas, and the caller of send writes whole stanzas. Only one goroutine may
// call send, so that no stanza lands inside another.
type stream struct {
	conn   net.Conn
	jid    string        // our full JID
	in     chan stanza   // stanzas that arrive; closed at the end, after err was set
	err    error         // why the stream ended; not nil once in is closed
	closed chan struct{} // closed by close
}

// dial connects, logs in and starts to read. ctx bounds only connection and login.
func dial(ctx context.Context, cfg Config) (*stream, error) {
	conn, err := (&net.Dialer{Timeout: loginLimit}).DialContext(ctx, "tcp", cfg.Addr)
	if err != nil {
		return nil, fmt.Errorf("log in as %s: %w", cfg.JID, err)
	}
	conn.SetDeadline(time.Now().Add(loginLimit))
	stop := context.AfterFunc(ctx, func() { conn.Close() })
	s := &stream{conn: conn, in: make(chan stanza), closed: make(chan struct{})}
	tokens, err := s.login(cfg)
	if !stop() && err == nil {
		err = ctx.Err()
	}
	if err != nil {
		conn.Close()
		return nil, fmt.Errorf("log in as %s: %w", cfg.JID, errors.Join(ctx.Err(), err))
	}
	conn.SetDeadline(time.Time{})
	go s.read(xml.NewTokenDecoder(tokens))
	return s, nil
}

// login negotiates the stream and returns its input. mellium gets a context that never
// ends: at the end of one it sets deadlines in the past, even after it has returned.
func (s *stream) login(cfg Config) (xml.TokenReader, error) {
	me, err := jid.Parse(cfg.JID)
	if err != nil {
		return nil, fmt.Errorf("parse jid: %w", err)
	}
	// The connection counts as secure without TLS, since it is on loopback.
	session, err := xmpp.NewSession(context.Background(), me.Domain(), me, s.conn, xmpp.Secure,
		xmpp.NewNegotiator(func(*xmpp.Session, *xmpp.StreamConfig) xmpp.StreamConfig {
			return xmpp.StreamConfig{Features: []xmpp.StreamFeature{
				xmpp.SASL("", cfg.Password, sasl.ScramSha256, sasl.ScramSha1),
				s.bind(),
			}}
		}))
	if err != nil {
		return nil, err
	}
	return session.TokenReader(), nil
}

// bind is resource binding (RFC 6120 §7) that asks for our resource: that of
// mellium.im/xmpp v0.22.0 always asks for an empty one.
func (s *stream) bind() xmpp.StreamFeature {
	return xmpp.StreamFeature{
		Name:       xml.Name{Space: nsBind, Local: "bind"},
		Necessary:  xmpp.Authn,
		Prohibited: xmpp.Ready,
		Parse: func(_ context.Context, d *xml.Decoder, start *xml.StartElement) (bool, any, error) {
			return true, nil, d.DecodeElement(&empty{}, start)
		},
		Negotiate: func(_ context.Context, session *xmpp.Session, _ any) (xmpp.SessionState, io.ReadWriter, error) {
			if err := s.send(iq{Type: "set", ID: newID(), Bind: &bindRequest{resource}}); err != nil {
				return 0, nil, err
			}
			r := session.TokenReader()
			defer r.Close()
			var reply struct {
				Type  string      `xml:"type,attr"`
				JID   string      `xml:"urn:ietf:params:xml:ns:xmpp-bind bind>jid"`
				Error stanzaError `xml:"error"`
			}
			if err := xml.NewTokenDecoder(r).Decode(&reply); err != nil {
				return 0, nil, fmt.Errorf("read bound address: %w", err)
			}
			if reply.Type != "result" {
				return 0, nil, fmt.Errorf("bind resource: %s", reply.Error.reason())
			}
			s.jid = reply.JID
			return xmpp.Ready, nil, nil
		},
	}
}

// read sends the stanzas that arrive to in, until the stream ends.
func (s *stream) read(d *xml.Decoder) {
	defer close(s.in)
	for {
		var st stanza
		if s.err = d.Decode(&st); s.err != nil {
			if s.err == io.EOF {
				s.err = errors.New("stream closed")
			}
			return
		}
		select {
		case s.in <- st:
		case <-s.closed: // nobody takes the stanza; read on until the server ends the stream
		}
	}
}

// send writes a stanza. Only one goroutine at a time may call it.
func (s *stream) send(v any) error {
	b, err := xml.Marshal(v)
	if err != nil {
		return fmt.Errorf("encode stanza: %w", err)
	}
	return s.write(b, writeLimit)
}

func (s *stream) write(b []byte, limit time.Duration) error {
	s.conn.SetWriteDeadline(time.Now().Add(limit))
	if _, err := s.conn.Write(b); err != nil {
		return fmt.Errorf("send to server: %w", err)
	}
	return nil
}

// close ends the stream in order, and waits for the server to end it, too (RFC 6120 §4.4).
func (s *stream) close() {
	close(s.closed)
	s.conn.SetReadDeadline(time.Now().Add(closeLimit))
	s.write([]byte("</stream:stream>"), closeLimit) // fails only if the stream has ended
	for range s.in {
	}
	s.conn.Close()
}
