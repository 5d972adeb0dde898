package component

import (
	"context"
	"strings"

	"porchlight/bridge"
	"porchlight/bridge/phrase"
	"porchlight/component/stanza"
	"porchlight/component/stream"
)

// disco answers service discovery (XEP-0030). What it announces is collected from the
// features, and so are the entity capabilities (XEP-0115).
type disco struct {
	bridge   *bridge.Bridge
	domain   domain
	commands *adhoc
	features features
}

// capsNode is the node of our capabilities.
const capsNode = "urn:porchlight"

func (d *disco) infoFeature() feature {
	return feature{space: stanza.NSInfo, local: "query", typ: "get", announced: []string{stanza.NSInfo}, answer: d.info}
}

func (d *disco) itemsFeature() feature {
	return feature{space: stanza.NSItems, local: "query", typ: "get", announced: []string{stanza.NSItems}, answer: d.items}
}

func capsFeature() feature {
	return feature{on: []entity{entityDesk, entityVisitor}, announced: []string{stanza.NSCaps}}
}

// identity returns an entity's category, type and name. The one of a visitor makes
// clients take the visitor for a person (XEP-0030 §3.1).
func identity(e entity, name string) []string {
	switch e {
	case entityService:
		return []string{"gateway", "livechat", "porchlight"}
	case entityDesk:
		return []string{"client", "bot", deskName}
	case entityDepartment:
		return []string{"account", "registered", name}
	}
	return []string{"account", "registered", ""} // without a name, so that all visitors have the same capabilities
}

// info answers disco#info. It echoes the node of the request, as capabilities demand
// (XEP-0115 §6.2).
func (d *disco) info(_ context.Context, r request) (*stream.Element, error) {
	id := identity(r.entity, r.to.Local)
	q := stream.New(stanza.NSInfo, "query", stream.New("", "identity").With("category", id[0], "type", id[1]))
	if id[2] != "" {
		q.Children[0] = q.Children[0].With("name", id[2])
	}
	switch node := r.payload.Get("node"); {
	case node == "":
	case d.commands.has(r.entity, r.operator, node):
		return commandInfo(node), nil
	case node == capsNode || strings.HasPrefix(node, capsNode+"#"):
		q = q.With("node", node)
	default:
		return nil, phrase.Fail(phrase.CodeNotFound, "There is no such node.")
	}
	for _, f := range d.features.announced(r.entity) {
		q.Children = append(q.Children, stream.New("", "feature").With("var", f))
	}
	return q, nil
}

// items answers disco#items. The domain has the desk and the departments as items; the
// node of the commands has the commands.
func (d *disco) items(_ context.Context, r request) (*stream.Element, error) {
	q := stream.New(stanza.NSItems, "query")
	if node := r.payload.Get("node"); node != "" {
		if node == stanza.NSCommands {
			q.Children = d.commands.items(r)
		}
		return q.With("node", node), nil
	}
	if r.entity != entityService {
		return q, nil
	}
	q.Children = append(q.Children, stream.New("", "item").With("jid", d.domain.desk(), "name", deskName))
	for _, dep := range d.bridge.Team.Departments() {
		q.Children = append(q.Children, stream.New("", "item").With("jid", d.domain.of(dep.Name), "name", dep.Title))
	}
	return q, nil
}
