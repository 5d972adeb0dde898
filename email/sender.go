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
	sentAtOnce  = 10          // mails that wait are put off together
	holdFirst   = time.Minute // the queue waits so long when the relay does not let us in, and twice as long each further time
	holdMost    = 15 * time.Minute
)

// relayAlarm is the name of the alarm about the relay.
const relayAlarm = "mail relay"

// How long what is under way may last when the program ends. Together with the drained requests of the page it
// has 10 s.
const (
	mailEnds  = 5 * time.Second // the mail that is being sent
	storeEnds = time.Second     // storing what came of it
	byeEnds   = 500 * time.Millisecond
)

// sender hands mail to the relay. One goroutine has it.
type sender struct {
	*Channel
	hold   time.Duration // how long the queue waits when the relay does not let us in again
	pace   *pace
	lost   int              // attempts in a row that did not get as far as a mail, since the relay was not there
	why    string           // the queue is held
	raised bool             // the desk knows; an alarm that is raised at each attempt would be told every hour
	urgent []bridge.OutMail // what goes past the store, until it is sent
	result result           // of the last mail, until it is stored
}

// result is how an attempt to send a mail ended.
type result struct {
	id    string // of the mail; "": there is no result
	store func(ctx context.Context, id string) error
	told  bool // that it could not be stored
}

func newSender(c *Channel) *sender {
	return &sender{Channel: c, hold: holdFirst, pace: newPace(c.opts.PerMinute)}
}

// send sends what is due, until ctx ends.
func (c *Channel) send(ctx context.Context) {
	s := newSender(c)
	tick := time.NewTicker(lookForMail)
	defer tick.Stop()
	defer func() {
		bye, cancel := context.WithTimeout(context.WithoutCancel(ctx), byeEnds)
		defer cancel()
		c.relay.Close(bye)
	}()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		if err := s.pass(ctx); err != nil && ctx.Err() == nil {
			c.log.Error("send mail", "err", err)
		}
	}
}

// pass sends what is due now, unless the queue is held. First it stores what came of the last mail: nothing is
// sent while that can't be stored, or a mail that the relay has taken would be sent anew each time.
func (s *sender) pass(ctx context.Context) error {
	s.sendUrgent(ctx)
	if err := s.keep(ctx); err != nil || s.result.id != "" {
		return err
	}
	if until := s.health.heldUntil(); s.bridge.Now().Before(until) {
		return s.bridge.Mail.Wait(ctx, until, s.why, sentAtOnce)
	}
	return s.sendDue(ctx)
}

// sendUrgent sends what can't be stored, unless the queue is held. It forgets what the relay has taken or refused for
// good.
func (s *sender) sendUrgent(ctx context.Context) {
	for more := true; more; {
		select {
		case m := <-s.bridge.Mail.Urgent():
			s.urgent = append(s.urgent, m)
		default:
			more = false
		}
	}
	if s.bridge.Now().Before(s.health.heldUntil()) {
		return
	}
	for len(s.urgent) > 0 {
		m := s.urgent[0]
		err := s.relay.Send(ctx, smtp.Envelope{From: m.From, To: m.To}, m.Raw)
		var refused *smtp.Refused
		if err != nil && !errors.As(err, &refused) { // of ctx
			return
		}
		if refused != nil && refused.Kind != smtp.Permanent {
			s.log.Warn("an urgent mail was not sent, and is tried again", "mail", m.ID, "err", refused)
			s.why = answer(refused)
			s.health.holdUntil(s.bridge.Now().Add(holdFirst))
			return
		}
		s.urgent = s.urgent[1:]
	}
}

// keep stores the result of the last mail. If that fails, it says so once, and the result stays.
func (s *sender) keep(ctx context.Context) error {
	if s.result.id == "" {
		return nil
	}
	short, cancel := outliving(ctx, storeEnds)
	defer cancel()
	err := s.result.store(short, s.result.id)
	if err == nil {
		s.result = result{}
		return nil
	}
	if s.result.told {
		return nil
	}
	s.result.told = true
	return fmt.Errorf("store what came of mail %s: %w", s.result.id, err)
}

