package archive

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"porchlight/bridge"
	"porchlight/bridge/phrase"
)

// Right is why an operator may read a conversation.
type Right int

// The reasons, the closest one first.
const (
	NoRight      Right = iota
	OfOwn              // the operator takes part or took part, and did not only watch
	OfDepartment       // the operator serves its department for its kind, and may search
	OfOthers           // the operator may read all conversations
)

// rightTo is why an operator may read a conversation.
func rightTo(r Reader, o bridge.Operator, c bridge.Conversation) (Right, error) {
	own, err := ownOf(r, o.JID, c)
	switch {
	case err != nil:
		return NoRight, err
	case own:
		return OfOwn, nil
	case o.May(bridge.MayOthers):
		return OfOthers, nil
	case o.May(bridge.MaySearch) && o.Serves(c.Department, c.Kind):
		return OfDepartment, nil
	}
	return NoRight, nil
}

// ownOf reports whether a conversation is of an operator's own: they have it, or take part or took part. Of who has read it along since
// only the log says whether they took part before.
func ownOf(r Reader, o bridge.OperatorJID, c bridge.Conversation) (bool, error) {
	if c.Owner == o {
		return true, nil
	}
	parts, err := r.Participants(c.Number)
	i := slices.IndexFunc(parts, func(p bridge.Participant) bool { return p.Operator == o })
	if err != nil || i < 0 || !parts[i].Watches {
		return i >= 0, err
	}
	log, err := logOf(r, c.Number)
	return tookPart(log, o), err
}

// tookPart reports whether a log says that an operator took part.
func tookPart(log []bridge.Event, o bridge.OperatorJID) bool {
	return slices.ContainsFunc(log, func(e bridge.Event) bool { return e.Operator == o && e.Joins() })
}

// readable are labels of which each conversation that an operator may read has one; nil: the operator may read all. The index
// does not know chats from tickets, so an operator with another circle for tickets may read only some of what has them.
func (a *Archive) readable(o bridge.Operator) []string {
	if o.May(bridge.MayOthers) {
		return nil
	}
	list := []string{label(ofOperator, string(o.JID))}
	if !o.May(bridge.MaySearch) {
		return list
	}
	for name := range a.everyDepartment() {
		if o.Serves(name, bridge.Chat) || o.Serves(name, bridge.Ticket) {
			list = append(list, label(ofDepartment, name))
		}
	}
	return list
}

// everyDepartment are the titles of all departments by their names, of the deleted ones, too: their conversations have them still.
func (a *Archive) everyDepartment() map[string]string {
	all := maps.Clone(a.bridge.Team.FormerDepartments())
	if all == nil {
		all = make(map[string]string)
	}
	for _, d := range a.bridge.Team.Departments() {
		all[d.Name] = d.Title
	}
	return all
}

// operators are the labels of those who go by a name: by their name, by what stands before the @ of their address, or by
// the address. me is the one who asks.
func (a *Archive) operators(name string, me bridge.OperatorJID) (list []string, err error) {
	goes := func(jid bridge.OperatorJID, called string) {
		local, _, _ := strings.Cut(string(jid), "@")
		if slices.ContainsFunc([]string{called, local, string(jid)}, func(s string) bool { return strings.EqualFold(s, name) }) {
			list = append(list, label(ofOperator, string(jid)))
		}
	}
	if strings.EqualFold(name, "me") {
		list = append(list, label(ofOperator, string(me)))
	}
	for _, o := range a.bridge.Team.Everybody() {
		goes(o.JID, o.Name)
	}
	for jid, called := range a.bridge.Team.Former() {
		goes(jid, called)
	}
	if len(list) == 0 {
		return nil, phrase.Fail(phrase.CodeNotFound, "There is no operator %q.", bridge.Cut(name, 40))
	}
	return list, nil
}

// departments are the labels of those that go by a name or title.
func (a *Archive) departments(name string) (list []string, err error) {
	for key, title := range a.everyDepartment() {
		if strings.EqualFold(key, name) || strings.EqualFold(title, name) {
			list = append(list, label(ofDepartment, key))
		}
	}
	if len(list) == 0 {
		return nil, phrase.Fail(phrase.CodeNotFound, "There is no department %q.", bridge.Cut(name, 40))
	}
	return list, nil
}

// labels are what a query and the right to read ask of a conversation beyond its words.
func (a *Archive) labels(o bridge.Operator, q Query) (groups [][]string, err error) {
	add := func(list []string, e error) {
		groups, err = append(groups, list), cmp.Or(err, e)
	}
	if mine := a.readable(o); mine != nil {
		add(mine, nil)
	}
	for _, name := range q.Operators {
		add(a.operators(name, o.JID))
	}
	for _, name := range q.Departments {
		add(a.departments(name))
	}
	for _, tag := range q.Tags {
		add([]string{label(ofTag, strings.ToLower(tag))}, nil)
	}
	return groups, err
}
