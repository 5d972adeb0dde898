package desk

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"
	"sync"

	"porchlight/bridge"
	"porchlight/bridge/phrase"
	"porchlight/bridge/voice"
)

// notifyCommand declares the command about when and how an operator is asked.
func notifyCommand() Command {
	return Command{Name: "notify", Group: Own, Title: "When you are asked, and by which ways", Run: notify, Record: notifyRecord(),
		Help:   "notify hours: in your hours also while you are away or offline, and then the desk's message rings your phone. notify always: at any time. notify online: only while you are available. notify mail on|off [ADDRESS], notify pushover USERKEY [TOKEN], notify webhook URL, and off for both; notify test sends one by every way that is on. Sounds and windows are your client's own: allow Conversations, Cheogram or Monal to notify you, without battery saving; Gajim and Dino: Preferences, Notifications; Profanity: /notify chat on; Converse: allow the browser to show notifications.",
		Fields: []Field{{Name: "change", Label: "What to change", Kind: Rest, Bare: true}}}
}

// switches are what notify takes.
const switches = "always, hours, online, mail on|off [ADDRESS], pushover USERKEY [TOKEN], pushover off, webhook URL, webhook off, test"

// notify shows an operator's own notices, or changes one thing about them.
func notify(d *Desk, ctx context.Context, call Call) (string, error) {
	words := strings.Fields(call.arg("change"))
	if len(words) == 0 {
		return d.notices(call, call.Operator), nil
	}
	key, args := strings.ToLower(words[0]), words[1:]
	if key == "when" && len(args) > 0 {
		key, args = strings.ToLower(args[0]), args[1:]
	}
	most := map[string]int{string(bridge.ByMail): 2, string(bridge.ByPushover): 2, string(bridge.ByWebhook): 1}[key]
	if len(args) > most {
		return "", refuse("%q is too much. There are: %s.", voice.Clip(strings.Join(args[most:], " "), 40), switches)
	}
	if most > 0 && len(args) == 0 {
		return "", refuse("Something is missing after %s. There are: %s.", key, switches)
	}
	args = append(args, "", "")[:2]
	switch key {
	case notifyHours, string(bridge.NotifyAlways), string(bridge.NotifyOnline):
		return d.askWhen(ctx, call, key)
	case "test":
		return d.tryNotices(ctx, call)
	case string(bridge.ByMail):
		return d.switchMail(ctx, call, strings.ToLower(args[0]), args[1])
	case string(bridge.ByPushover):
		return d.switchPushover(ctx, call, args[0], args[1])
	case string(bridge.ByWebhook):
		return d.switchWebhook(ctx, call, args[0])
	}
	return "", refuse("%q is no setting. There are: %s.", voice.Clip(words[0], 40), switches)
}

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

// deleteKey advises to delete a message with a key.
func deleteKey() phrase.Phrase {
	return phrase.Say("Delete your message here: the key stands in it.")
}

// switchWebhook switches a webhook on, which is tested at once, or off.
func (d *Desk) switchWebhook(ctx context.Context, call Call, address string) (string, error) {
	back := "notify webhook " + cmp.Or(call.Operator.Notify.Webhook, "off")
	return d.switchTo(ctx, call, func(n *bridge.Notify) (phrase.Phrase, error) {
		if strings.EqualFold(address, "off") {
			*n = n.Without(bridge.ByWebhook)
			return phrase.Say("%s: off. %s takes it back.", titleOf(bridge.ByWebhook), back), nil
		}
		return phrase.Say("The webhook said yes: a test has just come there. %s takes it back.", back), linkOf(&n.Webhook).Set(address)
	})
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
	return list
}

// editNotify changes an operator who gives a call, after the ways that are new have proved to work.
func (d *Desk) editNotify(ctx context.Context, call Call, change func(*bridge.Operator) ([]bridge.Changed, error)) error {
	trial := call.Operator
	if _, err := change(&trial); err != nil {
		return err
	}
	if err := d.prove(ctx, call.Operator, trial); err != nil {
		return err
	}
	return d.staff().EditOperator(ctx, call.Operator, call.Operator.JID, change)
}

// proveOther is prove for the operator whom a call is about, after change.
func (d *Desk) proveOther(ctx context.Context, call Call, change func(Subject) ([]Change, error)) error {
	o, err := d.member(call.arg("who"))
	if err != nil {
		return err
	}
	trial := o
	trial.Departments, trial.Tickets = slices.Clone(o.Departments), slices.Clone(o.Tickets)
	if _, err := change(Subject{Name: o.Name, Arg: d.staff().Arg(o), Own: o.JID == call.Operator.JID, Keys: operatorKeys(&trial)}); err != nil {
		return err
	}
	return d.prove(ctx, o, trial)
}

