package trim

import (
	"os"
	"strings"
	"testing"
)

// to is who gets the mails.
var to = []string{"support+t.abcdefghij2345klmnop@example.com"}

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
		if got, _ := Reply(m.text, to); got != m.reply {
			t.Errorf("%s:\n%s\nshould be\n%s", m.name, got, m.reply)
		}
	}
}

// What was cut is doubtful unless it is plainly a quoted mail or a signature.
func TestReply_SaysWhatMayBeTheWritersOwn(t *testing.T) {
	const wrote, header = "On 27/11/2026 16:11, Example Support wrote:\n", "From: Shop <%s>\nSent: Friday, November 27, 2026 4:11 PM\nTo: Ann\nSubject: Order\n\n"
	for _, c := range []struct {
		name, rest string
		doubtful   int
	}{
		{"a quote that is announced", wrote + "> Please\n\n> try", 0},
		{"a quote that nobody announces", "> Error 42\n> Please call", 2},
		{"a quote that announces itself", "> " + wrote + "> Please try", 0},
		{"no marks below a line", wrote + "Please\ntry", 3},
		{"no marks below a line with our address", "On 27/11/2026 16:11, <support@example.com> wrote:\n\nPlease\ntry", 0},
		{"no marks below a line with another address", "On 27/11/2026 16:11, <sup@example.org> wrote:\n\nPlease\ntry", 3},
		{"our header", strings.Replace(header, "%s", "Support@example.com", 1) + "Please", 0},
		{"another's header", strings.Replace(header, "%s", "ann@example.net", 1) + "Please", 5},
		{"an original message", "-----Original Message-----\nPlease\ntry", 0},
		{"a short signature", "--\nAnn\n\nSmith", 0},
		{"a telephone", "Sent from my iPhone", 0},
		{"a long signature", "--" + strings.Repeat("\nAnn", 9), 9},
		{"dashes", "-----\n" + wrote + "> Please try", 0},
	} {
		reply, doubtful := Reply("It works.\n\n"+c.rest, to)
		if reply != "It works." || doubtful != c.doubtful {
			t.Errorf("%s: %q, %d lines", c.name, reply, doubtful)
		}
	}
}

// A reply is cut again without losing anything, in every language: what is left has no marker in it.
func TestReply_OfAReplyIsTheReply(t *testing.T) {
	for _, m := range cases(t) {
		if again, _ := Reply(m.reply, to); again != m.reply && m.reply != m.text {
			t.Errorf("%s: %q becomes %q", m.name, m.reply, again)
		}
	}
}

func FuzzReply(f *testing.F) {
	for _, m := range cases(f) {
		f.Add(m.text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got, _ := Reply(text, to)
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
