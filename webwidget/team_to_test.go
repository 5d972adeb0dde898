package webwidget_test

import (
	"encoding/base64"
	"html"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"porchlight/bridge"
)

// pointer is the path of a link with a token, as it stands in an offer to xavi.
func (s *service) pointer(number int64) (path, secret string) {
	s.Helper()
	l := bridge.SiteLink{Name: "crm", Template: "https://crm.example/{email}?a=1&t={token}", Secret: "pls_some_secret_of_the_other_system"}
	s.bridge.SiteLinks.Mirror([]bridge.SiteLink{l}, 1)
	card, err := s.bridge.Card(s.Context(), number)
	s.must(err)
	url := s.bridge.SiteLinks.Of(card, xavi)[0].URL
	return url[strings.Index(url, "/team/to/"):], l.Secret
}

// Whoever follows a link with a token from an offer comes to the other system with a token that is made then: it says who they
// are and holds for minutes. The page says nothing of where it comes from, and asks for the token in no address of ours.
func TestTeam_To(t *testing.T) {
	s := limited(t)
	s.online()
	o := s.ask("")
	path, secret := s.pointer(o.Number)
	if r := s.do("GET", path, ""); r.status != 200 || strings.Contains(r.body, "crm.example") || !strings.Contains(r.body, `<form method="post" action="`+path+`"><button>Go on to crm</button></form>`) {
		t.Fatalf("the button: %d %s", r.status, r.body) // a preview of the link gets no token
	}
	const posted = "Content-Type: application/x-www-form-urlencoded"
	r := s.do("POST", path, "", posted)
	m := regexp.MustCompile(`<meta http-equiv="refresh" content="0; url=([^"]+)">`).FindStringSubmatch(r.body)
	if r.status != 200 || m == nil || r.header.Get("Referrer-Policy") != "no-referrer" || r.header.Get("Cache-Control") != "no-store" || !strings.Contains(r.body, `rel="noreferrer">Go on to crm</a>`) {
		t.Fatalf("%d %v %s", r.status, r.header, r.body)
	}
	url := html.UnescapeString(m[1])
	token, ok := strings.CutPrefix(url, "https://crm.example/anna%40example.org?a=1&t=")
	if !ok || !strings.Contains(html.UnescapeString(r.body), `<a href="`+url+`"`) {
		t.Fatalf("it leads to %s by %s", url, r.body)
	}
	var claims struct {
		jwt.RegisteredClaims
		Name    string
		Visitor struct{ Name, Email string }
	}
	if _, err := jwt.ParseWithClaims(token, &claims, func(*jwt.Token) (any, error) { return []byte(secret), nil },
		jwt.WithValidMethods([]string{"HS256"}), jwt.WithAudience("crm"), jwt.WithExpirationRequired(), jwt.WithIssuedAt(), jwt.WithTimeFunc(s.bridge.Now)); err != nil {
		t.Error(err)
	}
	if claims.Subject != string(xavi) || claims.Name != "Xavi" || claims.Visitor.Email != "anna@example.org" || claims.ExpiresAt.Sub(s.bridge.Now()) > 5*time.Minute {
		t.Errorf("it says %+v", claims)
	}
	other := strings.Replace(path, base64.RawURLEncoding.EncodeToString([]byte(xavi)), base64.RawURLEncoding.EncodeToString([]byte(bridge.OperatorJID("olga@example.org"))), 1)
	for _, wrong := range []string{other, path + "x", "/team/to/x"} {
		if r := s.do("POST", wrong, "", posted); r.status != 404 || !strings.Contains(r.body, "leads nowhere any more") || strings.Contains(r.body, "Send team") {
			t.Errorf("%s: %d %s", wrong, r.status, r.body)
		}
	}
}