// prove refuses a way of notices that was switched on or changed if there is no such channel, or if the test that is sent by it
// at once is refused. A mail is not tested, because its receiver may be another.
func (d *Desk) prove(ctx context.Context, was, is bridge.Operator) error {
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
		if err := d.bridge.Notices.Try(ctx, is, w); phrase.CodeOf(err) == phrase.CodeInvalid {
			return err
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
	a.When, b.When = "", ""
	return a == b
}

// notSetUp is the refusal of a way that this porchlight has no channel for.
func notSetUp(w bridge.Way) error {
	return refuse("%s is not set up here yet, so nothing would be sent.", titleOf(w))
}

// titleOf is the name of a way.
func titleOf(w bridge.Way) string {
	return map[bridge.Way]string{bridge.ByMail: "Mail", bridge.ByPushover: "Pushover", bridge.ByWebhook: "Webhook"}[w]
}

// mailTo is where an operator's mails go.
func mailTo(o bridge.Operator, n bridge.Notify) string {
	if n.MailTo != "" {
		return n.MailTo
	}
	return string(o.JID)
}

// notices tells when and by which ways an operator is asked.
func (d *Desk) notices(call Call, o bridge.Operator) string {
	v, n := call.Voice, o.Notify
	when := v.Say("When: in your hours, though you are away or offline")
	switch {
	case n.When == bridge.NotifyAlways:
		when = v.Say("When: at any time, also when away or at night")
	case n.When == bridge.NotifyOnline:
		when = v.Say("When: only while you are available")
	case d.bridge.Hours.Of(o).Empty():
		when = v.Say("When: in your hours. None are set, so only while you are available; hours-set sets them")
	}
	way := func(w bridge.Way, is string) string {
		switch {
		case !d.bridge.Notices.Has(w) && n.On(w):
			return v.Say("on, but not set up here now: nothing is sent")
		case !d.bridge.Notices.Has(w):
			return v.Say("not set up here yet")
		case !n.On(w):
			return v.Say("off")
		}
		return is
	}
	lines := []string{when,
		v.Say("Mail: %s", way(bridge.ByMail, v.Say("on, to %s – at most one in 10 min", mailTo(o, n)))),
		v.Say("Pushover: %s. Webhook: %s", way(bridge.ByPushover, v.Say("on (%s)", ends(n.Pushover))), way(bridge.ByWebhook, v.Say("on")))}
	if slices.ContainsFunc(bridge.Ways(), func(w bridge.Way) bool { return n.On(w) && d.bridge.Notices.Has(w) }) {
		lines = append(lines, v.Say("Repeat: after 1, 3 and 10 min, until somebody takes it"))
	}
	return strings.Join(lines, "\n")
}

// tryNotices sends a test by every way that is on.
func (d *Desk) tryNotices(ctx context.Context, call Call) (string, error) {
	v, o := call.Voice, call.Operator
	if err := d.bridge.Team.Administer(ctx, func(tx bridge.Tx) error {
		return tx.AppendDesk(&bridge.DeskEntry{Operator: o.JID, Kind: bridge.DeskNotice, Phrase: bridge.TestNotice()})
	}); err != nil {
		return "", err
	}
	names := map[bridge.Way]string{bridge.ByMail: v.Say("a mail to %s", mailTo(o, o.Notify)), bridge.ByPushover: titleOf(bridge.ByPushover), bridge.ByWebhook: titleOf(bridge.ByWebhook)}
	sent, failed := []string{v.Say("a message here")}, []string(nil)
	errs := make([]error, len(bridge.Ways()))
	var tries sync.WaitGroup
	for i, w := range bridge.Ways() {
		switch {
		case !o.Notify.On(w):
		case !d.bridge.Notices.Has(w):
			errs[i] = notSetUp(w)
		default:
			tries.Go(func() { errs[i] = d.bridge.Notices.Try(ctx, o, w) })
		}
	}
	tries.Wait()
	for i, w := range bridge.Ways() {
		switch {
		case !o.Notify.On(w):
		case errs[i] == nil:
			sent = append(sent, names[w])
		case phrase.CodeOf(errs[i]) == phrase.CodeInvalid:
			failed = append(failed, v.Say("Not sent: %s (%s)", names[w], phrase.Of(errs[i])))
		default:
			failed = append(failed, v.Say("Not sent: %s (%s)", names[w], phrase.Say("no answer, or not the right one")))
		}
	}
	return strings.Join(append([]string{v.Say("Sent: %s. Which did not come? help notify", strings.Join(sent, ", "))}, failed...), "\n"), nil
}
