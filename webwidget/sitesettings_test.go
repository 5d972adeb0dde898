package webwidget_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"porchlight/bridge"
	"porchlight/bridge/clocktest"
	"porchlight/bridge/phrase"
	"porchlight/bridge/setting"
)

// set gives settings of the site values as people write them: key, value, key, value.
func (s *service) set(pairs ...string) {
	s.Helper()
	for i := 0; i < len(pairs); i += 2 {
		key, text := pairs[i], pairs[i+1]
		of, _, ok := setting.Find(key)
		value, err := of.Read(text, s.bridge.Now())
		if err != nil || !ok {
			s.Fatalf("%s: %v", key, err)
		}
		s.must(s.bridge.Settings.Change(s.Context(), bridge.Operator{JID: xavi, Name: "Xavi"}, "settings", func(v setting.Values) ([]bridge.Changed, error) {
			v.Set(key, value)
			return []bridge.Changed{{Key: key, Is: value}}, nil
		}))
	}
}

// settings is what GET /v1/status says of them, as JSON; "" is nothing.
func (s *service) settings() string {
	s.Helper()
	var got struct{ Settings json.RawMessage }
	s.must(json.Unmarshal([]byte(s.do("GET", "/v1/status", "").body), &got))
	return string(got.Settings)
}

// The status has what the site has set, and nothing that is as usual; its ETag follows.
func TestSiteSettings_InTheStatus(t *testing.T) {
	s := start(t, mailing)
	before := s.do("GET", "/v1/status", "")
	if strings.Contains(before.body, "settings") {
		t.Errorf("nothing is set: %s", before.body)
	}
	s.set("retention", "30d", "whatsapp", "off")
	if got := s.settings(); got != "" {
		t.Errorf("what pages don't need: %s", got)
	}
	s.set("colour", "#1a73e8", "side", "left", "name", "required", "phone", "optional", "fields", "Order number!; Product: Shop, App; News: yes/no",
		"greeting", "Hello", "greeting.de", "Hallo", "offline", "mail", "sounds", "on")
	want := `{"colour":"#1a73e8","side":"left","sounds":true,"offline":"mail","mail":"support@example.org","name":"required","phone":"optional",` +
		`"fields":[{"name":"Order number","type":"text","required":true},{"name":"Product","type":"list","options":["Shop","App"]},{"name":"News","type":"yes/no"}],` +
		`"texts":{"greeting":{"":"Hello","de":"Hallo"}}}`
	if got := s.settings(); got != want {
		t.Errorf("got %s\nwant %s", got, want)
	}
	if now := s.do("GET", "/v1/status", "", "If-None-Match: "+before.header.Get("ETag")); now.status != 200 {
		t.Errorf("the old answer still counts: %d", now.status)
	}
}

// A notice is told on all pages until it ends, by hand or by itself. The next notice does not end with it.
func TestSiteSettings_NoticeEnds(t *testing.T) {
	clock := clocktest.At(time.Date(2026, 11, 29, 12, 0, 0, 0, time.UTC))
	s := start(t, func(set *setup) { set.clock = clock })
	s.set("notice", "Payments are down, we know.", "notice.de", "Zahlungen gehen nicht.", "notice-until", "18:00")
	want := `{"texts":{"notice":{"":"Payments are down, we know.","de":"Zahlungen gehen nicht."}}}`
	if got := s.settings(); got != want {
		t.Errorf("got %s", got)
	}
	clock.Move(6 * time.Hour)
	if got := s.settings(); got != "" {
		t.Errorf("after its end: %s", got)
	}
	s.set("notice", "Again.")
	if got := s.settings(); got != `{"texts":{"notice":{"":"Again."}}}` {
		t.Errorf("the next one: %s", got)
	}
	s.set("notice", "")
	if got := s.settings(); got != "" {
		t.Errorf("taken back: %s", got)
	}
	s.set("notice.de", "Zahlungen gehen nicht.") // which is more than nothing to those who read other languages
	if got := s.settings(); got != `{"texts":{"notice":{"":"Zahlungen gehen nicht.","de":"Zahlungen gehen nicht."}}}` {
		t.Errorf("in one language: %s", got)
	}
}

