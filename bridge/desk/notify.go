package desk

import (
	"context"
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
		Help:   "notify hours: in your hours also while you are away or offline, and then the desk's message rings your phone. notify always: at any time. notify online: only while you are available. notify mail on|off [ADDRESS], notify pushover USERKEY [TOKEN] (notify urgent on: it rings until you have seen it), notify ntfy URL [TOKEN], notify webhook URL [SECRET], and off for each; notify test sends one by every way that is on. Sounds and windows are your client's own: allow Conversations, Cheogram or Monal to notify you, of strangers too and without battery saving; Gajim: Preferences, Visual Notifications; Dino: Preferences, Notify when a new message arrives; Profanity: /notify chat on; Converse: allow the browser to show notifications.",
		Fields: []Field{{Name: "change", Label: "What to change", Kind: Rest, Bare: true}}}
}

// switches are what notify takes.
const switches = "always, hours, online, mail on|off [ADDRESS], pushover USERKEY [TOKEN], pushover off, urgent on|off, ntfy URL [TOKEN], ntfy off, webhook URL [SECRET], webhook off, test"

// notify shows an operator's own notices, or changes one thing about them.
func notify(d *Desk, ctx context.Context, call Call) (string, error) {
	words := strings.Fields(call.arg("change"))
	if len(words) == 0 {
		return d.notices(call, call.Operator), nil
	}
	key, args := strings.ToLower(words[0]), words[1:]
	if key == whenKey && len(args) > 0 {
		key, args = strings.ToLower(args[0]), args[1:]
	}
	most := 0
	switch {
	case slices.Contains(bridge.Ways(), bridge.Way(key)):
		most = 2
	case key == "urgent":
		most = 1
	}
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
	case "urgent":
		return d.switchUrgent(ctx, call, strings.ToLower(args[0]))
	case "test":
		return d.tryNotices(ctx, call)
	case string(bridge.ByMail):
		return d.switchMail(ctx, call, strings.ToLower(args[0]), args[1])
	case string(bridge.ByPushover):
		return d.switchPushover(ctx, call, args[0], args[1])
	case string(bridge.ByNtfy), string(bridge.ByWebhook):
		return d.switchAddress(ctx, call, bridge.Way(key), args[0], args[1])
	}
	return "", refuse("%q is no setting. There are: %s.", voice.Clip(words[0], 40), switches)
}

// titleOf is the name of a way.
func titleOf(w bridge.Way) string {
	switch w {
	case bridge.ByMail:
		return "Mail"
	case bridge.ByPushover:
		return "Pushover"
	case bridge.ByNtfy:
		return "ntfy"
	}
	return "Webhook"
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
	push := v.Say("on (%s)", ends(n.Pushover))
	if n.Urgent {
		push = v.Say("on (%s), rings until you have seen it", ends(n.Pushover))
	}
	lines := []string{when,
		v.Say("Mail: %s", way(bridge.ByMail, v.Say("on, to %s – at most one in 10 min", mailTo(o, n)))),
		v.Say("Pushover: %s. ntfy: %s. Webhook: %s", way(bridge.ByPushover, push), way(bridge.ByNtfy, v.Say("on")), way(bridge.ByWebhook, v.Say("on")))}
	if slices.ContainsFunc(bridge.Ways(), func(w bridge.Way) bool { return n.On(w) && d.bridge.Notices.Has(w) }) {
		lines = append(lines, v.Say("Repeat: after 1, 3 and 10 min, until somebody takes it"))
	}
	return strings.Join(lines, "\n")
}

// says reports whether an error of a channel says why, in a sentence for the operator.
func says(err error) bool {
	code := phrase.CodeOf(err)
	return code == phrase.CodeInvalid || code == phrase.CodeBusy
}

// tryNotices sends a test by every way that is on, unless there were too many tests lately.
func (d *Desk) tryNotices(ctx context.Context, call Call) (string, error) {
	v, o := call.Voice, call.Operator
	if err := d.trials.begin(o.JID); err != nil {
		return "", err
	}
	if err := d.bridge.Team.Administer(ctx, func(tx bridge.Tx) error {
		return tx.AppendDesk(&bridge.DeskEntry{Operator: o.JID, Kind: bridge.DeskNotice, Phrase: bridge.TestNotice()})
	}); err != nil {
		return "", err
	}
	named := func(w bridge.Way) string {
		if w == bridge.ByMail {
			return v.Say("a mail to %s", mailTo(o, o.Notify))
		}
		return titleOf(w)
	}
	ctx, cancel := context.WithTimeout(ctx, trialLasts)
	defer cancel()
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
			sent = append(sent, named(w))
		case says(errs[i]):
			failed = append(failed, v.Say("Not sent: %s (%s)", named(w), phrase.Of(errs[i])))
		default:
			failed = append(failed, v.Say("Not sent: %s (%s)", named(w), phrase.Say("no answer, or not the right one")))
		}
	}
	return strings.Join(append([]string{v.Say("Sent: %s. Which did not come? help notify", strings.Join(sent, ", "))}, failed...), "\n"), nil
}
