package desk

import (
	"cmp"
	"context"
	"errors"
	"strings"

	"porchlight/bridge"
	"porchlight/bridge/phrase"
	"porchlight/bridge/voice"
)

// askWhen changes when an operator is asked.
func (d *Desk) askWhen(ctx context.Context, call Call, when string) (string, error) {
	back := "notify " + whenOf(&call.Operator.Notify.When).String()
	return d.switchTo(ctx, call, func(n *bridge.Notify) (phrase.Phrase, error) {
		err := whenOf(&n.When).Set(when)
		switch n.When {
		case bridge.NotifyAlways:
			return phrase.Say("You are asked at any time, also when away or at night. %s takes it back.", back), err
		case bridge.NotifyOnline:
			return phrase.Say("You are asked only while you are available. %s takes it back.", back), err
		}
		return phrase.Say("You are asked in your hours, also when away or offline. %s takes it back.", back), err
	})
}

// switchMail switches mails on or off.
func (d *Desk) switchMail(ctx context.Context, call Call, word, address string) (string, error) {
	was := call.Operator.Notify
	back := "notify mail off"
	if was.Mail {
		back = strings.TrimSpace("notify mail on " + was.MailTo)
	}
	switch word {
	case on:
		return d.switchTo(ctx, call, func(n *bridge.Notify) (phrase.Phrase, error) {
			n.Mail = true
			err := mailOf(&n.MailTo).Set(address)
			return phrase.Say("Mail: on, to %s – at most one in 10 min. %s takes it back.", mailTo(call.Operator, *n), back), err
		})
	case "off":
		return d.switchTo(ctx, call, func(n *bridge.Notify) (phrase.Phrase, error) {
			*n = n.Without(bridge.ByMail)
			return phrase.Say("%s: off. %s takes it back.", titleOf(bridge.ByMail), back), nil
		})
	}
	return "", refuse("%q is neither on nor off. Write: notify mail on|off [ADDRESS].", voice.Clip(word, 40))
}

// switchPushover switches Pushover on, which is tested at once, or off.
func (d *Desk) switchPushover(ctx context.Context, call Call, key, token string) (string, error) {
	if strings.EqualFold(key, "off") {
		return d.switchTo(ctx, call, func(n *bridge.Notify) (phrase.Phrase, error) {
			*n = n.Without(bridge.ByPushover)
			return phrase.Say("%s: off. %s takes it back.", titleOf(bridge.ByPushover), "notify pushover USERKEY"), nil
		})
	}
	answer, err := d.switchTo(ctx, call, func(n *bridge.Notify) (phrase.Phrase, error) {
		err := keyOf(&n.Pushover).Set(key)
		if err == nil {
			err = keyOf(&n.Token).Set(token)
		}
		return phrase.Say("Pushover said yes, and your phone should ring now. %s", deleteKey()), err
	})
	if phrase.CodeOf(err) == phrase.CodeInvalid {
		return "", refuse("%s %s", phrase.Of(err), deleteKey())
	}
	return answer, err
}

// switchUrgent has notices by Pushover ring until they were seen, or not.
func (d *Desk) switchUrgent(ctx context.Context, call Call, word string) (string, error) {
	if word != on && word != "off" {
		return "", refuse("%q is neither on nor off. Write: notify urgent on|off.", voice.Clip(word, 40))
	}
	return d.switchTo(ctx, call, func(n *bridge.Notify) (phrase.Phrase, error) {
		if n.Pushover == "" {
			return phrase.Phrase{}, refuse("Pushover is off: notify pushover USERKEY first.")
		}
		if n.Urgent = word == on; n.Urgent {
			return phrase.Say("Pushover rings each minute, at night too, until you say there that you have seen it or somebody takes the request. notify urgent off takes it back."), nil
		}
		return phrase.Say("Pushover rings once for each notice. notify urgent on takes it back."), nil
	})
}

// deleteKey advises to delete a message with a key.
func deleteKey() phrase.Phrase {
	return phrase.Say("Delete your message here: the key stands in it.")
}

