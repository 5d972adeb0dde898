package smtp

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/emersion/go-smtp"

	"porchlight/email/login"
)

// authenticate logs in by the first mechanism that the relay accepts.
func (c *conn) authenticate(ctx context.Context) error {
	offer := login.Offer{Insecure: c.opts.Security == Insecure, Mechanisms: c.mechanisms()}
	if state, ok := c.client.TLSConnectionState(); ok {
		offer.TLS = &state
	}
	if len(offer.Mechanisms) == 0 {
		return refusedBy(StageLogin, errNoAuth)
	}
	list, err := login.Mechanisms(ctx, c.opts.Account, offer)
	if err != nil {
		return refusedBy(StageLogin, fmt.Errorf("%w: %w", errLogin, err))
	}
	for _, x := range list {
		err = c.watch(ctx, 3*c.opts.command(), func() error { return c.client.Auth(x) })
		var answer *smtp.SMTPError
		switch {
		case x.Fault() != nil:
			return refusedBy(StageLogin, fmt.Errorf("%w: %w", errLogin, x.Fault()))
		case err == nil && x.Proved() != nil:
			return refusedBy(StageLogin, fmt.Errorf("%w: %w", errLogin, x.Proved()))
		case err == nil:
			c.login = x.Name
			return nil
		case !errors.As(err, &answer) || answer.Code < 500 || c.dead:
			return refusedBy(StageLogin, err)
		}
	}
	return refusedBy(StageLogin, err)
}

// mechanisms are those that the relay offers.
func (c *conn) mechanisms() []string {
	_, list := c.client.Extension("AUTH")
	return strings.Fields(list)
}
