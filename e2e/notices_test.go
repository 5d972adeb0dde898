package e2e_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"porchlight/demo"
	"porchlight/notify/post/posttest"
)

const (
	ntfyToken     = "tk_AgQdq7mVBoFD37zQVN29RhuMzNIz2"
	webhookSecret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
)

// startNotifying starts an installation beside Pushover, whose clock runs rate times as fast as the machine's.
// It trusts the certificate of the services of this test, which are in a private network.
func startNotifying(t *testing.T, rate int, p *pushoverService) *site {
	t.Helper()
	s := &site{t: t, dir: t.TempDir()}
	certificate := filepath.Join(s.dir, "services.pem")
	if err := posttest.Certificate(certificate); err != nil {
		t.Fatal(err)
	}
	s.env = []string{"SSL_CERT_FILE=" + certificate, "PORCHLIGHT_CLOCK_RATE=" + strconv.Itoa(rate)}
	s.begin(settings{"notify.pushover_url": strconv.Quote(p.URL), "notify.pushover_token": strconv.Quote(pushoverToken), "notify.networks": `["127.0.0.0/8"]`,
		"timing.visitor_grace": `"10h"`, "timing.waiting_limit": `"10h"`})
	return s
}

// TestNotices_LeaveByEveryWay: an operator tries Pushover, ntfy and a webhook, which are tested at once; while they
// are away each of them brings a request, and again until it is taken; then none of them says anything more. The log
// has no key and no address of them.
func TestNotices_LeaveByEveryWay(t *testing.T) {
	t.Parallel()
	push, topic, hook := newPushover(t), posttest.Secure(t), posttest.Secure(t)
	s := startNotifying(t, 10, push)
	both := s.operators("xavi", "olga")
	x, o := both[0], both[1]
	x.desk("notify online", "You are asked only while you are available.")
	x.desk("notify pushover "+strings.Repeat("x", 30), "Pushover says: user identifier is not a valid user, group, or subscribed user key Delete your message here: the key stands in it. Nothing was changed.")
	o.desk("notify pushover "+pushoverUser, "Pushover said yes, and your phone should ring now. Delete your message here: the key stands in it.")
	if n := len(push.sent("This is a test.")); n != 1 || push.validity != 1 {
		t.Errorf("Pushover validated %d times and was sent %d tests", push.validity, n)
	}
	o.desk("notify ntfy "+topic.URL+"/porch "+ntfyToken, "ntfy said yes: a test has just come there.")
	hook.Answer(403, "")
	x.desk("notify webhook "+hook.URL+"/hook "+webhookSecret, "The webhook answered 403. Delete your message here: the key stands in it. Nothing was changed.")
	hook.Answer(204, "")
	o.desk("notify webhook "+hook.URL+"/hook "+webhookSecret, "Webhook said yes: a test has just come there.")
	topic.Answer(403, `{"code":40301,"http":403,"error":"forbidden"}`)
	o.desk("notify test", "Sent: a message here, Pushover, Webhook. Which did not come? help notify\nNot sent: ntfy (ntfy says: forbidden)")
	topic.Answer(200, "{}")
	o.desk("notify test", "Sent: a message here, Pushover, ntfy, Webhook. Which did not come? help notify")
	o.desk("notify always", "You are asked at any time")

	s.leave(x, o)
	anna := s.ticket("Anna")
	const says = "#1 Anna, Support, waits: "
	eventually(t, "each way brings the request", func() bool {
		return len(push.sent(says)) > 0 && len(brought(topic, says)) > 0 && len(brought(hook, says)) > 0
	})
	m := push.sent(says)[0]
	if m.Get("title") != "Requests wait: "+demo.Domain || m.Get("url") != "xmpp:"+demo.Desk+"?message;body=1" || strings.Contains(m.Get("message"), "Anybody there?") {
		t.Errorf("by Pushover comes %v", m)
	}
	if r := brought(topic, says)[0]; r.Path != "/porch" || r.Header.Get("Authorization") != "Bearer "+ntfyToken || r.Header.Get("X-Priority") != "4" {
		t.Errorf("by ntfy comes %+v", r)
	}
	checkHook(t, brought(hook, says)[0])
	eventually(t, "it is repeated", func() bool {
		return len(push.sent(says)) > 1 && len(brought(topic, says)) > 1 && len(brought(hook, says)) > 1
	})
	if all := brought(hook, says); all[0].Header.Get("webhook-id") == all[1].Header.Get("webhook-id") {
		t.Error("the repetition has the id of the first post")
	}

	x = login(t, s.server.ClientAddr(), "xavi", "")
	x.desk(strconv.FormatInt(anna.Number, 10), "#1 is yours")
	before := len(push.sent(says)) + len(brought(topic, says)) + len(brought(hook, says))
	x.desk("notify always", "You are asked at any time") // a notice that was on its way has arrived by now
	s.leave(x)
	ben := s.ticket("Ben")
	eventually(t, "the next request comes", func() bool { return len(push.sent("#2 Ben")) > 2 })
	if after := len(push.sent(says)) + len(brought(topic, says)) + len(brought(hook, says)); after > before+1 {
		t.Errorf("after it was taken %d more notices came, ticket %d", after-before, ben.Number)
	}
	for _, secret := range []string{pushoverUser, pushoverToken, ntfyToken, webhookSecret, topic.URL, hook.URL, "/porch"} {
		if strings.Contains(s.stderr.String(), secret) {
			t.Errorf("the log names %s", secret)
		}
	}
}

