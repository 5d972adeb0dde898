// Package links makes and deletes the links into the site's own systems, for super operators. What a link is, package sitelink
// says; where links stand and where they lead, bridge.SiteLinks does, which has a mirror of them.
package links

import (
	"context"
	"sync/atomic"

	"porchlight/bridge"
	"porchlight/bridge/phrase"
	"porchlight/bridge/setting"
	"porchlight/bridge/sitelink"
)

const (
	mostLinks = 10 // an offer fits a phone
	longest   = 40 // the bytes of a link's name
)

// Links knows the links. Its methods may be called by any goroutine, and may wait for the store.
type Links struct {
	store  Store
	bridge *bridge.Bridge
	turns  atomic.Int64 // looks at the store, in their order
}

// New makes a Links.
func New(store Store, b *bridge.Bridge) *Links { return &Links{store: store, bridge: b} }

// Load has the bridge mirror the links, at the start.
func (s *Links) Load(ctx context.Context) error {
	var list []bridge.SiteLink
	err := s.store.ViewLinks(ctx, func(r Reader) (err error) {
		list, err = r.SiteLinks()
		return err
	})
	if err == nil {
		s.bridge.SiteLinks.Mirror(list, s.turns.Add(1))
	}
	return err
}

// change changes the links in a transaction, with its entry in the audit log.
func (s *Links) change(ctx context.Context, by bridge.Operator, line string, f func(Tx, []bridge.SiteLink) ([]bridge.Changed, error)) error {
	var list []bridge.SiteLink
	var turn int64
	err := s.store.UpdateLinks(ctx, func(tx Tx) error {
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
		return tx.AppendAudit(&bridge.Audit{At: s.bridge.Now(), By: by.JID, ByName: by.Name, About: bridge.AuditSite, Line: line, Changes: changes})
	})
	if err == nil {
		s.bridge.SiteLinks.Mirror(list, turn)
		s.bridge.Nodes.Changed()
	}
	return err
}

// Add makes a link. Its secret is random, and only the answer tells it.
func (s *Links) Add(ctx context.Context, by bridge.Operator, name, template string) (l bridge.SiteLink, err error) {
	name, ok := bridge.Handle(name, longest)
	if !ok {
		return l, phrase.Fail(phrase.CodeInvalid, "%q is no name such as crm or shop-2: letters from a to z, digits and hyphens.", bridge.Clip(name, longest))
	}
	if err := sitelink.Check(template, s.own()); err != nil {
		return l, err
	}
	l = bridge.SiteLink{Name: name, Template: template, Made: s.bridge.Now(), By: string(by.JID)}
	if l.Signs() {
		l.Secret = sitelink.NewSecret()
	}
	return l, s.change(ctx, by, "link-add "+name, func(tx Tx, list []bridge.SiteLink) ([]bridge.Changed, error) {
		switch _, err := sitelink.Named(list, name); {
		case err == nil:
			return nil, phrase.Fail(phrase.CodeInvalid, "There is a link %s already. %s deletes it.", name, "link-delete "+name)
		case len(list) >= mostLinks:
			return nil, phrase.Fail(phrase.CodeInvalid, "There are %d links. More are not possible.", len(list))
		}
		return []bridge.Changed{{Key: "link", Is: template}}, tx.SaveSiteLink(l)
	})
}

// own are the labels of the site's own fields.
func (s *Links) own() (labels []string) {
	for _, f := range s.bridge.Settings.Values().Fields(setting.OwnFields) {
		labels = append(labels, f.Label)
	}
	return labels
}

// Delete deletes a link. Those that stand in chats lead nowhere then, if they have a token.
func (s *Links) Delete(ctx context.Context, by bridge.Operator, name string) (l bridge.SiteLink, err error) {
	return l, s.change(ctx, by, "link-delete "+name, func(tx Tx, list []bridge.SiteLink) (_ []bridge.Changed, err error) {
		if l, err = sitelink.Named(list, name); err != nil {
			return nil, err
		}
		return []bridge.Changed{{Key: "link", Was: l.Template}}, tx.DeleteSiteLink(l.Name)
	})
}

// Rotate gives a link another secret, which only the answer tells. Tokens by the one before hold for
// sitelink.TokenLasts, if the other system still takes them.
func (s *Links) Rotate(ctx context.Context, by bridge.Operator, name string) (l bridge.SiteLink, err error) {
	return l, s.change(ctx, by, "link-secret "+name, func(tx Tx, list []bridge.SiteLink) (_ []bridge.Changed, err error) {
		if l, err = sitelink.Named(list, name); err != nil {
			return nil, err
		}
		if !l.Signs() {
			return nil, phrase.Fail(phrase.CodeInvalid, "The link %s has no {token}, so it needs no secret.", l.Name)
		}
		l.Secret = sitelink.NewSecret()
		return nil, tx.SaveSiteLink(l)
	})
}
