package imap

import (
	"bytes"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-imap/v2"
)

// silent is a hook by which the first connection says nothing any more from a command on.
func silent(from string) func(*talk, string, string) bool {
	quiet := false
	return func(c *talk, _, line string) bool {
		if c.dial != 1 {
			return false
		}
		quiet = quiet || strings.HasPrefix(line, from)
		return quiet
	}
}

// The library waits for ever for the first byte of an answer. Whatever step the server stays silent at, the
// connection is given up, and the mail is taken over the next one.
func TestTrap_SilentServer(t *testing.T) {
	for _, step := range []string{"GREETING", "CAPABILITY", "AUTHENTICATE", "EXAMINE", "UID SEARCH", "UID FETCH 1 (UID RFC822.SIZE", "UID FETCH 1 (UID BODY", "IDLE"} {
		t.Run(step, func(t *testing.T) {
			f := &fake{hook: silent(step)}
			bubble(t, f, func(t *testing.T, o Options, s *shelf) {
				s.cursor = Cursor{Validity: 7, Next: 1}
				f.deliver(stored{body: letter(1)})
				read(t, o, s)
				s.wait(t, "the mail", func() bool { return len(s.taken) == 1 })
				if step == "IDLE" {
					f.deliver(stored{body: letter(2)})
					s.wait(t, "the mail that came meanwhile", func() bool { return len(s.taken) == 2 })
				}
				if f.dials != 2 {
					t.Errorf("%d connections", f.dials)
				}
			})
		})
	}
}

// The same when the server stays silent after DONE, or in the middle of a mail.
func TestTrap_SilentLater(t *testing.T) {
	for name, hook := range map[string]func(c *talk, tag, line string) bool{
		"after DONE": func(c *talk, _, line string) bool {
			if c.dial != 1 || line != "IDLE" {
				return false
			}
			c.say("+ waiting")
			_, _ = c.in.ReadString('\n')
			return true
		},
		"within a mail": func(c *talk, _, line string) bool {
			if c.dial != 1 || !strings.HasPrefix(line, "UID FETCH 1 (UID BODY") {
				return false
			}
			c.say("* 1 FETCH (UID 1 BODY[]<0> {100}", "Subject: half")
			return true
		},
	} {
		t.Run(name, func(t *testing.T) {
			f := &fake{hook: hook}
			bubble(t, f, func(t *testing.T, o Options, s *shelf) {
				s.cursor = Cursor{Validity: 7, Next: 1}
				f.deliver(stored{body: letter(1)})
				read(t, o, s)
				s.wait(t, "the mail, and a second connection", func() bool { return len(s.taken) == 1 && len(s.health) > 0 })
				f.deliver(stored{body: letter(2)})
				s.wait(t, "the next mail", func() bool { return len(s.taken) == 2 })
				if want := [][]byte{letter(1), letter(2)}; !bytes.Equal(s.taken[0].Body, want[0]) || !bytes.Equal(s.taken[1].Body, want[1]) {
					t.Errorf("taken: %+v", s.taken)
				}
			})
		})
	}
}

// When the connection is cut within a mail, the library gives what came as if it were all.
func TestTrap_CutMail(t *testing.T) {
	f := &fake{hook: func(c *talk, _, line string) bool {
		if c.dial == 1 && strings.HasPrefix(line, "UID FETCH 1 (UID BODY") {
			fmt.Fprint(c.conn, "* 1 FETCH (UID 1 BODY[]<0> {100}\r\nSubject: half\r")
			c.conn.Close()
			return true
		}
		return false
	}}
	bubble(t, f, func(t *testing.T, o Options, s *shelf) {
		s.cursor = Cursor{Validity: 7, Next: 1}
		f.deliver(stored{body: letter(1)})
		read(t, o, s)
		s.wait(t, "the mail", func() bool { return len(s.taken) == 1 })
		if got := s.taken[0]; !bytes.Equal(got.Body, letter(1)) || !got.Whole {
			t.Errorf("taken: %q", got.Body)
		}
	})
	if body, err := readAll(cutLiteral{strings.NewReader("Subject: half")}, maxMail); err == nil {
		t.Errorf("%q counts as 100 bytes", body)
	}
}

// cutLiteral is to have 100 bytes.
type cutLiteral struct{ io.Reader }

func (cutLiteral) Size() int64 { return 100 }