// TestNotices_RingUntilSeen: with notify urgent on a notice by Pushover is an emergency. It rings until the operator
// says that they have seen it, and then they are told no more of that request; what somebody else takes rings no more.
func TestNotices_RingUntilSeen(t *testing.T) {
	t.Parallel()
	push, topic := newPushover(t), posttest.Secure(t)
	s := startNotifying(t, 10, push)
	both := s.operators("xavi", "olga")
	x, o := both[0], both[1]
	x.desk("notify online", "You are asked only while you are available.")
	o.desk("notify pushover "+pushoverUser, "Pushover said yes")
	o.desk("notify ntfy "+topic.URL+"/porch", "ntfy said yes")
	o.desk("notify urgent on", "Pushover rings each minute, at night too")
	o.desk("notify always", "You are asked at any time")
	s.leave(x, o)
	s.ticket("Anna")
	rings := func(text string) (id string) {
		t.Helper()
		eventually(t, text+" rings", func() bool { return len(push.sent(text)) > 0 && len(brought(topic, text)) > 0 })
		push.change(func() {
			for i, v := range push.messages {
				if strings.Contains(v.Get("message"), text) {
					id = fmt.Sprintf("r%029d", i+1)
				}
			}
			if push.receipts[id] == nil {
				t.Errorf("%s is no emergency", text)
			}
		})
		return id
	}
	first := rings("#1 Anna")
	push.change(func() { push.receipts[first].acknowledged = true })
	s.ticket("Ben")
	second := rings("#2 Ben")
	eventually(t, "the ways were asked and told again", func() bool { return len(brought(topic, "#2 Ben")) > 1 })
	if n := len(brought(topic, "#1 Anna")); n > 2 || len(push.sent("#1 Anna")) != 1 || len(push.sent("#2 Ben")) != 1 {
		t.Errorf("of what was seen came %d by ntfy; by Pushover %d and %d", n, len(push.sent("#1 Anna")), len(push.sent("#2 Ben")))
	}
	x = login(t, s.server.ClientAddr(), "xavi", "")
	x.desk("2", "#2 is yours")
	eventually(t, "it rings no more", func() (done bool) {
		push.change(func() { done = push.receipts[second].cancelled && !push.receipts[first].cancelled })
		return done
	})
}

