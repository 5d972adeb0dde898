package report

import (
	"time"

	"porchlight/bridge/phrase"
)

// Limits of what goes by mail. A recipient may be a stranger, whom nobody shall be able to flood.
const (
	mostSubscriptions = 200 // of the site
	mostOfOperator    = 20  // subscriptions that one operator has ordered
	mostToAddress     = 5   // subscriptions of one address
	mostMailsADay     = 50  // that one operator has sent
	mostADayTo        = 5   // mails to one address
)

// refuse says that too many mails were sent within a day.
func (o Order) refuse(tx Tx, now time.Time) error {
	list, err := tx.Ordered(now.Add(-24 * time.Hour))
	if err != nil {
		return err
	}
	own, to := len(o.Drafts), make(map[string]int)
	for _, m := range list {
		to[m.Address]++
		if m.Operator == o.By.JID {
			own++
		}
	}
	for _, d := range o.Drafts {
		if to[d.To] >= mostADayTo {
			return phrase.Fail(phrase.CodeInvalid, "%s was sent statistics %d times within a day, which is the most.", d.To, to[d.To])
		}
	}
	if own > mostMailsADay {
		return phrase.Fail(phrase.CodeInvalid, "You may send statistics to %d addresses a day.", mostMailsADay)
	}
	return nil
}

// refuseMore says that there would be too many subscriptions.
func (o Order) refuseMore(all []Subscription) error {
	own, to := 0, make(map[string]int)
	for _, s := range all {
		to[s.Address]++
		if s.Operator == o.By.JID {
			own++
		}
	}
	for _, d := range o.Drafts {
		if to[d.To] > mostToAddress {
			return phrase.Fail(phrase.CodeInvalid, "%s gets statistics of %d kinds each week already, which is the most.", d.To, mostToAddress)
		}
	}
	switch {
	case own > mostOfOperator:
		return phrase.Fail(phrase.CodeInvalid, "You may have statistics sent %d times each week. stats-mail lists them, and off ends one.", mostOfOperator)
	case len(all) > mostSubscriptions:
		return phrase.Fail(phrase.CodeInvalid, "The site sends statistics %d times each week, which is the most.", mostSubscriptions)
	}
	return nil
}