// A server that sends the UID behind the text makes the library drop the answer. The mail is asked for by its place
// then, unless another mail stands there meanwhile.
func TestTrap_UIDBehindTheText(t *testing.T) {
	uid := "1"
	f := &fake{hook: func(c *talk, tag, line string) bool {
		if strings.HasPrefix(line, "UID FETCH 1 (UID BODY") {
			c.say("* 1 FETCH (BODY[]<0> {5}\r\nhello UID 1)", tag+" OK done")
			return true
		}
		if strings.HasPrefix(line, "FETCH 1 (UID BODY") {
			c.say("* 1 FETCH (BODY[]<0> {5}\r\nhello UID "+uid+")", tag+" OK done")
			return true
		}
		return false
	}}
	bubble(t, f, func(t *testing.T, o Options, s *shelf) {
		s.cursor = Cursor{Validity: 7, Next: 1}
		f.deliver(stored{body: letter(1)})
		f.deliver(stored{body: letter(2)})
		read(t, o, s)
		s.wait(t, "both mails", func() bool { return len(s.taken) == 2 })
		if got := s.taken[0]; string(got.Body) != "hello" || !got.Whole || f.dials != 1 {
			t.Errorf("%d connections, taken: %+v", f.dials, got)
		}
	})
	uid = "77"
	bubble(t, f, func(t *testing.T, o Options, s *shelf) {
		f.mails = nil
		s.cursor = Cursor{Validity: 7, Next: 1}
		f.deliver(stored{body: letter(1)})
		f.deliver(stored{body: letter(2)})
		read(t, o, s)
		s.wait(t, "the second mail", func() bool { return len(s.taken) == 1 })
		if err := s.aside[1]; err == nil || !strings.Contains(err.Error(), "is there, and does not send it") {
			t.Errorf("set aside: %v", s.aside)
		}
		s.wait(t, "good health", func() bool { return s.health[len(s.health)-1] == "well" })
	})
}

// An untagged response that the library does not know ends the connection, as VANISHED does (RFC 7162).
func TestTrap_UnknownResponse(t *testing.T) {
	f := &fake{hook: func(c *talk, _, line string) bool {
		if c.dial == 1 && strings.HasPrefix(line, "UID SEARCH") {
			c.say("* VANISHED 41")
		}
		return false
	}}
	bubble(t, f, func(t *testing.T, o Options, s *shelf) {
		s.cursor = Cursor{Validity: 7, Next: 1}
		f.deliver(stored{body: letter(1)})
		read(t, o, s)
		s.wait(t, "the mail", func() bool { return len(s.taken) == 1 })
		if f.dials != 2 || !slices.Equal(s.told(), []string{"well"}) {
			t.Errorf("%d connections, health %q", f.dials, s.told())
		}
	})
}

// Nothing is ever asked for that makes the library stumble, and nothing that changes the mailbox.
func TestTrap_OnlyWhatIsNeededIsAskedFor(t *testing.T) {
	f := &fake{caps: "IMAP4rev1 IDLE AUTH=PLAIN ENABLE CONDSTORE QRESYNC UIDPLUS MOVE"}
	bubble(t, f, func(t *testing.T, o Options, s *shelf) {
		s.cursor = Cursor{Validity: 7, Next: 1}
		f.deliver(stored{body: letter(1)})
		read(t, o, s)
		s.wait(t, "the mail", func() bool { return len(s.taken) == 1 })
		time.Sleep(10 * time.Minute)
		s.settle()
		f.mu.Lock()
		defer f.mu.Unlock()
		for _, s := range f.said[1:] { // the connection
			word, _, _ := strings.Cut(s.line, " ")
			allowed := slices.Contains([]string{"CAPABILITY", "AUTHENTICATE", "EXAMINE", "UID", "IDLE", "DONE"}, word)
			if m := fetches.FindStringSubmatch(s.line); m != nil {
				allowed = m[2] == "UID RFC822.SIZE INTERNALDATE" || m[2] == fmt.Sprintf("UID BODY.PEEK[]<0.%d>", maxMail+1)
			}
			if !allowed {
				t.Errorf("the client says %q", s.line)
			}
		}
	})
}

// Of a mail that is too large the header and the beginning of the text are read, even if the server ignores how
// much was asked for, or has said a wrong size before.
func TestTrap_LargeMail(t *testing.T) {
	header := "Message-ID: <large@test>\r\nX: " + strings.Repeat("x", 1000) + "\r\n\r\n"
	large := append([]byte(header), bytes.Repeat([]byte("y"), 25<<20)...)
	for name, c := range map[string]struct {
		size   int
		ignore bool
	}{"right size": {}, "wrong size": {size: 5}, "all is sent": {ignore: true}, "right size, all is sent": {size: 300 << 20, ignore: true}} {
		t.Run(name, func(t *testing.T) {
			f := &fake{}
			if c.ignore {
				f.hook = func(c *talk, tag, line string) bool {
					if strings.Contains(line, "BODY.PEEK") {
						c.say(fmt.Sprintf("* 1 FETCH (UID 1 BODY[] {%d}\r\n%s)", len(large), large), tag+" OK done")
						return true
					}
					return false
				}
			}
			bubble(t, f, func(t *testing.T, o Options, s *shelf) {
				s.cursor = Cursor{Validity: 7, Next: 1}
				f.deliver(stored{body: large, size: c.size})
				read(t, o, s)
				s.wait(t, "the mail", func() bool { return len(s.taken) == 1 })
				if got := s.taken[0]; got.Whole || !bytes.Equal(got.Body, large[:len(header)+maxText]) {
					t.Errorf("taken: %d bytes, whole %v", len(got.Body), got.Whole)
				}
			})
		})
	}
}