// switchAddress switches on ntfy or the webhook, which is tested at once, or off. An address is given with the
// token or the secret that goes with it.
func (d *Desk) switchAddress(ctx context.Context, call Call, w bridge.Way, address, key string) (string, error) {
	places := func(n *bridge.Notify) (link, secret Value) {
		if w == bridge.ByNtfy {
			return linkOf(&n.Ntfy), ntfyTokenOf(&n.NtfyToken)
		}
		return linkOf(&n.Webhook), webhookSecretOf(&n.WebhookSecret)
	}
	was, _ := places(&call.Operator.Notify)
	back := "notify " + string(w) + " " + cmp.Or(was.String(), "off")
	answer, err := d.switchTo(ctx, call, func(n *bridge.Notify) (phrase.Phrase, error) {
		if strings.EqualFold(address, "off") {
			*n = n.Without(w)
			return phrase.Say("%s: off. %s takes it back.", titleOf(w), back), nil
		}
		link, secret := places(n)
		err := link.Set(address)
		if err == nil {
			err = secret.Set(key)
		}
		said := phrase.Say("%s said yes: a test has just come there. %s takes it back.", titleOf(w), back)
		if key != "" {
			said = phrase.Say("%s %s", said, deleteKey())
		}
		return said, err
	})
	if phrase.CodeOf(err) == phrase.CodeInvalid && key != "" {
		return "", refuse("%s %s", phrase.Of(err), deleteKey())
	}
	return answer, err
}

// switchTo changes an operator's own notices. What change returns says what is so then, and how to take it back.
func (d *Desk) switchTo(ctx context.Context, call Call, change func(*bridge.Notify) (phrase.Phrase, error)) (string, error) {
	var said phrase.Phrase
	err := d.editNotify(ctx, call, func(o *bridge.Operator) ([]bridge.Changed, error) {
		was := o.Notify
		var err error
		if said, err = change(&o.Notify); err != nil {
			return nil, err
		}
		list := noticeChanges(was, o.Notify)
		if len(list) == 0 {
			return nil, errUnchanged
		}
		return list, nil
	})
	if errors.Is(err, errUnchanged) {
		return call.Voice.Say("%s: that is how it was. Nothing was changed.", call.Voice.Say("Notices")), nil
	}
	return call.Voice.Phrase(said), err
}

// noticeChanges lists what is other in one Notify than in another.
func noticeChanges(was, is bridge.Notify) (list []bridge.Changed) {
	after := noticeKeys(&is)
	for i, k := range noticeKeys(&was) {
		st := step{after[i], k.Value.String()}
		if st.was != st.key.Value.String() {
			list = append(list, bridge.Changed(st.told()))
		}
	}
	return underOne(list)
}

// underOne gives changes of an operator's own notices the keys that operator-edit has for them, since that is the
// line that the audit log has.
func underOne(list []bridge.Changed) []bridge.Changed {
	for i := range list {
		if list[i].Key == whenKey {
			list[i].Key = notifyKey
		}
	}
	return list
}

// editNotify changes an operator who gives a call, after the ways that are new have proved to work.
func (d *Desk) editNotify(ctx context.Context, call Call, change func(*bridge.Operator) ([]bridge.Changed, error)) error {
	trial := call.Operator
	if _, err := change(&trial); err != nil {
		return err
	}
	if err := d.prove(ctx, call, call.Operator, trial); err != nil {
		return err
	}
	return d.staff().EditOperator(ctx, call.Operator, call.Operator.JID, change)
}

// prove refuses a way of notices that was switched on or changed if there is no such channel, or if the test
// that is sent by it at once is refused. A mail is not tested, because its receiver may be another.
func (d *Desk) prove(ctx context.Context, call Call, was, is bridge.Operator) error {
	ctx, cancel := context.WithTimeout(ctx, trialLasts)
	defer cancel()
	for _, w := range bridge.Ways() {
		if !is.Notify.On(w) || same(was.Notify, is.Notify, w) {
			continue
		}
		if !d.bridge.Notices.Has(w) {
			return notSetUp(w)
		}
		if w == bridge.ByMail {
			continue
		}
		if err := d.trials.begin(call.Operator.JID); err != nil {
			return err
		}
		if err := d.bridge.Notices.Prove(ctx, is, w); says(err) {
			return refuse("%s", phrase.Of(err))
		} else if err != nil {
			return refuse("%s could not be asked whether that is right. Try again later.", titleOf(w))
		}
	}
	return nil
}

// same reports whether a way is set alike in two Notifys.
func same(a, b bridge.Notify, w bridge.Way) bool {
	for _, other := range bridge.Ways() {
		if other != w {
			a, b = a.Without(other), b.Without(other)
		}
	}
	a.When, b.When, a.Urgent, b.Urgent = "", "", false, false
	return a == b
}

// notSetUp is the refusal of a way that this porchlight has no channel for.
func notSetUp(w bridge.Way) error {
	return refuse("%s is not set up here yet, so nothing would be sent.", titleOf(w))
}
