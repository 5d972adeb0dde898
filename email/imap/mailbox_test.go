package imap

import (
	"encoding/base64"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"porchlight/email/login"
)

// At the first start ever reading begins with the next mail to come, which is taken as soon as the server says so.
func TestMailbox_FirstStart(t *testing.T) {
	for name, f := range map[string]*fake{"usual": {}, "a server without UIDNEXT": {noNext: true}} {
		t.Run(name, func(t *testing.T) {
			bubble(t, f, func(t *testing.T, o Options, s *shelf) {
				f.deliver(stored{body: letter(1)})
				f.deliver(stored{body: letter(2), uid: 9})
				began := time.Now()
				read(t, o, s)
				s.wait(t, "reading", func() bool { return len(s.health) == 1 })
				time.Sleep(time.Second)
				s.settle()
				f.deliver(stored{body: letter(3)})
				s.wait(t, "the third mail", func() bool { return len(s.taken) == 1 })
				if time.Since(began) != time.Second {
					t.Errorf("it took %s", time.Since(began))
				}
				if got := s.taken[0]; got.UID != 10 || got.Validity != 7 || !got.Received.Equal(began.Add(time.Second)) {
					t.Errorf("taken: %+v", got)
				}
				if want := (Cursor{Validity: 7, Next: 10, Last: began}); s.starts[0] != want || len(s.starts) != 1 {
					t.Errorf("begun at %+v", s.starts)
				}
			})
		})
	}
}

// With Since, mails of the last days are taken at the first start, and no older ones, whatever their order.
func TestMailbox_Since(t *testing.T) {
	f := &fake{}
	bubble(t, f, func(t *testing.T, o Options, s *shelf) {
		days := func(n int) time.Time { return time.Now().AddDate(0, 0, -n) }
		for n, age := range []int{30, 1, 20, 2, 10} {
			f.deliver(stored{body: letter(n), date: days(age)})
		}
		o.Since = 3 * 24 * time.Hour
		read(t, o, s)
		s.wait(t, "reading", func() bool { return len(s.health) == 1 && s.cursor.Next == 6 })
		f.deliver(stored{body: letter(5), date: days(40)}) // somebody has moved it here
		s.wait(t, "the mail that came later", func() bool { return len(s.taken) == 3 })
		if got := s.ids(); !slices.Equal(got, []string{"<1@test>", "<3@test>", "<5@test>"}) {
			t.Errorf("taken: %v", got)
		}
	})
}

// When the server has numbered all mails anew, those of the last two days before the last mail are given to the
// store again, also when that is interrupted, and no older ones.
func TestMailbox_Rescan(t *testing.T) {
	f := &fake{hook: func(c *talk, _, line string) bool {
		if c.dial == 1 && strings.HasPrefix(line, "UID FETCH 4 (UID BODY") {
			c.conn.Close()
		}
		return false
	}}
	bubble(t, f, func(t *testing.T, o Options, s *shelf) {
		days := func(n int) time.Time { return time.Now().AddDate(0, 0, -n) }
		last := days(1)
		s.cursor = Cursor{Validity: 6, Next: 77, Last: last}
		for n, age := range []int{30, 2, 20, 1, 10, 0} {
			f.deliver(stored{body: letter(n), date: days(age)})
		}
		read(t, o, s)
		s.wait(t, "reading", func() bool { return s.cursor.Next == 7 && slices.Contains(s.health, "well") })
		if got := s.ids(); !slices.Equal(got, []string{"<1@test>", "<3@test>", "<5@test>"}) || f.dials != 2 {
			t.Errorf("given to the store: %v, %d connections", got, f.dials)
		}
		if want := (Cursor{Validity: 7, Next: 2, Last: last}); s.starts[0] != want {
			t.Errorf("begun at %+v", s.starts)
		}
	})
}

