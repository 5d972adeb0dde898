package hook

import (
	"slices"
	"strings"

	"porchlight/bridge"
	"porchlight/bridge/phrase"
)

// Type names what a post tells. The names never change their meaning; a receiver has to ignore those that it does
// not know.
type Type string

// The types.
const (
	Created Type = "conversation.created" // a visitor has asked
	Ticket  Type = "conversation.ticket"  // it waits as a ticket: its visitor is reached by mail
	Taken   Type = "conversation.taken"   // an operator has taken it, or goes on with it
	Message Type = "conversation.message" // somebody said something, sent a file, or changed what they had said
	Closed  Type = "conversation.closed"  // it has ended
	Rated   Type = "conversation.rated"   // the visitor has voted, or the vote was deleted
	Test    Type = "test"                 // webhook-test; a webhook can't leave it out
)

// Types lists what a webhook can be for, in the order in which it happens.
func Types() []Type { return []Type{Created, Ticket, Taken, Message, Closed, Rated} }

// Short is the name of a type as super operators write it: without what stands before the dot.
func (t Type) Short() string {
	_, short, _ := strings.Cut(string(t), ".")
	return short
}

// ParseTypes reads the types that a webhook is for, with commas or spaces between, in any order: by their whole
// names or without "conversation.". Nothing, and "all", stand for everything, which is an empty list.
func ParseTypes(s string) ([]Type, error) {
	var list []Type
	for word := range strings.FieldsFuncSeq(strings.ToLower(s), func(r rune) bool { return r == ',' || r == ' ' }) {
		if word == "all" || word == "*" {
			return nil, nil
		}
		i := slices.IndexFunc(Types(), func(t Type) bool { return string(t) == word || t.Short() == word })
		if i < 0 {
			return nil, phrase.Fail(phrase.CodeInvalid, "%q is nothing that a webhook tells. It tells: %s.", bridge.Clip(word, 40), Shorts(Types()))
		}
		if t := Types()[i]; !slices.Contains(list, t) {
			list = append(list, t)
		}
	}
	if len(list) == len(Types()) {
		return nil, nil
	}
	return list, nil
}

// Shorts writes types as super operators do: "created, closed".
func Shorts(list []Type) string {
	var words []string
	for _, t := range list {
		words = append(words, t.Short())
	}
	return strings.Join(words, ", ")
}

// typesOf lists what is posted of an event, in order; most events are nothing that a receiver is told.
func typesOf(e bridge.Event) (list []Type) {
	switch e.Type {
	case bridge.EventState:
		turn, _ := e.Data.(bridge.Turn)
		if e.Seq == 1 {
			list = append(list, Created)
		}
		switch turn.State {
		case string(bridge.Ticket):
			list = append(list, Ticket)
		case string(bridge.Active):
			list = append(list, Taken)
		case string(bridge.Closed):
			list = append(list, Closed)
		}
	case bridge.EventOwner:
		if o, _ := e.Data.(bridge.Ownership); o.Action == bridge.Follows || o.Action == bridge.TookOver || o.Passed {
			list = append(list, Taken)
		}
	case bridge.EventMessage, bridge.EventFile, bridge.EventCorrection, bridge.EventRetraction:
		list = append(list, Message)
	case bridge.EventFeedback:
		list = append(list, Rated)
	}
	return list
}