// What the site wants to know is checked by the server, kept apart from what the site tells, and shown to operators. What was agreed to is
// in the log.
func TestSiteSettings_FormIsChecked(t *testing.T) {
	s := start(t).online()
	s.set("name", "required", "phone", "required", "fields", "Order number!; Product: Shop, App; News: yes/no", "consent", "I agree.", "consent.de", "Ich stimme zu.")
	for body, want := range map[string]string{
		`{"reason":"x"}`: `"consent":"Please read this and tick the box. Nothing is stored without it.","fields.Order number":"Please fill this in.","name":"Please fill this in.","phone":"Please fill this in."`,
		`{"name":"Anna","phone":"soon","consent":"I agree.","fields":{"Order number":"7","Product":"Car","News":"no"}}`:   `"fields.News":"Please choose one of the values.","fields.Product":"Please choose one of the values.","phone":"This is no phone number. One looks like +34 600 000 000.","reason":"Say what you need help with."`,
		`{"reason":"x","name":"Anna","phone":"12345","consent":"I agree.","language":"de","fields":{"Order number":"7"}}`: `"errors":{"consent":`,
	} {
		if r := s.do("POST", "/v1/conversations", body); r.status != 422 || !strings.Contains(r.body, want) {
			t.Errorf("%s: %d %s", body, r.status, r.body)
		}
	}
	r := s.do("POST", "/v1/conversations", `{"reason":"How?","name":"Anna","phone":"+34 600 000 000","consent":"Ich stimme zu.","language":"de-AT","attributes":{"plan":12345678901234567890},
		"fields":{"Order number":"7","Product":"App","News":"yes","Nothing":"x"}}`)
	var o opened
	if r.status != 201 || json.Unmarshal([]byte(r.body), &o) != nil {
		t.Fatalf("%d %s", r.status, r.body)
	}
	card, err := s.bridge.Card(t.Context(), o.Number)
	s.must(err)
	if fields, attributes := `{"News":"yes","Order number":"7","Product":"App","phone":"+34 600 000 000"}`, `{"plan":12345678901234567890}`; card.Request.Fields != fields || card.Request.Attributes != attributes {
		t.Errorf("fields are %s, attributes are %s", card.Request.Fields, card.Request.Attributes)
	}
	if want := []bridge.FilledIn{{Label: "phone", Value: "+34 600 000 000"}, {Label: "Order number", Value: "7"}, {Label: "Product", Value: "App"}, {Label: "News", Value: "yes"}}; len(card.Filled) != 4 || card.Filled[1] != want[1] || card.Filled[3] != want[3] {
		t.Errorf("operators see %v", card.Filled)
	}
	var agreed []bridge.Event
	s.must(s.bridge.Team.Look(t.Context(), func(x bridge.Reader) error {
		list, err := x.Events(o.Number, 0, 20)
		agreed = nil
		for _, e := range list {
			if e.Type == bridge.EventConsent {
				agreed = append(agreed, e)
			}
		}
		return err
	}))
	if len(agreed) != 1 || agreed[0].Text != "Ich stimme zu." || agreed[0].At.IsZero() {
		t.Errorf("the log has %+v", agreed)
	}
	if r := s.call(o, "GET", "/events", "", "Accept: application/json"); strings.Contains(r.body, "consent") {
		t.Errorf("visitors are shown %s", r.body)
	}
}

// Whoever reads another language than those of the consent is asked for it all the same, by the widget, the page and the server.
func TestSiteSettings_ConsentInNoLanguageOfTheirs(t *testing.T) {
	s := start(t).online()
	for _, c := range []struct{ set, want string }{{"consent.de", "Ich stimme zu."}, {"consent.en", "I agree."}, {"consent", "Everybody agrees."}} {
		s.set("consent.fr", "J’accepte.", c.set, c.want)
		for _, language := range []string{"", `,"language":"it"`} {
			if r := s.do("POST", "/v1/conversations", `{"reason":"x"`+language+`}`); r.status != 422 || !strings.Contains(r.body, `"consent":`) {
				t.Errorf("%s, %s: %d %s", c.set, language, r.status, r.body)
			}
			if r := s.do("POST", "/v1/conversations", `{"reason":"x","consent":"`+c.want+`"`+language+`}`); r.status != 201 {
				t.Errorf("%s, %s: %d %s", c.set, language, r.status, r.body)
			}
		}
		if r := s.do("GET", "/v1/status", ""); !strings.Contains(r.body, `"consent":{"":"`+c.want+`"`) {
			t.Errorf("%s: %s", c.set, r.body)
		}
		if r := s.do("GET", "/chat", "", "Accept-Language: it"); !strings.Contains(r.body, c.want) {
			t.Errorf("%s: the page is\n%s", c.set, r.body)
		}
	}
}