// The size that a server says before may be an estimate; what counts is what comes.
func TestTrap_EstimatedSize(t *testing.T) {
	f := &fake{}
	bubble(t, f, func(t *testing.T, o Options, s *shelf) {
		s.cursor = Cursor{Validity: 7, Next: 1}
		f.deliver(stored{body: letter(1), size: 4711})
		read(t, o, s)
		s.wait(t, "the mail", func() bool { return len(s.taken) == 1 })
		if got := s.taken[0]; !got.Whole || !bytes.Equal(got.Body, letter(1)) || got.Size != int64(len(letter(1))) {
			t.Errorf("taken: %+v", got)
		}
	})
}

// News that come at any time, and in any number, hold nothing up. A change of flags that names our mail is taken
// by the library for the answer; then the mail is asked for again.
func TestTrap_NewsInBetween(t *testing.T) {
	f := &fake{hook: func(c *talk, _, line string) bool {
		if c.dial == 1 && strings.HasPrefix(line, "UID FETCH") {
			for n := range 100 {
				c.say(fmt.Sprintf("* %d EXISTS", n))
			}
			if n := len(c.f.times("UID FETCH")); n == 1 || n == 3 {
				c.say(`* 1 FETCH (UID 1 FLAGS (\Seen))`)
			}
		}
		return false
	}}
	bubble(t, f, func(t *testing.T, o Options, s *shelf) {
		s.cursor = Cursor{Validity: 7, Next: 1}
		f.deliver(stored{body: letter(1)})
		read(t, o, s)
		s.wait(t, "the mail", func() bool { return len(s.taken) == 1 })
		if f.dials != 1 || !bytes.Equal(s.taken[0].Body, letter(1)) {
			t.Errorf("%d connections, taken %q", f.dials, s.taken[0].Body)
		}
	})
}

// A search past the end finds the last mail, which is not taken again; an endless range is no answer to wait for.
func TestTrap_SearchFindsTooMuch(t *testing.T) {
	f := &fake{}
	bubble(t, f, func(t *testing.T, o Options, s *shelf) {
		s.cursor = Cursor{Validity: 7, Next: 1}
		f.deliver(stored{body: letter(1)})
		read(t, o, s)
		s.wait(t, "the mail", func() bool { return len(s.taken) == 1 })
		time.Sleep(time.Hour)
		s.settle()
		if len(f.times("UID SEARCH")) < 10 || s.tries[1] != 1 {
			t.Errorf("%d searches, taken %d times", len(f.times("UID SEARCH")), s.tries[1])
		}
	})
	got := upTo(3, imap.UIDSet{{Start: 1, Stop: 4294967295}}, 4294967293, 0)
	if want := []uint32{4294967293, 4294967294, 4294967295}; !slices.Equal(got, want) {
		t.Errorf("of the endless range: %v", got)
	}
	if got := upTo(2, imap.UIDSet{{Start: 1, Stop: 2}, {Start: 5, Stop: 9}, {Start: 11}}, 2, 6); !slices.Equal(got, []uint32{2, 5}) {
		t.Errorf("of several ranges: %v", got)
	}
}

// A parenthesis among the capabilities is never let through to the library, which would read it for ever, with all
// that a processor has. In a mail it is text.
func TestTrap_EndlessCapabilities(t *testing.T) {
	for _, line := range []string{"* CAPABILITY IMAP4rev1 (x", "* CAPABILITY(", "T1 OK [CAPABILITY IDLE (", "* PREAUTH  [capability("} {
		for cut := range line { // in two parts
			var g guard
			if g.check([]byte(line[:cut])) == nil && g.check([]byte(line[cut:])) == nil {
				t.Errorf("%q is let through when it is cut at %d", line, cut)
			}
		}
	}
	var g guard
	for _, part := range []string{
		"* OK [CAPABILITY IMAP4rev1] Dovecot (Debian)\r\n", "* 1 FETCH (UID 1 BODY[] {22}\r\n", "* CAPABILITY", "(\r\n123456)", "\r\n", "* LIST (\\x) CAPABILITY (\r\n",
	} {
		if err := g.check([]byte(part)); err != nil {
			t.Errorf("%q is not let through: %v", part, err)
		}
	}
	if err := g.check(bytes.Repeat([]byte("x"), maxLine+1)); err == nil {
		t.Error("an endless line is let through")
	}
}
