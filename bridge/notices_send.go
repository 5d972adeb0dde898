package bridge

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"porchlight/bridge/phrase"
)

// sending is an attempt to tell one operator by one channel of all that is due.
type sending struct {
	bridge *Bridge
	ch     Channel
	o      Operator
	now    time.Time
	list   []DueNotice // the notices that are sent
	rings  []DueNotice // the notices that were sent, ring, and are still needed
	seen   []DueNotice // those of rings that the operator has seen
	over   []DueNotice // the notices that nobody needs any more
	cards  []Card      // of the list
	last   time.Time   // when a notice was last sent to the operator this way
	got    string      // the receipt of what was sent, if it rings
}

// tell sends an operator one notice of all that is due.
func (n *Notices) tell(ctx context.Context, ch Channel, o OperatorJID) error {
	op, _ := n.bridge.Team.get(o)
	op.JID = o
	s := &sending{bridge: n.bridge, ch: ch, o: op, now: n.bridge.clock.Now()}
	if err := n.bridge.store.View(ctx, func(r Reader) error { return s.read(ctx, r) }); err != nil {
		return err
	}
	s.attend(ctx)
	if len(s.list) == 0 || s.now.Before(s.earliest()) {
		return s.save(ctx, func(d *DueNotice) { d.Due = s.earliest() })
	}
	err := attempt(ctx, ch, s.send)
	switch {
	case err == nil:
		s.quotaIsBack()
		return s.save(ctx, s.wasSent)
	case ctx.Err() != nil:
		return nil // the program ends, and sends it after the next start
	}
	n.bridge.log.Warn("a notice was not sent", "way", ch.Way(), "operator", o, "err", err)
	if err := s.save(ctx, func(d *DueNotice) { s.hasFailed(d, err) }); err != nil {
		return err
	}
	return s.complain(ctx, err)
}

// read reads what is due, and finds out what of it is still wanted.
func (s *sending) read(ctx context.Context, r Reader) error {
	s.list, s.rings, s.seen, s.over, s.cards = nil, nil, nil, nil, nil
	due, err := r.DueNotices(s.ch.Way(), s.now, noticesAtOnce)
	if err != nil {
		return err
	}
	away, free := s.bridge.Team.AskedAway(s.o), s.bridge.Team.free(s.o)
	on, schedules := s.o.Notify.On(s.ch.Way()), s.bridge.Settings.Schedules()
	if !(away && on) && !s.bridge.Reach.knows() { // the link has just gone down
		return nil
	}
	for _, d := range due {
		if d.Operator != s.o.JID {
			continue
		}
		offer, err := offerTo(r, d.Conversation, d.Operator)
		var card Card
		if err == nil {
			card, err = s.bridge.card(r, d.Conversation)
		}
		if phrase.CodeOf(err) == phrase.CodeUnavailable || ctx.Err() != nil {
			return err
		}
		if err != nil { // it can't be processed, and keeps no others back
			s.bridge.Quarantine.PassedOver(d.Conversation, err)
			s.over = append(s.over, d)
			continue
		}
		wants := on && (away || free && schedules.noticed(card.Conversation))
		fresh := s.now.Sub(d.Asked) <= noticeFor
		if !wants || !fresh || card.State != Waiting || offer.State != OfferOpen || !sameTime(offer.At, d.Asked) {
			s.over = append(s.over, d)
			continue
		}
		if d.Receipt != "" && !d.SentAt.Before(d.Asked) {
			s.rings = append(s.rings, d)
			continue
		}
		s.list, s.cards = append(s.list, d), append(s.cards, card)
	}
	s.last, err = r.LastNotice(s.o.JID, s.ch.Way())
	return err
}

// earliest is when the next notice may be sent to the operator.
func (s *sending) earliest() time.Time {
	if s.last.IsZero() || s.ch.Way() != ByMail {
		return time.Time{}
	}
	return s.last.Add(mailEvery)
}

// send sends one notice of all that is sent.
func (s *sending) send(ctx context.Context) (err error) {
	n := s.notice()
	r, can := s.ch.(Ringer)
	if !can || !s.o.Notify.Urgent {
		return s.ch.Send(ctx, n)
	}
	newest := s.list[0].Asked
	for _, d := range s.list {
		newest = later(newest, d.Asked)
	}
	s.got, err = r.Ring(ctx, n, noticeFor-s.now.Sub(newest))
	return err
}

// notice is one notice of all that is sent.
func (s *sending) notice() Notice {
	n := s.bridge.Notices.about(Notice{Operator: s.o, Kind: NoticeRequests})
	var ids []string
	var lines []phrase.Phrase
	for i, c := range s.cards {
		title := c.Department
		for _, d := range s.bridge.Team.Departments() {
			if d.Name == c.Department {
				title = d.Title
			}
		}
		n.Requests = append(n.Requests, Asked{c.Number, c.Request.Called(), title, bare(c.Request.Page.URL), c.WaitsSince})
		ids = append(ids, fmt.Sprint(c.Number, ".", s.list[i].Asked.UnixMilli(), ".", s.list[i].Sent))
		lines = append(lines, s.line(n.Requests[i]))
		if s.bridge.opts.NoticeText {
			lines = append(lines, phrase.Say("%s", "“"+Cut(c.Request.Reason, noticeTextBytes)+"”"))
		}
	}
	if len(s.cards) == 1 {
		n.Link += ";body=" + fmt.Sprint(s.cards[0].Number)
	}
	n.ID = string(s.ch.Way()) + "-" + strings.Join(ids, "-")
	how := phrase.Say("The number takes it, sent to %s.", "desk@"+s.bridge.opts.Domain)
	if s.ch.Way() == ByMail { // where it reads as an address for mail
		how = phrase.Say("In your chat client, the number takes it: sent to the contact %s.", "desk@"+s.bridge.opts.Domain)
	}
	n.Text = phrase.Lines(append(lines, how)...)
	return n
}

