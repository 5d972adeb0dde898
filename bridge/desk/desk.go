// Package desk holds what operators can tell porchlight: every command declared
// once (name, fields, help, what it does). It knows no XMPP and no HTTP; how a
// command arrives, as a line of text or as a form, is its caller's business.
package desk

import (
	"context"
	"slices"
	"strings"

	"porchlight/bridge"
	"porchlight/bridge/phrase"
	"porchlight/bridge/voice"
)

// Call is one use of a command.
type Call struct {
	Operator bridge.Operator
	Visitor  bridge.VisitorJID // the conversation it was said in; "" at the desk
	StanzaID string            // of the message, "" if none; a repetition is not carried out twice
	Late     bool              // it was given long before it came
	Voice    voice.Voice       // says the answer in the operator's language; set by the Desk
	args     map[string]string
}

// Arg returns the value of a field, "" if it was left out.
func (c Call) Arg(name string) string { return c.args[name] }

// Field is one argument of a command.
type Field struct {
	Name     string
	Label    string
	Kind     FieldKind
	Required bool
	Options  []string // for OneOf
	Choices  choices  // what a form offers; nil: any text, or Options
}

// choices finds what a form offers for a field when it is asked for.
type choices func(*Desk, context.Context, Call) ([]Choice, error)

// FieldKind is the type of a field.
type FieldKind int

// The kinds of field.
const (
	Word   FieldKind = iota // one word
	Who                     // an operator, by whatever they are called; the value is the address
	Where                   // a department, whose name is the value, or an operator
	Number                  // of a conversation, with or without #
	OneOf                   // one of Options
	Span                    // 30m, 12h, 7d or 4w; if it may be left out, a word that is no number is left to the next field
	Rest                    // all the rest of the line; only as the last field
)

// Command is one thing an operator can say to the desk.
type Command struct {
	Name       string // also the node of the ad-hoc command
	Title      string // one line for lists, a command's name in menus
	Help       string // the rest of what is to be said; may be empty
	Fields     []Field
	Visitor    bool // only within a conversation
	Permission bridge.Permission
	Both       bool   // at the desk and within a conversation
	Looks      bool   // changes nothing, so a refusal need not say so, and it is carried out each time it comes
	With       string // the command in whose line of a conversation's help it stands; "": a line of its own
	Run        func(*Desk, context.Context, Call) (string, error)
}

// Usage shows how the command is written.
func (c Command) Usage() string {
	s := c.Name
	for _, f := range c.Fields {
		if f.Required {
			s += " " + f.shown()
		} else {
			s += " [" + f.shown() + "]"
		}
	}
	return s
}

// shown is how the field stands in a command's usage.
func (f Field) shown() string {
	switch f.Kind {
	case OneOf:
		return strings.Join(f.Options, "|")
	case Where:
		return "OPERATOR-or-DEPARTMENT"
	}
	return strings.ToUpper(f.Name)
}

// Written shows how the command is written where it belongs: in a conversation
// with ! in front.
func (c Command) Written() string { return c.written(Call{}) }

// written is Written for where a call was made.
func (c Command) written(call Call) string { return c.mark(call) + c.Usage() }

// mark is what stands in front of the command's name.
func (c Command) mark(call Call) string {
	if c.Visitor || call.Visitor != "" {
		return "!"
	}
	return ""
}

// Desk carries out commands. It may be used by any goroutine.
type Desk struct {
	bridge   *bridge.Bridge
	commands []Command
}

// New makes a Desk for b.
func New(b *bridge.Bridge) *Desk {
	return &Desk{bridge: b, commands: commands()}
}

// Commands lists the commands in the order of the help.
func (d *Desk) Commands() []Command { return d.commands }

// For lists those that an operator may use.
func (d *Desk) For(o bridge.Operator) []Command {
	var list []Command
	for _, c := range d.commands {
		if c.May(o) {
			list = append(list, c)
		}
	}
	return list
}

