package report

import "context"

// Deliver makes the mails that are due, as Run does each minute.
func (r *Report) Deliver(ctx context.Context) error { return r.deliver(ctx) }

// NextMail is when a weekly mail goes next.
var NextMail = nextMail
