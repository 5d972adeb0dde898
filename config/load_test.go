package config_test

import (
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"porchlight/config"
)

func TestLoad_EnvironmentWinsOverTheFile(t *testing.T) {
	path := write(t, "porchlight.toml", contract)
	c, err := config.Load(path, []string{
		"HOME=/root", "PORCHLIGHT_CLOCK_OFFSET=5m", "PORCHLIGHTX=1",
		"PORCHLIGHT_SUPER_OPERATORS=olga@example.org, vera@example.org,",
		"PORCHLIGHT_XMPP_DOMAIN=d.example.org", "PORCHLIGHT_WEB_TRUSTED_PROXIES=", "PORCHLIGHT_TIMING_IDLE_WARN=1m30s",
		"PORCHLIGHT_EMAIL_SMTP=", "PORCHLIGHT_LIMITS_WAITING=7", "PORCHLIGHT_IDENTITY_SECRET=a=b",
	})
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(c.SuperOperators, []string{"olga@example.org", "vera@example.org"}) || c.XMPP.Domain != "d.example.org" ||
		len(c.Web.TrustedProxies) != 0 || c.Timing.IdleWarn != 90*time.Second || c.Email.SMTP.Reveal() != "" ||
		c.Limits.Waiting != 7 || c.Identity.Secret.Reveal() != "a=b" {
		t.Errorf("got %+v", c)
	}
	if c.Timing.Offer != 30*time.Second || c.Web.PublicURL != "https://chat.example.org" {
		t.Errorf("what the environment doesn't name is lost: %+v", c)
	}
}

func TestLoad_NamesTheVariable(t *testing.T) {
	path := write(t, "porchlight.toml", contract)
	for _, test := range []struct{ variable, value, what string }{
		{"PORCHLIGHT_WEB_LISEN", "1", "did you mean PORCHLIGHT_WEB_LISTEN?"},
		{"PORCHLIGHT_DOMAIN", "d", "did you mean PORCHLIGHT_XMPP_DOMAIN?"},
		{"PORCHLIGHT_web_listen", ":1", "did you mean PORCHLIGHT_WEB_LISTEN?"},
		{"PORCHLIGHT_LIMITS_WAITING", "many", `"many" is no whole number`},
		{"PORCHLIGHT_LIMITS_WAITING", "99999999999999999999", "is no whole number"},
		{"PORCHLIGHT_LIMITS_WAITING", "", "is no whole number"},
		{"PORCHLIGHT_TIMING_OFFER", "30", `"30" is no duration`},
		{"PORCHLIGHT_TIMING_OFFER", "-1s", "-1s is too small"},
		{"PORCHLIGHT_SUPER_OPERATORS", ",", "is missing"},
		{"PORCHLIGHT_SUPER_OPERATORS", "xavi", `"xavi" has no name before the @`},
		{"PORCHLIGHT_XMPP_SECRET", "", "is missing"},
	} {
		_, err := config.Load(path, []string{test.variable + "=" + test.value})
		lines := problems(t, err)
		wantProblem(t, lines, test.variable, test.what)
		if len(lines) != 1 {
			t.Errorf("%s: got %d problems, want 1:\n%v", test.variable, len(lines), err)
		}
	}
}

