package bridge_test

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"porchlight/bridge"
	"porchlight/bridge/phrase"
)

// stored lists the files of a conversation as name, type and content.
func (o *office) stored(number int64) (list []string) {
	o.t.Helper()
	events, err := o.Events(o.t.Context(), number, 0, 1000)
	o.must(bridge.Conversation{}, err)
	for _, e := range events {
		if f, ok := e.Data.(bridge.SentFile); ok {
			var content bytes.Buffer
			o.must(bridge.Conversation{}, o.Files.Write(o.t.Context(), bridge.File{ID: f.ID, Size: f.Bytes}, &content))
			list = append(list, fmt.Sprint(f.Name, " ", f.Media, " ", Cut(content.String(), 20)))
		}
	}
	return list
}

// Cut is the beginning of a text.
func Cut(s string, n int) string { return s[:min(len(s), n)] }

// Every kind of file of a mail is taken, however small the limits for visitors' uploads are, and nobody's name for
// it is believed. A file with nothing in it is named.
func TestMail_FilesOfAnyKind(t *testing.T) {
	o := newOffice(t).halted()
	o.come(xavi)
	l := anna("1@example.net", "Files", "Look")
	l.Left = "a signature (not checked)"
	for _, name := range []string{"invitation.ics", "old.doc", "photo.heic", "card.vcf", "../x/drawing.svg", "winmail.dat", "smime.p7m", "mail.eml", "page.html", "run.exe", "noname", "a.png"} {
		l.Files = append(l.Files, bridge.Attachment{Name: name, Data: []byte("<html>" + name)})
	}
	l.Files = append(l.Files, bridge.Attachment{Name: "nothing.txt"}, bridge.Attachment{Name: "large.bin", Data: bytes.Repeat([]byte("x"), 3<<20)})
	number := o.gets(l).Conversation
	const octets = "application/octet-stream"
	want := []string{"invitation.ics " + octets, "old.doc " + octets, "photo.heic " + octets, "card.vcf " + octets, "drawing.svg " + octets, "winmail.dat " + octets,
		"smime.p7m " + octets, "mail.eml " + octets, "page.html " + octets, "run.exe " + octets, "noname " + octets, "a.png " + octets, "large.bin " + octets}
	got := o.stored(number)
	if !slices.EqualFunc(got, want, strings.HasPrefix) {
		t.Errorf("stored\n%q, want\n%q", got, want)
	}
	events, err := o.Events(t.Context(), number, 0, 100)
	o.must(bridge.Conversation{}, err)
	for _, e := range events {
		if m, _ := e.Data.(bridge.Message); e.Type == bridge.EventMessage && m.Mail.Left != "a signature (not checked), nothing.txt (empty)" {
			t.Errorf("left out: %q", m.Mail.Left)
		}
	}
}

// The whole text of a long mail is a file beside its beginning, whatever the text looks like.
func TestMail_LongTextIsAFile(t *testing.T) {
	o := newOffice(t).halted()
	o.come(xavi)
	number := o.gets(anna("1@example.net", "Long", "<p> "+strings.Repeat("word ", 2000))).Conversation
	if got := o.stored(number); !slices.Equal(got, []string{"mail.txt text/plain <p> word word word w"}) {
		t.Errorf("stored %q", got)
	}
}

// When there is no room for a mail's files they are tried again for hours, and other mail is sorted
// meanwhile; in the end the conversation is told what was not taken.
func TestMail_FilesWaitForRoom(t *testing.T) {
	h := newOffice(t)
	h.come(xavi)
	c := h.mustAsk("c1")
	if _, _, err := h.VisitorSends(t.Context(), c.Number, "f1", "a.pdf", strings.NewReader("%PDF-1.7 x")); err != nil {
		t.Fatal(err)
	}
	h.room = 10
	h.close()
	h.open()
	o := h.halted()
	o.come(xavi)
	l := anna("1@example.net", "Files", "Look")
	l.Nature, l.Files = bridge.Personal, []bridge.Attachment{{Name: "a.doc", Data: []byte("a")}, {Name: "b.doc", Data: []byte("b")}}
	ctx := t.Context()
	o.must(bridge.Conversation{}, o.Mail.Keep(ctx, bridge.InMail{Mailbox: "INBOX", Validity: 1, UID: 1, Fingerprint: "1", Raw: []byte("raw")}))
	o.uid = 1
	tries := 0
	for began := o.clock.Now(); o.clock.Now().Sub(began) < 48*time.Hour; o.clock.Move(time.Minute) {
		list, err := o.Mail.Unsorted(ctx, 1)
		o.must(bridge.Conversation{}, err)
		if len(list) == 0 {
			continue
		}
		tries++
		failed := o.Mail.Sort(ctx, list[0], "", l)
		if phrase.CodeOf(failed) != phrase.CodeBusy {
			t.Fatalf("without room: %v", failed)
		}
		o.must(bridge.Conversation{}, o.Mail.GiveUp(ctx, list[0], l, failed))
		if tries == 1 {
			o.gets(anna("2@example.net", "Other", "It is not kept back"))
		}
	}
	m, err := o.Mail.Arrived(ctx, 1)
	o.must(bridge.Conversation{}, err)
	if got := o.posts(m.Conversation); tries != 10 || m.State != bridge.MailDone || !slices.Equal(got, []string{"left a.doc, b.doc"}) {
		t.Errorf("after %d attempts the mail is %s, and the log tells %q", tries, m.State, got)
	}
}

