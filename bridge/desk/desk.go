// Package desk holds what operators can tell porchlight: every command is declared once, with
// its name, its fields, its help and what it does. The package knows no XMPP and no HTTP; how
// a command arrives, as a line of text or as a form, is its caller's business.
package desk

import (
	"context"
	"errors"
	"slices"
	"strings"

	"porchlight/bridge"
	"porchlight/bridge/access"
	"porchlight/bridge/archive"
	"porchlight/bridge/hook"
	"porchlight/bridge/links"
	"porchlight/bridge/onsite"
	"porchlight/bridge/phrase"
	"porchlight/bridge/report"
	"porchlight/bridge/voice"
)

// Call is one use of a command.
type Call struct {
	Operator bridge.Operator
	Visitor  bridge.VisitorJID // the visitor in whose conversation it was given; "" at the desk
	StanzaID string            // the id of the message, "" if there is none; a repetition under the same id is not carried out
	Late     bool              // the command was given long before it arrived
	Voice    voice.Voice       // says the answer in the operator's language; set by the Desk
	Show     func(link string) // called at most once, with the link to a picture that is to be shown after the answer; nil: the caller shows none
	args     map[string]string // by field
	edit     edit              // what is to be changed in a record
	form     bool              // the call came as a form
	part     bool              // the call is part of a stored answer: what is not done at once is refused
	line     string            // the command as it was written, without a yes at its end; "" for a form
}

// arg returns the value of a field, "" if it was left out.
func (c Call) arg(name string) string { return c.args[name] }

// Command is one thing an operator can say to the desk.
type Command struct {
	Name       string // also the node of the ad-hoc command
	Title      string // one line: the text for lists, and the name in menus
	Help       string // what is to be said beside the title; may be empty
	Group      Group
	Fields     []Field
	Visitor    bool // the command works only within a conversation
	Permission bridge.Permission
	Both       bool   // the command does something at the desk and something within a conversation
	Looks      bool   // the command changes nothing: a refusal need not say so, and a repetition is carried out
	Page       string // an answer that is about nobody in particular ends with a link to this section of the team's page (bridge.View); "": none does
	With       string // the command whose line it shares in the help, which needs the same permission; "": it has a line of its own
	Together   string // what the help says in the place of Title on a line that others share: it is true of each of them
	Run        func(*Desk, context.Context, Call) (string, error)

	// Record is what the command edits; nil: nothing of the kind. Run is used then only for a line that names no key, and may be
	// nil.
	Record *Record

	// Confirm tells what would be lost for good; the command is done only after a yes. It is done at once if Confirm
	// answers "". Confirm is nil for a command that can be taken back and leaves no doubt.
	Confirm func(*Desk, context.Context, Call) (string, error)

	Doubtful bool // Confirm asks about what can be taken back
}

// Usage shows how the command is written.
func (c Command) Usage() string {
	s := c.Name
	for _, f := range c.Fields {
		switch {
		case f.Form:
		case f.Required:
			s += " " + f.shown()
		default:
			s += " [" + f.shown() + "]"
		}
	}
	if c.Record != nil && c.Run == nil {
		s += " KEY=VALUE …"
	} else if c.Record != nil && !slices.ContainsFunc(c.Fields, func(f Field) bool { return f.Bare }) {
		s += " [KEY=VALUE …]"
	}
	return s
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
	bridge    *bridge.Bridge
	commands  []Command
	questions questions
	trials    trials
	report    *report.Report                // nil: nothing is counted
	archive   *archive.Archive              // nil: there is nothing to search
	access    *access.Access                // nil: there is no API
	hooks     *hook.Hooks                   // nil: there are no webhooks
	links     *links.Links                  // nil: no links can be made
	site      *onsite.Site                  // nil: who is on the site is not known
	chart     func(Picture) ([]byte, error) // draws a picture for a mail; nil: mails have none
	publicURL string                        // of the visitors' side, which serves pictures; "": there are none
	files     AnswerFile                    // the zero AnswerFile: the desk knows no files of stored answers
}

// Room is a room above the bridge that commands are about.
type Room func(*Desk)

// Statistics makes the statistics known to the desk.
func Statistics(r *report.Report) Room { return func(d *Desk) { d.report = r } }

// Archive makes the archive known to the desk.
func Archive(a *archive.Archive) Room { return func(d *Desk) { d.archive = a } }

// Charts lets mails of the desk have pictures. draw makes a PNG; any goroutine may call it.
func Charts(draw func(Picture) ([]byte, error)) Room { return func(d *Desk) { d.chart = draw } }

// New makes a Desk for b and some rooms above it.
func New(b *bridge.Bridge, rooms ...Room) *Desk {
	d := with(b, commands())
	for _, room := range rooms {
		room(d)
	}
	return d
}