// Line carries out one line of text and returns the answer. Errors are
// *phrase.Error with a sentence for the operator, or internal. A leading "!" is
// the caller's to remove.
func (d *Desk) Line(ctx context.Context, call Call, line string) (string, error) {
	name, rest := split(Visible(line))
	if n, ok := number(name); ok && rest == "" {
		name, rest = "take", n
	}
	name = strings.ToLower(name)
	if verb, ok := aliases[name]; ok {
		name, rest = verb.name, strings.TrimSpace(verb.rest+" "+rest)
	}
	c, ok := d.find(name)
	if !ok {
		stored, err := d.sendable(ctx, call)
		if err != nil {
			return "", err
		}
		if rest != "" || !slices.Contains(stored, name) {
			return "", d.unknown(name, call, stored...)
		}
		c, rest = d.must("canned"), name
	}
	if err := c.permits(call.Operator); err != nil {
		return "", err
	}
	args, err := d.parse(call, c, rest)
	if err != nil {
		return "", c.refused(err)
	}
	return d.Do(ctx, c.Name, call, args)
}

// Do carries out a command with its arguments by field name.
func (d *Desk) Do(ctx context.Context, name string, call Call, args map[string]string) (string, error) {
	c, ok := d.find(name)
	if !ok {
		return "", d.unknown(name, call)
	}
	if err := c.permits(call.Operator); err != nil {
		return "", err
	}
	if c.Visitor && call.Visitor == "" {
		return "", c.refused(refuse("%s belongs into a conversation: send !%s to the visitor's address.", c.Name, c.Usage()))
	}
	call.args, call.Voice = args, voice.For(d.bridge, call.Operator)
	text, err := d.once(ctx, c, call)
	return text, c.refused(err)
}

// refused says of what is wrong with a command, and stands in the way of what it would
// have changed, that nothing was.
func (c Command) refused(err error) error {
	if c.Looks || phrase.CodeOf(err) != phrase.CodeInvalid {
		return err
	}
	return refuse("%s Nothing was changed.", phrase.Of(err))
}

// May reports whether an operator may use the command.
func (c Command) May(o bridge.Operator) bool { return o.May(c.Permission) }

// permits refuses an operator who may not use the command.
func (c Command) permits(o bridge.Operator) error {
	if c.May(o) {
		return nil
	}
	if !slices.Contains(rights(), string(c.Permission)) {
		return phrase.Fail(phrase.CodeForbidden, "Only super operators may use %s.", c.Name)
	}
	return phrase.Fail(phrase.CodeForbidden, "You may not use %s. A super operator can allow it.", c.Name)
}

// aliases are other words for a command with arguments.
var aliases = map[string]struct{ name, rest string }{
	"away": {"status", "away"},
	"back": {"status", "back"},
	"?":    {"help", ""},
}

func (d *Desk) find(name string) (Command, bool) {
	for _, c := range d.commands {
		if c.Name == name {
			return c, true
		}
	}
	return Command{}, false
}

// must finds a command that is declared.
func (d *Desk) must(name string) Command {
	c, _ := d.find(name)
	return c
}

// unknown is the answer to a word that is no command: the nearest one that the
// operator may use, or of what else the word could be there, as it is written
// where it was said.
func (d *Desk) unknown(name string, call Call, others ...string) error {
	mark := ""
	if call.Visitor != "" {
		mark = "!"
	}
	for alias := range aliases {
		others = append(others, alias)
	}
	slices.Sort(others)
	for _, c := range slices.Backward(d.For(call.Operator)) {
		others = slices.Insert(others, 0, c.Name)
	}
	best, distance := "", 3
	for _, word := range others {
		if n := edits(name, word); n < distance || n == distance && strings.HasPrefix(word, name) {
			best, distance = word, n
		}
	}
	if best == "" || distance >= len(best) {
		return refuse("There is no command %q. Send %s to see all of them.", voice.Clip(name, 40), mark+"help")
	}
	return refuse("There is no command %q. Did you mean %s? Send %s to see all of them.", voice.Clip(name, 40), mark+best, mark+"help")
}

// refuse makes an error in words for the operator.
func refuse(format string, a ...any) error {
	return phrase.Fail(phrase.CodeInvalid, format, a...)
}
