package config_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"porchlight/config"
)

const password = "hunter2"

// holder keeps a secret where fmt can't call its methods.
type holder struct{ inside config.Secret }

func TestSecret_CantBePrinted(t *testing.T) {
	s := config.NewSecret(password)
	c := config.Config{XMPP: config.XMPP{Secret: s}}
	outputs := map[string]string{"error": fmt.Errorf("wrapped %w", errors.New(s.String())).Error(), "GoString": s.GoString()}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%t", "%08.3f"} {
		outputs[verb] = fmt.Sprintf(verb, s)
		outputs[verb+" of a pointer"] = fmt.Sprintf(verb, &s)
		outputs[verb+" of a config"] = fmt.Sprintf(verb, c)
		outputs[verb+" unexported"] = fmt.Sprintf(verb, holder{s})
	}
	var log bytes.Buffer
	slog.New(slog.NewTextHandler(&log, nil)).Info("text", "secret", s, "config", c, "holder", holder{s})
	slog.New(slog.NewJSONHandler(&log, nil)).Info("json", "secret", s, "config", c, "holder", holder{s})
	outputs["slog"] = log.String()
	encoded, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	outputs["json"] = string(encoded)
	for how, out := range outputs {
		if strings.Contains(out, password) || strings.Contains(out, fmt.Sprintf("%x", password)) {
			t.Errorf("%s prints the secret: %s", how, out)
		}
		if !strings.Contains(how, "unexported") && !strings.Contains(out, "[secret]") {
			t.Errorf("%s doesn't say that there is a secret: %s", how, out)
		}
	}
}

func TestSecret_ShowsThatItIsEmpty(t *testing.T) {
	for _, s := range []config.Secret{{}, config.NewSecret("")} {
		text, err := s.MarshalText()
		if err != nil {
			t.Fatal(err)
		}
		encoded, err := json.Marshal(s)
		if err != nil {
			t.Fatal(err)
		}
		if got := s.String() + s.GoString() + fmt.Sprintf("%v%q", s, s) + s.LogValue().String() + string(text) + string(encoded); got != `""` {
			t.Errorf("got %s, want only JSON's empty string", got)
		}
	}
}

func TestSecret_RevealsItself(t *testing.T) {
	if got := config.NewSecret(password).Reveal(); got != password {
		t.Errorf("got %q", got)
	}
	if got := (config.Secret{}).Reveal(); got != "" {
		t.Errorf("the zero secret reveals %q", got)
	}
}

// Each case writes a secret in a wrong way that makes the TOML parser quote it.
func TestLoad_NeverQuotesASecret(t *testing.T) {
	files := []string{
		"[xmpp]\nsecret = hunter2\n",
		"[xmpp]\nsecret = hunter2",
		"[xmpp]\nsecret hunter2\n",
		"[xmpp]\nsecret = \"hunter2\n",
		"[xmpp]\nsecret = \"hunter2\\uhunter2\"\n",
		"[xmpp]\nsecret = \"\"\"\nx\n\\uhunter2\"\"\"\n",
		"[xmpp]\nsecret = 'x'hunter2\n",
		"[xmpp]\nsecret = [hunter2]\n",
		"[xmpp]\nsecret = {hunter2}\n",
		"[xmpp]\nsecret = [\n1,\nhunter2\n]\n",
		"[xmpp]\nsecret = [\"hunter2\"]\n",
		"[xmpp]\nsecret = {hunter2 = 1}\n",
		"[xmpp]\nsecret = \"hunter2\"\nsecret_file = \"x\"\n",
		"[xmpp]\nsecret = \"hunter2\"\nsecret = \"hunter2\"\n",
		"[xmpp]\nsecrt = \"hunter2\"\n",
		"xmpp = { secret = hunter2 }\n",
		"xmpp.secret = hunter2\n",
		"[email]\nfrom = \"smtps://user:hunter2@mail.example.org:465\"\n",
		"[email]\nsmtp = \"user:hunter2@mail.example.org:465\"\n",
		"[email]\nsmtp = \"hunter2://user:hunter2@mail.example.org:465\"\n",
		"[email]\nsmtp = \"smtp://user:hunter2#x@mail.example.org:465\"\n",
		"[email]\nsmtp = \"smtp://user:hunter2%@mail.example.org:465\"\n",
		"[email]\nimap = \"imap://mail.example.org:hunter2\"\n",
		"[identity]\nsecret = hunter2\n",
		"[web]\npublic_url = \"http://user:hunter2@example.org\"\nallowed_origins = [\"http://user:hunter2@example.org\"]",
	}
	for _, text := range files {
		_, err := config.Load(write(t, "porchlight.toml", text), []string{"PORCHLIGHT_XMPP_SECRT=hunter2"})
		lines := problems(t, err)
		if strings.Contains(err.Error(), "hunt") || strings.Contains(err.Error(), "'h'") {
			t.Errorf("%q is quoted by %q", text, lines)
		}
	}
	for _, number := range []string{"1_23__4", "0123", "12.34.", "1979-13-01", "0x12g"} {
		_, err := config.Load(write(t, "porchlight.toml", "[xmpp]\nsecret = "+number+"\n"), nil)
		lines := problems(t, err)
		if strings.Contains(err.Error(), number) {
			t.Errorf("%s is quoted by %q", number, lines)
		}
	}
}