// with makes a Desk of some commands.
func with(b *bridge.Bridge, commands []Command) *Desk {
	d := &Desk{bridge: b, commands: grouped(commands)}
	d.questions.clock, d.trials.clock = b.Now, b.Now
	for i, c := range commands {
		if c.Confirm != nil {
			commands[i].Fields = append(slices.Clip(c.Fields), c.confirms())
		}
	}
	return d
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
	if n, ok := number(name); ok && (rest == "" || rest == "!") {
		name, rest = "take", strings.TrimSpace(n+" "+rest)
	}
	name = strings.ToLower(name)
	if verb, ok := aliases[name]; ok {
		name, rest = verb.name, strings.TrimSpace(verb.rest+" "+rest)
	}
	c, ok := d.find(name)
	if !ok {
		stored, err := stock{d}.sendable(ctx, call)
		if err != nil {
			return "", err
		}
		if rest != "" || !slices.Contains(stored, readRef(name).name) {
			return "", d.unknown(name, call, stored...)
		}
		c, rest = d.must("canned"), name
	}
	if err := c.permits(call.Operator); err != nil {
		return "", c.refused(err)
	}
	call.Voice = voice.For(d.bridge, call.Operator)
	call, err := d.written(ctx, c, call, rest)
	if err != nil {
		return "", c.refused(err)
	}
	answer, err := d.do(ctx, c.Name, call)
	var open *question
	if errors.As(err, &open) {
		return open.text, nil
	}
	return answer, err
}

// written reads the arguments of a line into the call.
func (d *Desk) written(ctx context.Context, c Command, call Call, rest string) (Call, error) {
	var err error
	call.line = strings.TrimSpace(c.Name + " " + rest)
	if call.args, rest, err = d.parse(call, c, rest); err != nil {
		return call, err
	}
	if call.arg(confirmField.Name) == on {
		call.line = strings.TrimSpace(call.line[:len(call.line)-len(confirmField.Name)])
	}
	if rest != "" && c.Record == nil {
		return call, tooMuch(call, c, rest)
	}
	if rest == "" && c.Record != nil && c.Run == nil {
		return call, refuse("Missing: %s. Write: %s.", "KEY=VALUE", c.written(call))
	}
	if rest == "" {
		return call, nil
	}
	now, err := c.Record.Read(d, ctx, call)
	if err == nil {
		call.edit.keys, err = keyValues(now.Keys, now.open(call.Operator), rest)
	}
	return call, err
}

// do carries out a command with its arguments, which have been checked. Errors are those of Line; one may be a question.
func (d *Desk) do(ctx context.Context, name string, call Call) (string, error) {
	c, ok := d.find(name)
	if !ok {
		return "", d.unknown(name, call)
	}
	if err := c.permits(call.Operator); err != nil {
		return "", c.refused(err)
	}
	if c.Visitor && call.Visitor == "" {
		return "", c.refused(refuse("%s belongs into a conversation: send !%s to the visitor's address.", c.Name, c.Usage()))
	}
	call.Voice = voice.For(d.bridge, call.Operator)
	text, err := d.once(ctx, c, call)
	if err == nil && c.Page != "" && call.arg(c.Fields[0].Name) == "" {
		text = strings.TrimSpace(text + "\n" + d.pageLink(ctx, call, bridge.View{Section: c.Page}))
	}
	return text, c.refused(err)
}

// refused adds "Nothing was changed" to an error about the input or the permission, unless the command changes nothing
// anyway.
func (c Command) refused(err error) error {
	switch code := phrase.CodeOf(err); code {
	case phrase.CodeInvalid, phrase.CodeNotFound, phrase.CodeForbidden, phrase.CodeTooLarge:
		if !c.Looks {
			return phrase.Fail(code, "%s Nothing was changed.", phrase.Of(err))
		}
	}
	return err
}

// permits refuses an operator who may not use the command.
func (c Command) permits(o bridge.Operator) error {
	if o.May(c.Permission) {
		return nil
	}
	if _, given := bridge.RightOf(c.Permission); !given {
		return phrase.Fail(phrase.CodeForbidden, "You may not use %s: only super operators may.", c.Name)
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
	best := nearest(name, others)
	if best == "" {
		return refuse("There is no command %q. Send %s to see all of them.", voice.Clip(name, 40), mark+"help")
	}
	return refuse("There is no command %q. Did you mean %s? Send %s to see all of them.", voice.Clip(name, 40), mark+best, mark+"help")
}

// refuse makes an error that is a sentence for the operator.
func refuse(format string, a ...any) error {
	return phrase.Fail(phrase.CodeInvalid, format, a...)
}
