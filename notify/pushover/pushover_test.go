package pushover_test

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"porchlight/bridge"
	"porchlight/bridge/phrase"
	"porchlight/notify/post/posttest"
	"porchlight/notify/pushover"
)

const (
	userKey  = "uQiRzpo4DXghDmr9QzzfQu27cmVRs9"
	siteKey  = "azGDORePK8gMaC0QOYAMyEEuzJnyUi"
	otherKey = "aZGRqxUbvBcQbDo8PwyfPi26blUNs0"
)

// notice is one for Olga, who reads German.
func notice(token string) bridge.Notice {
	return bridge.Notice{ID: "pushover-1.2.0", Kind: bridge.NoticeTest, At: time.Unix(1700000000, 0), Title: phrase.Say("Test: %s", "support.example.org"), Text: bridge.TestNotice(),
		Link: "xmpp:desk@support.example.org?message", Operator: bridge.Operator{JID: "olga@example.org", Language: "de", Notify: bridge.Notify{Pushover: userKey, Token: token}}}
}

// service is Pushover, and the channel to it.
func service(t *testing.T) (*posttest.Service, *pushover.Channel) {
	s := posttest.Plain(t)
	s.Answer(200, `{"status":1,"request":"647d2300-702c-4b38-8b2f-d56326ae460b"}`)
	return s, pushover.New(pushover.Options{URL: s.URL, Token: siteKey, Agent: "porchlight/test"})
}

// A notice is one request, in the operator's language, with the site's token or the operator's own.
func TestChannel_Send(t *testing.T) {
	s, ch := service(t)
	for _, own := range []string{"", otherKey} {
		if err := ch.Send(t.Context(), notice(own)); err != nil {
			t.Error(err)
		}
	}
	got := s.Got()
	if len(got) != 2 || got[0].Method != "POST" || got[0].Path != "/1/messages.json" || got[0].Query != "" {
		t.Fatalf("asked %+v", got)
	}
	want := url.Values{"token": {siteKey}, "user": {userKey}, "title": {"Probe: support.example.org"}, "timestamp": {"1700000000"}, "url": {"xmpp:desk@support.example.org?message"},
		"message": {phrase.Tongue("de").Say(bridge.TestNotice())}}
	if got[0].Body != want.Encode() {
		t.Errorf("sent %s\nwant %s", got[0].Body, want.Encode())
	}
	if v, _ := url.ParseQuery(got[1].Body); v.Get("token") != otherKey {
		t.Errorf("with a token of her own was sent %s", got[1].Body)
	}
}

// What is too long for Pushover is cut; it would refuse the message.
func TestChannel_Limits(t *testing.T) {
	s, ch := service(t)
	n := notice("")
	n.Title, n.Text, n.Link = phrase.Say("%s", strings.Repeat("ü", 300)), phrase.Say("%s", strings.Repeat("é", 2000)), "xmpp:"+strings.Repeat("x", 600)
	if err := ch.Send(t.Context(), n); err != nil {
		t.Error(err)
	}
	v, _ := url.ParseQuery(s.Got()[0].Body)
	if title, text := []rune(v.Get("title")), []rune(v.Get("message")); len(title) != 250 || len(text) != 1024 || text[1023] != '…' || v.Has("url") {
		t.Errorf("title of %d, text of %d characters, url %q", len(title), len(text), v.Get("url"))
	}
}

// Each answer has its meaning: what is wrong with the keys is said in Pushover's words and not tried again, a used-up
// limit is told apart, and all else is tried again. No error names a key.
func TestChannel_Answers(t *testing.T) {
	s, ch := service(t)
	for _, a := range []struct {
		status int
		says   string
		code   phrase.Code
		want   string
	}{
		{400, `{"user":"invalid","errors":["user identifier is not a valid user","` + userKey + ` is odd"],"status":0}`, phrase.CodeInvalid, "Pushover says: user identifier is not a valid user; … is odd"},
		{401, `no JSON`, phrase.CodeInvalid, "Pushover says: 401"},
		{301, ``, phrase.CodeInvalid, "Pushover says: 301"},
		{429, `{"status":0,"errors":["application is over its message limit"]}`, phrase.CodeBusy, "Pushover takes no more messages of this application; its limit for the month is used up."},
		{500, `{"status":0}`, phrase.CodeInternal, "ask Pushover: status 500"},
		{503, `<html>`, phrase.CodeInternal, "ask Pushover: status 503"},
		{200, `<html>`, phrase.CodeInternal, ""},
		{200, `{"status":0}`, phrase.CodeInternal, ""},
		{200, `{"status":1}`, "", ""},
	} {
		s.Answer(a.status, a.says)
		err := ch.Send(t.Context(), notice(""))
		if phrase.CodeOf(err) != a.code || err != nil && !strings.HasSuffix(err.Error(), a.want) {
			t.Errorf("%d %s: %v", a.status, a.says, err)
		}
		if err != nil && (strings.Contains(err.Error(), userKey) || strings.Contains(err.Error(), siteKey)) {
			t.Errorf("the error names a key: %v", err)
		}
	}
	s.Close()
	if err := ch.Send(t.Context(), notice("")); phrase.CodeOf(err) != phrase.CodeInternal || strings.Contains(err.Error(), "127.0.0.1") {
		t.Errorf("no answer: %v", err)
	}
}

