package component

import (
	"context"

	"porchlight/bridge"
	"porchlight/component/stanza"
	"porchlight/component/stream"
)

// feature is what one XEP needs: which payload of an IQ it answers, on which of
// our addresses, and what it adds to service discovery. Each is declared in a
// file of its own and listed here once.
type feature struct {
	space, local string   // the payload; local "" for features that answer no IQ
	typ          string   // "get" or "set"
	on           []entity // nil: everywhere
	announced    []string // what disco#info says
	answer       func(*Component, context.Context, request) (*stream.Element, error)
}

// request is an IQ that a feature answers.
type request struct {
	packet
	payload *stream.Element
	entity  entity
	card    bridge.Card // of a visitor
}

// features lists all of them.
func features() []feature {
	return []feature{
		discoInfo(), discoItems(), capsFeature(),
		pingFeature(), versionFeature(), lastFeature(), timeFeature(),
		vcardFeature(), pepFeature(), messageFeature(), adhocFeature(),
	}
}

// has reports whether the feature exists on that entity.
func (f feature) has(e entity) bool {
	for _, x := range f.on {
		if x == e {
			return true
		}
	}
	return f.on == nil
}

// messageFeature announces what messages may carry.
func messageFeature() feature {
	return feature{on: []entity{entityDesk, entityVisitor}, announced: []string{
		stanza.NSReceipts, stanza.NSMarkers, stanza.NSStates, stanza.NSReaction, stanza.NSReply, stanza.NSSID, stanza.NSReplace, stanza.NSRetract, stanza.NSOOB,
	}}
}

// iq answers an operator's IQ. Every get and set is answered (RFC 6120 §8.2.3).
func (c *Component) iq(ctx context.Context, p packet) {
	typ := p.el.Get("type")
	if typ != "get" && typ != "set" {
		return // to nothing that is still waited for
	}
	if len(p.el.Children) != 1 {
		c.send(stanza.Error(p.el, "modify", "bad-request", ""))
		return
	}
	r := request{packet: p, payload: p.el.Children[0]}
	var err error
	if r.entity, r.card, err = c.lookUp(ctx, p.bare()); err != nil {
		c.fail(err, p)
		return
	}
	for _, f := range c.features {
		if f.space != r.payload.Space || f.local != r.payload.Local || f.typ != typ || !f.has(r.entity) || r.entity == entityNone {
			continue
		}
		payload, err := f.answer(c, ctx, r)
		switch {
		case err != nil:
			c.fail(err, p)
		case payload == nil:
			c.send(stanza.Result(p.el))
		default:
			c.send(stanza.Result(p.el, payload))
		}
		return
	}
	c.send(stanza.Error(p.el, "cancel", "service-unavailable", ""))
}
