package bridge

import (
	"context"
	"errors"
	"strconv"
	"sync"
	"time"

	"porchlight/bridge/phrase"
)

// Link is the one XMPP link. It remembers when the link was last proved to work in both
// directions. What operators wrote after that and before the next link may be lost: the server
// buffers it for a component that is gone, and tells nobody (XEP-0114 has no acknowledgements).
// The methods may be called by any goroutine.
type Link struct {
	bridge *Bridge
	mu     sync.Mutex
	alive  time.Time // when the link was last proved to work
	stored time.Time // when alive was last stored
	lost   time.Time // when an earlier link was last proved to work, until that is told; zero: there was none
	whole  time.Time // until then nothing got lost of which owners were not told; before halved it is not known better than when the link began
	halved time.Time // when it was last seen that the server loses a part; zero: it was not, or is told
	told   time.Time // when owners were last told of that
	down   time.Time // since when watch has seen the link down, here and on the node that holds it; zero: it was up
}

// settingAlive is the setting that keeps Link.alive over a restart, in milliseconds. While a gap is not told it is where that gap began:
// whoever has the next link tells of it if this one does not get to it.
const settingAlive = "link_alive_at"

// aliveEvery is how often Link.alive is stored.
const aliveEvery = 10 * time.Second

// aliveTold is aliveEvery if another node may have the next link, which tells of the gap by what is stored.
const aliveTold = time.Second

// Alive says that the link was just proved to work, and that everything that came over it until a moment was handled: what came
// later is lost if this process ends now.
func (l *Link) Alive(ctx context.Context, until time.Time) error {
	now := l.bridge.clock.Now()
	l.mu.Lock()
	l.alive = until
	every := aliveEvery
	if l.bridge.Nodes.Several() {
		every = aliveTold
	}
	store := now.Sub(l.stored) >= every && l.lost.IsZero()
	if store {
		l.stored = now
	}
	l.mu.Unlock()
	if !store {
		return nil
	}
	return l.bridge.store.Update(ctx, func(tx Tx) error { return saveAlive(tx, until) })
}

func saveAlive(tx Tx, at time.Time) error {
	return tx.SaveSetting(settingAlive, strconv.FormatInt(at.UnixMilli(), 10))
}

// load reads when a link was last proved to work, perhaps another node's, and forgets what this node knew of earlier links: other nodes
// have told of what was to be told since, or have stored that they did not get to it.
func (l *Link) load(r Reader) error {
	at, err := storedTime(r, settingAlive)
	if err != nil {
		return err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.alive, l.lost, l.halved = at, time.Time{}, time.Time{}
	return nil
}

// Halved says that the server loses a part of what is for us: a ping of ours did not come back, and a later one did. What owners wrote since the
// link began, or since they were last told, may be lost, however well the link seemed to work; Heal tells them. Who has the next
// link does, if this process ends before.
func (l *Link) Halved(ctx context.Context) error {
	l.mu.Lock()
	if l.lost.IsZero() {
		l.lost = l.whole
	}
	l.halved = l.bridge.clock.Now()
	since := l.lost
	l.mu.Unlock()
	return l.bridge.store.Update(ctx, func(tx Tx) error { return saveAlive(tx, since) })
}

// How long nothing has to get lost until owners are told of it, and how often they are told while it goes on.
const (
	healed     = 10 * time.Second
	halvedTold = time.Minute
)

// Heal tells owners in which time a part of what they wrote was lost, when that is over or goes on for long. It is called whenever the
// link has been proved to work.
func (l *Link) Heal(ctx context.Context) error {
	now := l.bridge.clock.Now()
	l.mu.Lock()
	due := !l.halved.IsZero() && (now.Sub(l.halved) >= healed || now.Sub(l.told) >= halvedTold)
	l.mu.Unlock()
	if !due {
		return nil
	}
	return l.reportGap(ctx)
}

// Up says that the XMPP link is up. It is called before any presence of that link is taken in, and before Alive says
// that it works; and Resume after all of the presence.
func (l *Link) Up() {
	l.mu.Lock()
	if l.lost.IsZero() {
		l.lost = l.alive
	}
	l.whole = l.bridge.clock.Now()
	l.mu.Unlock()
	l.bridge.Reach.link(true)
	l.bridge.hub.publishStatus()
}

// Down says that the XMPP link is gone; nobody is available until Up. The grace time of owners
// begins, since a link that does not come back leaves their visitors alone.
func (l *Link) Down() {
	for _, o := range l.bridge.Team.Available() {
		l.bridge.gone.cut(o.JID, l.bridge.clock.Now())
	}
	l.bridge.Reach.link(false)
	l.bridge.hub.stops(func(t typist, _ writing) bool { return t.operator != "" })
	l.bridge.hub.publishStatus()
	if !l.bridge.Nodes.Holding() { // another node has the link
		return
	}
	if err := (settling{bridge: l.bridge}).run(context.Background()); err != nil {
		l.bridge.log.Error("settle after the link's end", "err", err)
	}
}

// IsUp reports whether the XMPP link is up.
func (l *Link) IsUp() bool { return l.bridge.Reach.isLinked() }

// DownFor is how long the link has been down, as Run has seen it; 0: it is up.
func (l *Link) DownFor() time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.down.IsZero() {
		return 0
	}
	return l.bridge.clock.Now().Sub(l.down)
}

