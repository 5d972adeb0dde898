package config_test

import (
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"porchlight/config"
)

// required is the smallest environment that makes the defaults valid.
var required = []string{
	"PORCHLIGHT_SUPER_OPERATORS=xavi@example.org",
	"PORCHLIGHT_XMPP_DOMAIN=support.example.org",
	"PORCHLIGHT_XMPP_SECRET=hunter2",
}

// valid returns the defaults with the required options set.
func valid() config.Config {
	c := config.Default()
	c.SuperOperators = []string{"xavi@example.org"}
	c.XMPP.Domain = "support.example.org"
	c.XMPP.Secret = config.NewSecret("hunter2")
	return c
}

// write puts text into a file of the test's own and returns its path.
func write(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// problems returns the lines of an error that must be an *Error.
func problems(t *testing.T, err error) []string {
	t.Helper()
	configErr, ok := errors.AsType[*config.Error](err)
	if !ok {
		t.Fatalf("error is %T (%v), want *config.Error", err, err)
	}
	if lines := strings.Split(err.Error(), "\n"); !slices.Equal(lines, configErr.Problems) {
		t.Fatalf("error is not one line per problem:\n%v", err)
	}
	return configErr.Problems
}

// wantProblem fails unless one of the lines starts with where and contains what.
func wantProblem(t *testing.T, lines []string, where, what string) {
	t.Helper()
	if !slices.ContainsFunc(lines, func(line string) bool {
		return strings.HasPrefix(line, where+": ") && strings.Contains(line, what) && strings.Contains(line, "allowed: ")
	}) {
		t.Errorf("no problem %q with %q that says what is allowed, in:\n%s", where, what, strings.Join(lines, "\n"))
	}
}

func TestDefault_IsTheContracts(t *testing.T) {
	c := config.Default()
	want := config.Timing{
		Offer: 30 * time.Second, VisitorGrace: 2 * time.Minute, OperatorGrace: time.Minute, WaitingLimit: 3 * time.Minute,
		IdleWarn: 15 * time.Minute, IdleClose: 30 * time.Minute, Reopen: 14 * 24 * time.Hour,
	}
	if c.Timing != want {
		t.Errorf("timing is %+v, want %+v", c.Timing, want)
	}
	if c.XMPP.Server != "127.0.0.1:5347" || c.Web.Listen != "127.0.0.1:8080" || c.Store.Path != "porchlight.db" || c.Limits.MessageBytes != 8192 {
		t.Errorf("defaults are %+v", c)
	}
}

func TestDefault_LacksOnlyWhatIsRequired(t *testing.T) {
	lines := problems(t, config.Default().Validate())
	wantProblem(t, lines, "super_operators", "PORCHLIGHT_SUPER_OPERATORS")
	wantProblem(t, lines, "xmpp.domain", "PORCHLIGHT_XMPP_DOMAIN")
	wantProblem(t, lines, "xmpp.secret", "xmpp.secret_file")
	if len(lines) != 3 {
		t.Errorf("got %d problems, want 3:\n%s", len(lines), strings.Join(lines, "\n"))
	}
	if err := valid().Validate(); err != nil {
		t.Errorf("with the required options: %v", err)
	}
}

// contract is the file of the contract, §2, to the letter except for the secret.
const contract = `super_operators = ["xavi@example.org"]

[xmpp]
domain = "support.example.org"     # component JID
secret = "hunter2"                 # or secret_file
server = "127.0.0.1:5347"

[web]
listen = "127.0.0.1:8080"
public_url = "https://chat.example.org"
allowed_origins = ["https://www.example.org"]   # sites that may embed the widget
trusted_proxies = ["127.0.0.1/32"]
metrics_listen = ""                 # e.g. 127.0.0.1:9090; empty: off

[store]
path = "porchlight.db"

[timing]                            # durations; these are the defaults
offer = "30s"
visitor_grace = "2m"
operator_grace = "60s"
waiting_limit = "3m"
idle_warn = "15m"
idle_close = "30m"
reopen = "336h"

[identity]
secret = ""

[email]                             # all off when smtp is empty
from = "Example Support <support@example.org>"
smtp = "smtps://user:pass@mail.example.org:465"
imap = "imaps://user:pass@mail.example.org:993/INBOX"

[limits]
message_bytes = 8192
`

func TestLoad_ReadsTheContractsFile(t *testing.T) {
	got, err := config.Load(write(t, "porchlight.toml", contract), nil)
	if err != nil {
		t.Fatal(err)
	}
	want := valid()
	want.Web.PublicURL = "https://chat.example.org"
	want.Web.AllowedOrigins = []string{"https://www.example.org"}
	want.Web.TrustedProxies = []string{"127.0.0.1/32"}
	want.Email.From = "Example Support <support@example.org>"
	want.Email.SMTP = config.NewSecret("smtps://user:pass@mail.example.org:465")
	want.Email.IMAP = config.NewSecret("imaps://user:pass@mail.example.org:993/INBOX")
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
}

func TestOverlay_KeepsWhatIsNotGiven(t *testing.T) {
	base := valid()
	base.Web.AllowedOrigins = []string{"http://127.0.0.1:1"}
	base.Limits.MessagesPerMinute = 0
	before := base
	before.Web.AllowedOrigins = slices.Clone(base.Web.AllowedOrigins)

	path := write(t, "more.toml", "[web]\nallowed_origins = [\"https://shop.example.org\"]\n[timing]\noffer = \"1s\"\n")
	got, err := base.Overlay(path, nil)
	if err != nil {
		t.Fatal(err)
	}
	want := base
	want.Web.AllowedOrigins = []string{"https://shop.example.org"}
	want.Timing.Offer = time.Second
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
	if !reflect.DeepEqual(base, before) {
		t.Errorf("Overlay changed its base to %+v", base)
	}
}

func TestOverlay_LaysFilesOverEachOther(t *testing.T) {
	first := write(t, "first.toml", "[timing]\noffer = \"1s\"\nreopen = \"1h\"\n")
	second := write(t, "second.toml", "[timing]\noffer = \"2s\"\n")
	c, err := valid().Overlay(first, nil)
	if err != nil {
		t.Fatal(err)
	}
	if c, err = c.Overlay(second, nil); err != nil {
		t.Fatal(err)
	}
	if c.Timing.Offer != 2*time.Second || c.Timing.Reopen != time.Hour {
		t.Errorf("timing is %+v", c.Timing)
	}
}

func TestLoad_ReturnsAnEmptyConfigBesideAnError(t *testing.T) {
	c, err := config.Load("", []string{"PORCHLIGHT_XMPP_SECRET=hunter2"})
	problems(t, err)
	if !reflect.DeepEqual(c, config.Config{}) {
		t.Errorf("got %+v", c)
	}
}

func TestLoad_SaysThatTheFileCantBeRead(t *testing.T) {
	missing := filepath.Join(t.TempDir(), "none.toml")
	big := write(t, "big.toml", strings.Repeat("#\n", 64<<10))
	for path, what := range map[string]string{missing: "no such file", t.TempDir(): "is a directory", big: "larger than 65536 bytes"} {
		_, err := config.Load(path, nil)
		if lines := problems(t, err); len(lines) != 1 {
			t.Errorf("got %d problems, want 1:\n%v", len(lines), err)
		}
		wantProblem(t, problems(t, err), path, what)
	}
}

func TestLimits_ReasonIsTheSmallerOfTwo(t *testing.T) {
	for _, l := range []config.Limits{{ReasonBytes: 10, MessageBytes: 20}, {ReasonBytes: 20, MessageBytes: 10}} {
		if got := l.Reason(); got != 10 {
			t.Errorf("%+v: got %d, want 10", l, got)
		}
	}
}
