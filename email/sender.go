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

// sender hands mail to the relay. One goroutine has it.
type sender struct {
	*Channel
	hold time.Duration // how long the queue waits when the relay does not let us in again
	lost int           // attempts in a row that did not get as far as a mail, since the relay was not there
}

// send sends what is due, until ctx ends.
func (c *Channel) send(ctx context.Context) {
	s := &sender{Channel: c, hold: holdFirst}
	tick := time.NewTicker(lookForMail)
	defer tick.Stop()
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
		if c.bridge.Now().Before(c.health.heldUntil()) {
			continue
		}
		if err := s.sendDue(ctx); err != nil && ctx.Err() == nil {
			c.log.Error("send mail", "err", err)
		}
	}
}

// sendDue sends what is due now, until the queue is held.
func (s *sender) sendDue(ctx context.Context) error {
	list, err := s.bridge.Mail.Outgoing(ctx, sentAtOnce)
	if err != nil {
		return err
	}
	if len(list) == 0 {
		s.relay.Close(ctx)
		return nil
	}
	for _, m := range list {
		went, err := s.sendOne(ctx, m)
		if err != nil || !went {
			return err
		}
	}
	return nil
}

// sendOne sends one mail, and stores what came of it. It reports whether the next one may be sent now.
func (s *sender) sendOne(ctx context.Context, m bridge.OutMail) (bool, error) {
	err := s.relay.Send(ctx, smtp.Envelope{From: m.From, To: m.To}, m.Raw)
	var refused *smtp.Refused
	switch {
	case err == nil:
		s.isWell()
		return true, s.bridge.Mail.Sent(ctx, m.ID)
	case !errors.As(err, &refused):
		return false, err // of ctx
	}
	s.log.Warn("a mail was not sent", "mail", m.ID, "kind", refused.Kind, "stage", refused.Stage, "code", refused.Code)
	switch {
	case refused.Kind == smtp.Ours:
		s.wait(s.hold, refused)
		s.hold = min(2*s.hold, holdMost)
		return false, nil
	case refused.Kind == smtp.Permanent:
		s.isWell()
		return true, s.bridge.Mail.Failed(ctx, m.ID, answer(refused))
	case refused.Stage == smtp.StageConnect, refused.Stage == smtp.StageTLS, refused.Stage == smtp.StageLogin:
		s.isLost(refused)
		return false, s.bridge.Mail.Late(ctx, m.ID, answer(refused))
	case refused.Code != 0:
		s.isWell()
	}
	return true, s.bridge.Mail.Late(ctx, m.ID, answer(refused))
}

// isLost notes that the relay was not there. A relay that starts anew is gone for a moment, so the desk is told
// when it is still not there a minute later.
func (s *sender) isLost(r *smtp.Refused) {
	s.lost++
	if s.lost > 1 {
		s.wait(holdFirst, r)
		return
	}
	s.health.holdUntil(s.bridge.Now().Add(holdFirst))
}

// wait holds the queue, and tells the desk why, once.
func (s *sender) wait(long time.Duration, r *smtp.Refused) {
	s.health.holdUntil(s.bridge.Now().Add(long))
	s.bridge.Alarms.Raise(relayAlarm, phrase.Say("No mail can be sent, and all of it waits: %s", r.Error()))
}

// isWell notes that the relay took or refused a mail.
func (s *sender) isWell() {
	s.hold, s.lost = holdFirst, 0
	s.health.holdUntil(time.Time{})
	s.bridge.Alarms.Clear(relayAlarm, phrase.Say("Mail is sent again."))
}

// answer is what operators are told of a refusal: the server's words, or what else went wrong.
func answer(r *smtp.Refused) string {
	if r.Code == 0 {
		return r.Text
	}
	return strings.Join(strings.Fields(fmt.Sprint(r.Code, " ", r.Enhanced, " ", r.Text)), " ")
}
