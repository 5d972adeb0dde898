package bridge

import (
	"context"
	"crypto/hmac"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"porchlight/bridge/phrase"
	"porchlight/bridge/setting"
	"porchlight/bridge/sitelink"
)

// SiteLink is a link into one of the site's own systems.
type SiteLink = sitelink.Link

// SiteLinks are the links into the site's own systems: a mirror of what the store has, so that an offer waits for nothing.
// The methods may be called by any goroutine; those that take a context may wait for the store.
type SiteLinks struct {
	bridge *Bridge
	turns  atomic.Int64 // looks at the store, in their order
	mu     sync.RWMutex
	turn   int64      // the look at the store that list is from
	list   []SiteLink // by name; replaced as a whole, never changed
}

const (
	mostSiteLinks = 10             // an offer fits a phone
	sealHolds     = 24 * time.Hour // how long a link with a token can be followed from a chat's history
)

// List lists the links, by name. The caller must not change them.
func (s *SiteLinks) List() []SiteLink {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.list
}

// renew reads the links from the store, at the start.
func (s *SiteLinks) renew(ctx context.Context) error {
	var list []SiteLink
	err := s.bridge.store.View(ctx, func(r Reader) (err error) {
		list, err = r.SiteLinks()
		return err
	})
	if err != nil {
		return err
	}
	s.mirror(list, s.turns.Add(1))
	return nil
}

// mirror keeps the links as they are stored, unless later ones are mirrored already.
func (s *SiteLinks) mirror(list []SiteLink, turn int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if turn > s.turn {
		s.turn, s.list = turn, list
	}
}

// change changes the links in a transaction, with its entry in the audit log.
func (s *SiteLinks) change(ctx context.Context, by Operator, line string, f func(Tx, []SiteLink) ([]Changed, error)) error {
	var list []SiteLink
	var turn int64
	err := s.bridge.store.Update(ctx, func(tx Tx) error {
		before, err := tx.SiteLinks()
		if err != nil {
			return err
		}
		changes, err := f(tx, before)
		if err != nil {
			return err
		}
		turn = s.turns.Add(1) // updates run one after the other, so one that begins later sees no less
		if list, err = tx.SiteLinks(); err != nil {
			return err
		}
		return tx.AppendAudit(&Audit{At: s.bridge.clock.Now(), By: by.JID, ByName: by.Name, About: AuditSite, Line: line, Changes: changes})
	})
	if err == nil {
		s.mirror(list, turn)
	}
	return err
}

// longestLink is how long the name of a link is at most, in bytes.
const longestLink = 40

// Add makes a link. Its secret is random, and only the answer tells it.
func (s *SiteLinks) Add(ctx context.Context, by Operator, name, template string) (l SiteLink, err error) {
	name, ok := Handle(name, longestLink)
	if !ok {
		return l, phrase.Fail(phrase.CodeInvalid, "%q is no name such as crm or shop-2: letters from a to z, digits and hyphens.", Clip(name, longestLink))
	}
	if err := sitelink.Check(template, s.own()); err != nil {
		return l, err
	}
	l = SiteLink{Name: name, Template: template, Made: s.bridge.clock.Now(), By: string(by.JID)}
	if l.Signs() {
		l.Secret = sitelink.NewSecret()
	}
	return l, s.change(ctx, by, "link-add "+name, func(tx Tx, list []SiteLink) ([]Changed, error) {
		switch _, err := named(list, name); {
		case err == nil:
			return nil, phrase.Fail(phrase.CodeInvalid, "There is a link %s already. %s deletes it.", name, "link-delete "+name)
		case len(list) >= mostSiteLinks:
			return nil, phrase.Fail(phrase.CodeInvalid, "There are %d links. More are not possible.", len(list))
		}
		return []Changed{{Key: "link", Is: template}}, tx.SaveSiteLink(l)
	})
}

// own are the labels of the site's own fields.
func (s *SiteLinks) own() (labels []string) {
	for _, f := range s.bridge.Settings.Values().Fields(setting.OwnFields) {
		labels = append(labels, f.Label)
	}
	return labels
}

// Delete deletes a link. Those that stand in chats lead nowhere then, if they have a token.
func (s *SiteLinks) Delete(ctx context.Context, by Operator, name string) (l SiteLink, err error) {
	return l, s.change(ctx, by, "link-delete "+name, func(tx Tx, list []SiteLink) (_ []Changed, err error) {
		if l, err = named(list, name); err != nil {
			return nil, err
		}
		return []Changed{{Key: "link", Was: l.Template}}, tx.DeleteSiteLink(l.Name)
	})
}

// Rotate gives a link another secret, which only the answer tells. Tokens by the one before hold for
// sitelink.TokenLasts, if the other system still takes them.
func (s *SiteLinks) Rotate(ctx context.Context, by Operator, name string) (l SiteLink, err error) {
	return l, s.change(ctx, by, "link-secret "+name, func(tx Tx, list []SiteLink) (_ []Changed, err error) {
		if l, err = named(list, name); err != nil {
			return nil, err
		}
		if !l.Signs() {
			return nil, phrase.Fail(phrase.CodeInvalid, "The link %s has no {token}, so it needs no secret.", l.Name)
		}
		l.Secret = sitelink.NewSecret()
		return nil, tx.SaveSiteLink(l)
	})
}

// named finds a link by its name.
func named(list []SiteLink, name string) (SiteLink, error) {
	i := slices.IndexFunc(list, func(l SiteLink) bool { return strings.EqualFold(l.Name, strings.TrimSpace(name)) })
	if i < 0 {
		return SiteLink{}, phrase.Fail(phrase.CodeNotFound, "There is no link %q. links lists them.", Cut(name, 40))
	}
	return list[i], nil
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
		return c.Request.attribute(PhoneAttribute)
	case sitelink.ID:
		return c.Request.Verified
	case sitelink.Number:
		return strconv.FormatInt(c.Number, 10)
	case sitelink.Department:
		return c.Department
	case sitelink.Language:
		return c.Request.Language
	}
	return c.Request.attribute(strings.TrimPrefix(name, sitelink.Attributes))
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
	l, err := named(s.List(), parts[0])
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
