package email

import (
	"context"
	"flag"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"porchlight/bridge"
	"porchlight/bridge/voice"
	"porchlight/db/sqlite"
	"porchlight/db/sqlite/sqlitetest"
)

var update = flag.Bool("update", false, "write what becomes of the mails of letter/testdata/mails")

// dial is a clock that stands still until it is moved.
type dial struct{ now atomic.Int64 }

// Now implements bridge.Clock.
func (d *dial) Now() time.Time { return time.Unix(d.now.Load(), 0).UTC() }

// fated is a bridge with one conversation, #1, in which Xavi has written to Ann by mail.
type fated struct {
	*bridge.Bridge
	t     *testing.T
	clock *dial
	first bridge.Conversation
	out   bridge.OutMail
}

func newFated(t *testing.T) *fated {
	f := &fated{t: t, clock: &dial{}}
	f.clock.now.Store(time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC).Unix())
	store, err := sqlite.Open(t.Context(), sqlitetest.New(t), sqlite.Options{})
	f.must(err)
	t.Cleanup(func() { store.Close() })
	post, err := NewPost("Example Support <support@example.com>", nil, nil)
	f.must(err)
	f.Bridge, err = bridge.Open(t.Context(), store, bridge.Options{Domain: "support.example.org", SuperOperators: []bridge.OperatorJID{"xavi@example.org"}, PublicURL: "https://chat.example.com",
		Timing: bridge.Timing{Reopen: time.Hour}, Limits: bridge.Limits{Message: 8192, Name: 80, Email: 254, Reason: 4096, URL: 2048, Waiting: 1, File: 1000, Files: 1},
		Mail: bridge.MailOptions{Post: post, Addresses: post.Addresses("+")}, Clock: f.clock, Log: slog.New(slog.DiscardHandler)})
	f.must(err)
	return f
}

func (f *fated) must(err error) {
	f.t.Helper()
	if err != nil {
		f.t.Fatal(err)
	}
}

// writes lets Xavi write to Ann, and the relay take the mail.
func (f *fated) writes() {
	f.t.Helper()
	ctx, stop := context.WithCancel(f.t.Context())
	done := make(chan error)
	go func() { done <- f.Run(ctx) }()
	defer func() {
		stop()
		<-done
	}()
	var err error
	f.first, err = f.WriteFirst(ctx, "xavi@example.org", "ann@example.org", "Lamps", "We have them.")
	f.must(err)
	for end := time.Now().Add(time.Minute); f.out.ID == "" && time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		list, err := f.Mail.Outgoing(ctx, 1)
		f.must(err)
		for _, m := range list {
			f.out = m
		}
	}
	f.must(f.Mail.Sent(ctx, f.out.ID))
}

// replyToken is the secret in the reply address of a mail.
var replyToken = regexp.MustCompile(`support\+t\.([a-z2-7]+)@`)

// answering makes of a mail of testdata an answer to Ann's.
func (f *fated) answering(raw string) string {
	f.t.Helper()
	token := replyToken.FindSubmatch(f.out.Raw)
	if token == nil {
		f.t.Fatal("the mail to Ann has no address for answers")
	}
	return strings.NewReplacer("m.0011@example.com", f.out.MessageID, "abcdefghij2345klmnop", string(token[1]), "zzzzzzzzzz2345zzzzzz", string(token[1]), "ABCDEFGHIJ2345KLMNOP", strings.ToUpper(string(token[1])),
		"support+b.77.0a1b2c3d@example.com", f.out.From, "[#123]", fmt.Sprintf("[#%d]", f.first.Number)).Replace(raw)
}

// becomes sorts a mail, and says what has become of it.
func (f *fated) becomes(raw string) string {
	f.t.Helper()
	ctx := f.t.Context()
	before := make(map[int64]int64)
	if f.first.Number > 0 {
		c, err := f.Conversation(ctx, f.first.Number)
		f.must(err)
		before[c.Number] = c.Seq
	}
	f.must(f.Mail.Keep(ctx, bridge.InMail{Mailbox: "INBOX", Validity: 1, UID: 1, Fingerprint: "1", Received: f.clock.Now(), Bytes: int64(len(raw)), Raw: []byte(raw)}))
	c := &Channel{bridge: f.Bridge, opts: Options{Authserv: "mx.example.com"}, log: slog.New(slog.DiscardHandler)}
	f.must(c.sortOne(ctx, 1))
	m, err := f.Mail.Arrived(ctx, 1)
	f.must(err)
	var b strings.Builder
	fmt.Fprintf(&b, "fate: %s, %s\n", m.Fate, m.State)
	for number := int64(1); number < 9; number++ {
		c, err := f.Conversation(ctx, number)
		if err != nil {
			break
		}
		events, err := f.Events(ctx, number, before[number], 1000)
		f.must(err)
		if number == f.first.Number {
			fmt.Fprintf(&b, "\n#%d, which was there, is %s\n", number, c.State)
		} else {
			fmt.Fprintf(&b, "\n#%d is new: %s, %s, %s\n", number, c.Kind, c.State, c.Email)
		}
		f.log(&b, events)
	}
	return b.String()
}

