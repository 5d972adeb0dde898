package desk

import (
	"strings"
	"unicode"

	"porchlight/bridge"
	"porchlight/bridge/voice"
)

// party is an operator or a department that a command can be about.
type party struct {
	value      string   // what the field holds then: an operator's address, or a department's name
	title      string   // how people call it
	names      []string // what it may be called in a line
	department bool
}

// parties lists whom a field can mean, departments first. An operator is called by
// their name, by what stands before their address's @, by the address, and by
// themselves "me".
func (d *Desk) parties(call Call, kind FieldKind) []party {
	var list []party
	if kind == Where {
		for _, dep := range d.bridge.Team.Departments() {
			list = append(list, party{dep.Name, dep.Title, []string{dep.Name, dep.Title}, true})
		}
	}
	for _, o := range d.bridge.Team.Operators() {
		local, _, _ := strings.Cut(string(o.JID), "@")
		p := party{value: string(o.JID), title: o.Name, names: []string{o.Name, local, string(o.JID)}}
		if o.JID == call.Operator.JID {
			p.names = append(p.names, "me")
		}
		list = append(list, p)
	}
	return list
}

// whom finds whom a text begins with, in the field's normal form, and what follows on
// that: the longest name wins, a department before operators who are called the same.
// Nobody is chosen among several of one name.
func (d *Desk) whom(call Call, kind FieldKind, text string) (value, rest string, err error) {
	all := d.parties(call, kind)
	var found []party
	longest := 0
	for _, p := range all {
		n := 0
		for _, name := range p.names {
			n = max(n, begins(text, name))
		}
		if n > longest {
			longest, found = n, nil
		}
		if n > 0 && n == longest {
			found = append(found, p)
		}
	}
	if len(found) > 1 && found[0].department && !found[1].department {
		found = found[:1]
	}
	switch {
	case len(found) == 1:
		return found[0].value, strings.TrimSpace(strings.TrimLeft(text[longest:], nameEnds)), nil
	case len(found) > 1:
		return "", "", refuse("Several are called %q: %s. Write the address.", text[:longest], called(found, true))
	case kind == Where:
		return "", "", refuse("There is no operator or department %q. There are: %s.", voice.Clip(text, 40), called(all, false))
	}
	return "", "", refuse("There is no operator %q. There are: %s.", voice.Clip(text, 40), called(all, false))
}

// nameEnds may follow on a name, as in "olga: she knows this".
const nameEnds = ",:;"

// begins is how much of a text is a name that it begins with, in bytes, 0 if it does
// not: word by word, whatever the case and the spaces between.
func begins(text, name string) int {
	at := 0
	words := strings.Fields(name)
	for i, word := range words {
		rest := strings.TrimLeftFunc(text[at:], unicode.IsSpace)
		at = len(text) - len(rest)
		end := strings.IndexFunc(rest, unicode.IsSpace)
		if end < 0 {
			end = len(rest)
		}
		said := rest[:end]
		if i == len(words)-1 && !strings.EqualFold(said, word) {
			said = strings.TrimRight(said, nameEnds)
		}
		if !strings.EqualFold(said, word) {
			return 0
		}
		at += len(said)
	}
	return at
}

// partiesListed is how many are named in an answer.
const partiesListed = 15

// called lists parties by name; with their addresses, or where two are called the same.
func called(list []party, addresses bool) string {
	times := make(map[string]int)
	for _, p := range list {
		times[p.title]++
	}
	var names []string
	for i, p := range list {
		if i == partiesListed {
			names = append(names, "…")
			break
		}
		name := p.title
		if addresses || times[p.title] > 1 {
			name += " (" + p.value + ")"
		}
		names = append(names, name)
	}
	return strings.Join(names, ", ")
}

// colleague is the operator whom a field of kind Who or Where means; none if it is a
// department.
func (d *Desk) colleague(value string) bridge.Operator {
	o, _ := d.bridge.Team.Operator(bridge.OperatorJID(value))
	return o
}

// department is the department that a field of kind Where means; none if it is an
// operator.
func (d *Desk) department(value string) bridge.Department {
	for _, dep := range d.bridge.Team.Departments() {
		if dep.Name == value {
			return dep
		}
	}
	return bridge.Department{}
}