// A server without UIDVALIDITY can't be read, and that is said.
func TestMailbox_NoValidity(t *testing.T) {
	f := &fake{validity: "* OK nothing"}
	bubble(t, f, func(t *testing.T, o Options, s *shelf) {
		read(t, o, s)
		s.wait(t, "the trouble", func() bool { return len(s.health) == 1 })
		if !strings.Contains(s.told()[0], "UIDVALIDITY") || len(s.starts) > 0 {
			t.Errorf("health %q, begun at %v", s.told(), s.starts)
		}
	})
}

// A mail that somebody deletes meanwhile is passed over.
func TestMailbox_Expunged(t *testing.T) {
	for _, step := range []string{"UID FETCH 1 (UID RFC822.SIZE", "UID FETCH 1 (UID BODY"} {
		f := &fake{}
		f.hook = func(_ *talk, _, line string) bool {
			if strings.HasPrefix(line, step) {
				f.remove(1)
			}
			return false
		}
		bubble(t, f, func(t *testing.T, o Options, s *shelf) {
			s.cursor = Cursor{Validity: 7, Next: 1}
			f.deliver(stored{body: letter(1)})
			f.deliver(stored{body: letter(2)})
			read(t, o, s)
			s.wait(t, "the second mail", func() bool { return len(s.taken) == 1 })
			if !slices.Equal(s.passed, []uint32{1}) || len(s.aside) > 0 || f.dials != 1 {
				t.Errorf("passed over: %v, set aside: %v, %d connections", s.passed, s.aside, f.dials)
			}
		})
	}
}

// IDLE is begun anew every 4 to 5 minutes, and mail is looked for then, in case the server did not say that it came.
func TestMailbox_IdleIsRenewed(t *testing.T) {
	f := &fake{}
	bubble(t, f, func(t *testing.T, o Options, s *shelf) {
		read(t, o, s)
		time.Sleep(5 * time.Hour)
		s.settle()
		at := f.times("IDLE")
		for i := 2; i < len(at); i++ {
			if d := at[i].Sub(at[i-1]); d < 4*time.Minute || d > 5*time.Minute {
				t.Errorf("IDLE was begun anew after %s", d)
			}
		}
		f.mu.Lock()
		f.mails = append(f.mails, stored{uid: 1, body: letter(1), date: time.Now()}) // without a word
		f.mu.Unlock()
		silent := time.Now()
		s.wait(t, "the mail", func() bool { return len(s.taken) == 1 })
		if time.Since(silent) > 5*time.Minute || len(at) < 60 || f.dials != 1 {
			t.Errorf("after %s, %d times IDLE, %d connections", time.Since(silent), len(at), f.dials)
		}
	})
}

// Some servers, the library's own among them, do not announce what comes just before IDLE begins. After mail it is
// looked for again soon.
func TestMailbox_MailJustBeforeIdle(t *testing.T) {
	f := &fake{}
	f.hook = func(_ *talk, _, line string) bool {
		f.mu.Lock()
		defer f.mu.Unlock()
		if n := uint32(len(f.mails)); line == "IDLE" && n < 3 {
			f.mails = append(f.mails, stored{uid: n + 1, body: letter(int(n)), date: time.Now()}) // without a word
		}
		return false
	}
	bubble(t, f, func(t *testing.T, o Options, s *shelf) {
		began := time.Now()
		read(t, o, s)
		s.wait(t, "three mails", func() bool { return len(s.taken) == 3 })
		if time.Since(began) > time.Minute || f.dials != 1 {
			t.Errorf("after %s, %d connections", time.Since(began), f.dials)
		}
	})
}

