package trim

import (
	"os"
	"strings"
	"testing"
)

// mail is a case of testdata/cases.txt.
type mail struct{ name, text, reply string }

// cases reads testdata/cases.txt: "######## name", the mail, then "======== reply" and what is left of it, or
// "======== whole" if nothing may be cut.
func cases(t testing.TB) (all []mail) {
	t.Helper()
	b, err := os.ReadFile("testdata/cases.txt")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range strings.Split(string(b), "######## ")[1:] {
		name, rest, _ := strings.Cut(c, "\n")
		text, rest, ok := strings.Cut(rest, "\n======== ")
		kind, reply, _ := strings.Cut(rest, "\n")
		if kind == "whole" {
			reply = text
		}
		if !ok || kind != "whole" && kind != "reply" {
			t.Fatalf("%s: no reply", name)
		}
		all = append(all, mail{name, text, strings.TrimRight(reply, "\n")})
	}
	return all
}

// Of each mail the reply is left, or the whole mail where it would say nothing without the rest.
func TestReply(t *testing.T) {
	all := cases(t)
	if len(all) < 40 {
		t.Fatalf("%d mails", len(all))
	}
	for _, m := range all {
		if got := Reply(m.text); got != m.reply {
			t.Errorf("%s:\n%s\nshould be\n%s", m.name, got, m.reply)
		}
	}
}

// A reply is cut again without losing anything, in every language: what is left has no marker in it.
func TestReply_OfAReplyIsTheReply(t *testing.T) {
	for _, m := range cases(t) {
		if again := Reply(m.reply); again != m.reply && m.reply != m.text {
			t.Errorf("%s: %q becomes %q", m.name, m.reply, again)
		}
	}
}

func FuzzReply(f *testing.F) {
	for _, m := range cases(f) {
		f.Add(m.text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got := Reply(text)
		if got == text {
			return
		}
		if got == "" {
			t.Fatalf("nothing is left of %q", text)
		}
		rest := strings.Split(text, "\n") // each line of the reply is one of the mail, in its order
		for i, line := range strings.Split(got, "\n") {
			at := 0
			for at < len(rest) && rest[at] != line && (i > 0 || strings.TrimLeft(rest[at], " \t") != line) && strings.TrimSpace(rest[at]) != strings.TrimSpace(line) {
				at++
			}
			if at == len(rest) && line != "" {
				t.Fatalf("%q is not in %q", line, text)
			}
			if at < len(rest) {
				rest = rest[at+1:]
			}
		}
	})
}
