package e2e_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"porchlight/notify/post/posttest"
)

// TestWebhooks_OverKilledPrograms: a webhook is told a conversation in order, signed with its secret. What its receiver
// refuses is told hours later, after the program was killed twice: each once more under the same id, and in order.
func TestWebhooks_OverKilledPrograms(t *testing.T) {
	t.Parallel()
	crm := posttest.Secure(t)
	s := &site{t: t, dir: t.TempDir()}
	certificate := filepath.Join(s.dir, "services.pem")
	if err := posttest.Certificate(certificate); err != nil {
		t.Fatal(err)
	}
	s.env = []string{"SSL_CERT_FILE=" + certificate}
	s.begin(settings{"notify.networks": `["127.0.0.0/8"]`, "timing.visitor_grace": `"99h"`, "timing.waiting_limit": `"99h"`})
	x := s.operators("xavi")[0]
	secret := regexp.MustCompile(`whsec_\S+`).FindString(x.desk("webhook-add crm "+crm.URL+"/hook created message", "Its secret"))
	x.desk("webhook-test crm", "crm has taken the test.")
	anna := s.ask("Anna", "How?")
	say := func(text string) {
		t.Helper()
		if _, err := anna.Write(t.Context(), "client id for "+text, text); err != nil {
			t.Fatal(err)
		}
	}
	eventually(t, "created and the first message", func() bool { return len(hooked(crm)) == 3 })
	crm.Answer(500, "")
	say("one")
	eventually(t, "a refused post", func() bool { return len(hooked(crm)) > 3 })
	say("two")
	for range 2 {
		s.kill()
		s.ahead += time.Hour
		n := len(hooked(crm))
		s.up()
		s.tolerate("has taken nothing for more than an hour")
		eventually(t, "it is tried again", func() bool { return len(hooked(crm)) > n })
	}
	crm.Answer(204, "")
	s.kill()
	s.ahead += 2 * time.Hour
	s.up()
	eventually(t, "all is told", func() bool { all := hooked(crm); return all[len(all)-1] == "two" })
	all := hooked(crm)
	if order := slices.Compact(slices.Clone(all)); !slices.Equal(order, []string{"test", "conversation.created", "How?", "one", "two"}) {
		t.Errorf("told in this order: %q", order)
	}
	ids := make(map[string]string)
	for i, r := range crm.Got() {
		if id, said := r.Header.Get("webhook-id"), all[i]; ids[said] == "" {
			ids[said] = id
		} else if ids[said] != id {
			t.Errorf("%q was told under the ids %s and %s", said, ids[said], id)
		}
		key, _ := base64.StdEncoding.DecodeString(strings.TrimPrefix(secret, "whsec_"))
		mac := hmac.New(sha256.New, key)
		mac.Write([]byte(r.Header.Get("webhook-id") + "." + r.Header.Get("webhook-timestamp") + "." + r.Body))
		if r.Header.Get("webhook-signature") != "v1,"+base64.StdEncoding.EncodeToString(mac.Sum(nil)) {
			t.Errorf("post %d is not signed with the secret", i)
		}
	}
	if log := s.stderr.String(); strings.Contains(log, secret) || strings.Contains(log, crm.URL) {
		t.Error("the log has the secret, or the address")
	}
}

var (
	hookText = regexp.MustCompile(`"text":"([^"]*)"`)
	hookType = regexp.MustCompile(`"type":"([^"]*)"`)
)

// hooked lists the posts that came: by their text, or by their type if they have none.
func hooked(s *posttest.Service) (list []string) {
	for _, r := range s.Got() {
		if m := hookText.FindStringSubmatch(r.Body); m != nil {
			list = append(list, m[1])
		} else if m := hookType.FindStringSubmatch(r.Body); m != nil {
			list = append(list, m[1])
		}
	}
	return list
}
