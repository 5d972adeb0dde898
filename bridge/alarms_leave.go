package bridge

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"porchlight/bridge/phrase"
)

// Alarms leave by the ways of notices, too: to the super operators, since the desk may reach nobody just then. What is
// told is kept in memory alone, because the database may be what has failed.

// alarmState is how an alarm stands, and since when.
type alarmState struct {
	on    bool
	text  phrase.Phrase // of Raise or of Clear
	turn  int           // how often it was raised after it had been over
	since time.Time
}

// goesOut reports whether an alarm leaves: all do except for those that are about what the desk itself can tell and
// operators can wait for.
func goesOut(name string) bool {
	return !slices.ContainsFunc([]string{AlarmPoison, AlarmRoom, AlarmStorm, AlarmQuota, AlarmErase, AlarmRetain, AlarmWebhook, alarmReach}, func(inside string) bool { return strings.HasPrefix(name, inside) })
}

// turn takes in that an alarm was raised or is over. The lock is held.
func (a *Alarms) turn(name string, text phrase.Phrase, on bool, now time.Time) {
	st := a.leave[name]
	if st.on == on || !goesOut(name) {
		return
	}
	if on {
		st.turn++
	}
	st.on, st.text, st.since = on, text, now
	a.leave[name] = st
}

// standing lists the alarms that leave, by name.
func (a *Alarms) standing() map[string]alarmState {
	a.mu.Lock()
	defer a.mu.Unlock()
	return maps.Clone(a.leave)
}

// alarmHolds is how long an alarm has to stand, or to be over, before that leaves. What comes and goes faster is told
// at the desk only.
const alarmHolds = 10 * time.Second

// courier brings the alarms to the super operators by one channel: each once, and once more when it is over. It
// belongs to one goroutine.
type courier struct {
	bridge *Bridge
	ch     Channel
	began  time.Time
	told   map[OperatorJID]map[string]int // whom it has told of which turn of an alarm, and not yet that it is over
	failed map[OperatorJID]int            // how often sending to somebody has failed
	next   map[OperatorJID]time.Time      // when it tries again
}

func newCourier(b *Bridge, ch Channel) *courier {
	return &courier{b, ch, b.clock.Now(), make(map[OperatorJID]map[string]int), make(map[OperatorJID]int), make(map[OperatorJID]time.Time)}
}

// run brings alarms until ctx ends.
func (c *courier) run(ctx context.Context) {
	tick := time.NewTicker(dueInterval)
	defer tick.Stop()
	for {
		c.pass(ctx)
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// pass tells everybody once what they have to know now.
func (c *courier) pass(ctx context.Context) {
	standing := c.bridge.Alarms.standing()
	if len(standing) == 0 {
		return
	}
	now := c.bridge.clock.Now()
	for _, jid := range c.bridge.Team.SuperOperators() {
		o, known := c.bridge.Team.get(jid)
		if !known || !o.Notify.On(c.ch.Way()) || now.Before(c.next[jid]) {
			continue
		}
		for _, name := range slices.Sorted(maps.Keys(standing)) {
			if st := standing[name]; now.Sub(st.since) >= alarmHolds {
				c.tell(ctx, o, name, st)
			}
		}
	}
}

// tell tells an operator how an alarm stands, unless they know it. Whoever was told of no alarm is not told that it
// is over.
func (c *courier) tell(ctx context.Context, o Operator, name string, st alarmState) {
	turn := c.told[o.JID][name]
	kind := NoticeWell
	if st.on {
		kind = NoticeAlarm
	}
	if st.on && turn == st.turn || !st.on && turn == 0 {
		return
	}
	n := c.bridge.Notices.about(Notice{Operator: o, Kind: kind, Text: st.text, ID: fmt.Sprint(kind, ".", name, ".", c.began.UnixMilli(), ".", st.turn)})
	err := attempt(ctx, c.ch, func(ctx context.Context) error { return c.ch.Send(ctx, n) })
	if err != nil && ctx.Err() == nil {
		c.bridge.log.Warn("an alarm was not sent", "alarm", name, "way", c.ch.Way(), "operator", o.JID, "err", err)
	}
	if err != nil && phrase.CodeOf(err) != phrase.CodeInvalid {
		c.next[o.JID] = c.bridge.clock.Now().Add(tryAgain << min(c.failed[o.JID], 5))
		c.failed[o.JID]++
		return
	}
	delete(c.failed, o.JID)
	if c.told[o.JID] == nil {
		c.told[o.JID] = make(map[string]int)
	}
	c.told[o.JID][name] = st.turn
	if !st.on {
		delete(c.told[o.JID], name)
	}
}
