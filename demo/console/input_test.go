package console

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"net"
	"strings"
	"testing"
	"testing/iotest"
	"time"
	"unicode"
	"unicode/utf8"
)

// wire is a connection that keeps what is written to it.
type wire struct {
	net.Conn
	out bytes.Buffer
}

func (w *wire) Write(b []byte) (int, error)      { return w.out.Write(b) }
func (w *wire) SetWriteDeadline(time.Time) error { return nil }

// desktop is a console that is connected to nobody and knows three people.
func desktop() (*console, *wire, *bytes.Buffer) {
	w, screen := &wire{}, &bytes.Buffer{}
	return &console{
		stream: &stream{conn: w}, out: screen, own: "xavi@localhost", desk: "desk@support.localhost", partner: "desk@support.localhost",
		known:  []string{"desk@support.localhost", "anna-7k2f@support.localhost", "anna-9x@support.localhost", "anna-9@support.localhost", "bob@example.org"},
		typing: map[string]bool{}, presence: map[string]string{},
	}, w, screen
}

// sent lists what was sent as "name: text".
func sent(t *testing.T, w *wire) (all string) {
	t.Helper()
	for d := xml.NewDecoder(&w.out); ; {
		var m message
		if err := d.Decode(&m); err == io.EOF {
			return all
		} else if err != nil {
			t.Fatal(err)
		}
		local, _, _ := strings.Cut(m.To, "@")
		all += local + ": " + m.Body + "; "
	}
}

// What is typed goes to the partner, or does what the help says.
func TestTyped(t *testing.T) {
	for _, tt := range []struct{ name, typed, sent, shown string }{
		{"text to the desk", "12", "desk: 12; ", ""},
		{"spaces stay", "  two  words ", "desk:   two  words ; ", ""},
		{"nothing", "\n   \n", "", ""},
		{"an exclamation mark is for the other side", "!close", "desk: !close; ", ""},
		{"doubled signs", "//me\n@@all", "desk: /me; desk: @all; ", ""},
		{"whole name", "@anna-9x hi\nagain", "anna-9x: hi; anna-9x: again; ", "now talking to anna-9x"},
		{"whole name that begins another", "@anna-9 hi", "anna-9: hi; ", "now talking to anna-9"},
		{"name with punctuation and capitals", "@Anna-9x: hi", "anna-9x: hi; ", "now talking to anna-9x"},
		{"unique beginning", "/to anna-7\nhi", "anna-7k2f: hi; ", "now talking to anna-7k2f"},
		{"name of another domain", "@bob@example.org hi", "bob: hi; ", "now talking to bob@example.org"},
		{"beginning of that", "@bob hi", "bob: hi; ", "now talking to bob@example.org"},
		{"new address", "/to eve@localhost hi\nho", "eve: hi; eve: ho; ", "now talking to eve"},
		{"ambiguous", "@anna hi\nho", "desk: ho; ", "not sent: nobody, or more than one, is called anna; there are anna-7k2f, anna-9, anna-9x, bob@example.org, desk"},
		{"unknown", "@carl hi", "", "is called carl"},
		{"no name", "@ hi\n/to", "", "not sent"},
		{"back to the desk", "/to bob\n/desk 13", "desk: 13; ", "now talking to desk"},
		{"help", "/help", "", "@NAME TEXT"},
		{"unknown command", "/me laughs", "", "not sent: there is no /me"},
		{"escape sequence in an unknown command", "/\x1b[2J", "", "there is no /\ufffd[2J"},
		{"too long", strings.Repeat("x", maxText+1), "", "not sent: more than"},
		{"broken bytes", "a\xffb\x00c", "desk: a\ufffdb\ufffdc; ", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c, w, screen := desktop()
			for _, l := range strings.Split(tt.typed, "\n") {
				if c.typed(l) {
					t.Error("quits")
				}
			}
			if got := sent(t, w); got != tt.sent {
				t.Errorf("sent %q, want %q", got, tt.sent)
			}
			if tt.shown == "" && screen.Len() > 0 || !strings.Contains(screen.String(), tt.shown) {
				t.Errorf("shown %q, want %q", screen, tt.shown)
			}
		})
	}
}

