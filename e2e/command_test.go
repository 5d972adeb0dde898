package e2e_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"

	"porchlight/e2e/visitor"
)

// TestCommand_Usage: wrong usage ends with status 2 and a line that says what is right.
func TestCommand_Usage(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		args   []string
		status int
		says   string
	}{
		{nil, 2, "porchlight serve"},
		{[]string{"--help"}, 0, "porchlight serve"},
		{[]string{"sevre"}, 2, `no command "sevre"`},
		{[]string{"serve", "--confg", "x"}, 2, "-config"},
		{[]string{"serve", "x"}, 2, "usage: porchlight serve"},
		{[]string{"serve", "--config", "missing.toml"}, 2, "missing.toml"},
		{[]string{"serve", "--help"}, 0, "-config"},
		{[]string{"backup"}, 2, "DEST"},
		{[]string{"demo", "--server", "openfire"}, 2, "prosody and ejabberd"},
		{[]string{"version", "x"}, 2, "usage"},
	} {
		if r := run(t, t.TempDir(), nil, c.args...); r.status != c.status || !strings.Contains(r.stdout+r.stderr, c.says) {
			t.Errorf("porchlight %s: status %d, want %d and %q:\n%s%s", strings.Join(c.args, " "), r.status, c.status, c.says, r.stdout, r.stderr)
		}
	}
	r := run(t, t.TempDir(), nil, "version")
	if r.status != 0 || !regexp.MustCompile(`^porchlight \d+\.\d+\.\d+, commit \w+(\+changes)?, go\d\S+\n$`).MatchString(r.stdout) {
		t.Errorf("version: %d %q", r.status, r.stdout)
	}
}

// TestCommand_ConfigErrors: a config error ends with status 2, and names the file and line (or
// the variable), the key, what is wrong and what is allowed. All errors are told at once.
func TestCommand_ConfigErrors(t *testing.T) {
	t.Parallel()
	const good = "super_operators = [\"xavi@localhost\"]\n[xmpp]\ndomain = \"support.localhost\"\nsecret = \"hush-hush\"\n"
	for _, c := range []struct {
		name, toml string
		env        []string
		says       []string
	}{
		{"missing", "", nil, []string{"bad.toml: super_operators: is missing", "xmpp.domain: is missing", "xmpp.secret: is missing"}},
		{"unknown key", good + "serverr = \"x\"\n", nil, []string{"bad.toml:5: xmpp.serverr: unknown key", "did you mean xmpp.server?"}},
		{"unknown section", good + "[webb]\nlisten = \"x\"\n", nil, []string{"bad.toml:", "webb", "did you mean web"}},
		{"syntax", good + "server 2\n", nil, []string{"bad.toml:5: ", "allowed: TOML"}},
		{"type", good + "[limits]\nmessage_bytes = \"many\"\n", nil, []string{"bad.toml:6: limits.message_bytes: ", "allowed: a whole number"}},
		{"duration", good + "[timing]\nvisitor_grace = \"soon\"\n", nil, []string{`bad.toml:6: timing.visitor_grace: "soon" is no duration; allowed: a duration as in 30s`}},
		{"JID", "super_operators = [\"xavi\"]\n" + good[strings.Index(good, "[xmpp]"):], nil, []string{"bad.toml:1: super_operators: ", "has no name before the @; allowed: a list, each a bare JID"}},
		{"origin", good + "[web]\nallowed_origins = [\"https://a.example/\"]\n", nil, []string{"bad.toml:6: web.allowed_origins: ", "has a path; allowed: "}},
		{"variable", good, []string{"PORCHLIGHT_WEB_LISTEN=nowhere"}, []string{"PORCHLIGHT_WEB_LISTEN: ", "has no port; allowed: HOST:PORT"}},
		{"unknown variable", good, []string{"PORCHLIGHT_WEB_LISTE=x"}, []string{"PORCHLIGHT_WEB_LISTE: unknown variable; did you mean PORCHLIGHT_WEB_LISTEN?"}},
		{"secret file", good[:strings.Index(good, "secret")] + "secret_file = \"nowhere\"\n", nil, []string{"bad.toml:4: xmpp.secret_file: can't read \"nowhere\""}},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := t.TempDir()
			if err := os.WriteFile(filepath.Join(dir, "bad.toml"), []byte(c.toml), 0o600); err != nil {
				t.Fatal(err)
			}
			r := run(t, dir, c.env, "serve", "--config", "bad.toml")
			if r.status != 2 {
				t.Errorf("status %d", r.status)
			}
			for _, text := range c.says {
				if !strings.Contains(r.stderr, text) {
					t.Errorf("%q is not said in\n%s", text, r.stderr)
				}
			}
			if strings.Contains(r.stdout+r.stderr, "hush") {
				t.Errorf("the secret is told:\n%s", r.stderr)
			}
		})
	}
}

