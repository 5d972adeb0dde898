package bridge

import (
	"context"
	"strings"
	"time"
)

const (
	deadFor     = 30 * 24 * time.Hour // how long an address counts as dead after a mail to it did not arrive
	deadLooksAt = 10                  // mails that did not arrive
)

// dead reports whether a mail to an address was refused or came back lately since there is no such
// mailbox. No acknowledgement goes there, and who writes there is told.
func (m *Mailroom) dead(r Reader, address string) (bool, error) {
	list, err := r.Undelivered(address, m.bridge.clock.Now().Add(-deadFor), deadLooksAt)
	for _, words := range list {
		if noMailbox(words) {
			return true, err
		}
	}
	return false, err
}

// Dead is dead, asked of the store.
func (m *Mailroom) Dead(ctx context.Context, address string) (dead bool, err error) {
	err = m.bridge.store.View(ctx, func(r Reader) (err error) {
		dead, err = m.dead(r, address)
		return err
	})
	return dead, err
}

// noMailbox reports whether a mail server's words say that an address is not there: their first status
// is 5.1.x, except for those that are about the sender (RFC 3463 §3.2).
func noMailbox(words string) bool {
	for word := range strings.FieldsSeq(words) {
		class, rest, _ := strings.Cut(word, ".")
		subject, detail, ok := strings.Cut(rest, ".")
		if !ok || len(class) != 1 || class < "2" || class > "5" {
			continue
		}
		return class == "5" && subject == "1" && detail != "5" && detail != "7" && detail != "8"
	}
	return false
}
