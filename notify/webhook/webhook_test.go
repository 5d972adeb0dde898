package webhook_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"net/netip"
	"strings"
	"testing"
	"time"

	"porchlight/bridge"
	"porchlight/bridge/phrase"
	"porchlight/notify/post/posttest"
	"porchlight/notify/webhook"
)

const (
	siteSecret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
	ownSecret  = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"
)

func TestMain(m *testing.M) { posttest.Main(m) }

func notice(s *posttest.Service, secret string) bridge.Notice {
	at := time.Date(2026, 11, 29, 12, 0, 0, 5, time.UTC)
	return bridge.Notice{ID: "webhook-1.17.0", Kind: bridge.NoticeRequests, At: at, Title: phrase.Say("Requests wait: %s", "support.example.org"), Text: phrase.Say("%s", "#1 Anna"),
		Link:     "xmpp:desk@support.example.org?message;body=1",
		Requests: []bridge.Asked{{Number: 1, Name: "Anna", Department: "Support", Page: "https://shop.example/prices", Since: at.Add(-10 * time.Second)}},
		Operator: bridge.Operator{JID: "olga@example.org", Notify: bridge.Notify{Webhook: s.URL + "/hook", WebhookSecret: secret}}}
}

func channel(secret string) *webhook.Channel {
	return webhook.New(webhook.Options{Secret: secret, Networks: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}, Agent: "porchlight/test", Now: func() time.Time { return time.Unix(1614265330, 0) }})
}

// verified checks a post as a receiver does (Standard Webhooks, "Verifying signatures").
func verified(r posttest.Request, secret string) bool {
	key, _ := base64.StdEncoding.DecodeString(strings.TrimPrefix(secret, "whsec_"))
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(r.Header.Get("webhook-id") + "." + r.Header.Get("webhook-timestamp") + "." + r.Body))
	return r.Header.Get("webhook-signature") == "v1,"+base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

// A post is signed with the operator's secret, or else with the site's, and the same notice has the same id.
func TestChannel_Send(t *testing.T) {
	s := posttest.Secure(t)
	other := notice(s, "")
	other.ID = "webhook-2.17.0"
	for _, n := range []bridge.Notice{notice(s, ownSecret), notice(s, ""), other} {
		if err := channel(siteSecret).Send(t.Context(), n); err != nil {
			t.Fatal(err)
		}
	}
	got := s.Got()
	for i, secret := range []string{ownSecret, siteSecret, siteSecret} {
		if !verified(got[i], secret) {
			t.Errorf("post %d has a wrong signature: %+v", i, got[i])
		}
	}
	ids := []string{got[0].Header.Get("webhook-id"), got[1].Header.Get("webhook-id"), got[2].Header.Get("webhook-id")}
	if ids[0] != ids[1] || ids[1] == ids[2] || strings.ContainsAny(ids[0], ". ") {
		t.Errorf("the ids are %q", ids)
	}
	if r := got[0]; r.Method != "POST" || r.Path != "/hook" || r.Header.Get("Content-Type") != "application/json" || r.Header.Get("webhook-timestamp") != "1614265330" {
		t.Errorf("the post is %+v", r)
	}
	const want = `{"type":"requests.waiting","timestamp":"2026-11-29T12:00:00Z","data":{"operator":"olga@example.org","title":"Requests wait: support.example.org","text":"#1 Anna",` +
		`"link":"xmpp:desk@support.example.org?message;body=1","requests":[{"number":1,"name":"Anna","department":"Support","page":"https://shop.example/prices","since":"2026-11-29T11:59:50Z"}]}}`
	if got[0].Body != want {
		t.Errorf("the body is %s\nwant %s", got[0].Body, want)
	}
}

// What the receiver refuses is not tried again; all else is. Without a secret, and into a private network, nothing is
// posted.
func TestChannel_Answers(t *testing.T) {
	s := posttest.Secure(t)
	for status, code := range map[int]phrase.Code{200: "", 202: "", 204: "", 301: phrase.CodeInvalid, 400: phrase.CodeInvalid, 410: phrase.CodeInvalid, 408: phrase.CodeInternal, 429: phrase.CodeInternal, 500: phrase.CodeInternal} {
		s.Answer(status, "")
		if err := channel(siteSecret).Send(t.Context(), notice(s, "")); phrase.CodeOf(err) != code || err != nil && strings.Contains(err.Error(), "127.0.0.1") {
			t.Errorf("%d: %v", status, err)
		}
	}
	before := len(s.Got())
	if err := channel("").Send(t.Context(), notice(s, "")); phrase.CodeOf(err) != phrase.CodeInvalid {
		t.Errorf("without a secret: %v", err)
	}
	if err := webhook.New(webhook.Options{Secret: siteSecret, Now: time.Now}).Send(t.Context(), notice(s, "")); phrase.CodeOf(err) != phrase.CodeInvalid {
		t.Errorf("into a private network: %v", err)
	}
	if len(s.Got()) != before {
		t.Error("something was posted")
	}
}
