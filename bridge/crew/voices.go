package crew

import (
	"sync"
	"time"

	"porchlight/bridge"
)

// How long a node may be silent, and how often at the least this one has the bridge look for what no hint has told, although it knows of
// none that was lost.
//
// What a node stores right before it dies is found at most 5 s after that, as is each hint that got lost: a node says something at each
// beat, so it was heard shortly before it died, and silentTime and tryTime are over by then.
const (
	silentTime = 2 * beatTime
	rareTime   = time.Minute // for what nobody has thought of: it costs each visitor a row of an index
)

// voices are the nodes that this one hears, itself among them, and with that whether hints may have got lost. The bridge has to look for
// what they told when a number is missing in what a node sends, when a living one is silent (it has stopped, it can't send, this one
// does not hear, or it is of a version that gives no numbers), when one comes or goes, and when hints could not be taken in. What a node
// may have stored without a hint takes a number, so that it is missing.
type voices struct {
	own   string // this node's id
	clock bridge.Clock

	mu      sync.Mutex
	by      map[string]*voice // by the node's id
	started time.Time         // of this node, as the store has it; it changes when the others have taken this one for dead
	lost    bool              // hints may have got lost
	now     bool              // the bridge has to look at once
	looked  time.Time         // when it last did
}

// voice is a node that is heard, or should be.
type voice struct {
	number int64     // of its last message; 0: none was heard
	at     time.Time // when it was heard, or should have been from then on
}

// lose takes in that hints may have got lost.
func (v *voices) lose() {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.lost = true
}

// urge has the bridge look at once.
func (v *voices) urge() {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.now = true
}

// heard takes in that a node has sent a message; one without a number says nothing about others.
func (v *voices) heard(id string, number int64) {
	if number == 0 {
		return
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	now := v.clock.Now()
	x := v.by[id]
	if x == nil {
		x = &voice{at: now}
		v.by[id] = x
	}
	if number != x.number+1 || now.Sub(x.at) > silentTime {
		v.lost = true
	}
	x.number, x.at = number, now
}

// know takes in which nodes there are.
func (v *voices) know(list []Node) {
	v.mu.Lock()
	defer v.mu.Unlock()
	living := make(map[string]bool)
	for _, n := range list {
		if n.ID == v.own && !n.Started.Equal(v.started) {
			v.started, v.lost = n.Started, true
		}
		living[n.ID] = n.Alive
		if n.Alive && v.by[n.ID] == nil {
			v.by[n.ID], v.lost = &voice{at: v.clock.Now()}, true
		}
	}
	for id := range v.by {
		if living[id] {
			continue
		}
		v.lost = true
		if id != v.own {
			delete(v.by, id)
		}
	}
}

// due reports whether the bridge has to look for what hints have not told, and takes in that it does.
func (v *voices) due() bool {
	v.mu.Lock()
	defer v.mu.Unlock()
	now := v.clock.Now()
	for _, x := range v.by {
		v.lost = v.lost || now.Sub(x.at) > silentTime
	}
	since := now.Sub(v.looked)
	if !v.now && since < rareTime && (!v.lost || since < sweepTime) {
		return false
	}
	v.now, v.lost, v.looked = false, false, now
	return true
}