// log writes down what an operator reads of events.
func (f *fated) log(b *strings.Builder, events []bridge.Event) {
	v := voice.In(f.Bridge, "en")
	for _, e := range events {
		if s, ok := e.Data.(bridge.SentFile); ok {
			fmt.Fprintf(b, "- file %q, %s, %d bytes\n", s.Name, s.Media, s.Bytes)
			continue
		}
		if said := v.Says(e, "xavi@example.org", "Ann"); said != "" {
			fmt.Fprintf(b, "- %s\n", strings.ReplaceAll(said, "\n", "\n  "))
		}
	}
}

// large are the mails of that list that are too large for files: parts 500 deep without an end, 20,000 parts, and files
// over the limits of one mail.
func large() map[string]string {
	const head = "From: Ann <ann@example.org>\r\nTo: support@example.com\r\nSubject: Large\r\nMessage-ID: <large@example.org>\r\nMIME-Version: 1.0\r\n"
	var deep, wide, heavy strings.Builder
	deep.WriteString(head)
	for n := range 500 {
		fmt.Fprintf(&deep, "Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n", n, n)
	}
	deep.WriteString("Content-Type: text/plain\r\n\r\nThe bottom.\r\n")
	wide.WriteString(head + "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nHello.\r\n")
	for range 20_000 {
		wide.WriteString("--b\r\nContent-Type: text/plain\r\n\r\nx\r\n")
	}
	wide.WriteString("--b--\r\n")
	heavy.WriteString(head + "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nFiles.\r\n")
	for n, size := range []int{11 << 20, 11 << 20, 10, 0} {
		fmt.Fprintf(&heavy, "--b\r\nContent-Disposition: attachment; filename=%d.bin\r\n\r\n%s\r\n", n, strings.Repeat("x", size))
	}
	heavy.WriteString("--b--\r\n")
	return map[string]string{"05-nested": deep.String(), "06-parts": wide.String(), "23-heavy": heavy.String()}
}

// Each mail of letter/testdata/mails has the fate that its file in testdata/fates says: what it is taken for, which
// conversation it comes to, and what an operator reads and gets of it.
func TestMails_Fates(t *testing.T) {
	names, err := filepath.Glob("letter/testdata/mails/*.eml")
	if err != nil || len(names) < 50 {
		t.Fatal(len(names), err)
	}
	mails := large()
	for _, name := range names {
		raw, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		mails[strings.TrimSuffix(filepath.Base(name), ".eml")] = string(raw)
	}
	answers := regexp.MustCompile(`^(1[6-9]|28|29|30|31)-`)
	for base, mail := range mails {
		t.Run(base, func(t *testing.T) {
			t.Parallel()
			f := newFated(t)
			if answers.MatchString(base) {
				f.writes()
				mail = f.answering(mail)
			}
			if base == "16-stale-token" || strings.HasPrefix(base, "17-") { // the latter must not open it again
				_, err := f.Close(t.Context(), "xavi@example.org", f.first.Visitor, "")
				f.must(err)
			}
			if base == "16-stale-token" {
				f.clock.now.Add(15 * 24 * 3600)
			}
			got := f.becomes(mail)
			if f.out.ID != "" {
				got = strings.NewReplacer(f.out.MessageID, "MESSAGE-ID", f.out.From, "VERP").Replace(got)
			}
			golden := filepath.Join("testdata/fates", base+".txt")
			if *update {
				f.must(os.WriteFile(golden, []byte(got), 0o644))
			}
			want, err := os.ReadFile(golden)
			f.must(err)
			if got != string(want) {
				t.Errorf("it became\n%s\nand should be\n%s", got, want)
			}
		})
	}
}
