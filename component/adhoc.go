package component

import (
	"cmp"
	"context"
	"log/slog"
	"slices"

	"porchlight/bridge"
	"porchlight/bridge/desk"
	"porchlight/bridge/phrase"
	"porchlight/bridge/voice"
	"porchlight/component/stanza"
	"porchlight/component/stream"
)

// adhoc answers Ad-Hoc Commands (XEP-0050). A command's node is its name. A form that comes
// back says everything, the second one by its hidden fields, so adhoc remembers nothing between two requests.
type adhoc struct {
	desk   *desk.Desk
	bridge *bridge.Bridge
	log    *slog.Logger
}

func (a *adhoc) feature() feature {
	return feature{space: stanza.NSCommands, local: "command", typ: "set", on: []entity{entityService, entityDesk, entityVisitor},
		announced: []string{stanza.NSCommands}, answer: a.answer}
}

// of lists the commands that an operator may use at an address. The visitor's address
// has the commands about a conversation, the desk has the others, and both have a few.
func (a *adhoc) of(e entity, o bridge.Operator) []desk.Command {
	var list []desk.Command
	for _, cmd := range a.desk.For(o) {
		if (cmd.Both || cmd.Visitor == (e == entityVisitor)) && e != entityDepartment {
			list = append(list, cmd)
		}
	}
	return list
}

// find finds a command of an address by its node.
func (a *adhoc) find(e entity, o bridge.Operator, node string) (desk.Command, bool) {
	for _, cmd := range a.of(e, o) {
		if cmd.Name == node {
			return cmd, true
		}
	}
	return desk.Command{}, false
}

func (a *adhoc) has(e entity, o bridge.Operator, node string) bool {
	_, ok := a.find(e, o, node)
	return ok
}

// items lists the commands of an address (XEP-0050 §2.2), in the order of use. It adds no other attribute,
// since Gajim calls an answer with one invalid.
func (a *adhoc) items(r request) []*stream.Element {
	v := voice.For(a.bridge, r.operator)
	var items []*stream.Element
	for _, cmd := range a.of(r.entity, r.operator) {
		items = append(items, stream.New("", "item").With("jid", r.el.Get("to"), "node", cmd.Name, "name", cmd.Menu(v, r.entity == entityVisitor)))
	}
	return items
}

// commandInfo describes a command (XEP-0050 §2.2).
func commandInfo(node string) *stream.Element {
	return stream.New(stanza.NSInfo, "query",
		stream.New("", "identity").With("category", "automation", "type", "command-node", "name", node),
		stream.New("", "feature").With("var", stanza.NSCommands), stream.New("", "feature").With("var", stanza.NSData)).With("node", node)
}

// run is a command that is being carried out, with the answer under construction.
type run struct {
	request
	answer *stream.Element
}

// answer carries out a command, or asks for its fields. The actions execute, next and
// complete mean the same, and so does no action, since clients differ (XEP-0050 §3.4). Another action is refused (§4.4).
func (a *adhoc) answer(ctx context.Context, r request) (*stream.Element, error) {
	cmd, ok := a.find(r.entity, r.operator, r.payload.Get("node"))
	if !ok {
		return nil, phrase.Fail(phrase.CodeNotFound, "There is no such command here.")
	}
	session := cmp.Or(r.payload.Get("sessionid"), stanza.NewID())
	answer := stream.New(stanza.NSCommands, "command").With("node", cmd.Name, "sessionid", session)
	x := r.payload.Child(stanza.NSData, "x")
	action := r.payload.Get("action")
	if !slices.Contains([]string{"", "execute", "next", "prev", "complete", "cancel"}, action) {
		return nil, &malformed{stanza.NSCommands, "malformed-action"}
	}
	if action == "cancel" || x.Get("type") == "cancel" { // XEP-0004 §3.1
		return answer.With("status", "canceled"), nil
	}
	call := desk.Call{Operator: r.operator, StanzaID: stanza.KeptID("adhoc " + session)}
	if r.entity == entityVisitor {
		call.Visitor = bridge.VisitorJID(r.bare())
	}
	filled := desk.Filled{Back: action == "prev"}
	if x != nil {
		filled.Values = stanza.Submitted(x)
	}
	text, next, err := a.desk.Fill(ctx, cmd.Name, call, filled)
	on := run{r, answer}
	if next != nil {
		return a.asks(on, next, err), nil
	}
	return a.completed(on, text, err), nil
}

// asks answers with a form. An error is said twice, since Profanity and Cheogram show it only in the form itself, and
// other clients only as a note. A form's last step is completed, one before it goes on (XEP-0050 §3.4).
func (a *adhoc) asks(on run, f *desk.Form, wrong error) *stream.Element {
	actions := stream.New("", "actions")
	if f.Second {
		actions.Children = append(actions.Children, stream.New("", "prev"))
	}
	onward := "complete"
	if f.First {
		onward = "next"
	}
	actions.Children = append(actions.Children, stream.New("", onward))
	above := f.Above
	if wrong != nil {
		above = voice.For(a.bridge, on.operator).Error(wrong)
	}
	on.answer.Children = []*stream.Element{actions.With("execute", onward), form(f, above)}
	if wrong != nil {
		on.answer.Children = append(on.answer.Children, stream.Text("", "note", above).With("type", "error"))
	}
	return on.answer.With("status", "executing")
}

// completed ends a command with one note that says everything, since some
// clients show nothing else.
func (a *adhoc) completed(on run, text string, err error) *stream.Element {
	typ := "info"
	if err != nil {
		report(a.log, err, on.packet)
		typ, text = "error", voice.For(a.bridge, on.operator).Error(err)
	}
	on.answer.Children = []*stream.Element{stream.Text("", "note", text).With("type", typ)}
	return on.answer.With("status", "completed")
}