// TestAlarms_LeaveWhenTheLinkIsDown: when the XMPP server is gone for minutes, the desk reaches nobody: the super
// operators are told by the ways that they have switched on, once, and once more when the server is back.
func TestAlarms_LeaveWhenTheLinkIsDown(t *testing.T) {
	t.Parallel()
	push, hook := newPushover(t), posttest.Secure(t)
	s := startNotifying(t, 20, push)
	x := s.operators("xavi")[0]
	x.desk("notify pushover "+pushoverUser, "Pushover said yes")
	x.desk("notify webhook "+hook.URL+"/hook "+webhookSecret, "Webhook said yes")
	s.tolerate("alarm=link")
	s.server.Stop()
	const down, up = "There is no link to the XMPP server since ", "The link to the XMPP server is up again."
	eventually(t, "it is told outside that the link is down", func() bool { return len(push.sent(down)) > 0 && len(brought(hook, down)) > 0 })
	if m := push.sent(down)[0]; m.Get("priority") != "1" || m.Get("title") != "Alarm: "+demo.Domain {
		t.Errorf("the alarm is %v", m)
	}
	if r := brought(hook, down)[0]; !strings.Contains(r.Body, `"type":"alarm.raised"`) || strings.Contains(r.Body, `"requests"`) {
		t.Errorf("the post is %s", r.Body)
	}
	if err := s.server.Restart(within(t)); err != nil {
		t.Fatal(err)
	}
	eventually(t, "it is told outside that the link is up", func() bool { return len(push.sent(up)) > 0 && len(brought(hook, up)) > 0 })
	if n, m := len(push.sent(down)), len(push.sent(up)); n != 1 || m != 1 {
		t.Errorf("it was told %d times that the link is down, %d times that it is up", n, m)
	}
}

// brought lists the requests to a service that hold a text.
func brought(s *posttest.Service, text string) (list []posttest.Request) {
	for _, r := range s.Got() {
		if strings.Contains(r.Body, text) {
			list = append(list, r)
		}
	}
	return list
}

// checkHook reads a post as a receiver does: its signature, and what it is about.
func checkHook(t *testing.T, r posttest.Request) {
	t.Helper()
	key, _ := base64.StdEncoding.DecodeString(strings.TrimPrefix(webhookSecret, "whsec_"))
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(r.Header.Get("webhook-id") + "." + r.Header.Get("webhook-timestamp") + "." + r.Body))
	if r.Header.Get("webhook-signature") != "v1,"+base64.StdEncoding.EncodeToString(mac.Sum(nil)) {
		t.Errorf("the signature is wrong: %+v", r)
	}
	var m struct {
		Type string
		Data struct {
			Operator string
			Requests []struct {
				Number           int64
				Name, Department string
			}
		}
	}
	if err := json.Unmarshal([]byte(r.Body), &m); err != nil || m.Type != "requests.waiting" || m.Data.Operator != "olga@"+demo.Host || len(m.Data.Requests) != 1 || m.Data.Requests[0].Name != "Anna" {
		t.Errorf("the post says %s, %v", r.Body, err)
	}
}

// TestNotices_Check: check asks Pushover about the site's token, and says how many messages are left.
func TestNotices_Check(t *testing.T) {
	t.Parallel()
	push := newPushover(t)
	s := startNotifying(t, 1, push)
	keys := func(token, url string) settings {
		return settings{"notify.pushover_token": strconv.Quote(token), "notify.pushover_url": strconv.Quote(url)}
	}
	look := func(more settings, verdict string, parts ...string) {
		t.Helper()
		said, _ := s.check(more)
		expectLine(t, said, "Pushover", verdict, parts...)
		if strings.Contains(said, pushoverToken) {
			t.Errorf("the check names the token: %s", said)
		}
	}
	look(keys(pushoverToken, push.URL), "ok", "7496 of 10000 messages are left")
	push.change(func() { push.left = 400 })
	look(keys(pushoverToken, push.URL), "WARN", "400 of 10000")
	look(keys(strings.Repeat("x", 30), push.URL), "FAIL", "notify.pushover_token", "application token is invalid")
	look(keys(pushoverToken, "http://127.0.0.1:1"), "FAIL", "notify.pushover_url", "connection refused")
	look(nil, "ok", "operators give tokens of their own")
	look(settings{"notify.ways": `["ntfy"]`}, "ok", "off")
}
