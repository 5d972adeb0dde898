package webwidget_test

import (
	"crypto/ed25519"
	"crypto/rand"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

const identityKey = "a key that the website's server has, too"

// signed makes an identity in the way of a website.
func signed(t *testing.T, method jwt.SigningMethod, key any, claims jwt.MapClaims) string {
	t.Helper()
	token, err := jwt.NewWithClaims(method, claims).SignedString(key)
	if err != nil {
		t.Fatal(err)
	}
	return token
}

func TestIdentity_Verified(t *testing.T) {
	s := start(t).online()
	claims := jwt.MapClaims{"sub": "u42", "name": "Anna Berg", "email": "anna@example.org", "exp": time.Now().Add(time.Minute).Unix()}
	body := toJSON(map[string]string{"name": "Somebody", "email": "else@example.org", "reason": "x", "identity": signed(t, jwt.SigningMethodHS256, []byte(identityKey), claims)})
	first, again := s.ask(body), s.ask(strings.Replace(body, `"x"`, `"y"`, 1))
	card, err := s.bridge.Card(t.Context(), first.Number)
	if err != nil {
		t.Fatal(err)
	}
	if q := card.Request; q.Name != "Anna Berg" || q.Email != "anna@example.org" || q.Verified != "u42" {
		t.Errorf("request %+v, want what the identity says", q)
	}
	if !strings.HasPrefix(first.Visitor, "anna-berg-") || first.Visitor != again.Visitor {
		t.Errorf("visitors %s and %s, want the same of one subject", first.Visitor, again.Visitor)
	}
}

func TestIdentity_WhatItDoesNotSayTheVisitorMay(t *testing.T) {
	s := start(t)
	claims := jwt.MapClaims{"sub": "u42", "exp": time.Now().Add(time.Minute).Unix()}
	o := s.ask(toJSON(map[string]string{"name": "Anna", "email": "anna@example.org", "reason": "x", "identity": signed(t, jwt.SigningMethodHS256, []byte(identityKey), claims)}))
	card, err := s.bridge.Card(t.Context(), o.Number)
	if err != nil {
		t.Fatal(err)
	}
	if q := card.Request; q.Name != "Anna" || q.Email != "anna@example.org" || q.Verified != "u42" {
		t.Errorf("request %+v", q)
	}
}

func TestIdentity_Refused(t *testing.T) {
	s := start(t).online()
	_, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	soon := time.Now().Add(time.Minute).Unix()
	good := jwt.MapClaims{"sub": "u42", "exp": soon}
	key := []byte(identityKey)
	whole := signed(t, jwt.SigningMethodHS256, key, good)
	for name, token := range map[string]string{
		"expired":          signed(t, jwt.SigningMethodHS256, key, jwt.MapClaims{"sub": "u42", "exp": time.Now().Add(-time.Second).Unix()}),
		"no exp":           signed(t, jwt.SigningMethodHS256, key, jwt.MapClaims{"sub": "u42"}),
		"no sub":           signed(t, jwt.SigningMethodHS256, key, jwt.MapClaims{"exp": soon}),
		"sub of mail":      signed(t, jwt.SigningMethodHS256, key, jwt.MapClaims{"sub": "mail:ann@example.org", "exp": soon}),
		"long sub":         signed(t, jwt.SigningMethodHS256, key, jwt.MapClaims{"sub": strings.Repeat("u", 256), "exp": soon}),
		"far end":          signed(t, jwt.SigningMethodHS256, key, jwt.MapClaims{"sub": "u42", "exp": time.Now().Add(25 * time.Hour).Unix()}),
		"end of time":      signed(t, jwt.SigningMethodHS256, key, jwt.MapClaims{"sub": "u42", "exp": 253402300799}),
		"for another":      signed(t, jwt.SigningMethodHS256, key, jwt.MapClaims{"sub": "u42", "exp": soon, "aud": "https://other.example.org"}),
		"for others":       signed(t, jwt.SigningMethodHS256, key, jwt.MapClaims{"sub": "u42", "exp": soon, "aud": []string{"https://chat.example.org", "http://chat.example.org.evil.example"}}),
		"aud is a number":  signed(t, jwt.SigningMethodHS256, key, jwt.MapClaims{"sub": "u42", "exp": soon, "aud": 5}),
		"not yet":          signed(t, jwt.SigningMethodHS256, key, jwt.MapClaims{"sub": "u42", "exp": soon, "nbf": soon}),
		"wrong key":        signed(t, jwt.SigningMethodHS256, []byte("another key"), good),
		"empty key":        signed(t, jwt.SigningMethodHS256, []byte{}, good),
		"alg none":         signed(t, jwt.SigningMethodNone, jwt.UnsafeAllowNoneSignatureType, good),
		"alg HS512":        signed(t, jwt.SigningMethodHS512, key, good),
		"alg EdDSA":        signed(t, jwt.SigningMethodEdDSA, private, good),
		"no signature":     whole[:strings.LastIndex(whole, ".")+1],
		"changed":          whole[:10] + "A" + whole[11:],
		"name is a number": signed(t, jwt.SigningMethodHS256, key, jwt.MapClaims{"sub": "u42", "exp": soon, "name": 5}),
		"no token":         "x",
	} {
		t.Run(name, func(t *testing.T) {
			r := s.do("POST", "/v1/conversations", toJSON(map[string]string{"reason": "x", "identity": token}))
			if p := r.refused(t, http.StatusUnprocessableEntity, "invalid"); p.Errors["identity"] == "" {
				t.Errorf("errors %v, want one for identity", p.Errors)
			}
		})
	}
	if o := s.ask(""); o.Number != 1 {
		t.Errorf("the first conversation is #%d: something refused was stored", o.Number)
	}
}

func TestIdentity_Audience(t *testing.T) {
	s := start(t).online()
	for _, aud := range []any{"http://chat.example.org", "http://chat.example.org/", []string{"https://other.example.org", "http://chat.example.org"}} {
		claims := jwt.MapClaims{"sub": "u42", "exp": time.Now().Add(time.Minute).Unix(), "aud": aud}
		s.ask(toJSON(map[string]string{"reason": "x", "identity": signed(t, jwt.SigningMethodHS256, []byte(identityKey), claims)}))
	}
}

func TestIdentity_Off(t *testing.T) {
	s := start(t, func(o *setup) { o.IdentityKey = nil }).online()
	token := signed(t, jwt.SigningMethodHS256, []byte{}, jwt.MapClaims{"sub": "u42", "exp": time.Now().Add(time.Minute).Unix()})
	s.do("POST", "/v1/conversations", toJSON(map[string]string{"reason": "x", "identity": token})).refused(t, http.StatusUnprocessableEntity, "invalid")
}

// Who signs in while they talk goes on in the same conversation, which operators see; another browser finds it with the identity alone. Without
// the conversation's token an identity changes nothing, and a bad identity changes nothing with it.
func TestIdentity_OfWhoBeganWithoutOne(t *testing.T) {
	s := start(t).online()
	o, other := s.ask(`{"name":"Anna","reason":"My lamp?"}`), s.ask(`{"name":"Eve","reason":"x"}`)
	s.answer(o, "Which lamp?")
	is := func(subject string) string {
		return toJSON(map[string]string{"identity": signed(t, jwt.SigningMethodHS256, []byte(identityKey), jwt.MapClaims{"sub": subject, "name": "Anna Berg", "exp": time.Now().Add(time.Minute).Unix()})})
	}
	s.do("POST", "/v1/conversations/"+o.ID+"/identity", is("u42"), "Authorization: Bearer "+other.Token).refused(t, http.StatusNotFound, "not-found")
	s.do("POST", "/v1/conversations/"+o.ID+"/identity", is("u42")).refused(t, http.StatusNotFound, "not-found")
	s.call(o, "POST", "/identity", `{"identity":"x"}`).refused(t, http.StatusUnprocessableEntity, "invalid")
	s.call(o, "POST", "/identity", is("u42")).want(t, http.StatusNoContent)
	s.call(o, "POST", "/identity", is("u43")).refused(t, http.StatusConflict, "conflict")
	card, err := s.bridge.Card(t.Context(), o.Number)
	if q := card.Request; err != nil || q.Name != "Anna Berg" || q.Verified != "u42" {
		t.Errorf("request %+v, %v", q, err)
	}
	if r := s.call(o, "GET", "/events?after=0", "", "Accept: application/json"); strings.Contains(r.body, "u42") || strings.Contains(r.body, "identity") {
		t.Errorf("the visitor's log has what is for operators: %s", r.body)
	}
	var found struct {
		Conversations []struct {
			opened
			About, With, Name string
			Last              struct{ From, Text string }
			Unread            int
		}
	}
	s.do("POST", "/v1/me", is("u42"), "Content-Type: text/plain").into(t, http.StatusOK, &found)
	if len(found.Conversations) != 1 {
		t.Fatalf("another browser finds %+v", found)
	}
	c := found.Conversations[0]
	if c.ID != o.ID || c.About != "My lamp?" || c.With != "Xavi" || c.Last.From != "operator" || c.Last.Text != "Which lamp?" || c.Unread != 1 || c.State != "active" || c.Name != "Anna Berg" {
		t.Errorf("it finds %+v", c)
	}
	s.write(c.opened, "other-browsers-id", "The red one")
	for body, want := range map[string]string{is("u43"): `{"conversations":[]}`, "{}": `{"conversations":[]}`, toJSON(map[string]any{"conversations": []map[string]string{{"id": o.ID, "token": other.Token}}}): `{"conversations":[]}`} {
		if r := s.do("POST", "/v1/me", body); strings.TrimSpace(r.body) != want {
			t.Errorf("%s finds %s", body, r.body)
		}
	}
	s.do("POST", "/v1/me", `{"identity":"x"}`).refused(t, http.StatusUnprocessableEntity, "invalid")
}
