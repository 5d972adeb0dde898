package desk

import (
	"context"
	"regexp"
	"slices"
	"strings"

	"porchlight/bridge"
	"porchlight/bridge/hours"
	"porchlight/bridge/phrase"
	"porchlight/bridge/voice"
)

// thenCommands cuts what is to be done after an answer into commands. A line or a semicolon ends one.
func thenCommands(text string) (list []string) {
	for _, line := range strings.FieldsFunc(text, func(r rune) bool { return r == '\n' || r == ';' }) {
		if line = strings.TrimPrefix(strings.TrimSpace(line), "!"); line != "" {
			list = append(list, line)
		}
	}
	return list
}

// fitsAnswer reports whether an answer may carry out the command: one that does something in a conversation and does not ask
// before it does so.
func (c Command) fitsAnswer() bool {
	return (c.Visitor || c.Both) && !c.Looks && c.Confirm == nil && c.Record == nil && c.Name != "canned" && c.With != "canned"
}

// CheckAnswer says what is wrong with the name of an answer, or with a command that it is to carry out, which the keys name
// and then stand for: the name must be no command's, and the command one of a conversation, with what it needs. Who may
// carry it out, and whether those whom it names are there, is found when an operator stores the answer, and again when
// somebody sends it.
func (d *Desk) CheckAnswer(key, value string) error {
	if key == "name" {
		return stock{d}.freeName(value)
	}
	c, rest, err := stock{d}.actionCalled(value)
	if err != nil {
		return err
	}
	for _, f := range c.Fields {
		if f.Required && rest == "" {
			return refuse("Missing: %s. Write: %s.", f.shown(), c.Usage())
		}
	}
	return nil
}

// actionCalled finds the command of a line that an answer is to carry out.
func (d stock) actionCalled(line string) (c Command, rest string, err error) {
	name, rest := split(line)
	name = strings.ToLower(strings.TrimPrefix(name, "!"))
	c, ok := d.find(name)
	if !ok || !c.fitsAnswer() {
		var names []string
		for _, c := range d.commands {
			if c.fitsAnswer() {
				names = append(names, c.Name)
			}
		}
		return c, "", refuse("%q is nothing that an answer can do. There are: %s.", voice.Clip(name, 40), strings.Join(names, ", "))
	}
	return c, rest, nil
}

// action reads a line that an answer is to carry out, as far as the operator of the call may do that.
func (d stock) action(ctx context.Context, call Call, line string) (Command, Call, error) {
	c, rest, err := d.actionCalled(line)
	if err != nil {
		return c, call, err
	}
	if err := c.permits(call.Operator); err != nil {
		return c, call, err
	}
	next := Call{Operator: call.Operator, Visitor: call.Visitor, StanzaID: call.StanzaID, Voice: call.Voice, part: true}
	next, err = d.written(ctx, c, next, rest)
	return c, next, err
}

// checkThen says what is wrong with the commands of an answer that an operator stores.
func (d stock) checkThen(ctx context.Context, call Call, then []string) error {
	for _, line := range then {
		c, next, err := d.action(ctx, call, line)
		if err == nil {
			err = d.checkValues(c, next)
		}
		if err != nil {
			return err
		}
	}
	return CheckOrder(then)
}

// checkValues refuses what a command of an answer would refuse in any conversation.
func (d stock) checkValues(c Command, call Call) (err error) {
	switch {
	case c.Name == "later" && !strings.EqualFold(call.arg("when"), "off"):
		_, err = hours.Moment(strings.ToLower(call.arg("when")), d.bridge.Now(), d.bridge.Hours.Today().Location(), hours.Table{})
	case c.Name == "set" && call.arg("what") == string(bridge.KeptEmail) && call.arg("value") != "" && !bridge.ValidEmail(call.arg("value")):
		err = refuse("%q is no email address. One looks like ann@example.org.", voice.Clip(call.arg("value"), 40))
	case c.Name == "set" && call.arg("what") == string(bridge.KeptPhone):
		value := call.arg("value")
		err = phoneOf(&value).Set(value)
	}
	return err
}

// CheckOrder says what is wrong with the commands of an answer together: nothing can follow what ends the operator's part, and little
// what ends the conversation.
func CheckOrder(then []string) error {
	_, err := afterEnd(then)
	return err
}

// afterEnd refuses a command behind one that ends the conversation, and returns its line: what is closed can only be noted, tagged
// and have something kept. Behind one by which it is the operator's no more, it refuses any.
func afterEnd(then []string) (line string, err error) {
	end, gone := "", ""
	for _, line := range then {
		name, _ := split(line)
		switch name = strings.ToLower(strings.TrimPrefix(name, "!")); {
		case gone != "":
			return line, refuse("After %s the conversation is not yours any more, so %s can't follow it.", gone, name)
		case end != "" && !slices.Contains([]string{"note", "tag", "set"}, name):
			return line, refuse("%s ends the conversation, so %s can't follow it.", end, name)
		case slices.Contains([]string{"close", "junk", "block"}, name):
			end = name
		case slices.Contains([]string{"transfer", "leave"}, name):
			gone = name
		}
	}
	return "", nil
}

// refuseSending is the refusal to send an answer of which something can't be done.
func refuseSending(a bridge.Answer, line string, err error) error {
	if phrase.CodeOf(err) == phrase.CodeInternal {
		return err
	}
	return phrase.Fail(phrase.CodeOf(err), "%s was not sent, since it can't do this: %s. %s", a.Name, voice.Clip(line, 60), phrase.Of(err))
}

// carryOut does what an answer is to do, in order, and says what came of it.
func (d stock) carryOut(ctx context.Context, call Call, a bridge.Answer) (said []string, err error) {
	if line, err := afterEnd(a.Then); err != nil {
		return nil, refuseSending(a, line, err)
	}
	for _, line := range a.Then {
		c, next, err := d.action(ctx, call, line)
		if err != nil {
			return nil, refuseSending(a, line, err)
		}
		answer, err := c.Run(d.Desk, ctx, next)
		if err != nil {
			return nil, refuseSending(a, line, err)
		}
		said = append(said, answer)
	}
	return said, nil
}

// textKey finds where the words of an answer begin behind its commands.
var textKey = regexp.MustCompile(`(?i)(?:^|\s)text=`)

// stored is what a line of canned-add says beside the name.
type stored struct {
	whose, tongue string
	then          []string
	text          string
}

// readStored reads for=, lang=, then= and text= from the beginning of a text; what follows is the answer's text.
func readStored(text string) (s stored, err error) {
	for {
		word, rest := split(text)
		key, value, _ := strings.Cut(word, "=")
		switch key = strings.ToLower(key); {
		case !strings.Contains(word, "=") || !slices.Contains([]string{"for", "lang", "language", "then", "text"}, key):
			s.text = text
			return s, nil
		case key == "text":
			s.text = strings.TrimSpace(strings.TrimSpace(text)[len("text="):])
			return s, nil
		case key == "then":
			at := textKey.FindStringIndex(text)
			if at == nil {
				return s, refuse("Write text= in front of the words: canned-add NAME then=… text=….")
			}
			s.then = thenCommands(strings.TrimSpace(text)[len("then="):at[0]])
			text = strings.TrimSpace(text[at[0]:])
			continue
		case key == "for":
			s.whose = value
		default:
			s.tongue = value
		}
		text = rest
	}
}