// Without IDLE, or if the server refuses it, mail is looked for every minute.
func TestMailbox_PollsWithoutIdle(t *testing.T) {
	for name, f := range map[string]*fake{
		"not announced": {caps: "IMAP4rev1 AUTH=PLAIN"},
		"refused": {hook: func(c *talk, tag, line string) bool {
			if line == "IDLE" {
				c.say(tag + " NO not today")
			}
			return line == "IDLE"
		}},
	} {
		t.Run(name, func(t *testing.T) {
			bubble(t, f, func(t *testing.T, o Options, s *shelf) {
				read(t, o, s)
				time.Sleep(time.Hour)
				s.settle()
				if n := len(f.times("NOOP")); n < 58 || n > 60 || len(f.times("IDLE")) > 1 {
					t.Errorf("in an hour %d looks, %d times IDLE", n, len(f.times("IDLE")))
				}
				f.deliver(stored{body: letter(1)})
				came := time.Now()
				s.wait(t, "the mail", func() bool { return len(s.taken) == 1 })
				if time.Since(came) > time.Minute || f.dials != 1 {
					t.Errorf("after %s, %d connections", time.Since(came), f.dials)
				}
			})
		})
	}
}

// While nothing can be reached, pauses grow from a second to five minutes. It is told once that the mailbox is down,
// and once that it is well again.
func TestMailbox_PausesAndHealth(t *testing.T) {
	f := &fake{}
	var down atomic.Bool
	down.Store(true)
	f.hook = func(c *talk, _, line string) bool {
		if down.Load() && line == "GREETING" {
			c.say("* BYE out for lunch")
			c.conn.Close()
		}
		return down.Load() && line == "GREETING"
	}
	bubble(t, f, func(t *testing.T, o Options, s *shelf) {
		read(t, o, s)
		time.Sleep(time.Hour)
		s.settle()
		at := f.times("a connection")
		for i := 1; i < len(at); i++ {
			most := min(5*time.Minute, time.Second<<(i-1))
			if d := at[i].Sub(at[i-1]); d > most || d < most*3/4 {
				t.Errorf("pause %d was %s", i, d)
			}
		}
		down.Store(false)
		s.wait(t, "health", func() bool { return slices.Contains(s.health, "well") })
		if len(at) < 15 || len(s.told()) != 2 || !strings.Contains(s.told()[0], `the server says "BYE out for lunch"`) {
			t.Errorf("%d attempts, health %q", len(at), s.told())
		}
	})
}

// A connection that is lost and comes back at once is no matter for anybody.
func TestMailbox_ShortLossIsNotTold(t *testing.T) {
	f := &fake{}
	bubble(t, f, func(t *testing.T, o Options, s *shelf) {
		read(t, o, s)
		for range 20 {
			time.Sleep(10 * time.Minute)
			s.settle()
			f.mu.Lock()
			if f.idle != nil {
				f.idle.conn.Close()
			}
			f.mu.Unlock()
		}
		time.Sleep(10 * time.Minute)
		s.settle()
		if !slices.Equal(s.told(), []string{"well"}) || f.dials < 15 {
			t.Errorf("health %q, %d connections", s.told(), f.dials)
		}
	})
}

// A refused login is tried again after a quarter of an hour, and told at once, with the server's words.
func TestMailbox_LoginRefused(t *testing.T) {
	for words, often := range map[string]bool{
		"NO [AUTHENTICATIONFAILED] wrong": false, "NO no idea who you are": false, "NO [UNAVAILABLE] the database sleeps": true,
	} {
		f := &fake{hook: func(c *talk, tag, line string) bool {
			if strings.HasPrefix(line, "AUTHENTICATE") {
				c.say("+ ")
				_, _ = c.in.ReadString('\n')
				c.say(tag + " " + words)
			}
			return strings.HasPrefix(line, "AUTHENTICATE")
		}}
		bubble(t, f, func(t *testing.T, o Options, s *shelf) {
			read(t, o, s)
			time.Sleep(time.Second / 2)
			s.settle()
			if told := len(s.told()) == 1; told == often {
				t.Errorf("%s: health %q", words, s.told())
			}
			time.Sleep(time.Hour)
			s.settle()
			if n := len(f.times("AUTHENTICATE")); often && n < 12 || !often && n != 5 {
				t.Errorf("%s: %d attempts in an hour", words, n)
			}
			if len(s.told()) != 1 || !strings.Contains(s.told()[0], words) {
				t.Errorf("%s: health %q", words, s.told())
			}
		})
	}
}

