package stream

import (
	"strings"
	"testing"

	"mellium.im/xmpp/jid"
)

func TestParseJID(t *testing.T) {
	for in, want := range map[string]JID{
		"example.org":                          {"", "example.org", ""},
		"xavi@example.org":                     {"xavi", "example.org", ""},
		"xavi@example.org/Phone":               {"xavi", "example.org", "Phone"},
		"XAVI@Example.ORG/Phone":               {"xavi", "example.org", "Phone"},
		"xavi@example.org./x":                  {"xavi", "example.org", "x"},
		"Ölga@xn--bcher-kva.example/x":         {"ölga", "bücher.example", "x"},
		"anna-7k2f@support.example.org":        {"anna-7k2f", "support.example.org", ""},
		"a.b_c@127.0.0.1/x":                    {"a.b_c", "127.0.0.1", "x"},
		"a@[::1]/x":                            {"a", "[::1]", "x"},
		"support.example.org/a/b@c":            {"", "support.example.org", "a/b@c"},
		`tom\20sawyer@example.org`:             {`tom\20sawyer`, "example.org", ""},
		"xavi@example.org/❤️":                  {"xavi", "example.org", "❤️"},
		"xavi@example.org/\u115f":              {"xavi", "example.org", "\u115f"},
		"xavi@example.org/\u3164":              {"xavi", "example.org", "\u3164"},
		"xavi@example.org/ ":                   {"xavi", "example.org", " "},
		"x@e.org/" + strings.Repeat("r", 2000): {"x", "e.org", strings.Repeat("r", 2000)},
	} {
		got, err := ParseJID(in)
		if err != nil || got != want {
			t.Errorf("ParseJID(%q) = %+v, %v, want %+v", in, got, err, want)
			continue
		}
		if again, err := ParseJID(got.String()); err != nil || again != got {
			t.Errorf("ParseJID(%q) = %+v, %v", got.String(), again, err)
		}
	}
	for _, in := range []string{"", "@example.org", "xavi@", "xavi@/x", "/x", "xavi@example.org/", "a b@example.org",
		"xavi@exa mple.org", "xavi@-example.org", "a@b@c", "\xff@example.org", "\u3164@example.org", "a'b@example.org",
		strings.Repeat("a", 2000) + "@example.org", "a\n@example.org"} {
		if got, err := ParseJID(in); err == nil {
			t.Errorf("ParseJID(%q) = %+v", in, got)
		}
	}
	if got := (JID{"a", "b", "c"}).Bare(); got != "a@b" {
		t.Error(got)
	}
	if got := (JID{"", "b", "c"}); got.Bare() != "b" || got.String() != "b/c" {
		t.Error(got)
	}
}

// mellium decides about everything except the resource.
func FuzzParseJID(f *testing.F) {
	for _, s := range []string{"xavi@example.org/x", "a-b.c9@d-e.f", "a--b@c", "a.@b", "-a@b-", "a@b..c", "xn--a@xn--b", "1@2", "A@b", "a@1.2.3.4", "00@0x7f.1"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got, err := ParseJID(s)
		bare, _, _ := strings.Cut(s, "/")
		want, refused := jid.Parse(bare)
		if (err != nil) != (refused != nil) {
			if err != nil && strings.HasSuffix(s, "/") {
				return // an empty resource
			}
			t.Fatalf("%q: %v, mellium: %v", s, err, refused)
		}
		if err == nil && (got.Local != want.Localpart() || got.Domain != want.Domainpart()) {
			t.Fatalf("%q: %+v, mellium: %v", s, got, want)
		}
	})
}

func BenchmarkParseJID(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := ParseJID("xavi@example.org/Conversations.x7Aq"); err != nil {
			b.Fatal(err)
		}
	}
}
