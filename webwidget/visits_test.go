package webwidget_test

import (
	"encoding/json"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"porchlight/bridge"
	"porchlight/bridge/clocktest"
	"porchlight/bridge/onsite"
	"porchlight/bridge/setting"
	"porchlight/webwidget"
)

// known starts a service that knows who is on the site.
func known(t *testing.T, change ...func(*setup)) *service {
	t.Helper()
	s := start(t, change...)
	s.siteSetting(setting.OnSite, setting.OnSiteLoaded)
	return s
}

// siteSetting sets a setting of the site.
func (s *service) siteSetting(name setting.Name, value string) {
	s.Helper()
	s.must(s.bridge.Settings.Change(s.Context(), bridge.Operator{JID: xavi}, "settings", func(v setting.Values) ([]bridge.Changed, error) {
		v[string(name)] = value
		return []bridge.Changed{{Key: string(name), Is: value}}, nil
	}))
}

// told is the answer to a page that tells of itself.
type told struct {
	Next       int64
	Invitation *struct{ Token, Name, About, Text string }
}

const pageID = `"visit":"a-random-page-id-0"`

func (s *service) tells(more string, headers ...string) (a told) {
	s.Helper()
	s.do("POST", "/v1/visits", `{`+pageID+`,"page":{"url":"https://www.example.org/pricing?token=secret","title":"Prices"},"language":"de-AT"`+more+`}`, headers...).into(s.T, 200, &a)
	return a
}

// A page that tells of itself is on the list of operators, and is invited at once by its stream. The answer to the invitation
// is the inviting operator's chat.
func TestVisits_AnInvitationAndItsAnswer(t *testing.T) {
	s := known(t).online()
	page := s.follow("/v1/events")
	var status struct {
		Stream   string
		Invited  bool
		Settings struct {
			OnSite string `json:"on_site"`
		}
	}
	next := func() {
		t.Helper()
		s.must(json.Unmarshal([]byte(page.next().data), &status))
	}
	for status.Settings.OnSite == "" { // the setting may be told by the second frame
		next()
	}
	if len(status.Stream) < 20 || status.Settings.OnSite != "loaded" {
		t.Fatalf("the stream begins with %+v", status)
	}
	if a := s.tells(`,"stream":"` + status.Stream + `"`); a.Next != 60 || a.Invitation != nil {
		t.Errorf("answer %+v", a)
	}
	list := s.onsite.Visits()
	if len(list) != 1 || list[0].Page.URL != "https://www.example.org/pricing" || list[0].Language != "de-AT" {
		t.Fatalf("visits %+v", list)
	}
	_, err := s.bridge.Team.Change(t.Context(), xavi, func(o *bridge.Operator) { o.About = "Knows all about lamps" })
	s.must(err)
	x, _ := s.bridge.Team.Operator(xavi)
	_, err = s.onsite.Invite(x, list[0].ID, "")
	s.must(err)
	for !status.Invited {
		next()
	}
	a := s.tells("")
	if a.Invitation == nil || a.Invitation.Name != x.Name || a.Invitation.About != x.About || a.Invitation.Text != "Guten Tag! Kann ich Ihnen helfen?" {
		t.Fatalf("answer %+v", a)
	}
	if again := s.tells(`,"invitation":"` + a.Invitation.Token + `","outcome":"shown"`); again.Invitation != nil {
		t.Errorf("invited twice: %+v", again)
	}
	var o opened
	s.do("POST", "/v1/conversations", `{"client_id":"a-random-client-id","reason":"Yes, please","attributes":{"plan":"pro"},"invitation":"`+a.Invitation.Token+`"}`).into(t, 201, &o)
	if o.State != "waiting" {
		t.Errorf("state %q", o.State)
	}
	var snap struct {
		State    string
		Operator struct{ Name string }
	}
	s.do("GET", "/v1/conversations/"+o.ID, "", "Authorization: Bearer "+o.Token).into(t, 200, &snap)
	if snap.State != "active" || snap.Operator.Name != x.Name {
		t.Errorf("conversation %+v", snap)
	}
	s.must(s.store.View(t.Context(), func(r bridge.Reader) error {
		q, err := r.Request(o.Number)
		if want := (bridge.Invited{By: x.Name, Page: "/pricing", Text: "Guten Tag! Kann ich Ihnen helfen?"}); q.Attributes != `{"plan":"pro"}` || q.Invited != want {
			t.Errorf("attributes %s, invited %+v, want %+v", q.Attributes, q.Invited, want)
		}
		return err
	}))
	// The page knows its conversation now, so nobody invites it again.
	s.tells(`,"conversation":"`+o.ID+`"`, "Authorization: Bearer "+o.Token)
	if v := s.onsite.Visits()[0]; !v.Who.Talks || v.Who.Last != o.Number || v.Who.Count != 1 {
		t.Errorf("who: %+v", v.Who)
	}
	s.do("POST", "/v1/conversations", `{"client_id":"another-client-id","reason":"Again","invitation":"`+a.Invitation.Token+`"}`).into(t, 201, &o)
	s.do("GET", "/v1/conversations/"+o.ID, "", "Authorization: Bearer "+o.Token).into(t, 200, &snap)
	if snap.State != "waiting" {
		t.Errorf("an invitation was answered twice: %+v", snap)
	}
	if strings.Contains(s.log.String(), "secret") || strings.Contains(s.log.String(), "Yes, please") {
		t.Error("the log has what is secret")
	}
}

