package component

import (
	"context"
	"crypto/sha1"
	"encoding/base64"
	"slices"
	"strings"

	"porchlight/bridge/phrase"
	"porchlight/component/stanza"
	"porchlight/component/stream"
)

// Service discovery (XEP-0030) and entity capabilities (XEP-0115) are collected
// from the features.

// capsNode is the node of our capabilities.
const capsNode = "urn:porchlight"

func discoInfo() feature {
	return feature{space: stanza.NSInfo, local: "query", typ: "get", announced: []string{stanza.NSInfo}, answer: (*Component).info}
}

func discoItems() feature {
	return feature{space: stanza.NSItems, local: "query", typ: "get", announced: []string{stanza.NSItems}, answer: (*Component).items}
}

func capsFeature() feature {
	return feature{on: []entity{entityDesk, entityVisitor}, announced: []string{stanza.NSCaps}}
}

// identity is an entity's category, type and name. A visitor has exactly one,
// by which clients take it for a person (XEP-0030 §3.1).
func (c *Component) identity(e entity, name string) []string {
	switch e {
	case entityService:
		return []string{"gateway", "livechat", "porchlight"}
	case entityDesk:
		return []string{"client", "bot", deskName}
	case entityDepartment:
		return []string{"account", "registered", name}
	}
	return []string{"account", "registered", ""} // the same for all, so that capabilities are
}

// announced lists the features of an entity, sorted.
func (c *Component) announced(e entity) []string {
	var list []string
	for _, f := range c.features {
		if f.has(e) {
			list = append(list, f.announced...)
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// info answers disco#info. The node that was asked for is echoed, as it must be
// for capabilities (XEP-0115 §6.2).
func (c *Component) info(_ context.Context, r request) (*stream.Element, error) {
	id := c.identity(r.entity, r.to.Local)
	q := stream.New(stanza.NSInfo, "query", stream.New("", "identity").With("category", id[0], "type", id[1]))
	if id[2] != "" {
		q.Children[0] = q.Children[0].With("name", id[2])
	}
	switch node := r.payload.Get("node"); {
	case node == "":
	case c.hasCommand(r.entity, r.operator, node):
		return commandInfo(node), nil
	case node == capsNode || strings.HasPrefix(node, capsNode+"#"):
		q = q.With("node", node)
	default:
		return nil, phrase.Fail(phrase.CodeNotFound, "There is no such node.")
	}
	for _, f := range c.announced(r.entity) {
		q.Children = append(q.Children, stream.New("", "feature").With("var", f))
	}
	return q, nil
}

// items answers disco#items: of the domain the desk and the departments, of the
// commands' node the commands.
func (c *Component) items(_ context.Context, r request) (*stream.Element, error) {
	q := stream.New(stanza.NSItems, "query")
	if node := r.payload.Get("node"); node != "" {
		if node == stanza.NSCommands {
			q.Children = c.commandItems(r)
		}
		return q.With("node", node), nil
	}
	if r.entity != entityService {
		return q, nil
	}
	q.Children = append(q.Children, stream.New("", "item").With("jid", c.deskJID(), "name", deskName))
	for _, d := range c.bridge.Departments() {
		q.Children = append(q.Children, stream.New("", "item").With("jid", d.Name+"@"+c.opts.Domain, "name", d.Title))
	}
	return q, nil
}

// capsVersion is the verification string of an entity (XEP-0115 §5.1).
func (c *Component) capsVersion(e entity) string {
	id := c.identity(e, "")
	s := id[0] + "/" + id[1] + "//" + id[2] + "<" + strings.Join(c.announced(e), "<") + "<"
	h := sha1.Sum([]byte(s)) // the XEP's mandatory algorithm; nothing secret depends on it
	return base64.StdEncoding.EncodeToString(h[:])
}