// A key is validated before it is kept; a site without a token says so and asks nobody.
func TestChannel_Prove(t *testing.T) {
	s, ch := service(t)
	if err := ch.Prove(t.Context(), notice("").Operator); err != nil {
		t.Error(err)
	}
	if got := s.Got()[0]; got.Path != "/1/users/validate.json" || got.Body != (url.Values{"token": {siteKey}, "user": {userKey}}).Encode() {
		t.Errorf("asked %+v", got)
	}
	s.Answer(400, `{"status":0,"errors":["user key is invalid"]}`)
	if err := ch.Prove(t.Context(), notice("").Operator); phrase.Of(err).String() != "Pushover says: user key is invalid" {
		t.Errorf("a wrong key: %v", err)
	}
	bare := pushover.New(pushover.Options{URL: s.URL})
	if err := bare.Prove(t.Context(), notice("").Operator); phrase.CodeOf(err) != phrase.CodeInvalid || len(s.Got()) != 2 {
		t.Errorf("without a token: %v, asked %d times", err, len(s.Got()))
	}
}

// The site's token is looked at without sending anything.
func TestChannel_AsksForLimits(t *testing.T) {
	s, ch := service(t)
	s.Answer(200, `{"limit":10000,"remaining":7496,"reset":1393653600,"status":1}`)
	l, err := ch.Limits(t.Context())
	if err != nil || l.Limit != 10000 || l.Remaining != 7496 || l.Reset.Unix() != 1393653600 {
		t.Errorf("%+v, %v", l, err)
	}
	if got := s.Got()[0]; got.Method != "GET" || got.Path != "/1/apps/limits.json" || got.Query != "token="+siteKey || got.Body != "" {
		t.Errorf("asked %+v", got)
	}
}

// A notice that rings is an emergency, whose receipt says what became of it and ends it.
func TestChannel_Rings(t *testing.T) {
	s, ch := service(t)
	s.Answer(200, `{"status":1,"receipt":"rLqVuqTRh62UzxtmqiaLzQmVcPgiCy"}`)
	for most, expire := range map[time.Duration]string{time.Second: "60", time.Hour: "3600", 24 * time.Hour: "10800"} {
		receipt, err := ch.Ring(t.Context(), notice(otherKey), most)
		got := s.Got()
		v, _ := url.ParseQuery(got[len(got)-1].Body)
		if err != nil || receipt != "rLqVuqTRh62UzxtmqiaLzQmVcPgiCy" || v.Get("priority") != "2" || v.Get("retry") != "60" || v.Get("expire") != expire {
			t.Errorf("%v: receipt %q, %v, sent %v", most, receipt, err, v)
		}
	}
	o := notice(otherKey).Operator
	for says, want := range map[string]bridge.Heard{`{"status":1,"acknowledged":0,"expired":0}`: bridge.StillRings, `{"status":1,"acknowledged":1,"expired":1}`: bridge.WasSeen, `{"status":1,"acknowledged":0,"expired":1}`: bridge.RangInVain} {
		s.Answer(200, says)
		if heard, err := ch.Heard(t.Context(), o, "r1"); heard != want || err != nil {
			t.Errorf("%s: %q, %v", says, heard, err)
		}
	}
	got := s.Got()
	if last := got[len(got)-1]; last.Method != "GET" || last.Path != "/1/receipts/r1.json" || last.Query != "token="+otherKey {
		t.Errorf("asked %+v", last)
	}
	if err := ch.Silence(t.Context(), o, "r1"); err != nil {
		t.Error(err)
	}
	got = s.Got()
	if last := got[len(got)-1]; last.Method != "POST" || last.Path != "/1/receipts/r1/cancel.json" || last.Body != "token="+otherKey {
		t.Errorf("silenced by %+v", last)
	}
	s.Answer(404, `{"status":0,"errors":["resource not found"]}`)
	if _, err := ch.Heard(t.Context(), o, "r2"); phrase.CodeOf(err) != phrase.CodeInvalid {
		t.Errorf("a receipt that is not known: %v", err)
	}
}