func TestLoad_ReadsSecretsFromFiles(t *testing.T) {
	path := write(t, "secret", "hun ter2 \r\n")
	toml := write(t, "porchlight.toml", "[identity]\nsecret = \"\"\nsecret_file = \""+path+"\"\n[email]\nsmtp_file = \"\"\n")
	c, err := config.Load(toml, append(required[:2:2], "PORCHLIGHT_XMPP_SECRET_FILE="+path, "PORCHLIGHT_XMPP_SECRET="))
	if err != nil {
		t.Fatal(err)
	}
	if got := c.Identity.Secret.Reveal(); got != "hun ter2 " {
		t.Errorf("secret_file of the file gives %q", got)
	}
	if got := c.XMPP.Secret.Reveal(); got != "hun ter2 " {
		t.Errorf("PORCHLIGHT_XMPP_SECRET_FILE gives %q", got)
	}
}

func TestLoad_SecretsOfTheEnvironmentWin(t *testing.T) {
	path := write(t, "secret", "of the file\n")
	toml := write(t, "porchlight.toml", "[xmpp]\nsecret_file = \""+path+"\"\n[identity]\nsecret = \"of the toml\"\n")
	c, err := config.Load(toml, append(required[:2:2], "PORCHLIGHT_XMPP_SECRET=of the environment", "PORCHLIGHT_IDENTITY_SECRET_FILE="+path))
	if err != nil {
		t.Fatal(err)
	}
	if c.XMPP.Secret.Reveal() != "of the environment" || c.Identity.Secret.Reveal() != "of the file" {
		t.Errorf("got %q and %q", c.XMPP.Secret.Reveal(), c.Identity.Secret.Reveal())
	}
}

func TestLoad_RefusesBadSecretFiles(t *testing.T) {
	missing := write(t, "secret", "") + "-missing"
	empty := write(t, "empty", "\n")
	toml := write(t, "porchlight.toml", "[identity]\nsecret = \"a\"\nsecret_file = \"b\"\n[email]\nsmtp_file = \""+missing+"\"\nimap_file = 1\n")
	_, err := config.Load(toml, append(required[:2:2], "PORCHLIGHT_XMPP_SECRET_FILE="+empty, "PORCHLIGHT_WEB_LISTEN_FILE="+empty))
	lines := problems(t, err)
	wantProblem(t, lines, toml+":3: identity.secret_file", "beside secret")
	wantProblem(t, lines, toml+":5: email.smtp_file", missing)
	wantProblem(t, lines, toml+":5: email.smtp_file", "no such file")
	wantProblem(t, lines, toml+":6: email.imap_file", "is a number")
	wantProblem(t, lines, "PORCHLIGHT_XMPP_SECRET_FILE", "is empty")
	wantProblem(t, lines, "PORCHLIGHT_WEB_LISTEN_FILE", "did you mean PORCHLIGHT_WEB_LISTEN?")
	if len(lines) != 5 {
		t.Errorf("got %d problems, want 5:\n%v", len(lines), err)
	}
}
