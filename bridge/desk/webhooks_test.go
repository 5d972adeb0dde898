package desk_test

import (
	"context"
	"errors"
	"regexp"
	"strings"
	"testing"
	"time"

	"porchlight/bridge/hook"
)

// receiver stands in for the receivers of webhooks: that at good.example takes everything, that at slow.example answers nothing
// within the time of a test, and there is no other.
type receiver struct{}

func (receiver) Post(ctx context.Context, p hook.Post) (hook.Answer, error) {
	if strings.HasPrefix(p.URL, "https://good.example/") {
		return hook.Answer{Status: 204}, nil
	}
	if end, ends := ctx.Deadline(); strings.HasPrefix(p.URL, "https://slow.example/") && ends && time.Until(end) <= 5*time.Second {
		return hook.Answer{}, context.DeadlineExceeded
	}
	return hook.Answer{}, errors.New("connection refused")
}

// A webhook is made, tried, listed and deleted at the desk. Its secret is told once, and the audit log has the host of its
// address alone.
func TestWebhooks_AtTheDesk(t *testing.T) {
	c := newCrew(t)
	if got := c.say(xavi, "", "webhooks"); got != "No system is told anything. webhook-add NAME URL makes a webhook." {
		t.Errorf("before: %q", got)
	}
	made := c.say(xavi, "", "webhook-add crm https://good.example/token-in-the-path closed created")
	if !strings.HasPrefix(made, "The webhook crm is made: good.example is told from now on: closed, created.\nIts secret, which is told only here: whsec_") ||
		!strings.HasSuffix(made, "\nwebhook-test crm tries it. Back: webhook-delete crm") {
		t.Errorf("made: %q", made)
	}
	secret := regexp.MustCompile(`whsec_\S+`).FindString(made)
	for _, said := range [][2]string{
		{"webhook-add CRM https://good.example/", "error: There is a webhook crm already. webhook-delete crm deletes it. Nothing was changed."},
		{"webhook-add c_r https://good.example/", `error: "c_r" is no name such as crm or shop-2: letters from a to z, digits and hyphens. Nothing was changed.`},
		{"webhook-add other http://good.example/", `error: "http://good.example/" is no address such as https://crm.example.org/hook. Nothing was changed.`},
		{"webhook-add other https://good.example:99999/", `error: "https://good.example:99999/" is no address such as https://crm.example.org/hook. Nothing was changed.`},
		{"webhook-add other https://good.example/ votes", `error: "votes" is nothing that a webhook tells. It tells: created, ticket, taken, message, closed, rated. Nothing was changed.`},
		{"webhook-test nobody", `error: There is no webhook "nobody". webhooks lists them.`},
		{"webhook-test crm", "crm has taken the test."},
		{"webhooks", "Webhooks: 1\n  crm → good.example: closed, created · nothing was told yet"},
		{"webhook-add bad https://bad.example/ all", "The webhook bad is made: bad.example is told everything from now on."},
	} {
		line, want := said[0], said[1]
		if got := c.say(xavi, "", line); got != want && !(strings.HasPrefix(line, "webhook-add bad") && strings.HasPrefix(got, want)) {
			t.Errorf("%s: %q", line, got)
		}
	}
	if got := c.say(xavi, "", "webhook-test bad"); got != "bad did not take the test. There was no answer: connection refused." {
		t.Errorf("a bad one: %q", got)
	}
	c.say(xavi, "", "webhook-add slow https://slow.example/")
	if got := c.say(xavi, "", "webhook-test slow"); got != "slow did not take the test. It did not answer in time." {
		t.Errorf("one that does not answer: %q", got)
	}
	if got := c.say(xavi, "", "webhook-delete crm"); got != "crm (good.example) is told nothing any more. webhook-add crm URL closed, created makes it again, with another secret." {
		t.Errorf("deleted: %q", got)
	}
	audit := c.say(xavi, "", "audit")
	if !strings.Contains(audit, "webhook-add crm") || !strings.Contains(audit, "webhook-delete crm") || strings.Contains(audit, "token-in-the-path") || strings.Contains(audit+c.log.String(), secret) {
		t.Errorf("audit: %q", audit)
	}
	if got := c.say(olga, "", "webhooks"); !strings.HasPrefix(got, "error: You may not use webhooks: only super operators may.") {
		t.Errorf("Olga gets %q", got)
	}
}
