package component

import (
	"context"
	"crypto/sha1"
	"encoding/base64"
	"errors"
	"slices"
	"strings"

	"porchlight/bridge"
	"porchlight/bridge/desk"
	"porchlight/bridge/voice"
	"porchlight/component/stanza"
	"porchlight/component/stream"
)

// feature is what one XEP needs: which payload of an IQ it answers, on which of our
// addresses, and what it adds to service discovery. Each feature is declared in a file
// of its own, and newFeatures lists it once.
type feature struct {
	space, local string                                                  // the payload; local "" for features that answer no IQ
	typ          string                                                  // "get" or "set"
	on           []entity                                                // nil: everywhere
	announced    []string                                                // features that disco#info lists
	answer       func(context.Context, request) (*stream.Element, error) // the payload of the result, or nil
}

// request is an IQ that a feature answers.
type request struct {
	packet
	payload *stream.Element
	entity  entity
	card    bridge.Card // the visitor's, if entity is a visitor
}

// features are the features of a component.
type features []feature

// newFeatures lists every feature.
func newFeatures(b *bridge.Bridge, d *desk.Desk, g *gallery, opts Options) features {
	commands := &adhoc{desk: d, bridge: b, log: opts.Log}
	discovery := &disco{bridge: b, domain: domain(opts.Domain), commands: commands}
	discovery.features = features{
		discovery.infoFeature(), discovery.itemsFeature(), capsFeature(),
		pingFeature(), versionFeature(opts.Version), lastFeature(b, b.Now()), timeFeature(b),
		vcardFeature(b, g), pepFeature(b, g), pictureFeature(), messageFeature(), commands.feature(),
	}
	return discovery.features
}

// find returns the feature that answers a request of type get or set.
func (fs features) find(r request, typ string) (feature, bool) {
	i := slices.IndexFunc(fs, func(f feature) bool {
		return f.space == r.payload.Space && f.local == r.payload.Local && f.typ == typ && f.has(r.entity) && r.entity != entityNone
	})
	if i < 0 {
		return feature{}, false
	}
	return fs[i], true
}

// announced lists the features that an entity announces, sorted.
func (fs features) announced(e entity) []string {
	var list []string
	for _, f := range fs {
		if f.has(e) {
			list = append(list, f.announced...)
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// version returns the verification string of an entity (XEP-0115 §5.1).
func (fs features) version(e entity) string {
	id := identity(e, "")
	s := id[0] + "/" + id[1] + "//" + id[2] + "<" + strings.Join(fs.announced(e), "<") + "<"
	h := sha1.Sum([]byte(s)) // the XEP's mandatory algorithm; nothing secret depends on it
	return base64.StdEncoding.EncodeToString(h[:])
}

// has reports whether an entity has the feature.
func (f feature) has(e entity) bool { return f.on == nil || slices.Contains(f.on, e) }

// nameOf returns the name of the address that a request is for, in the operator's
// language.
func nameOf(b *bridge.Bridge, r request) string {
	switch r.entity {
	case entityService:
		return "porchlight"
	case entityDesk:
		return deskName
	case entityDepartment:
		return r.to.Local
	}
	return voice.For(b, r.operator).Visitor(r.card.Request.Called())
}

// messageFeature announces the extensions that messages may carry.
func messageFeature() feature {
	return feature{on: []entity{entityDesk, entityVisitor}, announced: []string{
		stanza.NSReceipts, stanza.NSMarkers, stanza.NSStates, stanza.NSReaction, stanza.NSReply, stanza.NSSID, stanza.NSReplace, stanza.NSRetract, stanza.NSOOB,
	}}
}

// pictureFeature asks the operators' servers to tell the desk of the operators' avatars (XEP-0163 §4.3.2).
func pictureFeature() feature {
	return feature{on: []entity{entityDesk}, announced: []string{stanza.NSAvatarTold}}
}

// iq answers an operator's IQ. Every get and set is answered (RFC 6120 §8.2.3).
func (c *Component) iq(ctx context.Context, p packet) {
	typ := p.el.Get("type")
	if typ != "get" && typ != "set" {
		return // an answer that nobody waits for any more
	}
	if len(p.el.Children) != 1 {
		c.bounce(p, "modify", "bad-request", "")
		return
	}
	r := request{packet: p, payload: p.el.Children[0]}
	var err error
	if r.entity, r.card, err = c.faces.lookUp(ctx, p.bare()); err != nil {
		c.fail(err, p)
		return
	}
	f, ok := c.faces.features.find(r, typ)
	if !ok {
		c.bounce(p, "cancel", "service-unavailable", "")
		return
	}
	payload, err := f.answer(ctx, r)
	var odd *malformed
	switch {
	case errors.As(err, &odd):
		c.send(odd.refused(p.el))
	case err != nil:
		c.fail(err, p)
	case payload == nil:
		c.send(stanza.Result(p.el))
	default:
		c.send(stanza.Result(p.el, payload))
	}
}