// Pages of foreign sites, ids that could be guessed, and a service that knows nobody get nothing.
func TestVisits_Refused(t *testing.T) {
	clock := clocktest.At(time.Date(2026, 11, 28, 12, 0, 0, 0, time.UTC))
	s := known(t, func(o *setup) { o.clock = clock })
	s.do("POST", "/v1/visits", `{`+pageID+`}`, "Origin: https://evil.example").refused(t, 403, "foreign-origin")
	s.do("POST", "/v1/visits", `{"visit":"short"}`).refused(t, 422, "invalid")
	s.do("POST", "/v1/visits", `[]`).refused(t, 400, "malformed")
	if list := s.onsite.Visits(); len(list) != 0 {
		t.Errorf("visits %+v", list)
	}
	// A token that proves nothing is no reason to refuse the page.
	s.tells(`,"conversation":"nobody","identity":"x.y.z"`, "Authorization: Bearer nothing")
	if v := s.onsite.Visits()[0]; v.Who != (onsite.Who{}) {
		t.Errorf("who: %+v", v.Who)
	}
	s.tells(`,"left":true`)
	clock.Move(6 * time.Second)
	if list := s.onsite.Visits(); len(list) != 0 {
		t.Errorf("visits %+v", list)
	}
	s.siteSetting(setting.OnSite, setting.OnSiteOff)
	if a := s.tells(""); a.Next != 0 || len(s.onsite.Visits()) != 0 {
		t.Errorf("while it is off: %+v", a)
	}
	if body := s.do("GET", "/v1/status", "").body; strings.Contains(body, "settings") {
		t.Errorf("status %s", body)
	}
}

// A visitor who is logged in to the site is known by the signed identity.
func TestVisits_KnowWhoIsLoggedIn(t *testing.T) {
	s := known(t).online()
	token := signed(t, jwt.SigningMethodHS256, []byte(identityKey), jwt.MapClaims{"sub": "u-7", "name": "Ina", "exp": time.Now().Add(time.Minute).Unix()})
	s.tells(`,"identity":"` + token + `"`)
	if v := s.onsite.Visits()[0]; v.Who.Name != "Ina" || !v.Who.Verified || v.Who.Count != 0 {
		t.Errorf("who: %+v", v.Who)
	}
	s.do("POST", "/v1/conversations", `{"client_id":"a-random-client-id","reason":"x","identity":"`+token+`"}`).want(t, 201)
	s.tells(`,"identity":"` + token + `"`)
	if v := s.onsite.Visits()[0]; v.Who.Count != 1 || !v.Who.Talks {
		t.Errorf("who: %+v", v.Who)
	}
}

// onSite makes the room for those who are on the site of a service.
func onSite(store onsite.Store, b *bridge.Bridge, o *webwidget.Options) *onsite.Site {
	o.Onsite = onsite.New(store, onsite.For(b, slog.New(slog.DiscardHandler)))
	return o.Onsite
}

// The same answer to an invitation again, because the first one's answer was lost, gets the same conversation, also where the
// invitation is for a department that the visitor did not name.
func TestVisits_AnInvitationIsAnsweredTwice(t *testing.T) {
	s := known(t).online()
	s.must(s.bridge.Team.Administer(t.Context(), func(tx bridge.Tx) error {
		return tx.SaveDepartment(bridge.Department{Name: "sales", Title: "Sales"})
	}))
	x, _ := s.bridge.Team.Operator(xavi)
	s.must(s.onsite.Save(t.Context(), x, "p", func(r *onsite.Rule, fresh bool) ([]bridge.Changed, error) {
		r.Text, r.Department = "Questions?", "sales"
		return nil, nil
	}))
	a := s.tells("")
	if a.Invitation == nil {
		t.Fatal("not invited")
	}
	body := `{"client_id":"a-random-client-id","reason":"Yes, please","invitation":"` + a.Invitation.Token + `"}`
	var one, two opened
	s.do("POST", "/v1/conversations", body).into(t, 201, &one)
	s.do("POST", "/v1/conversations", body).into(t, 200, &two)
	c, err := s.bridge.Conversation(t.Context(), one.Number)
	if err != nil || c.Department != "sales" || one.Number != two.Number || one.Token != two.Token {
		t.Errorf("#%d in %s, then #%d, %v", one.Number, c.Department, two.Number, err)
	}
}
