package bridge

import (
	"encoding/base64"
	"strings"
)

// Notify says when an operator is asked, and by which ways besides XMPP. The zero Notify is that of a
// new operator.
type Notify struct {
	When     NotifyWhen `json:"when,omitempty"`
	Mail     bool       `json:"mail,omitempty"`
	MailTo   string     `json:"mail_to,omitempty"`  // the address of mails; "": the operator's own address
	Pushover string     `json:"pushover,omitempty"` // the user's key; "": no notices by Pushover
	Token    string     `json:"token,omitempty"`    // the application's token of Pushover; "": the site's
	Urgent   bool       `json:"urgent,omitempty"`   // Pushover rings until the operator says that they have seen it

	Ntfy          string `json:"ntfy,omitempty"`           // the address of a topic of ntfy; "": no notices by ntfy
	NtfyToken     string `json:"ntfy_token,omitempty"`     // an access token of that server; "": none
	Webhook       string `json:"webhook,omitempty"`        // where notices are posted; "": nowhere
	WebhookSecret string `json:"webhook_secret,omitempty"` // with which the posts are signed; "": the site's
}

// NotifyWhen says when an operator is asked though no client of theirs is available.
type NotifyWhen string

// The times at which operators are asked though no client of theirs is available.
const (
	NotifyHours  NotifyWhen = ""       // in their hours
	NotifyAlways NotifyWhen = "always" // at any time
	NotifyOnline NotifyWhen = "online" // never
)

// ValidWebhookSecret reports whether s is a secret as receivers of webhooks have them: whsec_ and then 24 to 64
// bytes in Base64 (Standard Webhooks, "Signature scheme").
func ValidWebhookSecret(s string) bool {
	_, ok := WebhookKey(s)
	return ok
}

// WebhookKey is the key that a secret of a webhook stands for; ok is false if it is no such secret.
func WebhookKey(secret string) (key []byte, ok bool) {
	text, ok := strings.CutPrefix(secret, "whsec_")
	if !ok {
		return nil, false
	}
	key, err := base64.StdEncoding.DecodeString(text)
	return key, err == nil && len(key) >= 24 && len(key) <= 64
}
