package desk

import (
	"slices"
	"strings"

	"porchlight/bridge/voice"
)

// Group is what a command belongs to in the help and in menus: the word that "help" takes for it.
type Group string

// The groups. A command that names none is in that of the command whose line it shares (Command.With); else it is in Chat if
// it belongs into a conversation, and in Team if not.
const (
	Requests Group = "requests"
	Chat     Group = "chat"
	Answers  Group = "answers"
	Own      Group = "own"
	Team     Group = "team"
	Site     Group = "site"
)

// groupTitle is a group with the name that people read.
type groupTitle struct {
	Group
	Title string
}

// groups lists the groups in the order of use.
func groups() []groupTitle {
	return []groupTitle{
		{Group: Requests, Title: "Requests"}, {Group: Chat, Title: "Conversation"}, {Group: Answers, Title: "Stored answers"},
		{Group: Own, Title: "Yourself"}, {Group: Team, Title: "Team"}, {Group: Site, Title: "Site"},
	}
}

// place is where the group stands in the order of use.
func (g Group) place() int {
	return slices.IndexFunc(groups(), func(t groupTitle) bool { return t.Group == g })
}

// grouped gives each command its group, and sorts the commands by it.
func grouped(list []Command) []Command {
	for i, c := range list {
		with := slices.IndexFunc(list, func(o Command) bool { return c.With != "" && o.Name == c.With })
		switch {
		case c.Group != "":
		case with >= 0 && list[with].Group != "":
			list[i].Group = list[with].Group
		case c.Visitor || with >= 0 && list[with].Visitor:
			list[i].Group = Chat
		default:
			list[i].Group = Team
		}
	}
	slices.SortStableFunc(list, func(a, b Command) int { return a.Group.place() - b.Group.place() })
	return list
}

// Menu is the name of a command in a menu: at the desk with its group in front, as in "Team: Who is on duty".
func (c Command) Menu(v voice.Voice, inConversation bool) string {
	title := v.Say(c.Title)
	if i := c.Group.place(); i >= 0 && !inConversation {
		return v.Say(groups()[i].Title) + ": " + title
	}
	return title
}

// overview lists the groups, a line each, with the names of the commands that an operator may use.
func (d *Desk) overview(call Call) string {
	lines := []string{call.Voice.Say("At the desk (in a conversation put ! in front):")}
	for _, g := range groups() {
		var names []string
		for _, c := range d.For(call.Operator) {
			if c.Group == g.Group {
				names = append(names, c.mark(call)+c.Name)
			}
		}
		if len(names) > 0 {
			lines = append(lines, "  "+string(g.Group)+": "+strings.Join(names, ", "))
		}
	}
	return strings.Join(append(lines,
		call.Voice.Say("help and a group or a name says more, as help chat or help take."),
		call.Voice.Say("Everything else that you write in a conversation goes to the visitor; !! at the start sends a !.")), "\n")
}

// group says how the commands of a group are written, as far as the operator may use them. Commands that belong together (see
// Command.With) share a line. It is "" if there is no such group.
func (d *Desk) group(call Call, name string) string {
	i := Group(name).place()
	if i < 0 {
		return ""
	}
	lines := []string{call.Voice.Say(groups()[i].Title) + ":"}
	for _, c := range d.For(call.Operator) {
		if c.Group == Group(name) && c.With == "" {
			lines = append(lines, "  "+d.brief(call, c))
		}
	}
	if len(lines) == 1 {
		return ""
	}
	return strings.Join(lines, "\n")
}

// brief is a line about a command and those that share it, as far as they do something where the call was made.
func (d *Desk) brief(call Call, c Command) string {
	line, title := c.written(call), c.Title
	for _, more := range d.commands {
		if more.With == c.Name && (call.Visitor == "" || more.inConversations()) {
			line, title = line+", "+more.written(call), c.Together
		}
	}
	return line + " – " + call.Voice.Say(title)
}

// inConversations reports whether the command does something of its own within a conversation.
func (c Command) inConversations() bool { return c.Visitor || c.Both }

// explain says all about a command that the operator may know: its fields, the keys of its record, and what is to be said
// beside them.
func explain(call Call, c Command) string {
	v := call.Voice
	s := c.Written() + " – " + v.Say(c.Title) + "."
	for _, f := range c.Fields {
		s += "\n  " + f.shown() + ": " + f.about(v)
		if !f.Required {
			s += " " + v.Say("(may be left out)")
		}
	}
	if c.Record != nil {
		for _, k := range (Subject{Keys: c.Record.Keys(), Own: true}).open(call.Operator) {
			s += "\n  " + k.Name + "=: " + strings.TrimSpace(k.about(v)+" "+k.words(v))
		}
	}
	if c.Help != "" {
		s += "\n" + v.Say(c.Help)
	}
	return s
}

// about says what a field is for.
func (f Field) about(v voice.Voice) string {
	s := v.Say(f.Label)
	if f.Help != "" {
		s += ". " + v.Say(f.Help)
	}
	return s
}

// words says which words a key takes, "" if it takes others.
func (k Key) words(v voice.Voice) string {
	switch {
	case k.Kind == Flag:
		return v.Say("(on or off)")
	case k.Kind == OneOf && len(k.Options) > 0:
		return "(" + strings.Join(k.Options, ", ") + ")"
	}
	return ""
}
