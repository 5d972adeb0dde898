package main

import (
	"fmt"
	"strings"

	"porchlight/component/stream"
	"porchlight/demo"
	"porchlight/e2e/operator"
)

const nsItems, nsCommands = "http://jabber.org/protocol/disco#items", "http://jabber.org/protocol/commands"

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

// withForms lists the commands of an address that answer with a form. It carries out the others.
func withForms(x *operator.Client, at string) (nodes []string, err error) {
	all, err := commands(x, at)
	if err != nil {
		return nil, err
	}
	for _, node := range all {
		answer, err := request(x, at, "set", at+" "+node, stream.New(nsCommands, "command").With("node", node, "action", "execute"))
		if err != nil {
			return nil, err
		}
		if answer.Child(nsCommands, "command").Get("status") == "executing" {
			nodes = append(nodes, node)
		}
	}
	return nodes, nil
}
