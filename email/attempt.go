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
	holdFirst = time.Minute // the queue waits so long when the relay does not let us in, and twice as long each further time
	holdMost  = 15 * time.Minute
)

// relayAlarm is the name of the alarm about the relay.
const relayAlarm = "mail relay"

// verdict is what an attempt to send a mail says about the mail and the queue.
type verdict int

const (
	unknown        verdict = iota // the program ends
	taken                         // the relay has the mail
	refusedForGood                // the mail will never be taken
	later                         // the mail may be taken later; others may be taken now
	lost                          // the relay is not there: the queue is held
	ours                          // nothing is wrong with the mail: the queue is held until somebody has mended something
)

// try gives a mail to the relay. If the relay takes no mail at all, the queue is held, and the desk is told.
func (s *sender) try(ctx context.Context, m bridge.OutMail) (verdict, *smtp.Refused) {
	long, cancel := outliving(ctx, mailEnds)
	defer cancel()
	err := s.relay.Send(long, smtp.Envelope{From: m.From, To: m.To}, m.Raw)
	var refused *smtp.Refused
	if err != nil && !errors.As(err, &refused) { // of long
		return unknown, nil
	}
	if refused == nil {
		s.isWell()
		return taken, nil
	}
	s.log.Warn("a mail was not sent", "mail", m.ID, "kind", refused.Kind, "stage", refused.Stage, "code", refused.Code)
	switch {
	case refused.Kind == smtp.Ours:
		s.wait(s.hold, refused)
		s.hold = min(2*s.hold, holdMost)
		return ours, refused
	case refused.Kind == smtp.Permanent:
		s.isWell()
		return refusedForGood, refused
	case refused.Stage == smtp.StageConnect, refused.Stage == smtp.StageTLS, refused.Stage == smtp.StageLogin:
		s.isLost(refused)
		return lost, refused
	case refused.Code != 0:
		s.isWell()
	}
	return later, refused
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