// A server that knows no SASL gets the command LOGIN, unless it forbids that.
func TestMailbox_LoginByCommand(t *testing.T) {
	f := &fake{caps: "IMAP4rev1 IDLE"}
	f.hook = func(c *talk, tag, line string) bool {
		if line == `LOGIN "ann" "secret"` {
			c.say(tag + " OK [CAPABILITY " + f.can() + "] done")
			return true
		}
		return false
	}
	bubble(t, f, func(t *testing.T, o Options, _ *shelf) {
		got, err := Check(t.Context(), o)
		if want := (Found{Mailbox: "INBOX", Idle: true, Mechanism: "LOGIN"}); err != nil || got != want || len(f.times("LOGIN")) != 1 {
			t.Errorf("found %+v, %v", got, err)
		}
	})
	f = &fake{caps: "IMAP4rev1 IDLE LOGINDISABLED"}
	bubble(t, f, func(t *testing.T, o Options, _ *shelf) {
		_, err := Check(t.Context(), o)
		if err == nil || !hopeless(err) || len(f.times("LOGIN")) > 0 {
			t.Errorf("LOGINDISABLED: %v", err)
		}
	})
}

// A mail that the store does not take is given to it three times, and then to the quarantine, whole; the next one is
// taken. A panic is nothing else.
func TestMailbox_StoreRefuses(t *testing.T) {
	for name, c := range map[string]struct {
		refuse func(int) error
		aside  bool
	}{
		"twice":  {func(try int) error { return map[bool]error{true: errors.New("full")}[try < 3] }, false},
		"always": {func(int) error { return errors.New("unreadable") }, true},
		"panic":  {func(int) error { panic("odd") }, true},
	} {
		t.Run(name, func(t *testing.T) {
			f := &fake{}
			bubble(t, f, func(t *testing.T, o Options, s *shelf) {
				s.cursor = Cursor{Validity: 7, Next: 1}
				s.refuse = func(try int, raw Raw) error {
					if raw.UID == 1 {
						return c.refuse(try)
					}
					return nil
				}
				f.deliver(stored{body: letter(1)})
				f.deliver(stored{body: letter(2)})
				read(t, o, s)
				s.wait(t, "the second mail", func() bool { return s.tries[2] == 1 })
				if _, aside := s.aside[1]; s.tries[1] != 3 || aside != c.aside || f.dials != 1 {
					t.Errorf("%d tries, set aside: %v, %d connections", s.tries[1], s.aside, f.dials)
				}
				if c.aside && string(s.asideRaw[0].Body) != string(letter(1)) {
					t.Errorf("set aside: %+v", s.asideRaw)
				}
				if !slices.Equal(s.told(), []string{"well"}) {
					t.Errorf("health %q", s.told())
				}
			})
		})
	}
}

// A mail whose size and date the server can't say is taken without them.
func TestMailbox_BeginningOfABrokenMail(t *testing.T) {
	f := &fake{hook: func(c *talk, _, line string) bool {
		if strings.HasPrefix(line, "UID FETCH 1 (UID RFC822.SIZE") {
			c.say(`* 1 FETCH (UID 1 INTERNALDATE "never")`)
			return true
		}
		return false
	}}
	bubble(t, f, func(t *testing.T, o Options, s *shelf) {
		s.cursor = Cursor{Validity: 7, Next: 1}
		f.deliver(stored{body: letter(1)})
		read(t, o, s)
		s.wait(t, "the mail", func() bool { return len(s.taken) == 1 })
		if got := s.taken[0]; string(got.Body) != string(letter(1)) || !got.Whole || got.Received.IsZero() || f.dials != 4 {
			t.Errorf("%d connections, taken: %+v", f.dials, got)
		}
	})
}

