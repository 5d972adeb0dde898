package bridge

import (
	"context"
	"strconv"
	"sync"
	"time"

	"porchlight/bridge/phrase"
)

// pulse notices time in which nobody could act, because porchlight was off, the machine slept or
// somebody set its clock, and moves the timers by as much: what would have run out meanwhile has as
// much time left as before. begin belongs to Open and to Nodes.Take, and look to the goroutine of Run; between them is the lock.
type pulse struct {
	b      *Bridge
	mu     sync.Mutex
	seen   time.Time     // when look looked last
	stored time.Time     // the value of seen that is in the store
	owed   time.Duration // by how much the timers still have to be moved
	since  time.Time     // when the time that is owed began
}

// settingPulse is the setting that keeps pulse.stored over a restart, in milliseconds.
const settingPulse = "pulse_at"

const (
	pulseEvery = 30 * time.Second // how often the time is stored
	pulseGap   = 10 * time.Minute // a longer gap, forwards or back, moves the timers
)

// begin compares the time with the last one that was stored before this start.
func (p *pulse) begin(tx Tx) error {
	now := p.b.clock.Now()
	p.mu.Lock()
	p.seen, p.stored, p.owed = now, now, 0
	p.mu.Unlock()
	last, err := storedTime(tx, settingPulse)
	if err == nil && last.IsZero() {
		last, err = storedTime(tx, settingAlive) // an earlier porchlight stored no pulse
	}
	if err != nil {
		return err
	}
	if gap := now.Round(0).Sub(last); !last.IsZero() && gap.Abs() > pulseGap {
		return p.move(&commit{b: p.b, tx: tx}, gap, last) // no side has joined that could be told
	}
	return savePulse(tx, now)
}

// look is begin while porchlight runs, and returns the time until which timers may fire: what the clock has jumped since is moved at the
// next look. If it returns an error none may.
func (p *pulse) look(ctx context.Context) (now time.Time, err error) {
	now = p.b.clock.Now()
	owed, since, store := p.passed(now)
	switch {
	case owed != 0:
		err := p.b.update(ctx, func(u *commit) error { return p.move(u, owed, since) })
		if err != nil {
			return now, err
		}
		p.mu.Lock()
		defer p.mu.Unlock()
		p.owed, p.stored = 0, now
	case store:
		return now, p.b.store.Update(ctx, func(tx Tx) error { return savePulse(tx, now) })
	}
	return now, nil
}

// passed takes in that it is now, and returns by how much the timers have to be moved, and if by nothing, whether the time is to be stored. A store
// that fails raises an alarm itself, and is tried again after pulseEvery.
func (p *pulse) passed(now time.Time) (owed time.Duration, since time.Time, store bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if s, ok := p.b.clock.(steady); ok {
		if jump := now.Round(0).Sub(p.seen.Round(0)) - s.Passed(p.seen); jump.Abs() > pulseGap {
			p.owed += jump
			p.since = p.seen
		}
	}
	p.seen = now
	if store = p.owed == 0 && now.Sub(p.stored).Abs() >= pulseEvery; store {
		p.stored = now
	}
	return p.owed, p.since, store
}

// move moves all timers, and tells the log and the super operators.
func (p *pulse) move(u *commit, by time.Duration, since time.Time) error {
	for after := int64(0); ; {
		list, err := u.tx.OpenConversations(New, after, dueBatch)
		if err != nil {
			return err
		}
		for _, c := range list {
			after = c.Number
			c.Due = c.Due.moved(by)
			if err := u.tx.SaveConversation(c, c.Seq); err != nil {
				return err
			}
		}
		if len(list) < dueBatch {
			break
		}
	}
	now := p.b.clock.Now()
	p.b.log.Warn("time went by in which porchlight could not act, or the clock was set; timers are moved", "by", by, "from", since.UTC(), "to", now.UTC())
	site, err := u.tx.Setting(SiteHours) // at the start nothing mirrors them yet
	if err != nil {
		return err
	}
	const form = "2006-01-02 15:04 MST"
	zone := p.b.Hours.read(site, now).Zone()
	text := phrase.Say("From %s to %s (%s) porchlight was off or asleep, or its clock was set. What runs out with time was moved by as much, so nothing was closed by that.",
		since.In(zone).Format(form), now.In(zone).Format(form), by.Round(time.Minute).String())
	for _, o := range p.b.opts.SuperOperators {
		if _, err := u.tell(DeskEntry{Operator: o, Kind: DeskNotice, Phrase: text}); err != nil {
			return err
		}
	}
	return savePulse(u.tx, now)
}

func savePulse(tx Tx, now time.Time) error {
	return tx.SaveSetting(settingPulse, strconv.FormatInt(now.UnixMilli(), 10))
}

// storedTime reads a setting that holds a time; zero if there is none.
func storedTime(r Reader, key string) (time.Time, error) {
	s, err := r.Setting(key)
	ms, bad := strconv.ParseInt(s, 10, 64)
	if err != nil || bad != nil {
		return time.Time{}, err
	}
	return time.UnixMilli(ms), nil
}

// moved returns d with every timer that is set moved by a duration. Later stays, because an operator named
// that moment; Answer and Solve stay, because the visitor has waited.
func (d Due) moved(by time.Duration) Due {
	for _, t := range []*time.Time{&d.Waiting, &d.Visitor, &d.Operator, &d.IdleWarn, &d.IdleClose, &d.Receipt, &d.Offer, &d.Overflow, &d.Escalate, &d.Remind} {
		if !t.IsZero() {
			*t = t.Add(by)
		}
	}
	return d
}