// downFor is how long the link may be down before that is an alarm. A server that is started anew needs less.
const downFor = 2 * time.Minute

// watch raises AlarmLink when the link is down for long, and clears it when the link is up. One goroutine calls it.
func (l *Link) watch() {
	now, up := l.bridge.clock.Now(), l.IsUp()
	l.mu.Lock()
	if up {
		l.down = time.Time{}
	} else if l.down.IsZero() {
		l.down = now
	}
	down := l.down
	l.mu.Unlock()
	if up {
		l.bridge.Alarms.Clear(AlarmLink, phrase.Say("The link to the XMPP server is up again."))
		return
	}
	if now.Sub(down) >= downFor {
		l.bridge.Alarms.raise(AlarmLink, phrase.Say("There is no link to the XMPP server since %s: visitors can write, but operators get nothing. The log says why.",
			down.In(l.bridge.Hours.Site().Zone()).Format("15:04 MST")), linkAgain)
	}
}

// Resume does what a new link needs. The owners of active conversations get their grace time to
// show themselves, and are told how long the link was down and which message of theirs was the
// last to be stored.
func (l *Link) Resume(ctx context.Context) error {
	return errors.Join(settling{bridge: l.bridge, anew: true}.run(ctx), l.reportGap(ctx))
}

// reportGap tells of the time without a link, once, if there was one before this.
func (l *Link) reportGap(ctx context.Context) error {
	l.mu.Lock()
	since, now := l.lost, l.bridge.clock.Now()
	l.mu.Unlock()
	if since.IsZero() {
		return nil
	}
	err := l.bridge.update(ctx, func(u *commit) error { return l.endGap(u, since) })
	if err == nil {
		l.mu.Lock()
		l.whole = now
		switch {
		case l.halved.IsZero():
			l.lost = time.Time{}
		case now.Sub(l.halved) < healed: // it may go on
			l.lost, l.told = now, now
		default:
			l.lost, l.halved, l.told = time.Time{}, time.Time{}, now
		}
		l.mu.Unlock()
	}
	return err
}

// endGap ends the sessions of operators who have not come back, and tells every owner of an active conversation about the time
// without a link, which is over with that.
func (l *Link) endGap(u *commit, since time.Time) error {
	if err := saveAlive(u.tx, l.bridge.clock.Now()); err != nil {
		return err
	}
	if err := l.bridge.Team.endSessions(u.tx, since); err != nil {
		return err
	}
	operators, err := u.tx.Operators()
	if err != nil {
		return err
	}
	for _, o := range operators {
		text, err := l.gapText(u.tx, o, since)
		if err != nil {
			return err
		}
		if text.Format == "" {
			continue
		}
		if _, err := u.tell(DeskEntry{Operator: o.JID, Kind: DeskNotice, Phrase: text}); err != nil {
			return err
		}
	}
	return nil
}

// gapText is what an operator is told about the time without a link, in their zone; empty if they own nothing.
func (l *Link) gapText(r Reader, o Operator, since time.Time) (phrase.Phrase, error) {
	owned, err := r.OwnedBy(o.JID)
	if err != nil || len(owned) == 0 {
		return phrase.Phrase{}, err
	}
	zone := l.bridge.Hours.Zone(o)
	lines := []phrase.Phrase{phrase.Say("The link to the server was down from %s to %s. What you wrote in that time may not have reached me.",
		since.In(zone).Format("15:04:05"), l.bridge.clock.Now().In(zone).Format("15:04:05 MST"))}
	for _, c := range owned {
		request, err := r.Request(c.Number) // and not the whole card: that would keep the conversation until the end of the update
		if err != nil {
			return phrase.Phrase{}, err
		}
		last, err := lastAnswer(r, c, o.JID)
		switch {
		case err == nil && last.Seq == 0:
			lines = append(lines, phrase.Say("#%d %s: I have no message from you.", c.Number, request.Called()))
		case err != nil:
			return phrase.Phrase{}, err
		default:
			lines = append(lines, phrase.Say("#%d %s: the last message I have from you is of %s: %s", c.Number, request.Called(),
				last.At.In(zone).Format("15:04:05 MST"), Cut(last.Text, 200)))
		}
	}
	return phrase.Lines(lines...), nil
}