// outliving is a context that ends a while after another one.
func outliving(ctx context.Context, by time.Duration) (context.Context, context.CancelFunc) {
	long, cancel := context.WithCancel(context.WithoutCancel(ctx))
	stop := context.AfterFunc(ctx, func() { time.AfterFunc(by, cancel) })
	return long, func() { stop(); cancel() }
}

// sendDue sends what is due now, until the queue is held or as many mails went as may within a minute. Mails
// are looked for one by one, since a mail may be large.
func (s *sender) sendDue(ctx context.Context) error {
	for {
		now := s.bridge.Now()
		if !s.pace.may(now) {
			s.relay.Close(ctx)
			return nil
		}
		list, err := s.bridge.Mail.Outgoing(ctx, 1)
		if err != nil {
			return err
		}
		if len(list) == 0 {
			s.relay.Close(ctx)
			return nil
		}
		s.pace.goes(now)
		went := s.sendOne(ctx, list[0])
		if err := s.keep(ctx); err != nil || !went || ctx.Err() != nil {
			return err
		}
	}
}

// sendOne sends one mail. It reports whether the next one may be sent now.
func (s *sender) sendOne(ctx context.Context, m bridge.OutMail) bool {
	long, cancel := outliving(ctx, mailEnds)
	defer cancel()
	err := s.relay.Send(long, smtp.Envelope{From: m.From, To: m.To}, m.Raw)
	var refused *smtp.Refused
	if err != nil && !errors.As(err, &refused) { // of long: it is sent again after the next start
		return false
	}
	if refused == nil {
		s.isWell()
		s.result = result{id: m.ID, store: s.bridge.Mail.Sent}
		return true
	}
	s.log.Warn("a mail was not sent", "mail", m.ID, "kind", refused.Kind, "stage", refused.Stage, "code", refused.Code)
	words := answer(refused)
	late := func(ctx context.Context, id string) error { return s.bridge.Mail.Late(ctx, id, words) }
	switch {
	case refused.Kind == smtp.Ours:
		s.wait(s.hold, refused)
		s.hold = min(2*s.hold, holdMost)
		return false
	case refused.Kind == smtp.Permanent:
		s.isWell()
		s.result = result{id: m.ID, store: func(ctx context.Context, id string) error { return s.bridge.Mail.Failed(ctx, id, words) }}
		return true
	case refused.Stage == smtp.StageConnect, refused.Stage == smtp.StageTLS, refused.Stage == smtp.StageLogin:
		s.isLost(refused)
		s.result = result{id: m.ID, store: late}
		return false
	case refused.Code != 0:
		s.isWell()
	}
	s.result = result{id: m.ID, store: late}
	return true
}

// isLost notes that the relay was not there. A relay that starts anew is gone for a moment, so the desk is told
// when it is still not there a minute later.
func (s *sender) isLost(r *smtp.Refused) {
	s.lost++
	if s.lost > 1 {
		s.wait(holdFirst, r)
		return
	}
	s.why = answer(r)
	s.health.holdUntil(s.bridge.Now().Add(holdFirst))
}

// wait holds the queue, and tells the desk why, once.
func (s *sender) wait(long time.Duration, r *smtp.Refused) {
	s.why = answer(r)
	s.health.holdUntil(s.bridge.Now().Add(long))
	if s.raised {
		return
	}
	s.raised = true
	s.bridge.Alarms.Raise(relayAlarm, phrase.Say("No mail can be sent, and all of it waits: %s", r.Error()))
}

// isWell notes that the relay took or refused a mail.
func (s *sender) isWell() {
	s.hold, s.lost, s.raised = holdFirst, 0, false
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