// Only a visitor who writes after a take becomes the partner without being called: a typed
// line must not reach somebody who has just begun to write.
func TestMessage_PartnerAfterTake(t *testing.T) {
	text := "hello"
	from := func(jid string) stanza {
		return stanza{XMLName: xml.Name{Local: "message"}, From: jid, Type: "chat", Body: &text}
	}
	for typed, want := range map[string]string{
		"12": "anna-7k2f@support.localhost", "take 12": "anna-7k2f@support.localhost", "!Take #12 ": "anna-7k2f@support.localhost",
		"queue": "desk@support.localhost", "12 apples": "desk@support.localhost", "take": "desk@support.localhost", "": "desk@support.localhost",
	} {
		c, _, _ := desktop()
		c.typed(typed)
		c.arrived(from("desk@support.localhost"))
		c.arrived(from("olga@localhost/phone"))
		c.arrived(from("anna-7k2f@support.localhost"))
		c.arrived(from("anna-9x@support.localhost"))
		if c.partner != want {
			t.Errorf("after %q the partner is %s, want %s", typed, c.partner, want)
		}
	}
}

// Input that fails is an error, input that ends is none. A last line without line break
// counts.
func TestChat_Input(t *testing.T) {
	c, w, _ := desktop()
	c.stream.in, c.stream.closed = make(chan stanza), make(chan struct{})
	defer close(c.stream.closed)
	if err := c.chat(t.Context(), readLines(strings.NewReader("one\r\ntwo"), c.stream.closed)); err != nil {
		t.Errorf("at the end of input: %v", err)
	}
	if got := sent(t, w); got != "desk: one; desk: two; " {
		t.Errorf("sent %q", got)
	}
	broken := errors.New("broken")
	if err := c.chat(t.Context(), readLines(iotest.ErrReader(broken), c.stream.closed)); !errors.Is(err, broken) {
		t.Errorf("with a broken input: %v", err)
	}
}

// A screen that is gone ends the chat with an error.
func TestChat_Output(t *testing.T) {
	c, _, _ := desktop()
	r, w := io.Pipe()
	r.Close()
	c.out = w
	c.stream.in, c.stream.closed = make(chan stanza), make(chan struct{})
	defer close(c.stream.closed)
	if err := c.chat(t.Context(), readLines(strings.NewReader("/help\n"), c.stream.closed)); !errors.Is(err, io.ErrClosedPipe) {
		t.Errorf("got %v", err)
	}
}

// Nothing that is shown can control the terminal or look like a line of its own.
func FuzzShow(f *testing.F) {
	for _, s := range []string{"plain", "\x1b]0;title\a", "\u009b31m", "a\r\nb", "x\u202ey", "\xff\xfe", "\u2028z", "👩\u200d💻", "\n\n", "\r", "a\rdesk: 12"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		c, _, screen := desktop()
		c.show("eve: ", text)
		shown := screen.String()
		if !utf8.ValidString(shown) || !strings.HasPrefix(shown, "eve: ") || !strings.HasSuffix(shown, "\n") {
			t.Fatalf("shows %q", shown)
		}
		for i, l := range strings.Split(strings.TrimSuffix(shown, "\n"), "\n") {
			if i > 0 && !strings.HasPrefix(l, "     ") {
				t.Fatalf("line %d of %q looks like another message", i, shown)
			}
			for _, r := range l {
				if unicode.IsControl(r) || unicode.In(r, unicode.Cf, unicode.Zl, unicode.Zp) && r != '\u200c' && r != '\u200d' {
					t.Fatalf("%U is shown", r)
				}
			}
		}
	})
}
