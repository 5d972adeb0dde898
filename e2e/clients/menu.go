package main

import (
	"crypto/rand"
	"fmt"
	"strings"

	"porchlight/component/stream"
	"porchlight/demo"
	"porchlight/e2e/operator"
)

const (
	nsItems    = "http://jabber.org/protocol/disco#items"
	nsCommands = "http://jabber.org/protocol/commands"
	nsData     = "jabber:x:data"
)

// lister logs in as the super operator, without presence, to ask for lists of commands.
func (w *world) lister() (*operator.Client, error) {
	name, host, _ := strings.Cut(demo.SuperOperator, "@")
	return operator.Login(w.xmpp, host, name, demo.Password, "lister", "none")
}

// row is the place, counted from 0, that a command has in the desk's list, so in a client's menu.
func (w *world) row(node string) (int, error) {
	x, err := w.lister()
	if err != nil {
		return 0, err
	}
	defer x.Close(false)
	nodes, err := commands(x, demo.Desk)
	for i, n := range nodes {
		if n == node {
			return i, nil
		}
	}
	if err == nil {
		err = fmt.Errorf("%s has no command %s", demo.Desk, node)
	}
	return 0, err
}

// request sends an IQ and returns the answer.
func request(x *operator.Client, at, kind, id string, payload *stream.Element) (*stream.Element, error) {
	if err := x.Send(stream.New("", "iq", payload).With("type", kind, "to", at, "id", id)); err != nil {
		return nil, err
	}
	return x.Expect("an answer of "+at, func(el *stream.Element) bool { return el.Local == "iq" && el.Get("id") == id }, stepLimit)
}

// commands lists the commands of an address, in its order.
func commands(x *operator.Client, at string) (nodes []string, err error) {
	list, err := request(x, at, "get", at+" list", stream.New(nsItems, "query").With("node", nsCommands))
	if err != nil {
		return nil, err
	}
	for item := range list.Child(nsItems, "query").All("", "item") {
		nodes = append(nodes, item.Get("node"))
	}
	return nodes, nil
}

// step sends a command one step further: it carries the command out, with a form's fields if there are some.
func step(x *operator.Client, at, node string, form *stream.Element) (*stream.Element, error) {
	command := stream.New(nsCommands, "command").With("node", node, "action", "execute")
	if form != nil {
		command.Children = []*stream.Element{form}
	}
	answer, err := request(x, at, "set", rand.Text(), command)
	if err != nil {
		return nil, err
	}
	if done := answer.Child(nsCommands, "command"); done != nil {
		return done, nil
	}
	return nil, fmt.Errorf("%s of %s: %s", node, at, answer.Append(nil))
}

// filledIn is a form as a client sends it: as it came, but for some fields, each written NAME=VALUE.
func filledIn(form *stream.Element, fields ...string) *stream.Element {
	x := stream.New(nsData, "x").With("type", "submit")
	for came := range form.All(nsData, "field") {
		field := stream.New("", "field").With("var", came.Get("var"))
		for value := range came.All(nsData, "value") {
			field.Children = append(field.Children, stream.Text("", "value", value.Text))
		}
		for _, said := range fields {
			if name, value, _ := strings.Cut(said, "="); name == came.Get("var") {
				field.Children = []*stream.Element{stream.Text("", "value", value)}
			}
		}
		x.Children = append(x.Children, field)
	}
	return x
}

// does carries out a command by its forms, and returns what it answers. Nothing of it is seen in a chat.
func does(x *operator.Client, at, node string, fields ...string) (string, error) {
	answer, err := step(x, at, node, nil)
	for i := 0; i < 2 && err == nil && answer.Get("status") == "executing" && answer.Child("", "note") == nil; i++ {
		answer, err = step(x, at, node, filledIn(answer.Child(nsData, "x"), fields...))
	}
	if err != nil {
		return "", err
	}
	note := answer.Child("", "note")
	if answer.Get("status") != "completed" || note.Get("type") != "info" {
		return "", fmt.Errorf("%s of %s with %q: %s", node, at, fields, answer.Append(nil))
	}
	return note.Text, nil
}
