package sitelink

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"time"
)

// TokenLasts is how long a token holds. It is made when an operator follows the link, so it has to last until the other
// system has read it.
const TokenLasts = 5 * time.Minute

// Claims are what a token says (RFC 7519 §4.1; OpenID Connect Core §5.1 for name).
type Claims struct {
	Issuer   string  `json:"iss"` // the public address of porchlight
	Audience string  `json:"aud"` // the link's name
	Subject  string  `json:"sub"` // the operator's address
	Name     string  `json:"name"`
	Issued   int64   `json:"iat"` // seconds since 1970, as Expires
	Expires  int64   `json:"exp"`
	ID       string  `json:"jti"` // random
	Number   int64   `json:"conversation"`
	Visitor  Visitor `json:"visitor"`
}

// Visitor is what a token says of the visitor whom the conversation is with.
type Visitor struct {
	Name  string `json:"name,omitempty"`
	Email string `json:"email,omitempty"` // what the visitor gave, unless the site's identities have an address of their own
	ID    string `json:"id,omitempty"`    // the subject of the signed identity
}

// Token makes a token that holds for TokenLasts from now on: a JWT (RFC 7519) by HS256. The key is the text of the link's
// secret, as most libraries take one.
func (l Link) Token(c Claims, now time.Time) string {
	c.Audience, c.Issued, c.Expires, c.ID = l.Name, now.Unix(), now.Add(TokenLasts).Unix(), rand.Text()
	body, err := json.Marshal(c)
	if err != nil { // can't happen: it holds texts and numbers
		panic(err)
	}
	encode := base64.RawURLEncoding.EncodeToString
	signed := encode([]byte(`{"alg":"HS256","typ":"JWT"}`)) + "." + encode(body)
	mac := hmac.New(sha256.New, []byte(l.Secret))
	mac.Write([]byte(signed))
	return signed + "." + encode(mac.Sum(nil))
}

// NewSecret makes the secret of a link: 260 random bits, as text.
func NewSecret() string { return "pls_" + rand.Text() + rand.Text() }
