package imap

import (
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// A password that was changed is told. When it is right again, the mailbox is read a quarter of an hour later at most,
// without a new start, and that is told.
func TestMailbox_PasswordIsRightAgain(t *testing.T) {
	var wrong atomic.Bool
	wrong.Store(true)
	f := &fake{hook: func(c *talk, tag, line string) bool {
		if !wrong.Load() || !strings.HasPrefix(line, "AUTHENTICATE") {
			return false
		}
		c.say("+ ")
		_, _ = c.in.ReadString('\n')
		c.say(tag + " NO [AUTHENTICATIONFAILED] wrong")
		return true
	}}
	bubble(t, f, func(t *testing.T, o Options, s *shelf) {
		s.cursor = Cursor{Validity: 7, Next: 1}
		read(t, o, s)
		time.Sleep(8 * time.Hour)
		wrong.Store(false)
		f.deliver(stored{body: letter(1)})
		right := time.Now()
		s.wait(t, "the mail", func() bool { return len(s.taken) == 1 })
		if told := s.told(); time.Since(right) > loginPause || len(told) != 2 || !strings.Contains(told[0], "AUTHENTICATIONFAILED") || told[1] != "well" {
			t.Errorf("after %s, told: %q", time.Since(right), told)
		}
	})
}

// A mailbox that is over its quota says so and is read all the same: nothing is written there.
func TestMailbox_OverQuota(t *testing.T) {
	f := &fake{hook: func(c *talk, tag, line string) bool {
		if strings.HasPrefix(line, "EXAMINE") {
			c.say("* NO [ALERT] Mailbox is at 100% of its quota", "* NO [OVERQUOTA] Quota exceeded")
		}
		return false
	}}
	bubble(t, f, func(t *testing.T, o Options, s *shelf) {
		s.cursor = Cursor{Validity: 7, Next: 1}
		f.deliver(stored{body: letter(1)})
		read(t, o, s)
		s.wait(t, "the mail", func() bool { return len(s.taken) == 1 })
		if told := s.told(); !slices.Equal(told, []string{"well"}) || f.dials != 1 {
			t.Errorf("told: %q, %d connections", told, f.dials)
		}
		for _, word := range []string{"STORE", "APPEND", "COPY", "MOVE", "EXPUNGE", "SELECT", "UID STORE", "UID COPY", "UID MOVE"} {
			if len(f.times(word)) > 0 {
				t.Errorf("the client says %s", word)
			}
		}
	})
}
