package bridge

import (
	"context"
	"crypto/hmac"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"time"

	"porchlight/bridge/phrase"
	"porchlight/bridge/sitelink"
)

// SiteLink is a link into one of the site's own systems.
type SiteLink = sitelink.Link

// SiteLinks are the links into the site's own systems: a mirror of what package links keeps, so that an offer waits for nothing.
// The methods may be called by any goroutine; those that take a context may wait for the store.
type SiteLinks struct {
	bridge *Bridge
	mu     sync.RWMutex
	turn   int64      // the look at the store that list is from
	list   []SiteLink // by name; replaced as a whole, never changed
}

// sealHolds is how long a link with a token can be followed from a chat's history.
const sealHolds = 24 * time.Hour

// List lists the links, by name. The caller must not change them.
func (s *SiteLinks) List() []SiteLink {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.list
}

// Mirror keeps the links as a look at the store found them, by name, unless a later look is mirrored already: turn numbers
// the looks.
func (s *SiteLinks) Mirror(list []SiteLink, turn int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if turn > s.turn {
		s.turn, s.list = turn, list
	}
}

// Pointer is a link as it stands in an offer.
type Pointer struct{ Name, URL string }

// Of lists the links of a conversation for an operator who reads them in a chat: those of which all that is filled in is
// known. One with a token leads over the team's page, which makes the token when the operator follows it, since an offer
// may be old by then, and a chat's history is no place for tokens.
func (s *SiteLinks) Of(c Card, o OperatorJID) (list []Pointer) {
	for _, l := range s.List() {
		signs := l.Signs()
		url, ok := l.Fill(func(name string) string {
			if name == sitelink.TokenValue {
				return "-"
			}
			return c.filling(name)
		})
		switch {
		case !ok || signs && o == "":
			continue
		case signs:
			url = s.bridge.Passes.url("to/" + s.seal(l.Name, c.Number, o, s.bridge.clock.Now().Add(sealHolds)))
		}
		list = append(list, Pointer{l.Name, url})
	}
	return list
}

// filling is what stands in the place of a placeholder; "" if it is not known.
func (c Card) filling(name string) string {
	switch name {
	case sitelink.Email:
		if c.Email != "" {
			return c.Email
		}
		return c.Kept.Email
	case sitelink.Name:
		if called := c.Request.Called(); called != Nameless {
			return called
		}
		return ""
	case sitelink.Phone:
		if c.Kept.Phone != "" {
			return c.Kept.Phone
		}
		return c.Request.filled()[PhoneAttribute]
	case sitelink.ID:
		return c.Request.Verified
	case sitelink.Number:
		return strconv.FormatInt(c.Number, 10)
	case sitelink.Department:
		return c.Department
	case sitelink.Language:
		return c.Request.Language
	}
	if attribute, ok := strings.CutPrefix(name, sitelink.Attributes); ok {
		return c.Request.attribute(attribute)
	}
	return c.Request.filled()[name]
}

// attribute is an attribute that is a text or a number; "" if there is none.
func (r Request) attribute(name string) string {
	var all map[string]json.RawMessage
	if json.Unmarshal([]byte(r.Attributes), &all) != nil {
		return ""
	}
	var text string
	var number json.Number
	switch {
	case json.Unmarshal(all[name], &text) == nil:
		return strings.TrimSpace(text)
	case json.Unmarshal(all[name], &number) == nil:
		return number.String()
	}
	return ""
}

// seal writes for whom a link to a conversation is, and until when, so that nobody else can write it.
func (s *SiteLinks) seal(link string, number int64, o OperatorJID, until time.Time) string {
	said := fmt.Sprintf("%s.%d.%d.%s", link, number, until.Unix(), base64.RawURLEncoding.EncodeToString([]byte(o)))
	return said + "." + s.bridge.Tokens.Seal("site link", said)
}

// Follow opens what seal wrote: the link's name, and the address to which it leads the operator now. CodeNotFound says that it
// is none, is too old, or that the operator may not see the conversation any more.
func (s *SiteLinks) Follow(ctx context.Context, sealed string) (Pointer, error) {
	lost := phrase.Fail(phrase.CodeNotFound, "This link leads nowhere any more. Write !info in the chat for a new one.")
	i := strings.LastIndexByte(sealed, '.')
	if i < 0 || !hmac.Equal([]byte(sealed[i+1:]), []byte(s.bridge.Tokens.Seal("site link", sealed[:i]))) {
		return Pointer{}, lost
	}
	parts := strings.Split(sealed[:i], ".")
	if len(parts) != 4 {
		return Pointer{}, lost
	}
	number, _ := strconv.ParseInt(parts[1], 10, 64) // 0 is no conversation's
	until, _ := strconv.ParseInt(parts[2], 10, 64)  // 0 was long ago
	jid, _ := base64.RawURLEncoding.DecodeString(parts[3])
	l, err := sitelink.Named(s.List(), parts[0])
	o, there := s.bridge.Team.Operator(OperatorJID(jid))
	if err != nil || !there || s.bridge.clock.Now().Unix() >= until {
		return Pointer{}, lost
	}
	var card Card
	err = s.bridge.store.View(ctx, func(r Reader) error {
		c, err := r.Conversation(number)
		if err == nil {
			err = serves(r, c, o)
		}
		if err == nil {
			card, err = s.bridge.card(r, number)
		}
		return err
	})
	switch phrase.CodeOf(err) {
	case phrase.CodeNotFound, phrase.CodeForbidden:
		return Pointer{}, lost
	}
	if err != nil {
		return Pointer{}, err
	}
	return s.signed(l, card, o, lost)
}

// signed is a link with a token for an operator.
func (s *SiteLinks) signed(l SiteLink, c Card, o Operator, lost error) (Pointer, error) {
	claims := sitelink.Claims{Issuer: s.bridge.opts.PublicURL, Subject: string(o.JID), Name: o.Name, Number: c.Number,
		Visitor: sitelink.Visitor{Name: c.filling(sitelink.Name), Email: c.filling(sitelink.Email), ID: c.Request.Verified}}
	url, ok := l.Fill(func(name string) string {
		if name == sitelink.TokenValue {
			return l.Token(claims, s.bridge.clock.Now())
		}
		return c.filling(name)
	})
	if !ok {
		return Pointer{}, lost
	}
	return Pointer{l.Name, url}, nil
}
