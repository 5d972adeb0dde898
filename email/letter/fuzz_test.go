package letter

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"porchlight/email/plain"
)

// fixtures adds the mails of testdata/mails to a fuzz target's seeds.
func fixtures(f *testing.F) {
	f.Helper()
	names, err := filepath.Glob("testdata/mails/*.eml")
	if err != nil || len(names) == 0 {
		f.Fatal("no mails", err)
	}
	for _, name := range names {
		b, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
}

// shown fails if a text may not be sent over XMPP, or is more than one line where it must not be.
func shown(t *testing.T, what, s string, oneLine bool) {
	t.Helper()
	if !utf8.ValidString(s) {
		t.Errorf("%s is not UTF-8: %q", what, s)
	}
	for _, c := range s {
		if plain.Hidden(c) || c == '\r' || oneLine && c == '\n' {
			t.Fatalf("%s holds %U: %q", what, c, s)
		}
	}
}

// checkLetter fails if a letter breaks a rule that holds for every mail.
func checkLetter(t *testing.T, l Letter) {
	t.Helper()
	for _, a := range append(append([]Address{l.From, l.ReplyTo}, l.To...), l.Cc...) {
		shown(t, "a name", a.Name, true)
		shown(t, "an address", a.Addr, true)
	}
	for _, s := range append(append(l.Delivered, l.References...), l.ID, l.InReplyTo, l.ReturnPath, l.Subject, l.Language, l.Loop, l.DMARC) {
		shown(t, "a field", s, true)
	}
	shown(t, "the text", l.Text, false)
	shown(t, "the chat", l.Chat, false)
	if (l.Chat == "") != (l.Text == "") {
		t.Errorf("text %q, chat %q", l.Text, l.Chat)
	}
	total := 0
	for _, f := range l.Files {
		total += len(f.Data)
		checkName(t, f.Name)
	}
	for _, o := range l.Omitted {
		checkName(t, o.Name)
	}
	if len(l.Files) > maxCount || total > maxFiles || len(l.Text) > 4*maxText {
		t.Errorf("%d files, %d bytes, text %d", len(l.Files), total, len(l.Text))
	}
	if (l.Kind == Bounce) != (l.Failure != nil) || l.Kind != Normal && !l.Quiet {
		t.Errorf("kind %s, failure %v, quiet %v", l.Kind, l.Failure, l.Quiet)
	}
	if l.Failure != nil {
		for _, s := range []string{l.Failure.Action, l.Failure.Diagnostic, l.Failure.MessageID, l.Failure.Recipient, l.Failure.Sender, l.Failure.Status} {
			shown(t, "the failure", s, true)
		}
	}
	for _, f := range l.Flaws {
		if f == Unreadable {
			t.Error("the reader failed")
		}
	}
}

// checkName fails if a file's name is not safe.
func checkName(t *testing.T, name string) {
	t.Helper()
	shown(t, "a file's name", name, true)
	if name == "" || name[0] == '.' || strings.ContainsAny(name, `/\:`) || utf8.RuneCountInString(name) > maxName {
		t.Errorf("a file's name is %q", name)
	}
}

func FuzzRead(f *testing.F) {
	fixtures(f)
	f.Fuzz(func(t *testing.T, raw []byte) {
		checkLetter(t, Read(raw, Options{Authserv: "mx.example.com"}))
		checkLetter(t, Read(raw[:len(raw)/2], Options{Partial: true}))
	})
}
