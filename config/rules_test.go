package config_test

import (
	"strings"
	"testing"
	"time"

	"porchlight/config"
)

// change sets one option of a valid Config. Validate must accept the good values, and say what is
// wrong with each bad one.
type change struct {
	set  func(*config.Config, string)
	key  string
	good []string
	bad  map[string]string
}

var changes = []change{
	{
		set: func(c *config.Config, s string) { c.SuperOperators = []string{"xavi@example.org", s} }, key: "super_operators",
		good: []string{"olga@localhost", "o.l-g_a+x@example.org", "ölga@exämple.org", "a@127.0.0.1", strings.Repeat("a", 1023) + "@example.org"},
		bad: map[string]string{
			"": "has no name", "olga": "has no name", "example.org": "has no name", "@example.org": "has no name",
			"olga@example.org/phone": "resource", "olga@": "no valid domain", "olga@ example.org": "no valid domain",
			"olga@example.org ": "no valid domain", "ol ga@example.org": "has a space", "ol/ga@example.org": "has a space or one of",
			"olga@a@b": "no valid domain", "xmpp:olga@example.org": "has a space or one of", "olga@example..org": "no valid domain",
			strings.Repeat("a", 1024) + "@example.org": "is too long", "olga@" + strings.Repeat("a.", 512) + "b": "no valid domain",
			"ol\x00ga@example.org": "has a space", "ol\xffga@example.org": "has a space",
		},
	},
	{
		set: func(c *config.Config, s string) { c.XMPP.Domain = s }, key: "xmpp.domain",
		good: []string{"support.example.org", "localhost", "support.localhost", "b1.support.example.org", "exämple.org"},
		bad: map[string]string{
			"": "is missing", "desk@example.org": "before the @", "example.org/x": "resource", "example .org": "is no domain",
			"example.org:5347": "is no domain", ".example.org": "is no domain", "example.org.": "is no domain", "*.example.org": "is no domain",
			strings.Repeat("a", 64): "is no domain",
		},
	},
	{
		set: func(c *config.Config, s string) { c.XMPP.Secret = config.NewSecret(s) }, key: "xmpp.secret",
		good: []string{"x", " "}, bad: map[string]string{"": "is missing"},
	},
	{
		set: func(c *config.Config, s string) { c.XMPP.Server = s }, key: "xmpp.server",
		good: []string{"127.0.0.1:5347", "[::1]:5347", "xmpp.example.org:1", "prosody:65535"},
		bad: map[string]string{
			"": "is missing", "xmpp.example.org": "has no port", "xmpp.example.org:": "has no port", ":5347": "has no host",
			"[::1]": "is no host and port", "::1:5347": "is no host and port", "a:0": "not a number", "a:65536": "not a number",
			"a:xmpp": "not a number", "a:-1": "not a number", "xmpp://a:1": "is no host and port", "a b:1": "is no host and port",
		},
	},
	{
		set: func(c *config.Config, s string) { c.Web.Listen = s }, key: "web.listen",
		good: []string{"127.0.0.1:8080", ":8080", "[::]:0", "localhost:0"},
		bad:  map[string]string{"": "is missing", "8080": "has no port", "localhost": "has no port", "localhost:": "has no port", "a:99999": "not a number", ":": "has no port"},
	},
	{
		set: func(c *config.Config, s string) { c.Web.MetricsListen = s }, key: "web.metrics_listen",
		good: []string{"", "127.0.0.1:9090"}, bad: map[string]string{"9090": "has no port"},
	},
	{
		set: func(c *config.Config, s string) { c.Web.PublicURL = s }, key: "web.public_url",
		good: []string{"https://chat.example.org", "http://127.0.0.1:8080", "http://[::1]:8080", "https://example.org/chat"},
		bad: map[string]string{
			"": "is missing", "chat.example.org": "is not http", "ftp://chat.example.org": "is not http", "https://": "no valid host",
			"https://chat.example.org/": "ends in a slash", "https://chat.example.org?": "query", "https://chat.example.org#a": "query",
			"https://user@chat.example.org": "user or password", "https://chat.example.org:0": "not a number", "https://chat.example.org:": "has no port",
			"https://chat example.org": "is no URL", "javascript:alert(1)": "is not http",
		},
	},
	{
		set: func(c *config.Config, s string) { c.Web.AllowedOrigins = []string{s} }, key: "web.allowed_origins",
		good: []string{"https://www.example.org", "http://localhost:8000", "http://127.0.0.1:1", "https://xn--exmple-cua.org", "https://example.org:80"},
		bad: map[string]string{
			"": "is not http", "*": "is not http", "null": "is not http", "www.example.org": "is not http", "https://www.example.org/": "has a path",
			"https://www.example.org/shop": "has a path", "https://*.example.org": "wildcard", "https://WWW.example.org": "capital", "HTTPS://www.example.org": "capital",
			"https://www.example.org:443": "own port", "http://www.example.org:80": "own port", "https://exämple.org": "xn--", "https://a.example, https://b.example": "is no URL",
		},
	},
	{
		set: func(c *config.Config, s string) { c.Web.TrustedProxies = []string{s} }, key: "web.trusted_proxies",
		good: []string{"127.0.0.1/32", "10.0.0.0/8", "::1/128", "fd00::/8"},
		bad:  map[string]string{"": "is no network", "127.0.0.1": "no prefix length (/32", "::1": "no prefix length", "10.0.0.0/33": "is no network", "localhost": "is no network"},
	},
	{
		set: func(c *config.Config, s string) { c.Store.Path = s }, key: "store.path",
		good: []string{"/var/lib/porchlight/porchlight.db"}, bad: map[string]string{"": "is missing"},
	},
	{
		set: func(c *config.Config, s string) { c.Store.Path, c.Store.URL = "", config.NewSecret(s) }, key: "store.url",
		good: []string{"postgres://porchlight:p%23ss@db.example.org:5432/porchlight?sslmode=verify-full", "postgresql:///porchlight?host=/run/postgresql"},
		bad:  map[string]string{"mysql://h/x": "unknown scheme", "host=h dbname=x": "unknown scheme", "postgres://u:p#s@h:x/": "is no URL"},
	},
	{
		set: func(c *config.Config, s string) {
			c.Store.Path, c.Store.URL = s, config.NewSecret("postgres:///porchlight")
		}, key: "store.path",
		good: []string{""}, bad: map[string]string{"porchlight.db": "beside url"},
	},
	{
		set: func(c *config.Config, s string) {
			c.Email.From, c.Email.SMTP = s, config.NewSecret("smtp://mail.example.org:587")
		}, key: "email.from",
		good: []string{"support@example.org", "Example Support <support@example.org>"},
		bad:  map[string]string{"": "is missing", "support": "is no mail address", "a@b\r\nBcc: c@d": "is no mail address"},
	},
	{
		set: func(c *config.Config, s string) {
			c.Email.From, c.Email.SMTP = "support@example.org", config.NewSecret(s)
		}, key: "email.smtp",
		good: []string{"", "smtp://mail.example.org:587", "smtps://user:p%23ss@mail.example.org:465", "smtp+insecure://127.0.0.1:2525"},
		bad: map[string]string{
			"http://mail.example.org:1": "unknown scheme", "imap://mail.example.org:1": "unknown scheme", "smtp+tls://h:1": "unknown scheme", "mail.example.org:25": "unknown scheme",
			"smtp://mail.example.org": "has no port", "smtp://:25": "no valid host", "smtp://u:p#s@mail.example.org:25": "is no URL", "smtp://h:0": "not a number", "smtp://h:25?tls=no": "query",
		},
	},
	{
		set: func(c *config.Config, s string) { c.Email.IMAP = config.NewSecret(s) }, key: "email.imap",
		good: []string{"", "imap://h:143", "imaps://user:pass@mail.example.org:993/INBOX", "imap+insecure://127.0.0.1:1/INBOX/Support"},
		bad:  map[string]string{"smtp://h:1": "unknown scheme", "imaps://mail.example.org/INBOX": "has no port"},
	},
	{
		set: func(c *config.Config, s string) { c.Email.Since, _ = time.ParseDuration(s) }, key: "email.since",
		good: []string{"0s", "48h"}, bad: map[string]string{"-1s": "is too small"},
	},
	{
		set: func(c *config.Config, s string) { c.Email.TokenCommand, c.Email.TokenPath = []string{"renew"}, s }, key: "email.token_path",
		good: []string{""}, bad: map[string]string{"/run/token": "beside token_command"},
	},
	{
		set: func(c *config.Config, s string) { c.Email.DKIMKey = config.NewSecret(s) }, key: "email.dkim_key",
		good: []string{"", "-----BEGIN PRIVATE KEY-----\nMC4=\n-----END PRIVATE KEY-----", "-----BEGIN RSA PRIVATE KEY-----\nMC4=\n-----END RSA PRIVATE KEY-----\n"},
		bad:  map[string]string{"/etc/dkim.pem": "is no private key", "-----BEGIN PUBLIC KEY-----\nMC4=\n-----END PUBLIC KEY-----\n": "is no private key"},
	},
	{
		set: func(c *config.Config, s string) { c.Email.DKIMSelector = s }, key: "email.dkim_selector",
		good: []string{"porchlight", "2026.mail"}, bad: map[string]string{"": "is missing", "a b": "allowed: letters"},
	},
	{
		set: func(c *config.Config, s string) { c.Notify.PushoverToken = config.NewSecret(s) }, key: "notify.pushover_token",
		good: []string{"", "azGDORePK8gMaC0QOYAMyEEuzJnyUi"},
		bad:  map[string]string{"azGDORePK8gMaC0QOYAMyEEuzJnyU": "is no token", "azGDORePK8gMaC0QOYAMyEEuzJnyU-": "is no token", "azGDORePK8gMaC0QOYAMyEEuzJnyUü": "is no token"},
	},
	{
		set: func(c *config.Config, s string) { c.Notify.WebhookSecret = config.NewSecret(s) }, key: "notify.webhook_secret",
		good: []string{"", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"},
		bad:  map[string]string{"MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw": "does not begin", "whsec_c2hvcnQ=": "is no Base64 of 24", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaS": "is no Base64"},
	},
	{
		set: func(c *config.Config, s string) { c.Notify.Ways = []string{s} }, key: "notify.ways",
		good: []string{"pushover", "ntfy", "webhook"}, bad: map[string]string{"mail": "is none of them", "": "is none of them"},
	},
	{
		set: func(c *config.Config, s string) {
			c.Timing.IdleWarn, _ = time.ParseDuration(s)
		}, key: "timing.idle_warn",
		good: []string{"1ms", "30m"}, bad: map[string]string{"0s": "is too small", "-1s": "is too small"},
	},
	{
		set: func(c *config.Config, s string) { c.Timing.Reopen, _ = time.ParseDuration(s) }, key: "timing.reopen",
		good: []string{"0s", "87600h"}, bad: map[string]string{"-1ns": "is too small"},
	},
	{
		set: func(c *config.Config, s string) { c.Limits.EmailBytes = len(s) }, key: "limits.email_bytes",
		good: []string{strings.Repeat("a", 6), strings.Repeat("a", 254)}, bad: map[string]string{"": "0 is too small", strings.Repeat("a", 255): "255 is too large"},
	},
	{
		set: func(c *config.Config, s string) { c.Limits.RequestsPerMinute = len(s) - 1 }, key: "limits.requests_per_minute",
		good: []string{"a"}, bad: map[string]string{"": "-1 is too small"},
	},
	{
		set: func(c *config.Config, s string) { c.SuperOperators = []string{"xavi@example.org", s} }, key: "super_operators",
		good: []string{"olga@example.org"}, bad: map[string]string{"olga@support.example.org": "which is porchlight's own", "desk@SUPPORT.example.org": "which is porchlight's own"},
	},
	{
		set: func(c *config.Config, s string) { c.Limits.BodyBytes = len(s) }, key: "limits.body_bytes",
		good: []string{strings.Repeat("a", 8192)}, bad: map[string]string{strings.Repeat("a", 8191): "can't hold a message"},
	},
	{
		set: func(c *config.Config, s string) { c.Timing.IdleClose, _ = time.ParseDuration(s) }, key: "timing.idle_close",
		good: []string{"15m"}, bad: map[string]string{"14m59s": "is before idle_warn"},
	},
}

func TestValidate_TakesWhatIsAllowed(t *testing.T) {
	for _, change := range changes {
		for _, value := range change.good {
			c := valid()
			change.set(&c, value)
			if err := c.Validate(); err != nil {
				t.Errorf("%s = %q: %v", change.key, value, err)
			}
		}
	}
}

func TestValidate_RefusesWhatIsNot(t *testing.T) {
	for _, change := range changes {
		for value, what := range change.bad {
			c := valid()
			change.set(&c, value)
			lines := problems(t, c.Validate())
			wantProblem(t, lines, change.key, what)
			if len(lines) != 1 {
				t.Errorf("%s = %q: got %d problems, want 1:\n%s", change.key, value, len(lines), strings.Join(lines, "\n"))
			}
		}
	}
}
