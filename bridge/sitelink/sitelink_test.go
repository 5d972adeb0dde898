package sitelink

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/url"
	"strings"
	"testing"
	"time"

	"porchlight/bridge/phrase"
)

// A template is an https address in which only what comes after the host is filled in, with what there is.
func TestCheck(t *testing.T) {
	own := []string{"Order number"}
	for template, says := range map[string]string{
		"https://crm.example/{email}?t={token}": "", "https://crm.example:8443/a#{id}": "", "https://crm.example/{Order number}/{attributes.customer}": "", "https://crm.example/": "", "https://crm.example": "",
		"http://crm.example/{email}": "is no address", "crm.example/{email}": "is no address", "https:///x": "is no address", "https://u:p@crm.example/": "is no address", "https://crm.example/a b": "is no address", "https://crm.example/\"": "is no address", "": "is no address",
		"javascript:alert(1)//https://x": "is no address", "HTTPS://{email}.example/": "is no address", "https://crm.example/\n": "is no address", "https://crm.example/" + strings.Repeat("x", 2000): "is no address",
		"https://{email}.example/": "comes after the host", "https://crm.example{email}": "comes after the host", "https://crm.example?a={email}": "comes after the host",
		"https://crm.example/{mail}": "There are: {email}, {name}, {phone}, {id}, {number}, {department}, {language}, {token}, {Order number}, {attributes.…}.", "https://crm.example/{}": "is nothing", "https://crm.example/{attributes.}": "is nothing",
		"https://crm.example/{email": "has no }", "https://crm.example/email}": "has no }", "https://crm.example/{{email}}": "has no }",
	} {
		err := Check(template, own)
		if (err == nil) != (says == "") || err != nil && (!strings.Contains(err.Error(), says) || phrase.CodeOf(err) != phrase.CodeInvalid) {
			t.Errorf("%.60q: %v", template, err)
		}
	}
}

// Values are percent-encoded, and a link of which one is not known is left out.
func TestFill(t *testing.T) {
	values := map[string]string{Email: "anna+1@example.net", Name: "Ana/../é?&#", Number: "12", Phone: "..", Language: "."}
	for template, want := range map[string]string{
		"https://crm.example/{email}":           "https://crm.example/anna%2B1%40example.net",
		"https://crm.example/{number}?n={name}": "https://crm.example/12?n=Ana%2F..%2F%C3%A9%3F%26%23",
		"https://crm.example/{id}/{email}":      "", "https://crm.example/{phone}/x": "", "https://crm.example/{language}/x": "", "https://crm.example/x": "https://crm.example/x",
	} {
		got, ok := Link{Template: template}.Fill(func(name string) string { return values[name] })
		if ok != (want != "") || ok && got != want {
			t.Errorf("%s: %q, %v", template, got, ok)
		}
	}
	if _, ok := (Link{Template: "https://crm.example/{name}"}).Fill(func(string) string { return strings.Repeat("é", 1000) }); ok {
		t.Error("an address that is far too long is a link")
	}
}

// A token is a JWT by HS256 with the text of the secret as its key, which holds for some minutes.
func TestToken(t *testing.T) {
	now := time.Unix(1_700_000_000, 0)
	l := Link{Name: "crm", Secret: NewSecret()}
	claims := Claims{Issuer: "https://chat.example.org", Subject: "xavi@example.org", Name: "Xavi", Number: 12, Visitor: Visitor{Name: "Anna", Email: "anna@example.net"}}
	token := l.Token(claims, now)
	parts := strings.Split(token, ".")
	if len(parts) != 3 || len(l.Secret) < 50 {
		t.Fatalf("the token is %q, the secret %q", token, l.Secret)
	}
	mac := hmac.New(sha256.New, []byte(l.Secret))
	mac.Write([]byte(parts[0] + "." + parts[1]))
	if base64.RawURLEncoding.EncodeToString(mac.Sum(nil)) != parts[2] {
		t.Error("it is not signed with the secret")
	}
	header, _ := base64.RawURLEncoding.DecodeString(parts[0])
	body, _ := base64.RawURLEncoding.DecodeString(parts[1])
	var got Claims
	if err := json.Unmarshal(body, &got); err != nil || string(header) != `{"alg":"HS256","typ":"JWT"}` {
		t.Fatalf("%s, %s: %v", header, body, err)
	}
	if id := got.ID; id == "" || strings.Contains(l.Token(claims, now), parts[1]) {
		t.Errorf("two tokens are the same: %s", id)
	}
	claims.Audience, claims.Issued, claims.Expires, claims.ID = "crm", 1_700_000_000, 1_700_000_300, got.ID
	if got != claims {
		t.Errorf("it says %+v", got)
	}
}

// Whatever a template and a value are, what passes Check leads to the host of the template, and the value stays one piece of
// the address.
func FuzzFill(f *testing.F) {
	f.Add("https://crm.example/{email}?t={token}", "anna@example.net")
	f.Add("https://crm.example/a/{name}#{id}", "../../x?y#z\r\n")
	f.Add("https://crm.example/{attributes.x}", "%2e%2e")
	f.Fuzz(func(t *testing.T, template, value string) {
		l := Link{Template: template}
		if Check(template, nil) != nil {
			return
		}
		address, ok := l.Fill(func(string) string { return value })
		if !ok {
			return
		}
		u, err := url.Parse(address)
		plain, _ := l.Fill(func(string) string { return "x" })
		want, err2 := url.Parse(plain)
		if err != nil || err2 != nil || u.Scheme != "https" || u.Host != want.Host || u.User != nil || u.Host != l.Host() {
			t.Fatalf("%q with %q leads to %q: %v", template, value, address, err)
		}
		for _, sign := range "/?#&=:@+; " {
			if strings.Count(address, string(sign)) != strings.Count(plain, string(sign)) {
				t.Fatalf("%q with %q becomes %q", template, value, address)
			}
		}
	})
}
