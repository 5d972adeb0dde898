package bridge

// Notify says when an operator is asked, and by which ways besides XMPP. The zero Notify is that of a
// new operator.
type Notify struct {
	When     NotifyWhen `json:"when,omitempty"`
	Mail     bool       `json:"mail,omitempty"`
	MailTo   string     `json:"mail_to,omitempty"`  // the address of mails; "": the operator's own address
	Pushover string     `json:"pushover,omitempty"` // the user's key; "": no notices by Pushover
	Token    string     `json:"token,omitempty"`    // the application's token of Pushover; "": the site's
	Webhook  string     `json:"webhook,omitempty"`  // where notices are posted; "": nowhere
}

// NotifyWhen says when an operator is asked though no client of theirs is available.
type NotifyWhen string

// The times at which operators are asked though no client of theirs is available.
const (
	NotifyHours  NotifyWhen = ""       // in their hours
	NotifyAlways NotifyWhen = "always" // at any time
	NotifyOnline NotifyWhen = "online" // never
)
