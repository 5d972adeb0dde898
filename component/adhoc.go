package component

import (
	"context"

	"porchlight/bridge"
	"porchlight/bridge/desk"
	"porchlight/component/stream"
)

// nsCommands is Ad-Hoc Commands (XEP-0050). A command's node is its name. There
// is at most one form, so nothing has to be remembered between two requests: a
// form that comes back says all.
const nsCommands = "http://jabber.org/protocol/commands"

func adhocFeature() feature {
	return feature{space: nsCommands, local: "command", kind: "set", on: []entity{entityService, entityDesk, entityVisitor},
		announced: []string{nsCommands}, answer: (*Component).adhoc}
}

// commandsOf lists the commands of an address that an operator may use: those about a conversation are
// the visitor's, and a few belong to both.
func (c *Component) commandsOf(e entity, o bridge.Operator) []desk.Command {
	var list []desk.Command
	for _, cmd := range c.desk.For(o) {
		if (cmd.Both || cmd.Visitor == (e == entityVisitor)) && e != entityDepartment {
			list = append(list, cmd)
		}
	}
	return list
}

// commandNode finds a command of an address by its node.
func (c *Component) commandNode(e entity, o bridge.Operator, node string) (desk.Command, bool) {
	for _, cmd := range c.commandsOf(e, o) {
		if cmd.Name == node {
			return cmd, true
		}
	}
	return desk.Command{}, false
}

func (c *Component) hasCommand(e entity, o bridge.Operator, node string) bool {
	_, ok := c.commandNode(e, o, node)
	return ok
}

// commandItems lists the commands of an address (XEP-0050 §2.3). An attribute
// more, and Gajim calls it an invalid answer.
func (c *Component) commandItems(r request) []*stream.Element {
	var items []*stream.Element
	for _, cmd := range c.commandsOf(r.entity, r.operator) {
		items = append(items, stream.New("", "item").With("jid", r.el.Get("to"), "node", cmd.Name, "name", c.desk.VoiceFor(r.operator).Say(cmd.Title)))
	}
	return items
}

// commandInfo describes a command (XEP-0050 §2.4).
func commandInfo(node string) *stream.Element {
	return stream.New(nsInfo, "query",
		stream.New("", "identity").With("category", "automation", "type", "command-node", "name", node),
		stream.New("", "feature").With("var", nsCommands), stream.New("", "feature").With("var", nsData)).With("node", node)
}

// adhoc carries out a command, or asks for its fields. A missing action, execute,
// next and complete mean the same, since clients differ (XEP-0050 §3.4).
func (c *Component) adhoc(ctx context.Context, r request) (*stream.Element, error) {
	cmd, ok := c.commandNode(r.entity, r.operator, r.payload.Get("node"))
	if !ok {
		return nil, bridge.Fail(bridge.CodeNotFound, "There is no such command here.")
	}
	session := r.payload.Get("sessionid")
	if session == "" {
		session = newStanzaID()
	}
	answer := stream.New(nsCommands, "command").With("node", cmd.Name, "sessionid", session)
	switch r.payload.Get("action") {
	case "cancel":
		return answer.With("status", "canceled"), nil
	case "prev":
		return nil, bridge.Fail(bridge.CodeInvalid, "There is no earlier step.")
	}
	call := desk.Call{Operator: r.operator, StanzaID: "adhoc " + session}
	if r.entity == entityVisitor {
		call.Visitor = bridge.VisitorJID(r.bare())
	}
	x := r.payload.Child(nsData, "x")
	if len(cmd.Fields) > 0 && x == nil {
		choices, err := c.desk.Choices(ctx, cmd, call)
		if err == nil {
			answer.Children = []*stream.Element{stream.New("", "actions", stream.New("", "complete")).With("execute", "complete"), form(c.desk.VoiceFor(r.operator), cmd, choices)}
			return answer.With("status", "executing"), nil
		}
		return c.completed(answer, r.packet, "", err), nil
	}
	text, err := c.desk.Form(ctx, cmd.Name, call, submitted(x))
	return c.completed(answer, r.packet, text, err), nil
}

// completed ends a command with one note that says everything, since some
// clients show nothing else.
func (c *Component) completed(answer *stream.Element, p packet, text string, err error) *stream.Element {
	kind := "info"
	if err != nil {
		c.report(err, p)
		kind, text = "error", c.desk.VoiceFor(p.operator).Error(err)
	}
	answer.Children = []*stream.Element{stream.Text("", "note", text).With("type", kind)}
	return answer.With("status", "completed")
}
