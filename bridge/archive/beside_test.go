package archive_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"porchlight/bridge"
	"porchlight/bridge/archive"
)

// counting is a store that counts what each transaction empties.
type counting struct {
	archive.Store
	most int // mails and conversations of one transaction
}

// countingTx counts in one transaction.
type countingTx struct {
	archive.Tx
	n int
}

func (c *counting) UpdateArchive(ctx context.Context, f func(archive.Tx) error) error {
	return c.Store.UpdateArchive(ctx, func(tx archive.Tx) error {
		counted := &countingTx{Tx: tx}
		err := f(counted)
		c.most = max(c.most, counted.n)
		return err
	})
}

func (c *countingTx) EmptyMail(id int64) error {
	c.n++
	return c.Tx.EmptyMail(id)
}

func (c *countingTx) EmptyNotices(from, until time.Time, limit int) (bool, error) {
	c.n += limit
	return c.Tx.EmptyNotices(from, until, limit)
}

// TestErase_BesideInSmallSteps: of somebody with many conversations, mails that were not taken into one, and mails with notices during one, no
// transaction empties more than a few, and all are emptied.
func TestErase_BesideInSmallSteps(t *testing.T) {
	s := shelfAt(t, newPlace(t))
	email := "anna@" + marker + ".example"
	for range 8 {
		s.everywhere("Anna")
	}
	s.update(func(tx bridge.Tx) (err error) {
		at := noon.AddDate(0, 0, 1-100)
		for i := range 50 {
			id := fmt.Sprint("many", i)
			err = errors.Join(err, tx.CreateInMail(&bridge.InMail{Mailbox: "INBOX", UID: uint32(5000 + i), Fingerprint: id, Received: at, Raw: []byte("From: " + email), State: bridge.MailRefused, Kept: at}),
				tx.CreateOutMail(bridge.OutMail{ID: id, Kind: bridge.NoticeMail, MessageID: id, From: "f", To: "olga@example.org", Raw: []byte(marker), State: bridge.MailSent, Made: at}))
		}
		return err
	})
	store := &counting{Store: s.store}
	xaviSuper, _ := s.bridge.Team.Operator(xavi)
	if _, err := s.archive.On(store).Erase(t.Context(), xaviSuper, s.person(email)); err != nil {
		t.Fatal(err)
	}
	if store.most > 20 {
		t.Errorf("one transaction empties %d mails", store.most)
	}
	if left := s.rowsWith(marker); len(left) > 0 {
		t.Errorf("the marker is left in %v", left)
	}
}
