package stream

import (
	"errors"
	"fmt"

	xmppstream "mellium.im/xmpp/stream"
)

// Reasons to refuse one stanza: an incoming one (inside a *StanzaError), or an
// outgoing one (ErrTooLarge from Send).
var (
	ErrTooLarge = errors.New("stanza larger than the limit")
	ErrTooDeep  = errors.New("stanza nested deeper than the limit")
	ErrTooMany  = errors.New("stanza with more elements than the limit")
)

// ErrClosed is what the methods of a Conn return once Close has been called.
var ErrClosed = errors.New("stream closed")

// StanzaError says that one incoming stanza was refused and skipped; the stream
// goes on. It carries what could be read of the stanza's head, for an error answer
// (RFC 6120 §8.3); any field except Err may be empty.
type StanzaError struct {
	Name               string // message, presence, iq or anything else
	From, To, ID, Type string
	Err                error // ErrTooLarge, ErrTooDeep, ErrTooMany or a *SyntaxError
}

func newStanzaError(h *Element, err error) *StanzaError {
	return &StanzaError{h.Local, h.Get("from"), h.Get("to"), h.Get("id"), h.Get("type"), err}
}

// Error says why the stanza was refused, without quoting it.
func (e *StanzaError) Error() string { return fmt.Sprintf("refuse stanza: %v", e.Err) }

// Unwrap returns the reason.
func (e *StanzaError) Unwrap() error { return e.Err }

// streamError makes mellium's error of a <stream:error/> (RFC 6120 §4.9.2).
func streamError(e *Element) error {
	se := xmppstream.UndefinedCondition
	for _, c := range e.Children {
		switch {
		case c.Space != NSError:
		case c.Local == "text":
			se.Text = append(se.Text, struct{ Lang, Value string }{c.Lang(), c.Text})
		default:
			se.Err, se.Content = c.Local, c.Text
		}
	}
	return fmt.Errorf("server ended the stream: %w", withText(se))
}

// withText adds the server's text to a stream error: mellium leaves it out of the
// error's message.
func withText(err error) error {
	var se xmppstream.Error
	if errors.As(err, &se) && len(se.Text) > 0 {
		return fmt.Errorf("%w: %s", err, se.Text[0].Value)
	}
	return err
}
