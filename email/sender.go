package email

import (
	"context"
	"fmt"
	"time"

	"porchlight/bridge"
)

const (
	lookForMail = time.Second // how often mail that is due is looked for
	sentAtOnce  = 10          // mails that wait are put off together
)

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
	lost   int          // attempts in a row that did not get as far as a mail, since the relay was not there
	why    string       // the queue is held
	raised bool         // the desk knows; an alarm that is raised at each attempt would be told every hour
	urgent []urgentMail // what goes past the store, until it is sent
	result result       // of the last mail, until it is stored
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
			return s.bridge.Mail.Behind(ctx, paceWords, sentAtOnce)
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
	v, refused := s.try(ctx, m)
	if v == unknown || v == lost || v == ours { // it is sent again after the next start, or first when the queue is not held any more
		return false
	}
	if v == taken {
		s.result = result{id: m.ID, store: s.bridge.Mail.Sent}
		return true
	}
	words, become := answer(refused), s.bridge.Mail.Late
	if v == refusedForGood {
		become = s.bridge.Mail.Failed
	}
	s.result = result{id: m.ID, store: func(ctx context.Context, id string) error { return become(ctx, id, words) }}
	return true
}
