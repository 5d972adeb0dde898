package imap

import (
	"bufio"
	"context"
	"fmt"
	"net"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"porchlight/email/login"
)

// fake is a server that does what it is told, also what no server should. It speaks over pipes, so a test with it
// runs in a bubble whose time passes at once.
type fake struct {
	greeting string // instead of * OK
	caps     string
	validity string // the response with UIDVALIDITY, if it is not the usual one
	noNext   bool   // it does not say UIDNEXT
	// hook answers a command instead of the fake: it reports whether it has. dial counts connections from 1.
	hook func(c *talk, tag, line string) bool

	mu    sync.Mutex
	dials int
	mails []stored
	said  []said
	idle  *talk
}

// stored is a mail on the server.
type stored struct {
	uid  uint32
	body []byte
	date time.Time
	size int // as the server says; 0: right
}

// said is a command that the client gave.
type said struct {
	at   time.Time
	line string
}

// talk is one connection.
type talk struct {
	f    *fake
	dial int
	conn net.Conn
	in   *bufio.Reader
}

// say sends lines to the client.
func (c *talk) say(lines ...string) {
	for _, l := range lines {
		_, _ = fmt.Fprintf(c.conn, "%s\r\n", l)
	}
}

// dialer returns what connects to the fake.
func (f *fake) dialer() func(context.Context, string, string) (net.Conn, error) {
	return func(context.Context, string, string) (net.Conn, error) {
		ours, theirs := net.Pipe()
		f.mu.Lock()
		defer f.mu.Unlock()
		f.dials++
		f.said = append(f.said, said{time.Now(), "a connection"})
		go f.serve(&talk{f: f, dial: f.dials, conn: theirs, in: bufio.NewReader(theirs)})
		return ours, nil
	}
}

func (f *fake) serve(c *talk) {
	defer c.conn.Close()
	if f.hook != nil && f.hook(c, "", "GREETING") {
		f.hold(c)
		return
	}
	greeting := f.greeting
	if greeting == "" {
		greeting = "* OK [CAPABILITY " + f.can() + "] hello"
	}
	c.say(greeting)
	f.hold(c)
}

// hold answers commands until the client goes.
func (f *fake) hold(c *talk) {
	for {
		line, err := c.in.ReadString('\n')
		if err != nil {
			return
		}
		tag, line, _ := strings.Cut(strings.TrimSpace(line), " ")
		if line == "" {
			line = tag // DONE
		}
		line = strings.Replace(line, "INTERNALDATE RFC822.SIZE", "RFC822.SIZE INTERNALDATE", 1) // the library shuffles them
		f.mu.Lock()
		f.said = append(f.said, said{time.Now(), line})
		f.mu.Unlock()
		if f.hook == nil || !f.hook(c, tag, line) {
			f.answer(c, tag, line)
		}
	}
}

// can returns the capabilities. Unless they are told with the greeting and after the login, the library asks for
// them in a goroutine that waits for a lock, during which the time of a bubble stands still.
func (f *fake) can() string {
	if f.caps == "" {
		return "IMAP4rev1 IDLE AUTH=PLAIN"
	}
	return f.caps
}

// answer does what a server should.
func (f *fake) answer(c *talk, tag, line string) {
	switch word, _, _ := strings.Cut(line, " "); word {
	case "CAPABILITY":
		c.say("* CAPABILITY "+f.can(), tag+" OK done")
	case "AUTHENTICATE":
		c.say("+ ")
		_, _ = c.in.ReadString('\n')
		c.say(tag + " OK [CAPABILITY " + f.can() + "] done")
	case "EXAMINE":
		f.examine(c, tag)
	case "IDLE":
		f.mu.Lock()
		f.idle = c
		f.mu.Unlock()
		c.say("+ waiting")
		done, _ := c.in.ReadString('\n')
		f.mu.Lock()
		f.said = append(f.said, said{time.Now(), strings.TrimSpace(done)})
		f.idle = nil
		f.mu.Unlock()
		c.say(tag + " OK done")
	case "UID":
		if strings.HasPrefix(line, "UID SEARCH") {
			f.search(c, tag, line)
		} else {
			f.fetch(c, tag, line)
		}
	default:
		c.say(tag + " OK done")
	}
}

func (f *fake) examine(c *talk, tag string) {
	f.mu.Lock()
	exists, next := len(f.mails), f.next()
	f.mu.Unlock()
	validity := f.validity
	if validity == "" {
		validity = "* OK [UIDVALIDITY 7] ok"
	}
	c.say(fmt.Sprintf("* %d EXISTS", exists), validity)
	if !f.noNext {
		c.say(fmt.Sprintf("* OK [UIDNEXT %d] ok", next))
	}
	c.say(tag + " OK [READ-ONLY] done")
}