// Each case is the whole file; the required options come from the environment. An empty key stands for
// an error of syntax.
func TestLoad_NamesTheLine(t *testing.T) {
	for _, test := range []struct {
		text string
		line string
		key  string
		what string
	}{
		{"domain = 'd'", "1", "domain", "did you mean xmpp.domain?"},
		{"\n\nweb.lisen = ':1'", "3", "web.lisen", "did you mean web.listen?"},
		{"[web]\n\n\"listen\" = ':1'\n\n'lis ten' = 1", "5", `web."lis ten"`, "did you mean web.listen?"},
		{"[web]\nListen = ':1'", "2", "web.Listen", "did you mean web.listen?"},
		{"[web]\nlisten_file = ':1'", "2", "web.listen_file", "did you mean store.listen_file?"},
		{"[web]\ndomain = 'd'", "2", "web.domain", "did you mean xmpp.domain?"},
		{"[identity]\nsecret_fil = 'd'", "2", "identity.secret_fil", "did you mean identity.secret_file?"},
		{"\n[wbe]\nlisten = ':1'\nlisen = 1", "2", "wbe", "did you mean web?"},
		{"\nwbe.a.listen = ':1'\nwbe.b = 1", "2", "wbe", "unknown key"},
		{"\n[wbe.a]\nlisten = ':1'", "2", "wbe", "unknown key"},
		{"\n[[wbe.a]]\nlisten = ':1'", "2", "wbe", "unknown key"},
		{"[web]\nlisten = ':1'\n[web.tls]\na = 1", "3", "web.tls", "unknown key"},
		{"[web.listen]\na = 1", "1", "web.listen", "is a table; allowed: HOST:PORT"},
		{"web = { lisen = 1 }", "1", "web.lisen", "did you mean web.listen?"},
		{"web = 1", "1", "web", "is a number; allowed: a table, as in [web]"},
		{"\n[[web]]\nlisten = ':1'", "2", "web", "is a list of tables; allowed: a table"},
		{"[store]\npath = '''\n[web]\nlisen = 1\n'''\n[web]\nlisen = 1", "7", "web.lisen", "unknown key"},
		{"[store] # [web]\npath = \"#\\\"\" # x\n\r\n[web] # listen = 1\nlisten = 1", "5", "web.listen", "is a number"},
		{"[web]\nallowed_origins = [\n  'https://a.example',\n  'https://a.example/',\n]", "2", "web.allowed_origins", `"https://a.example/" has a path`},
		{"[web]\nallowed_origins = ['https://a.example', 1]", "2", "web.allowed_origins", "is a list of something else"},
		{"[web]\nallowed_origins = 'https://a.example'", "2", "web.allowed_origins", "is text; allowed: a list, each"},
		{"[web]\nlisten = true", "2", "web.listen", "is true or false"},
		{"[web]\nlisten = 1.5", "2", "web.listen", "is a number with a point"},
		{"[web]\nlisten = 2026-01-01", "2", "web.listen", "is a date"},
		{"[web]\nlisten = [1]", "2", "web.listen", "is a list"},
		{"[timing]\noffer = 30", "2", "timing.offer", "is a number; allowed: a duration as in 30s"},
		{"[timing]\noffer = 'soon'", "2", "timing.offer", `"soon" is no duration`},
		{"[timing]\nidle_close = 'soon'", "2", "timing.idle_close", `"soon" is no duration`},
		{"[timing]\nreopen = '-1h'", "2", "timing.reopen", "-1h0m0s is too small"},
		{"[timing]\nidle_warn = '1h'", "2", "timing.idle_warn", "idle_close (30m0s) is before idle_warn (1h0m0s)"},
		{"[timing]\nidle_warn = '1h'\nidle_close = '59m'", "3", "timing.idle_close", "idle_close (59m0s) is before idle_warn (1h0m0s)"},
		{"[email]\nsmtp = 'smtp://u:p@h:587'", "2", "email.smtp", "from is missing"},
		{"[limits]\nmessage_bytes = 70000", "2", "limits.message_bytes", "70000 is too large; allowed: a whole number, 1 or more, 65536 or less"},
		{"[limits]\nmessage_bytes = '1'", "2", "limits.message_bytes", `"1" is no whole number`},
		{"\nstore = 1\nstore = 2", "3", "", "already been defined; allowed: TOML"},
		{"[web\n", "2", "", "to end table name"},
		{"[web]\nmetrics = \"\x00\"", "2", "", "control characters"},
		{"[xmpp]\n\nsecret = x", "3", "", "near a secret"},
	} {
		path := write(t, "porchlight.toml", test.text)
		_, err := config.Load(path, required)
		where := path + ":" + test.line
		if test.key != "" {
			where += ": " + test.key
		}
		lines := problems(t, err)
		wantProblem(t, lines, where, test.what)
		if !strings.Contains(test.text, "[limits]") && len(lines) != 1 {
			t.Errorf("%q: got %d problems, want 1:\n%v", test.text, len(lines), err)
		}
	}
}

func TestLoad_ListsEverythingAtOnce(t *testing.T) {
	path := write(t, "porchlight.toml", "[web]\nlisten = '8080'\nlisen = 1\n[timing]\noffer = 3\n")
	_, err := config.Load(path, []string{"PORCHLIGHT_X=1", "PORCHLIGHT_STORE_PATH="})
	lines := problems(t, err)
	for where, what := range map[string]string{
		path + ":2: web.listen":    `"8080" has no port`,
		path + ":3: web.lisen":     "unknown key",
		path + ":5: timing.offer":  "is a number",
		"PORCHLIGHT_X":             "unknown variable",
		"PORCHLIGHT_STORE_PATH":    "is missing",
		path + ": super_operators": "is missing",
		path + ": xmpp.domain":     "is missing",
		path + ": xmpp.secret":     "is missing",
	} {
		wantProblem(t, lines, where, what)
	}
	if len(lines) != 8 {
		t.Errorf("got %d problems, want 8:\n%v", len(lines), err)
	}
}

func TestLoad_ChecksWhatReplacesABadValue(t *testing.T) {
	path := write(t, "porchlight.toml", "[timing]\noffer = 30\n[email]\nimap = 1\n")
	imap := write(t, "imap", "http://h:1")
	_, err := config.Load(path, append(required[:3:3], "PORCHLIGHT_TIMING_OFFER=-1s", "PORCHLIGHT_EMAIL_IMAP_FILE="+imap))
	lines := problems(t, err)
	wantProblem(t, lines, path+":2: timing.offer", "is a number")
	wantProblem(t, lines, "PORCHLIGHT_TIMING_OFFER", "too small")
	wantProblem(t, lines, path+":4: email.imap", "is a number")
	wantProblem(t, lines, "PORCHLIGHT_EMAIL_IMAP_FILE", "unknown scheme")
}

func TestLoad_EmptyFileIsTheDefaults(t *testing.T) {
	for _, text := range []string{"", "# nothing\n", "\xef\xbb\xbf[web]\n"} {
		c, err := config.Load(write(t, "porchlight.toml", text), required)
		if err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(c, valid()) {
			t.Errorf("%q: got %+v", text, c)
		}
	}
}