// A signed identity says who it is, so the form asks for neither name nor address.
func TestSiteSettings_IdentityNeedsNoName(t *testing.T) {
	s := start(t).online()
	s.set("name", "required", "email", "required")
	claims := jwt.MapClaims{"sub": "u42", "name": "Anna", "exp": time.Now().Add(time.Minute).Unix()}
	if r := s.do("POST", "/v1/conversations", toJSON(map[string]string{"reason": "x", "identity": signed(t, jwt.SigningMethodHS256, []byte(identityKey), claims)})); r.status != 201 {
		t.Errorf("%d %s", r.status, r.body)
	}
}

// Where the address for mail would be shown, there must be one.
func TestSiteSettings_MailNeedsAnAddress(t *testing.T) {
	s := start(t)
	err := s.bridge.Settings.Change(t.Context(), bridge.Operator{JID: xavi}, "settings", func(v setting.Values) ([]bridge.Changed, error) {
		v.Set("offline", "mail")
		return []bridge.Changed{{Key: "offline"}}, nil
	})
	if phrase.CodeOf(err) != phrase.CodeInvalid {
		t.Errorf("%v", err)
	}
}

// The page without script follows the same settings.
func TestSiteSettings_OnThePage(t *testing.T) {
	s := start(t, mailing).online()
	s.set("colour", "#1a73e8", "theme", "lamp", "notice", "We know.", "greeting", "Hi <b>there</b>", "greeting.de", "Servus", "name", "off", "phone", "required", "fields", "Order number!; Product: Shop, App; News: yes/no", "consent", "I agree & so on.")
	b := s.browser()
	b.open("/chat").shows(200, `<link rel="stylesheet" href="/chat/look.css?dark=1a73e8&amp;light=1a73e8&amp;theme=lamp">`, `<p class="told" role="status">We know.</p>`, `Hi &lt;b&gt;there&lt;/b&gt;`,
		`!<label for="name">`, `<input id="phone" name="phone" type="tel" autocomplete="tel" maxlength="40" value="" required>`,
		`name="fields.Order number" dir="auto" placeholder=" " maxlength="500" value="" required>`, `<option>Shop</option>`, `type="checkbox" id="own2" name="fields.News" value="yes">`,
		`name="consent" value="I agree &amp; so on." required>`)
	if r := s.do("GET", "/chat", "", "Accept-Language: de-AT"); !strings.Contains(r.body, "Servus") {
		t.Errorf("in German: %s", r.body)
	}
	if r := s.do("GET", "/chat/look.css?light=1a73e8&dark=red}&theme=none", ""); r.body != ":root{--mine:#1a73e8;--upon:#fff}\n" {
		t.Errorf("the sheet is %q", r.body)
	}
	if r := s.do("GET", "/chat/look.css?theme=lamp", ""); !strings.Contains(r.body, "color-scheme:dark") {
		t.Errorf("the theme is %q", r.body)
	}
	b.send("/chat", map[string]string{"reason": "How?", "phone": "x", "fields.Product": "Shop"}).shows(422, "This is no phone number.", `value="x"`, "<option selected>Shop</option>", "Please read this and tick the box.", "Please fill this in.")
	b.send("/chat", map[string]string{"reason": "How?", "phone": "600 000 000", "fields.Order number": "7", "fields.Product": "Shop", "consent": "I agree & so on."}).shows(200, "How?", "We know.")
	card, err := s.bridge.Card(t.Context(), 1)
	s.must(err)
	if card.Request.Fields != `{"Order number":"7","Product":"Shop","phone":"600 000 000"}` {
		t.Errorf("fields are %s", card.Request.Fields)
	}
	s.must(s.bridge.Reach.Presence(t.Context(), xavi, "phone", bridge.ShowOffline))
	s.set("offline", "mail", "offline-text", "Nobody home.")
	s.browser().open("/chat").shows(200, "Nobody home.", `<a href="mailto:support@example.org">support@example.org</a>`, "!<textarea")
	s.set("offline", "hide")
	s.browser().open("/chat").shows(200, "Nobody home.", "!mailto:", "!<textarea")
}

// A site without WhatsApp shows no operator's number.
func TestSiteSettings_NoWhatsApp(t *testing.T) {
	s := start(t).online()
	_, err := s.bridge.Team.Change(t.Context(), xavi, func(o *bridge.Operator) { o.WhatsApp = "+34600000000" })
	s.must(err)
	if s.bridge.Team.WhatsApp(xavi) == "" {
		t.Error("there is no number before")
	}
	s.set("whatsapp", "off")
	if got := s.bridge.Team.WhatsApp(xavi); got != "" {
		t.Errorf("the number is %s", got)
	}
}