// line says one request.
func (s *sending) line(a Asked) phrase.Phrase {
	said := phrase.Say("#%d %s, %s, waits: %s", a.Number, a.Name, a.Department, Span(s.now.Sub(a.Since)))
	if a.Page == "" {
		return said
	}
	return phrase.Say("%s, page: %s", said, Cut(a.Page, noticePageBytes))
}

// bare is a page's address without what may hold personal data: user, query and fragment.
func bare(page string) string {
	u, err := url.Parse(page)
	if err != nil || u.Host == "" {
		return ""
	}
	return (&url.URL{Scheme: u.Scheme, Host: u.Host, Path: u.Path}).String()
}

// wasSent takes in that a notice was sent, and says when it is sent again.
func (s *sending) wasSent(d *DueNotice) {
	d.Sent, d.SentAt, d.Failed, d.Due, d.Receipt = d.Sent+1, s.now, 0, time.Time{}, s.got
	if d.Receipt != "" { // the service repeats it
		d.Due = s.now.Add(listenEvery)
		return
	}
	repeats := noticeRepeats[:]
	if s.ch.Way() == ByMail {
		repeats = repeats[len(repeats)-1:]
	}
	for _, after := range slices.Backward(repeats) {
		if at := d.Asked.Add(noticeAfter + after); at.After(s.now) {
			d.Due = at
		}
	}
}

// hasFailed takes in that a notice was not sent.
func (s *sending) hasFailed(d *DueNotice, err error) {
	d.Failed++
	d.Due = s.now.Add(tryAgain << min(d.Failed-1, 5))
	if code := phrase.CodeOf(err); code == phrase.CodeInvalid || code == phrase.CodeBusy || d.Due.Sub(d.Asked) > noticeFor {
		d.Due = time.Time{}
	}
}

// save changes the notices of the list, and ends those that are over, unless the offer was made anew meanwhile.
func (s *sending) save(ctx context.Context, change func(*DueNotice)) error {
	return s.bridge.store.Update(ctx, func(tx Tx) error {
		for i, d := range slices.Concat(s.list, s.rings, s.over) {
			now, err := tx.Notice(d.Conversation, d.Operator, d.Way)
			if phrase.CodeOf(err) == phrase.CodeNotFound || err == nil && !sameTime(now.Asked, d.Asked) {
				continue
			}
			if err != nil {
				return err
			}
			if i < len(s.list) {
				change(&now)
			} else {
				now.Due, now.Receipt = d.Due, d.Receipt
			}
			if err := tx.SaveNotice(now); err != nil {
				return err
			}
		}
		if err := s.mute(tx); err != nil {
			return err
		}
		return tx.DeleteNotices(s.now.Add(-keepNotices))
	})
}

// complain tells the operator at the desk that their notices can't be sent because of what they have set, or, once,
// because the service takes no more.
func (s *sending) complain(ctx context.Context, err error) error {
	switch phrase.CodeOf(err) {
	case phrase.CodeInvalid:
	case phrase.CodeBusy:
		if !s.bridge.Alarms.raise(s.quota(), phrase.Of(err), quotaAgain) {
			return nil
		}
	default:
		return nil
	}
	return s.bridge.update(ctx, func(u *commit) error {
		_, err := u.tell(DeskEntry{Operator: s.o.JID, Kind: DeskNotice, Phrase: phrase.Say("A notice was not sent (%s): %s", string(s.ch.Way()), phrase.Of(err))})
		return err
	})
}

// quota is the name of the alarm that a service takes no more notices: of the site, or of an operator who has a
// token of their own.
func (s *sending) quota() string {
	name := AlarmQuota + " " + string(s.ch.Way())
	if s.o.Notify.Token != "" && s.ch.Way() == ByPushover {
		name += " " + string(s.o.JID)
	}
	return name
}

// quotaIsBack takes in that a service takes notices.
func (s *sending) quotaIsBack() {
	s.bridge.Alarms.Clear(s.quota(), phrase.Say("Notices can be sent again (%s).", string(s.ch.Way())))
}

// attempt has a channel do something within sendLimit. A channel that panics has failed.
func attempt(ctx context.Context, ch Channel, do func(context.Context) error) (err error) {
	ctx, cancel := context.WithTimeout(ctx, sendLimit)
	defer cancel()
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("notice by %s: panic: %v", ch.Way(), r)
		}
	}()
	return do(ctx)
}
