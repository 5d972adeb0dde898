package imaptest

import (
	"testing"

	"github.com/emersion/go-imap/v2/imapclient"
)

// A mail that is delivered is in the mailbox, with TLS and without, also after a restart.
func TestDovecot(t *testing.T) {
	d := StartFor(t)
	for range 2 {
		if err := d.Deliver("ann", []byte("Subject: hello\r\n\r\nhello\r\n")); err != nil {
			t.Fatal(err)
		}
	}
	if err := d.Restart(); err != nil {
		t.Fatal(err)
	}
	c, err := imapclient.DialInsecure(d.PlainAddr, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if err := c.Login("ann", Password).Wait(); err != nil {
		t.Fatal(err)
	}
	got, err := c.Select("INBOX", nil).Wait()
	if err != nil || got.NumMessages != 2 {
		t.Errorf("INBOX has %v, %v", got, err)
	}
}
