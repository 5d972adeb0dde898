package bridge

import (
	"context"
	"slices"
	"sync"
	"time"

	"porchlight/bridge/phrase"
)

// DueNotice is that an operator was asked though they were away, and is told of it by a way. There is one of each
// conversation, operator and way.
type DueNotice struct {
	Conversation int64
	Operator     OperatorJID
	Way          Way
	Asked        time.Time // Offer.At of the offer that the notice is about
	Due          time.Time // when it is sent next; zero: never again
	Sent         int       // how often it was sent
	SentAt       time.Time // when it was sent last; zero: never
	Failed       int       // how often sending it has failed since
	Receipt      string    // by which the channel is asked whether it still rings; "": it does not ring
}

// NoticeReader reads which notices are to be sent outside XMPP.
type NoticeReader interface {
	Notice(number int64, o OperatorJID, w Way) (DueNotice, error)
	// DueNotices lists the notices of a way that are due at or before now, earliest first.
	DueNotices(w Way, now time.Time, limit int) ([]DueNotice, error)
	// LastNotice is when a notice was last sent to an operator by a way, zero if none was.
	LastNotice(o OperatorJID, w Way) (time.Time, error)
}

// NoticeWriter writes what NoticeReader reads.
type NoticeWriter interface {
	SaveNotice(n DueNotice) error
	// DeleteNotices deletes the notices about offers that were made before a time.
	DeleteNotices(before time.Time) error
}

const (
	noticeAfter   = 10 * time.Second // so long after somebody was asked, others may have taken the request
	noticeFor     = time.Hour        // after so long a notice is not news any more
	mailEvery     = 10 * time.Minute // an operator gets a mail at most so often
	sendLimit     = 20 * time.Second // for one attempt to send
	sendsAtOnce   = 8                // attempts of one channel at the same time
	tryAgain      = 30 * time.Second // after a failure, and twice as long after each further one
	keepNotices   = 24 * time.Hour
	noticesAtOnce = 1000 // which are looked at together

	noticeTextBytes = 200 // of what a visitor wrote, if notices may hold it
	noticePageBytes = 100 // of the address of a visitor's page
)

// noticeRepeats are the times after the first notice at which it is sent again until somebody takes the
// request. A mail is repeated only at the last of them.
var noticeRepeats = [...]time.Duration{time.Minute, 3 * time.Minute, 10 * time.Minute}

// notify stores that an operator who is asked though they are away is told of an offer by the ways that they
// want.
func (u *commit) notify(f Offer) error {
	if len(u.b.opts.Channels) == 0 || u.b.clock.Now().Sub(f.At) > noticeFor {
		return nil
	}
	away := u.away()
	i := slices.IndexFunc(away, func(o Operator) bool { return o.JID == f.Operator })
	if i < 0 {
		return nil
	}
	return u.noticeBy(f, away[i])
}

// noticeBy stores that an operator is told of an offer by the ways that they want.
func (u *commit) noticeBy(f Offer, o Operator) error {
	list, err := u.untold(f, o)
	for _, n := range list {
		if err == nil {
			err = u.tx.SaveNotice(n)
		}
	}
	return err
}

// untold lists the notices by which an operator is to be told of an offer, and is not yet.
func (u *commit) untold(f Offer, o Operator) (list []DueNotice, err error) {
	for _, ch := range u.b.opts.Channels {
		if !o.Notify.On(ch.Way()) {
			continue
		}
		known, err := u.tx.Notice(f.Conversation, f.Operator, ch.Way())
		if err != nil && phrase.CodeOf(err) != phrase.CodeNotFound {
			return nil, err
		}
		if err == nil && sameTime(known.Asked, f.At) {
			continue
		}
		list = append(list, DueNotice{Conversation: f.Conversation, Operator: f.Operator, Way: ch.Way(), Asked: f.At, Due: u.b.clock.Now().Add(noticeAfter), SentAt: known.SentAt, Receipt: known.Receipt})
	}
	return list, nil
}

// sameTime compares times as the store keeps them, in milliseconds.
func sameTime(a, b time.Time) bool { return a.UnixMilli() == b.UnixMilli() }

// Run sends what is due until ctx ends, and then returns nil after the last attempt has ended. Only one
// goroutine may call it.
func (n *Notices) Run(ctx context.Context) error {
	var channels sync.WaitGroup
	for _, ch := range n.bridge.opts.Channels {
		channels.Go(func() { n.serve(ctx, ch) })
		channels.Go(func() { newCourier(n.bridge, ch).run(ctx) })
	}
	<-ctx.Done()
	channels.Wait()
	return nil
}

// serve sends what is due by one channel, several operators' notices at a time, so that one of them who is
// slow to reach keeps nobody waiting.
func (n *Notices) serve(ctx context.Context, ch Channel) {
	tick := time.NewTicker(dueInterval)
	defer tick.Stop()
	done := make(chan OperatorJID, sendsAtOnce)
	busy := make(map[OperatorJID]bool)
	for ctx.Err() == nil {
		due, err := n.due(ctx, ch)
		if err != nil && ctx.Err() == nil {
			n.bridge.log.Error("look for notices", "way", ch.Way(), "err", err)
		}
		for _, d := range due {
			if o := d.Operator; !busy[o] && len(busy) < sendsAtOnce {
				busy[o] = true
				go func() {
					if err := n.tell(ctx, ch, o); err != nil && ctx.Err() == nil {
						n.bridge.log.Error("send notices", "way", ch.Way(), "operator", o, "err", err)
					}
					done <- o
				}()
			}
		}
		select {
		case <-ctx.Done():
		case <-tick.C:
		case o := <-done:
			delete(busy, o)
		}
	}
	for range len(busy) {
		<-done
	}
}

// due lists what is to be sent by a channel now, earliest first. Nothing is while nobody knows who is away.
func (n *Notices) due(ctx context.Context, ch Channel) (list []DueNotice, err error) {
	if !n.bridge.Reach.knows() {
		return nil, nil
	}
	now := n.bridge.clock.Now()
	err = n.bridge.store.View(ctx, func(r Reader) (err error) {
		list, err = r.DueNotices(ch.Way(), now, noticesAtOnce)
		return err
	})
	return list, err
}
