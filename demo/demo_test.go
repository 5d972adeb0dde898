package demo

import (
	"bytes"
	"errors"
	"flag"
	"io"
	"regexp"
	"slices"
	"strings"
	"testing"
)

func parse(args ...string) (Options, string, error) {
	var o Options
	var out bytes.Buffer
	fs := flag.NewFlagSet("demo", flag.ContinueOnError)
	fs.SetOutput(&out)
	o.Flags(fs)
	err := fs.Parse(args)
	return o, out.String(), err
}

func TestOptions_Defaults(t *testing.T) {
	o, _, err := parse()
	want := Options{Web: "127.0.0.1:8080", XMPP: "127.0.0.1:5222", Server: "prosody", Nodes: 1}
	if err != nil || o != want {
		t.Errorf("got %+v, %v", o, err)
	}
}

func TestOptions_All(t *testing.T) {
	o, _, err := parse("--web", "127.0.0.1:0", "--xmpp", "127.0.0.1:1", "--dir", "d", "--no-console", "--server", "ejabberd", "--config", "f", "--sample", "--nodes", "3", "--store", "postgres://db/p")
	want := Options{"127.0.0.1:0", "127.0.0.1:1", "d", true, "ejabberd", "f", true, 3, "postgres://db/p"}
	if err != nil || o != want {
		t.Errorf("got %+v, %v", o, err)
	}
}

// The error for wrong usage names what is allowed. Help prints the usage text and nothing
// else.
func TestOptions_Usage(t *testing.T) {
	_, out, err := parse("--server", "openfire")
	if err == nil || !strings.Contains(out, "allowed are prosody and ejabberd") {
		t.Errorf("got %v and %q", err, out)
	}
	for _, n := range []string{"0", "10", "-1", "two"} {
		if _, out, err = parse("--nodes", n); err == nil || !strings.Contains(out, "allowed are 1 to 9") {
			t.Errorf("--nodes %s: got %v and %q", n, err, out)
		}
	}
	_, out, err = parse("--help")
	if !errors.Is(err, flag.ErrHelp) || out != Usage {
		t.Errorf("got %v and %q", err, out)
	}
}

// Every flag is in the help text, and every option in the help text is a flag.
func TestUsage_Complete(t *testing.T) {
	fs := flag.NewFlagSet("demo", flag.ContinueOnError)
	new(Options).Flags(fs)
	var declared, told []string
	fs.VisitAll(func(f *flag.Flag) { declared = append(declared, f.Name) })
	for _, m := range regexp.MustCompile(`(?m)^  --([a-z-]+)`).FindAllStringSubmatch(Usage, -1) {
		told = append(told, m[1])
	}
	slices.Sort(told)
	if !slices.Equal(declared, told) {
		t.Errorf("flags %v, help %v", declared, told)
	}
}

// The banner begins with the lines that scripts wait for.
func TestBanner(t *testing.T) {
	var out bytes.Buffer
	if err := Banner(&out, Places{Web: "http://127.0.0.1:8081/", Mail: "http://127.0.0.1:8081/mail", XMPP: "127.0.0.1:5223", SMTP: "127.0.0.1:2525", IMAP: "127.0.0.1:1143"}); err != nil {
		t.Fatal(err)
	}
	if want := "web: http://127.0.0.1:8081/\nxmpp: 127.0.0.1:5223\nmail: http://127.0.0.1:8081/mail\nsmtp: 127.0.0.1:2525\nimap: 127.0.0.1:1143\nready\n"; !strings.HasPrefix(out.String(), want) {
		t.Errorf("banner is %s", out.String())
	}
	for _, part := range []string{"xavi@localhost", "olga@localhost", "vera@localhost", "desk@support.localhost", "password of each: demo", "127.0.0.1, port 5223", "support@localhost", "support with password demo"} {
		if !strings.Contains(out.String(), part) {
			t.Errorf("banner lacks %s", part)
		}
	}
	if strings.Contains(out.String(), "process") {
		t.Errorf("one alone is told of nodes:\n%s", out.String())
	}
	out.Reset()
	nodes := []Node{{"http://127.0.0.1:8080/", 11}, {"http://127.0.0.1:8081/", 22}, {"http://127.0.0.1:8082/", 33}}
	if err := Banner(&out, Places{Web: nodes[0].Web, Mail: "http://127.0.0.1:9/mail", XMPP: "127.0.0.1:5223", Nodes: nodes}); err != nil {
		t.Fatal(err)
	}
	if want := "web: http://127.0.0.1:8080/\nweb 2: http://127.0.0.1:8081/\nweb 3: http://127.0.0.1:8082/\nxmpp: 127.0.0.1:5223\nmail: http://127.0.0.1:9/mail\n"; !strings.HasPrefix(out.String(), want) {
		t.Errorf("banner is %s", out.String())
	}
	if want := "  nodes      1 is process 11, http://127.0.0.1:8080/\n             2 is process 22, http://127.0.0.1:8081/\n             3 is process 33, "; !strings.Contains(out.String(), want) {
		t.Errorf("banner is %s", out.String())
	}
	if err := Banner(io.Discard, Places{XMPP: "nonsense"}); err == nil {
		t.Error("an address without port is no error")
	}
}

// The operators see each other and the desk; the stranger sees nobody.
func TestAccounts(t *testing.T) {
	want := map[string]string{
		"xavi": "desk@support.localhost Support desk both; olga@localhost Olga both; ",
		"olga": "desk@support.localhost Support desk both; xavi@localhost Xavi both; ",
		"vera": "",
	}
	for _, a := range Accounts() {
		got := ""
		for _, c := range a.Contacts {
			got += c.JID + " " + c.Name + " " + c.Subscription + "; "
		}
		if a.Password != "demo" || got != want[a.Name] {
			t.Errorf("%s: %q", a.Name, got)
		}
		delete(want, a.Name)
	}
	if len(want) > 0 {
		t.Errorf("missing: %v", want)
	}
}
