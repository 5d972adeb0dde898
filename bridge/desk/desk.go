// Package desk holds what operators can tell porchlight: every command is declared once, with
// its name, its fields, its help and what it does. The package knows no XMPP and no HTTP; how
// a command arrives, as a line of text or as a form, is its caller's business.
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
	Visitor  bridge.VisitorJID // the visitor in whose conversation it was given; "" at the desk
	StanzaID string            // the id of the message, "" if there is none; a repetition under the same id is not carried out
	Late     bool              // the command was given long before it arrived
	Voice    voice.Voice       // says the answer in the operator's language; set by the Desk
	args     map[string]string
}

// arg returns the value of a field, "" if it was left out.
func (c Call) arg(name string) string { return c.args[name] }

// Field is one argument of a command.
type Field struct {
	Name     string
	Label    string
	Kind     FieldKind
	Required bool
	Options  []string // for OneOf
	Choices  choices  // the values that a form offers beside Options; nil: none
}

// choices finds the values that a form offers for a field at the moment.
type choices func(*Desk, context.Context, Call) ([]Choice, error)

// FieldKind is the type of a field.
type FieldKind int

// The kinds of field.
const (
	Word   FieldKind = iota // one word
	Who                     // an operator, by any of their names; the value is the address. If the field is not required, what begins like a range or a number belongs to the next field
	Where                   // a department, whose name is the value then, or an operator
	Number                  // the number of a conversation, with or without #
	OneOf                   // one of Options
	Span                    // 30m, 12h, 7d or 4w; if the field is not required, a word that is no number belongs to the next field
	During                  // a range of days, as bridge.ParseRange reads it; if the field is not required, a number that is no year belongs to the next field
	Rest                    // the rest of the line; only the last field may be one
)

// Command is one thing an operator can say to the desk.
type Command struct {
	Name       string // also the node of the ad-hoc command
	Title      string // one line: the text for lists, and the name in menus
	Help       string // what is to be said beside the title; may be empty
	Fields     []Field
	Visitor    bool // the command works only within a conversation
	Permission bridge.Permission
	Both       bool   // the command does something at the desk and something within a conversation
	Looks      bool   // the command changes nothing: a refusal need not say so, and a repetition is carried out
	With       string // the command whose line it shares in the help of a conversation; "": it has a line of its own
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

// shown is how the field is written in a command's usage.
func (f Field) shown() string {
	switch f.Kind {
	case OneOf:
		return strings.Join(f.Options, "|")
	case Where:
		return "OPERATOR-or-DEPARTMENT"
	}
	return strings.ToUpper(f.Name)
}

// Written shows how the command is written where it belongs: with ! in front if that is
// a conversation.
func (c Command) Written() string { return c.written(Call{}) }

// written shows how the command is written where the call was made.
func (c Command) written(call Call) string { return c.mark(call) + c.Usage() }

// mark is what stands in front of the command's name: "!" within a conversation.
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

// For lists the commands that an operator may use.
func (d *Desk) For(o bridge.Operator) []Command {
	var list []Command
	for _, c := range d.commands {
		if o.May(c.Permission) {
			list = append(list, c)
		}
	}
	return list
}

// Line carries out one line of text and returns the answer. The caller has removed a leading
// "!". An error is a *phrase.Error with a sentence for the operator, or internal.
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
	return d.do(ctx, c.Name, call, args)
}

// do carries out a command with its arguments, by field name, which have been checked. Errors
// are those of Line.
func (d *Desk) do(ctx context.Context, name string, call Call, args map[string]string) (string, error) {
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

// refused adds "Nothing was changed" to an error about the input, unless the command changes
// nothing anyway.
func (c Command) refused(err error) error {
	if c.Looks || phrase.CodeOf(err) != phrase.CodeInvalid {
		return err
	}
	return refuse("%s Nothing was changed.", phrase.Of(err))
}

// permits refuses an operator who may not use the command.
func (c Command) permits(o bridge.Operator) error {
	if o.May(c.Permission) {
		return nil
	}
	if _, given := bridge.RightOf(c.Permission); !given {
		return phrase.Fail(phrase.CodeForbidden, "Only super operators may use %s.", c.Name)
	}
	return phrase.Fail(phrase.CodeForbidden, "You may not use %s. A super operator can allow it.", c.Name)
}

// aliases are further words for a command with an argument.
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

// must finds a command by a name that is known to be declared.
func (d *Desk) must(name string) Command {
	c, _ := d.find(name)
	return c
}

// unknown is the error for a word that is no command. It suggests the nearest command that
// the operator may use, or the nearest of the other words that would do something there.
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

// refuse makes an error that is a sentence for the operator.
func refuse(format string, a ...any) error {
	return phrase.Fail(phrase.CodeInvalid, format, a...)
}
