package component

import (
	"context"
	"strings"

	"porchlight/bridge"
	"porchlight/bridge/phrase"
	"porchlight/component/stanza"
	"porchlight/component/stream"
)

// disco is service discovery (XEP-0030); like entity capabilities (XEP-0115) it is
// collected from the features.
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

// identity is an entity's category, type and name. A visitor has exactly one,
// by which clients take it for a person (XEP-0030 §3.1).
func identity(e entity, name string) []string {
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

// info answers disco#info. The node that was asked for is echoed, as it must be
// for capabilities (XEP-0115 §6.2).
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

// items answers disco#items: of the domain the desk and the departments, of the
// commands' node the commands.
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
