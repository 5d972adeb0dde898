package desk

import (
	"maps"
	"slices"
	"strings"
	"unicode"

	"porchlight/bridge"
	"porchlight/bridge/phrase"
	"porchlight/bridge/staff"
	"porchlight/bridge/voice"
)

// party is an operator or a department that a command can name.
type party struct {
	value      string   // the value of the field: an operator's address, or a department's name
	title      string   // the name that people read
	names      []string // the names that a line may use
	department bool
	former     bool // it was deleted
}

// parties lists whom a field can mean, departments first. An operator goes by their name, by
// what stands before the @ of their address, and by the address; "me" is the operator who
// gives the command.
func (d *Desk) parties(call Call, f Field) []party {
	var list []party
	if f.All {
		list = append(list, party{value: allOfThem, title: allOfThem, names: []string{allOfThem}, department: true})
	}
	if f.Kind == Whose {
		list = append(list, party{value: theSite, title: "site", names: []string{theSite}, department: true})
	}
	if f.Kind == Where || f.Kind == Department || f.Kind == Whose {
		for _, dep := range d.bridge.Team.Departments() {
			list = append(list, party{value: dep.Name, title: dep.Title, names: []string{dep.Name, dep.Title}, department: true})
		}
	}
	if f.Kind == Department {
		return list
	}
	operators := d.bridge.Team.Operators()
	if f.Disabled {
		operators = d.bridge.Team.Everybody()
	}
	for _, o := range operators {
		local, _, _ := strings.Cut(string(o.JID), "@")
		p := party{value: string(o.JID), title: o.Name, names: []string{o.Name, local, string(o.JID)}}
		p.names = slices.DeleteFunc(p.names, staff.Reserved) // "me" means who gives the command, whatever others are called
		if o.JID == call.Operator.JID {
			p.names = append(p.names, "me")
		}
		list = append(list, p)
	}
	if f.Former {
		list = append(list, d.leavers(f.Kind == Where)...)
	}
	return list
}

// leavers are the departments, if they are asked for, and the operators that were deleted.
func (d *Desk) leavers(departments bool) (list []party) {
	if departments {
		gone := d.bridge.Team.FormerDepartments()
		for _, name := range slices.Sorted(maps.Keys(gone)) {
			list = append(list, party{value: name, title: gone[name], names: []string{name, gone[name]}, department: true, former: true})
		}
	}
	former := d.bridge.Team.Former()
	for _, jid := range slices.Sorted(maps.Keys(former)) {
		local, _, _ := strings.Cut(string(jid), "@")
		list = append(list, party{value: string(jid), title: former[jid], names: []string{former[jid], local, string(jid)}, former: true})
	}
	return list
}

// whom finds the party that a text begins with, and returns its value and what follows. The
// longest name wins; a department wins over operators of the same name, and who is an operator over
// those who were. A name that several share is refused. more says that the text goes on behind the name: of one that nobody
// has, only the first word is told then.
func (d *Desk) whom(call Call, f Field, text string, more bool) (value, rest string, err error) {
	all := d.parties(call, f)
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
	if len(found) > 1 && !found[0].former {
		found = slices.DeleteFunc(found, func(p party) bool { return p.former })
	}
	all = slices.DeleteFunc(all, func(p party) bool { return p.former }) // nobody has to read of them
	if len(found) > 1 && found[0].department && !found[1].department {
		found = found[:1]
	}
	if more && len(found) == 0 {
		word, _ := split(text)
		text = strings.TrimRight(word, nameEnds)
	}
	switch {
	case len(found) == 1:
		return found[0].value, strings.TrimSpace(strings.TrimLeft(text[longest:], nameEnds)), nil
	case len(found) > 1:
		return "", "", refuse("Several are called %q: %s. Write the address.", text[:longest], called(found, true))
	case f.Kind == Where || f.Kind == Whose:
		return "", "", nobody("There is no operator or department %q. There are: %s.", text, all)
	case f.Kind == Department:
		return "", "", nobody("There is no department %q. There are: %s.", text, all)
	}
	return "", "", nobody("There is no operator %q. There are: %s.", text, all)
}

// nobody is the error for a text that begins with no name of a party.
func nobody(format, text string, all []party) error {
	if m := assigned.FindStringIndex(text); m != nil && m[0] > 0 { // what is to be changed is no part of the name
		text = text[:m[0]]
	}
	if name, ok := strings.CutSuffix(text, " "+confirmField.Name); ok {
		text = name
	}
	return phrase.Fail(phrase.CodeNotFound, format, voice.Clip(strings.TrimSpace(text), 40), called(all, false))
}

// nameEnds are the characters that may follow a name, as in "olga: she knows this".
const nameEnds = ",:;"

// begins is how many bytes of a text are the name that it begins with, 0 if it begins with
// another. Words are compared without regard to case and to the spaces between them.
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

// partiesListed is how many parties an answer names.
const partiesListed = 15

// called lists parties by name: with their addresses, if asked, and always where two share
// a name.
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

// colleague is the operator that a field of kind Who or Where holds, an empty one if it holds
// a department.
func (d *Desk) colleague(value string) bridge.Operator {
	o, _ := d.bridge.Team.Operator(bridge.OperatorJID(value))
	return o
}

// department is the department that a field of kind Where holds, an empty one if it holds an
// operator.
func (d *Desk) department(value string) bridge.Department {
	for _, dep := range d.bridge.Team.Departments() {
		if dep.Name == value {
			return dep
		}
	}
	return bridge.Department{}
}

// departmentEver is the department of a name, also one that was deleted, of which the title alone is known.
func (d *Desk) departmentEver(name string) bridge.Department {
	dep := d.department(name)
	if title, gone := d.bridge.Team.FormerDepartments()[name]; gone && dep.Name == "" {
		dep = bridge.Department{Name: name, Title: title}
	}
	return dep
}