// next is the UID of the next mail; the caller holds the lock.
func (f *fake) next() uint32 {
	if len(f.mails) == 0 {
		return 1
	}
	return f.mails[len(f.mails)-1].uid + 1
}

var searches = regexp.MustCompile(`^UID SEARCH UID (\d+|\*)(?::(\d+|\*))?(?: SINCE "?([^"]+)"?)?$`)

// search answers as RFC 9051 §6.4.9 has it: with the last mail for n:*, even if n is past it.
func (f *fake) search(c *talk, tag, line string) {
	f.mu.Lock()
	m := searches.FindStringSubmatch(line)
	if m == nil {
		f.mu.Unlock()
		c.say(tag + " BAD what?")
		return
	}
	number := func(text string, otherwise uint32) uint32 {
		n, err := strconv.ParseUint(text, 10, 32)
		if err != nil {
			return otherwise
		}
		return uint32(n)
	}
	last := f.next() - 1
	low := number(m[1], last)
	high := low
	if m[2] != "" {
		high = number(m[2], last)
	}
	since, _ := time.Parse("2-Jan-2006", m[3])
	found := ""
	for _, mail := range f.mails {
		if mail.uid >= min(low, high) && mail.uid <= max(low, high) && !mail.date.Before(since) {
			found += fmt.Sprintf(" %d", mail.uid)
		}
	}
	f.mu.Unlock()
	c.say("* SEARCH"+found, tag+" OK done")
}

var fetches = regexp.MustCompile(`^UID FETCH (\d+) \((.*)\)$`)

func (f *fake) fetch(c *talk, tag, line string) {
	m := fetches.FindStringSubmatch(line)
	if m == nil {
		c.say(tag + " BAD what?")
		return
	}
	mail, seq, ok := f.find(m[1])
	switch {
	case !ok:
	case strings.Contains(m[2], "BODY.PEEK["):
		_, partial, _ := strings.Cut(m[2], "<0.")
		most, _ := strconv.Atoi(strings.TrimRight(partial, ">)"))
		body := mail.body[:min(most, len(mail.body))]
		c.say(fmt.Sprintf("* %d FETCH (UID %s BODY[]<0> {%d}\r\n%s)", seq, m[1], len(body), body))
	default:
		size := mail.size
		if size == 0 {
			size = len(mail.body)
		}
		c.say(fmt.Sprintf(`* %d FETCH (UID %s RFC822.SIZE %d INTERNALDATE "%s")`, seq, m[1], size, mail.date.Format("02-Jan-2006 15:04:05 -0700")))
	}
	c.say(tag + " OK done")
}

// find returns the mail with a UID, and its place in the mailbox.
func (f *fake) find(uid string) (stored, int, bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for i, mail := range f.mails {
		if strconv.Itoa(int(mail.uid)) == uid {
			return mail, i + 1, true
		}
	}
	return stored{}, 0, false
}

// deliver puts a mail into the mailbox, and tells who waits.
func (f *fake) deliver(m stored) {
	f.mu.Lock()
	if m.uid == 0 {
		m.uid = f.next()
	}
	if m.date.IsZero() {
		m.date = time.Now()
	}
	f.mails = append(f.mails, m)
	idle, n := f.idle, len(f.mails)
	f.mu.Unlock()
	if idle != nil {
		idle.say(fmt.Sprintf("* %d EXISTS", n))
	}
}

// remove expunges a mail.
func (f *fake) remove(uid uint32) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for i, m := range f.mails {
		if m.uid == uid {
			f.mails = append(f.mails[:i:i], f.mails[i+1:]...)
			return
		}
	}
}

// times returns when the client said something that begins so.
func (f *fake) times(prefix string) (at []time.Time) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, s := range f.said {
		if strings.HasPrefix(s.line, prefix) {
			at = append(at, s.at)
		}
	}
	return at
}

// bubble runs a test in which time passes at once, and which fails if a goroutine is left.
func bubble(t *testing.T, f *fake, test func(t *testing.T, o Options, s *shelf)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		s := newShelf()
		s.patience, s.settle = 48*time.Hour, synctest.Wait
		test(t, Options{
			Server: Server{Security: Insecure, Host: "imap.test", Port: "143", Mailbox: "INBOX"}, Dial: f.dialer(),
			Account: login.Account{User: "ann", Password: "secret"}, Clock: wall{}, Log: quiet(),
		}, s)
	})
}