// A mail that can't be sorted is tried three times, minutes apart, and then the super operators are told once whose mail
// it was.
func TestMail_IsGivenUp(t *testing.T) {
	o := newOffice(t).halted()
	o.come(xavi)
	ctx, l := t.Context(), anna("1@example.net", "Course", "How?")
	o.must(bridge.Conversation{}, o.Mail.Keep(ctx, bridge.InMail{Mailbox: "INBOX", Validity: 1, UID: 9, Fingerprint: "1", Received: o.clock.Now(), Raw: []byte("raw")}))
	var waits []time.Duration
	began := o.clock.Now()
	for range 600 {
		list, err := o.Mail.Unsorted(ctx, 1)
		o.must(bridge.Conversation{}, err)
		for _, id := range list {
			waits = append(waits, o.clock.Now().Sub(began))
			o.must(bridge.Conversation{}, o.Mail.GiveUp(ctx, id, l, errors.New("odd")))
		}
		o.clock.Move(time.Second)
	}
	m, err := o.Mail.Arrived(ctx, 1)
	o.must(bridge.Conversation{}, err)
	if m.State != bridge.MailRefused || m.Fate != "odd" || !slices.Equal(waits, []time.Duration{0, time.Minute, 6 * time.Minute}) {
		t.Errorf("the mail is %s (%s), tried after %v", m.State, m.Fate, waits)
	}
	o.unreadTold("1 mail could not be read: from anna@example.net, subject “Course”, number 9 in the mailbox INBOX, 0 bytes")
}

// A mail that can't be fetched is told to the super operators, each one of them, in the transaction that keeps it.
func TestMail_EachRefusedOneIsTold(t *testing.T) {
	o := newOffice(t).halted()
	o.come(xavi)
	for uid := range uint32(3) {
		m := bridge.InMail{Mailbox: "INBOX", Validity: 1, UID: uid + 1, Fingerprint: fmt.Sprint(uid), Received: o.clock.Now(), Raw: []byte{}}
		for range 2 { // the second time it is known
			o.must(bridge.Conversation{}, o.Mail.Refuse(t.Context(), m, "", "", errors.New("odd")))
		}
	}
	const said = "1 mail could not be read: from ?, subject “”, number "
	o.unreadTold(said+"1", said+"2", said+"3")
}

// unreadTold checks what the super operator was told of mail that can't be read.
func (o *office) unreadTold(want ...string) {
	o.t.Helper()
	var got []string
	entries, err := o.DeskEntries(o.t.Context(), xavi, 0, 100)
	o.must(bridge.Conversation{}, err)
	for _, e := range entries {
		if e.Kind == bridge.DeskNotice && strings.Contains(e.Phrase.String(), "could not be read") {
			got = append(got, e.Phrase.String())
		}
	}
	if !slices.EqualFunc(got, want, strings.HasPrefix) {
		o.t.Errorf("told %q, want %q", got, want)
	}
}

// However many requests wait, a mail becomes one more: nobody can be told to try again later.
func TestMail_IsNeverTooMany(t *testing.T) {
	o := newOffice(t).halted()
	for n := range 20 {
		if m := o.gets(anna(fmt.Sprint(n, "@example.net"), fmt.Sprint("Matter ", n), "How?")); m.Conversation == 0 {
			t.Fatalf("mail %d became no conversation", n)
		}
	}
}
