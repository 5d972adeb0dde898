package letter

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write what the mails of testdata/mails are read as")

// Each mail of testdata/mails is read as its file in testdata/golden says. The numbers in their names are
// those of the list of mails that other help desks stumble over.
func TestRead_Mails(t *testing.T) {
	names, err := filepath.Glob("testdata/mails/*.eml")
	if err != nil || len(names) < 50 {
		t.Fatal(len(names), err)
	}
	for _, name := range names {
		base := strings.TrimSuffix(filepath.Base(name), ".eml")
		t.Run(base, func(t *testing.T) {
			raw, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			l := Read(raw, Options{Authserv: "mx.example.com"})
			checkLetter(t, l)
			golden := filepath.Join("testdata/golden", base+".txt")
			if *update {
				if err := os.WriteFile(golden, []byte(said(l)), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if got := said(l); got != string(want) {
				t.Errorf("read as\n%s\nshould be\n%s", got, want)
			}
		})
	}
}

// said writes down what a letter holds; fields without a value are left out.
func said(l Letter) string {
	var b strings.Builder
	line := func(name string, value any) {
		if s := strings.Trim(fmt.Sprint(value), "[]{} "); s != "" && s != "false" {
			fmt.Fprintf(&b, "%s: %s\n", name, s)
		}
	}
	person := func(a Address) string {
		if a.Name == "" {
			return a.Addr
		}
		return fmt.Sprintf("%q <%s>", a.Name, a.Addr)
	}
	people := func(list []Address) (all []string) {
		for _, a := range list {
			all = append(all, person(a))
		}
		return all
	}
	line("kind", l.Kind)
	line("quiet", l.Quiet)
	line("id", l.ID)
	line("in reply to", l.InReplyTo)
	line("references", l.References)
	line("from", person(l.From))
	line("reply to", person(l.ReplyTo))
	line("to", strings.Join(people(l.To), ", "))
	line("cc", strings.Join(people(l.Cc), ", "))
	line("recipients", l.Recipients())
	line("return path", l.ReturnPath)
	line("null path", l.NullPath)
	line("subject", l.Subject)
	if base := BaseSubject(l.Subject); base != l.Subject {
		line("base subject", base)
	}
	if n := TicketNumber(l.Subject); n != 0 {
		line("ticket", n)
	}
	if !l.Date.IsZero() {
		line("date", l.Date.UTC().Format("2006-01-02 15:04"))
	}
	line("language", l.Language)
	line("loop", l.Loop)
	line("signed", l.Signed)
	line("encrypted", l.Encrypted)
	line("dmarc", l.DMARC)
	if f := l.Failure; f != nil {
		line("failure", fmt.Sprintf("%s %s %s (%s) of <%s> sent by <%s>", f.Recipient, f.Action, f.Status, f.Diagnostic, f.MessageID, f.Sender))
	}
	for _, f := range l.Files {
		line("file", fmt.Sprintf("%q %s %d bytes", f.Name, f.Type, len(f.Data)))
	}
	for _, o := range l.Omitted {
		line("omitted", fmt.Sprintf("%q %s", o.Name, o.Why))
	}
	if l.Hidden > 0 {
		line("hidden lines", l.Hidden)
	}
	flaws := slices.Clone(l.Flaws)
	slices.Sort(flaws)
	for _, f := range flaws {
		line("flaw", f)
	}
	fmt.Fprintf(&b, "--- chat\n%s\n", l.Chat)
	if l.Text != l.Chat {
		fmt.Fprintf(&b, "--- text\n%s\n", l.Text)
	}
	return b.String()
}
