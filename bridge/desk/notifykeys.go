package desk

import (
	"context"
	"net/url"
	"regexp"

	"porchlight/bridge"
	"porchlight/bridge/voice"
)

// notifyRecord is an operator's own notices as a record.
func notifyRecord() *Record {
	keys := func(n *bridge.Notify, test *bool) []Key {
		return append(noticeKeys(n), Key{Field: Field{Name: "test", Label: "Send a test", Help: "By every way that is on.", Kind: Flag}, Once: true, Value: flagOf(test, true)})
	}
	subject := func(call Call, o *bridge.Operator, test *bool) Subject {
		return Subject{Name: call.Voice.Say("Notices"), Own: true, Keys: keys(&o.Notify, test)}
	}
	return &Record{
		Keys: func() []Key { return keys(new(bridge.Notify), new(bool)) },
		Read: func(d *Desk, _ context.Context, call Call) (Subject, error) {
			o := call.Operator
			return subject(call, &o, new(bool)), nil
		},
		Edit: func(d *Desk, ctx context.Context, call Call, change func(Subject) ([]Change, error)) (string, error) {
			var test *bool
			err := d.editNotify(ctx, call, func(o *bridge.Operator) ([]bridge.Changed, error) {
				test = new(bool)
				changes, err := change(subject(call, o, test))
				if err == nil && *test {
					err = d.trials.may(o.JID)
				}
				return underOne(changed(changes)), err
			})
			if err != nil || !*test {
				return "", err
			}
			call.Operator, _ = d.bridge.Team.Operator(call.Operator.JID)
			return d.tryNotices(ctx, call)
		},
	}
}

// whenKey and notifyKey are the same key: notify calls it when, operator-edit notify.
const whenKey, notifyKey = "when", "notify"

// noticeKeys are the keys about when and by which ways an operator is asked.
func noticeKeys(n *bridge.Notify) []Key {
	return []Key{
		{Field: Field{Name: whenKey, Label: "Asked while away", Help: "In their hours, always, or only online.", Kind: OneOf, Options: []string{notifyHours, string(bridge.NotifyAlways), string(bridge.NotifyOnline)}, Required: true}, Value: whenOf(&n.When)},
		{Field: Field{Name: "mail", Label: "By mail", Help: "At most one in 10 minutes.", Kind: Flag}, Value: flagOf(&n.Mail, true)},
		{Field: Field{Name: "mail-to", Label: "Mail to", Help: "Empty: the address of the account.", Kind: Text}, Value: mailOf(&n.MailTo)},
		{Field: Field{Name: "pushover", Label: "User key of Pushover", Help: "Tested at once. Empty: as it is; - switches it off.", Kind: Secret}, Value: keyOf(&n.Pushover)},
		{Field: Field{Name: "token", Label: "Token of a Pushover application", Help: "Empty: as it is; - is the site's.", Kind: Secret}, Value: keyOf(&n.Token)},
		{Field: Field{Name: "urgent", Label: "Pushover rings until you have seen it", Help: "Each minute, at night too, until you say so there or somebody takes the request.", Kind: Flag}, Value: flagOf(&n.Urgent, true)},
		{Field: Field{Name: "ntfy", Label: "Topic of ntfy", Help: "Its address with https. Tested at once.", Kind: Text}, Value: linkOf(&n.Ntfy)},
		{Field: Field{Name: "ntfy-token", Label: "Access token for ntfy", Help: "Empty: as it is; - is none.", Kind: Secret}, Value: ntfyTokenOf(&n.NtfyToken)},
		{Field: Field{Name: "webhook", Label: "Webhook", Help: "An address with https to which notices are posted.", Kind: Text}, Value: linkOf(&n.Webhook)},
		{Field: Field{Name: "webhook-secret", Label: "Secret of the webhook", Help: "With which posts are signed. Empty: as it is; - is the site's.", Kind: Secret}, Value: webhookSecretOf(&n.WebhookSecret)},
	}
}

// mailOf is the Value of a mail address.
func mailOf(p *string) Value {
	return value{func() string { return *p }, func(s string) error {
		if s != "" && !bridge.ValidEmail(s) {
			return refuse("%q is no address such as olga@example.org.", voice.Clip(s, 40))
		}
		*p = s
		return nil
	}}
}

// pushoverKey matches a key (https://pushover.net/api, "User and group identifiers"). Tokens look alike.
var pushoverKey = regexp.MustCompile(`^[A-Za-z0-9]{30}$`)

// keyOf is the Value of a key of Pushover.
func keyOf(p *string) Value {
	return value{func() string { return *p }, func(s string) error {
		if s != "" && !pushoverKey.MatchString(s) {
			return refuse("%q is no key of Pushover: it has 30 letters and digits.", ends(s))
		}
		*p = s
		return nil
	}}
}

// ntfyToken matches an access token of ntfy (https://docs.ntfy.sh/config/#access-tokens).
var ntfyToken = regexp.MustCompile(`^tk_[A-Za-z0-9]{20,60}$`)

// ntfyTokenOf is the Value of an access token of ntfy.
func ntfyTokenOf(p *string) Value {
	return value{func() string { return *p }, func(s string) error {
		if s != "" && !ntfyToken.MatchString(s) {
			return refuse("%q is no access token of ntfy: it begins with tk_.", ends(s))
		}
		*p = s
		return nil
	}}
}

// webhookSecretOf is the Value of the secret of a webhook.
func webhookSecretOf(p *string) Value {
	return value{func() string { return *p }, func(s string) error {
		if s != "" && !bridge.ValidWebhookSecret(s) {
			return refuse("%q is no secret of a webhook: it is whsec_ and then 24 to 64 bytes in Base64.", ends(s))
		}
		*p = s
		return nil
	}}
}

// linkLetters is how long an address of a webhook may be.
const linkLetters = 500

// linkOf is the Value of an address with https.
func linkOf(p *string) Value {
	return value{func() string { return *p }, func(s string) error {
		u, err := url.Parse(s)
		if s != "" && (err != nil || u.Scheme != "https" || u.Hostname() == "" || u.User != nil || len(s) > linkLetters) {
			return refuse("%q is no address such as https://example.org/hook.", voice.Clip(s, 40))
		}
		*p = s
		return nil
	}}
}
