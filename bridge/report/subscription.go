package report

import (
	"context"
	"crypto/rand"
	"fmt"
	"slices"
	"strings"
	"time"

	"porchlight/bridge"
	"porchlight/bridge/phrase"
)

// Mailing is what the statistics need to go by mail.
type Mailing struct {
	Bridge *bridge.Bridge
	URL    string // of the visitors' side, below which a recipient can unsubscribe; without a slash at the end
	// Weekly says what the mail of a subscription tells of a week and of the week before. It must not call CatchUp.
	Weekly func(ctx context.Context, s Subscription, week, before bridge.Range) (bridge.StatisticsDraft, error)
}

// Subscription is statistics that go to an address each Monday at 7:00 in the site's zone.
type Subscription struct {
	ID       string // random
	Operator bridge.OperatorJID
	Address  string // lower case
	Of       Whose  // whose statistics; it has no kind
	Made     time.Time
	Due      time.Time // when the next mail goes
	Post     string    // the id of the mail that went last
	Failed   int64     // how many mails in a row could not be delivered
}

// Ordered is a mail that an operator had sent.
type Ordered struct {
	Operator bridge.OperatorJID
	Address  string
}

// Order is statistics that somebody wants to have sent now.
type Order struct {
	By     bridge.Operator
	Of     Whose                    // it has no kind
	Drafts []bridge.StatisticsDraft // one for each address, each another one
	Weekly bool                     // they go each week, too
	Line   string                   // the command as it was written
}

// Send puts the mails of an order among the mail that goes, all of them or none. It returns CodeInvalid if a
// limit is reached.
func (r *Report) Send(ctx context.Context, o Order) error {
	now := r.opts.Clock.Now()
	var subscriptions []Subscription
	var mails []bridge.OutMail
	known, err := r.Subscriptions(ctx)
	if err != nil {
		return err
	}
	for _, d := range o.Drafts {
		d.Operator = o.By
		if o.Weekly {
			s := Subscription{ID: strings.ToLower(rand.Text()), Operator: o.By.JID, Address: d.To, Of: o.Of, Made: now, Due: nextMail(now, r.opts.Zone())}
			if i := slices.IndexFunc(known, s.same); i >= 0 {
				s = known[i]
			}
			d.Unsubscribe = r.link(s.ID)
			subscriptions = append(subscriptions, s)
		}
		m, err := r.opts.Mailing.Bridge.Mail.Statistics(d)
		if err != nil {
			return fmt.Errorf("write statistics: %w", err)
		}
		mails = append(mails, m)
	}
	return r.store.UpdateReport(ctx, func(tx Tx) error { return o.store(tx, now, mails, subscriptions) })
}

// same reports whether a subscription is for the same address and about the same, and of the same operator.
func (s Subscription) same(other Subscription) bool {
	return s.Operator == other.Operator && s.Address == other.Address && s.Of == other.Of
}

// store stores the mails of an order and the subscriptions that belong to them, if there are some.
func (o Order) store(tx Tx, now time.Time, mails []bridge.OutMail, subscriptions []Subscription) error {
	if err := o.refuse(tx, now); err != nil {
		return err
	}
	known, err := tx.Subscriptions()
	if err != nil {
		return err
	}
	for i, s := range subscriptions {
		s.Post = mails[i].ID
		if same := slices.IndexFunc(known, s.same); same < 0 {
			known = append(known, s)
		} else if known[same].ID != s.ID {
			return phrase.Fail(phrase.CodeConflict, "Somebody has changed the same at this moment. Try again.")
		}
		if err := tx.SaveSubscription(s); err != nil {
			return err
		}
	}
	if len(subscriptions) > 0 {
		if err := o.refuseMore(known); err != nil {
			return err
		}
	}
	for _, m := range mails {
		if err := bridge.QueueMail(tx, m); err != nil {
			return err
		}
	}
	return tx.AppendAudit(&bridge.Audit{At: now, By: o.By.JID, ByName: o.By.Name, About: o.Of.about(), Line: o.Line})
}

// about is what the audit log has for whose statistics they are: an operator, a department, or "" for the site.
func (w Whose) about() string {
	if w.Department != "" {
		return w.Department
	}
	return string(w.Operator)
}

// Subscriptions lists all statistics that go each week, by address.
func (r *Report) Subscriptions(ctx context.Context) (list []Subscription, err error) {
	err = r.store.ViewReport(ctx, func(x Reader) (err error) {
		list, err = x.Subscriptions()
		return err
	})
	return list, err
}

// End ends subscriptions, all of them or none; who has ordered them is told if it was somebody else. CodeNotFound
// says that one has ended meanwhile. line is the command as it was written.
func (r *Report) End(ctx context.Context, by bridge.Operator, list []Subscription, line string) error {
	now := r.opts.Clock.Now()
	return r.store.UpdateReport(ctx, func(tx Tx) error {
		for _, s := range list {
			if err := tx.DeleteSubscription(s.ID); err != nil {
				return err
			}
			if err := tx.AppendAudit(&bridge.Audit{At: now, By: by.JID, ByName: by.Name, About: s.Of.about(), Line: line}); err != nil {
				return err
			}
			if s.Operator == by.JID {
				continue
			}
			if err := bridge.KeepNews(tx, s.Operator, by.Name, now, phrase.Say("your weekly statistics for %s: ended", s.Address)); err != nil {
				return err
			}
		}
		return nil
	})
}
