package phrase

import (
	"reflect"
	"testing"
	"unicode/utf8"
)

// named is a string with a type of its own.
type named string

// A phrase comes back from the store as it went in, whatever words of people's are among
// its particulars.
func TestPhrase_RoundTrip(t *testing.T) {
	for _, p := range []Phrase{
		Say("The database can be written again."),
		Say("#%d taken by %s", 12, "Xavi"),
		Say("#%d is over: %s", 12, Say("solved")),
		Say("%s", `["#%d taken by %s", 1, "x"]`),
		Say(`["looks like one"]`),
		Say("100 %"),
		Lines(Say("one %d", 1), Say("two %s", "%s %d")),
		Say("%s invited %s", named("a@x"), named("b@x")),
	} {
		got := Decode(p.Encode())
		if got.String() != p.String() || got.Format != p.Format || len(got.Args) != len(p.Args) || len(p.Args) > 0 && !reflect.DeepEqual(got, p) {
			t.Errorf("%+v became %+v by %s", p, got, p.Encode())
		}
	}
	if got := Decode("#12 taken by Xavi"); got.String() != "#12 taken by Xavi" {
		t.Errorf("a text of before: %+v", got)
	}
}

func TestPhrase_In(t *testing.T) {
	german := map[string]string{"#%d is over: %s": "#%d ist vorbei: %s", "solved": "gelöst"}
	got := Say("#%d is over: %s", 12, Say("solved")).in(func(s string) string {
		if said, ok := german[s]; ok {
			return said
		}
		return s
	})
	if got != "#12 ist vorbei: gelöst" {
		t.Errorf("got %q", got)
	}
}

func FuzzDecodePhrase(f *testing.F) {
	for _, s := range []string{"", "[", `["%s","x"]`, `["%d",1]`, `["%s",["%d",2]]`, `[1]`, `["%s",1.5]`, `["a",{}]`, "%s%d%q"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		p := Decode(s)
		_ = p.String()
		if again := Decode(p.Encode()); utf8.ValidString(s) && again.String() != p.String() {
			t.Errorf("%q: %q, then %q", s, p, again)
		}
	})
}