// If no mail at all can be fetched, it is not the mails: one is set aside, no more, and the trouble is told.
func TestMailbox_NoMailCanBeFetched(t *testing.T) {
	var healed atomic.Bool
	f := &fake{hook: func(c *talk, tag, line string) bool {
		if !healed.Load() && strings.HasPrefix(line, "UID FETCH") {
			c.say(tag + " NO the disk is broken")
			return true
		}
		return false
	}}
	bubble(t, f, func(t *testing.T, o Options, s *shelf) {
		s.cursor = Cursor{Validity: 7, Next: 1}
		for n := range 10 {
			f.deliver(stored{body: letter(n)})
		}
		read(t, o, s)
		time.Sleep(12 * time.Hour)
		s.settle()
		if len(s.aside) != 1 || len(s.told()) != 1 || !strings.Contains(s.told()[0], "the disk is broken") {
			t.Errorf("set aside: %v; health %q", s.aside, s.told())
		}
		healed.Store(true)
		s.wait(t, "the other mails", func() bool { return len(s.taken) == 9 })
		if got, want := s.told()[len(s.told())-1], "well"; got != want {
			t.Errorf("health %q", s.told())
		}
	})
}

// More mails than are looked for at once are all taken.
func TestMailbox_ManyMails(t *testing.T) {
	f := &fake{}
	bubble(t, f, func(t *testing.T, o Options, s *shelf) {
		s.cursor = Cursor{Validity: 7, Next: 1}
		const n = 2*batch + 1
		for i := range n {
			f.deliver(stored{body: fmt.Appendf(nil, "Message-ID: <%d@test>\r\n\r\n", i)})
		}
		began := time.Now()
		read(t, o, s)
		s.wait(t, "all mails", func() bool { return s.cursor.Next == n+1 })
		if time.Since(began) > time.Second {
			t.Errorf("it took %s", time.Since(began))
		}
		if len(f.times("UID SEARCH")) != 3 {
			t.Errorf("%d searches", len(f.times("UID SEARCH")))
		}
	})
}

// What a server says before it ends the connection is told.
func TestMailbox_Goodbye(t *testing.T) {
	f := &fake{hook: func(c *talk, _, line string) bool {
		if strings.HasPrefix(line, "EXAMINE") {
			c.say("* BYE [UNAVAILABLE] back at eight")
			c.conn.Close()
		}
		return false
	}}
	bubble(t, f, func(t *testing.T, o Options, s *shelf) {
		read(t, o, s)
		s.wait(t, "the trouble", func() bool { return len(s.health) == 1 })
		if want := `the server closed the connection: "[UNAVAILABLE] back at eight"`; !strings.Contains(s.told()[0], want) {
			t.Errorf("health %q", s.told())
		}
	})
}

// A token is sent where the server takes one; when it refuses the token, its reasons are answered with nothing, and its
// last words are told.
func TestMailbox_LoginByToken(t *testing.T) {
	file := filepath.Join(t.TempDir(), "token")
	if err := os.WriteFile(file, []byte("t0ken\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	f := &fake{caps: "IMAP4rev1 IDLE AUTH=PLAIN AUTH=XOAUTH2"}
	var heard []string
	f.hook = func(c *talk, tag, line string) bool {
		if line != "AUTHENTICATE XOAUTH2" {
			return false
		}
		c.say("+ ")
		first, _ := c.in.ReadString('\n')
		c.say("+ eyJzdGF0dXMiOiI0MDEifQ==")
		second, _ := c.in.ReadString('\n')
		heard = []string{first, second}
		c.say(tag + " NO [AUTHENTICATIONFAILED] Invalid credentials")
		return true
	}
	bubble(t, f, func(t *testing.T, o Options, _ *shelf) {
		o.Account = login.Account{User: "ann", Token: login.FromFile(file)}
		_, err := Check(t.Context(), o)
		if err == nil || !strings.Contains(err.Error(), "Invalid credentials") || !hopeless(err) {
			t.Error(err)
		}
		want := base64.StdEncoding.EncodeToString([]byte("user=ann\x01auth=Bearer t0ken\x01\x01")) + "\r\n"
		if len(heard) != 2 || heard[0] != want || heard[1] != "\r\n" {
			t.Errorf("the client says %q", heard)
		}
	})
}
