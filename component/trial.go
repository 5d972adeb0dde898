package component

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"time"

	"porchlight/component/stanza"
	"porchlight/component/stream"
)

// Trial tries out over a link whether the operators and the service for rooms that the
// config names can be reached. It disturbs nobody, since servers answer what it asks. Any
// goroutine may call its methods.
type Trial struct {
	line  *line
	from  string        // the desk's address
	ended chan struct{} // closed when the Trial's own link has ended; nil: it uses a component's link
}

// NewTrial makes a Trial over the link that a running component has now.
func NewTrial(c *Component) *Trial {
	if l := c.link.Load(); l != nil {
		return &Trial{line: l.line, from: c.domain.desk()}
	}
	return &Trial{line: newLine(nil), from: c.domain.desk()}
}

// DialTrial makes a Trial over a link of its own, which the caller must Close. A server may
// throw out a component that is connected with the same domain, so the caller has to know
// that there is none. The error contains mellium's stream.Error if the server refuses.
func DialTrial(ctx context.Context, opts Options) (*Trial, error) {
	conn, err := stream.Dial(ctx, stream.Config{Addr: opts.Addr, Domain: opts.Domain, Secret: opts.Secret, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		return nil, err
	}
	t := &Trial{line: newLine(conn), from: domain(opts.Domain).desk(), ended: make(chan struct{})}
	go t.read() // ends with the link, by Close
	return t, nil
}

// read takes the answers until the link ends. It sends everything else back, so that
// nobody's message is lost in silence.
func (t *Trial) read() {
	defer close(t.ended)
	for {
		el, err := t.line.conn.Next()
		var refused *stream.StanzaError
		if errors.As(err, &refused) {
			continue
		}
		if err != nil {
			return
		}
		from, err := stream.ParseJID(el.Get("from"))
		if err != nil || t.line.answered(from, el) || el.Local == "presence" || stanza.IsAnswer(el) {
			continue
		}
		t.line.TrySend(stanza.Error(el, "wait", "recipient-unavailable", "porchlight is not running; this is a check of its config."))
	}
}

// Close ends the Trial's own link. It does nothing to the link of a running component.
func (t *Trial) Close(ctx context.Context) error {
	if t.ended == nil {
		return nil
	}
	err := t.line.conn.Close(ctx)
	<-t.ended
	return err
}

// Reached is the result of trying an operator's address.
type Reached struct {
	Address string `json:"address"`
	As      string `json:"as,omitempty"`      // the address in the server's form, if that differs
	Problem string `json:"problem,omitempty"` // the error's condition and text; "": the address can be reached
}

// Operators tries all addresses at the same time, and returns the results in their order.
func (t *Trial) Operators(ctx context.Context, addresses []string) []Reached {
	all := make([]Reached, len(addresses))
	var done sync.WaitGroup
	for i, address := range addresses {
		done.Go(func() { all[i] = t.operator(ctx, address) })
	}
	done.Wait()
	return all
}

// operator asks a server about an account (XEP-0030). A server that does not let us see
// the account gives the same answer whether there is one or not; then missing finds out.
func (t *Trial) operator(ctx context.Context, address string) Reached {
	r := Reached{Address: address}
	answer, err := t.line.Ask(ctx, "get", t.from, address, stream.New(stanza.NSInfo, "query"))
	if answer != nil {
		if as, bad := stream.ParseJID(answer.Get("from")); bad == nil && as.Bare() != address {
			r.As = as.Bare()
		}
	}
	switch condition := stanza.Refused(err); {
	case err == nil:
	case errors.Is(err, stanza.ErrNoAnswer):
		r.Problem = fmt.Sprintf("no answer within %v", askLimit)
	case slices.Contains([]string{"service-unavailable", "subscription-required", "forbidden", "not-authorized"}, condition):
		r.Problem = t.missing(ctx, address, condition)
	case condition == "item-not-found":
		r.Problem = condition + ": there is no such account"
	default:
		r.Problem = err.Error()
	}
	return r
}

// missing says that there is no such account, and "" if there is one or nobody can tell. It
// sends a chat message and a headline without content: both come back from an address
// without account. A chat message also comes back from an account that is offline if the
// server stores no messages; a headline does not.
func (t *Trial) missing(ctx context.Context, address, condition string) string {
	comesBack := func(typ string) (<-chan *stream.Element, func()) {
		q := question{stanza.NewID(), address}
		answer, forget := t.line.expect(q)
		t.line.Send(stanza.Knock(typ, t.from, address, q.id))
		return answer, forget
	}
	headline, forget := comesBack("headline")
	defer forget()
	chat, forget := comesBack("chat")
	defer forget()
	t.line.Ask(ctx, "get", t.from, address, stream.New(stanza.NSPing, "ping")) // any answer will do: it comes after the errors
	back := func(c <-chan *stream.Element) bool {
		select {
		case <-c:
			return true
		case <-time.After(settle):
			return false
		}
	}
	switch {
	case back(headline):
		return condition + ": there is no such account"
	case condition == "service-unavailable" && back(chat):
		return condition + ": there is no such account (or its server keeps no messages while it is offline)"
	}
	return ""
}

// settle is how long missing waits for an error after the answer to its later question.
const settle = 100 * time.Millisecond

// Rooms asks whether a service is one for rooms (XEP-0045 §6.1), and returns nil if so.
func (t *Trial) Rooms(ctx context.Context, service string) error {
	answer, err := t.line.Ask(ctx, "get", t.from, service, stream.New(stanza.NSInfo, "query"))
	if err != nil {
		return err
	}
	query := answer.Child(stanza.NSInfo, "query")
	for f := range query.All(stanza.NSInfo, "feature") {
		if f.Get("var") == stanza.NSMUC {
			return nil
		}
	}
	return errors.New("that is no service for rooms")
}
