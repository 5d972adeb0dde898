package imap

import (
	"context"

	"github.com/emersion/go-imap/v2"
)

// Found is what Check found.
type Found struct {
	Mailbox   string // its name on the server
	Mails     uint32 // how many are in it
	Idle      bool   // the server says at once that mail has come
	Mechanism string // by which we logged in, such as SCRAM-SHA-256; LOGIN is the command
}

// Check connects, logs in, opens the mailbox and disconnects. It changes nothing. An error is a *Failure that
// says what to do. Options need neither Report nor Clock nor Log.
func Check(ctx context.Context, o Options) (Found, error) {
	s, err := open(ctx, o)
	if err != nil {
		return Found{}, err
	}
	defer s.end()
	return Found{
		Mailbox: o.Server.Mailbox, Mails: s.box.NumMessages,
		Idle: s.caps.Has(imap.CapIdle), Mechanism: s.mechanism,
	}, nil
}
