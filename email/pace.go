package email

import "time"

// paceWithin is the time in which mails are counted.
const paceWithin = time.Minute

// paceWords tell operators why a mail waits that may not go yet.
const paceWords = "more mail waits than may go within a minute"

// pace bounds how many mails the relay is asked to take within a minute. One goroutine has it.
type pace struct {
	times []time.Time // of the last attempts, as many as may be made within a minute; none: no limit
	next  int         // the place of the earliest
}

func newPace(perMinute int) *pace { return &pace{times: make([]time.Time, max(perMinute, 0))} }

// may reports whether one more mail may go now. A clock that was set back does not make mail wait longer
// than a minute.
func (p *pace) may(now time.Time) bool {
	if len(p.times) == 0 {
		return true
	}
	earliest := p.times[p.next]
	if now.Before(earliest) {
		for i := range p.times { // now is the latest that they can have been
			p.times[i] = now
		}
		return false
	}
	return now.Sub(earliest) >= paceWithin
}

// goes notes that a mail goes now.
func (p *pace) goes(now time.Time) {
	if len(p.times) > 0 {
		p.times[p.next] = now
		p.next = (p.next + 1) % len(p.times)
	}
}
