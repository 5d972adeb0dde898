package bridge

import (
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"
)

// A phrase comes back from the store as it went in, whatever people's words are
// among its particulars.
func TestPhrase_RoundTrip(t *testing.T) {
	for _, p := range []Phrase{
		Say("The database can be written again."),
		Say("#%d taken by %s", 12, "Xavi"),
		Say("#%d is over: %s", 12, Say("solved")),
		Say("%s", `["#%d taken by %s", 1, "x"]`),
		Say(`["looks like one"]`),
		Say("100 %"),
		Lines(Say("one %d", 1), Say("two %s", "%s %d")),
		Say("%s invited %s", OperatorJID("a@x"), VisitorJID("b@x")),
	} {
		got := DecodePhrase(p.Encode())
		if got.String() != p.String() || got.Format != p.Format || len(got.Args) != len(p.Args) || len(p.Args) > 0 && !reflect.DeepEqual(got, p) {
			t.Errorf("%+v became %+v by %s", p, got, p.Encode())
		}
	}
	if got := DecodePhrase("#12 taken by Xavi"); got.String() != "#12 taken by Xavi" {
		t.Errorf("a text of before: %+v", got)
	}
}

func TestPhrase_In(t *testing.T) {
	german := map[string]string{"#%d is over: %s": "#%d ist vorbei: %s", "solved": "gelöst"}
	got := Say("#%d is over: %s", 12, Say("solved")).In(func(s string) string {
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
		p := DecodePhrase(s)
		_ = p.String()
		if again := DecodePhrase(p.Encode()); utf8.ValidString(s) && again.String() != p.String() {
			t.Errorf("%q: %q, then %q", s, p, again)
		}
	})
}

// Whatever a file is called and holds, it is refused or gets a name without a path,
// the type of the table, and an extension of that type.
func FuzzNewFile(f *testing.F) {
	f.Add("chart.png", []byte("\x89PNG\r\n\x1a\n"))
	f.Add(`..\..\x`, []byte("%PDF-1.7"))
	f.Add(".png", []byte("\x89PNG\r\n\x1a\n"))
	f.Add("a.html", []byte("<script>"))
	f.Add("\u202Egnp.exe", []byte("MZ"))
	f.Fuzz(func(t *testing.T, name string, head []byte) {
		b := &Bridge{clock: SystemClock{}}
		file, err := b.newFile(1, name, head)
		if err != nil {
			return
		}
		if file.Name == "" || len(file.Name) > maxFileName || strings.ContainsAny(file.Name, "/\\\n\r\x00") || strings.HasPrefix(file.Name, ".") {
			t.Errorf("%q is called %q", name, file.Name)
		}
		for _, kind := range fileTypes() {
			if kind.media != file.Type {
				continue
			}
			for _, e := range kind.extensions {
				if strings.HasSuffix(file.ID, e) {
					return
				}
			}
		}
		t.Errorf("%q is %q as %q", name, file.Type, file.ID)
	})
}