// TestCommand_Config: the printed config can be used once the required keys are filled in, and
// porchlight does what the config says.
func TestCommand_Config(t *testing.T) {
	t.Parallel()
	s := start(t, nil)
	if status, _ := s.stop(syscall.SIGTERM); status != 0 {
		t.Fatalf("exit status %d", status)
	}
	r := run(t, s.dir, nil, "config")
	text := r.stdout
	for _, f := range []struct{ from, to string }{
		{`super_operators = []`, `super_operators = ["xavi@localhost"]`},
		{`domain = ""`, `domain = "support.localhost"`},
		{`secret = ""`, `secret = "s3cret"`},
		{`"127.0.0.1:5347"` + "\n\n", `"` + s.server.ComponentAddr() + `"` + "\n\n"},
		{`listen = "127.0.0.1:8080"`, `listen = "` + strings.TrimPrefix(s.url, "http://") + `"`},
		{`public_url = "http://127.0.0.1:8080"`, `public_url = "` + s.url + `"`},
		{`allowed_origins = []`, `allowed_origins = ["` + s.shop + `"]`},
	} {
		if !strings.Contains(text, f.from) {
			t.Fatalf("there is no %s in\n%s", f.from, text)
		}
		text = strings.Replace(text, f.from, f.to, 1)
	}
	if err := os.WriteFile(s.config(), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	s.up()
	r = run(t, s.dir, nil, "check", "--config", s.config())
	if r.status != 0 || strings.Contains(r.stdout, "FAIL") {
		t.Errorf("check: %d\n%s%s", r.status, r.stdout, r.stderr)
	}
	s.server.Stop()
	eventually(t, "the check fails", func() bool {
		r := run(t, s.dir, nil, "check", "--config", s.config())
		return r.status == 1 && strings.Contains(r.stdout, "FAIL")
	})
}

// TestCommand_Backup: a copy made while porchlight runs can take the place of the original. A
// backup never overwrites a file.
func TestCommand_Backup(t *testing.T) {
	t.Parallel()
	s := start(t, nil)
	x := s.operators("xavi")[0]
	c := s.ask("Anna", "Question")
	x.take(c.Number, c.Visitor)
	x.says(c.Visitor, "Answer")
	copied := filepath.Join(s.dir, "copy.db")
	if r := run(t, s.dir, nil, "backup", "--config", s.config(), copied); r.status != 0 {
		t.Fatalf("backup: %d %s", r.status, r.stderr)
	}
	if r := run(t, s.dir, nil, "backup", "--config", s.config(), copied); r.status != 1 || !strings.Contains(r.stderr, "exists already") {
		t.Errorf("again: %d %s", r.status, r.stderr)
	}
	x.says(c.Visitor, "After the copy")
	if status, _ := s.stop(syscall.SIGTERM); status != 0 {
		t.Fatalf("exit status %d", status)
	}
	if err := os.Rename(copied, s.database()); err != nil {
		t.Fatal(err)
	}
	for _, more := range []string{"-wal", "-shm"} {
		os.Remove(s.database() + more) // an orderly end has removed it already
	}
	s.up()
	log, err := c.Poll(within(t), 0, 0)
	if err != nil || !said(log, "Answer") || said(log, "After the copy") {
		t.Errorf("the copy tells %+v, %v", log, err)
	}
	x.says(c.Visitor, "On we go")
	if log, err := c.Poll(within(t), log.Seq, 5); err != nil || !said(log, "On we go") {
		t.Errorf("the copy tells %+v, %v", log, err)
	}
}

func said(log visitor.Events, text string) bool {
	for _, e := range log.Events {
		if e.Text == text {
			return true
		}
	}
	return false
}

// TestCommand_Twice: a second porchlight on the same data is refused, and the
// first one does not notice.
func TestCommand_Twice(t *testing.T) {
	t.Parallel()
	b := besiege(t)
	r := run(t, b.dir, []string{"PORCHLIGHT_WEB_LISTEN=127.0.0.1:0"}, "serve", "--config", b.config())
	if r.status != 1 || !strings.Contains(r.stderr, "in use by another porchlight") {
		t.Errorf("status %d: %s", r.status, r.stderr)
	}
	b.unharmed(t)
	r = run(t, b.dir, []string{"PORCHLIGHT_STORE_PATH=" + filepath.Join(b.dir, "other.db")}, "serve", "--config", b.config())
	if r.status != 1 || !strings.Contains(r.stderr, "is another program using it?") {
		t.Errorf("status %d: %s", r.status, r.stderr)
	}
	b.unharmed(t)
}
