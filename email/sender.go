package email

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"porchlight/bridge"
	"porchlight/bridge/phrase"
	"porchlight/email/smtp"
)

const (
	lookForMail = time.Second // how often mail that is due is looked for
	sentAtOnce  = 10          // mails are looked for together
	holdFirst   = time.Minute // the queue waits so long when the relay does not let us in, and twice as long each further time
	holdMost    = 15 * time.Minute
)

// relayAlarm is the name of the alarm about the relay.
const relayAlarm = "mail relay"

// send sends what is due, until ctx ends.
func (c *Channel) send(ctx context.Context) {
	tick := time.NewTicker(lookForMail)
	defer tick.Stop()
	var held time.Time
	hold := holdFirst
	defer func() {
		bye, cancel := context.WithTimeout(context.WithoutCancel(ctx), 2*time.Second)
		defer cancel()
		c.relay.Close(bye)
	}()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		if c.bridge.Now().Before(held) {
			continue
		}
		err := c.sendDue(ctx)
		var refused *smtp.Refused
		switch {
		case errors.As(err, &refused):
			held, hold = c.bridge.Now().Add(hold), min(2*hold, holdMost)
			c.bridge.Alarms.Raise(relayAlarm, phrase.Say("No mail can be sent, and all of it waits: %s", refused.Error()))
		case err != nil && ctx.Err() == nil:
			c.log.Error("send mail", "err", err)
		case err == nil:
			hold = holdFirst
		}
	}
}

// sendDue sends what is due now. A *smtp.Refused means that the relay does not let us in.
func (c *Channel) sendDue(ctx context.Context) error {
	list, err := c.bridge.Mail.Outgoing(ctx, sentAtOnce)
	if err != nil {
		return err
	}
	if len(list) == 0 {
		c.relay.Close(ctx)
		return nil
	}
	for _, m := range list {
		if err := c.sendOne(ctx, m); err != nil {
			return err
		}
	}
	return nil
}

// sendOne sends one mail, and stores what came of it.
func (c *Channel) sendOne(ctx context.Context, m bridge.OutMail) error {
	err := c.relay.Send(ctx, smtp.Envelope{From: m.From, To: m.To}, m.Raw)
	var refused *smtp.Refused
	switch {
	case err == nil:
		c.bridge.Alarms.Clear(relayAlarm, phrase.Say("Mail is sent again."))
		return c.bridge.Mail.Sent(ctx, m.ID)
	case !errors.As(err, &refused):
		return err // of ctx
	}
	c.log.Warn("a mail was not sent", "mail", m.ID, "kind", refused.Kind, "stage", refused.Stage, "code", refused.Code)
	switch refused.Kind {
	case smtp.Permanent:
		return c.bridge.Mail.Failed(ctx, m.ID, answer(refused))
	case smtp.Ours:
		return refused
	}
	return c.bridge.Mail.Late(ctx, m.ID, answer(refused))
}

// answer is what operators are told of a refusal: the server's words, or what else went wrong.
func answer(r *smtp.Refused) string {
	if r.Code == 0 {
		return r.Text
	}
	return strings.Join(strings.Fields(fmt.Sprint(r.Code, " ", r.Enhanced, " ", r.Text)), " ")
}
