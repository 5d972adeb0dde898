package desk

import (
	"context"
	"strings"

	"porchlight/bridge"
)

// setCommand declares the command by which operators keep something about a visitor.
func setCommand() Command {
	return Command{Name: "set", Title: "Keep a name, an address, a phone number or a remark with the visitor", Run: set, Visitor: true,
		Help: "set name Anna Puig, set email anna@example.org, set phone +34600000000, set remark She pays late. It counts in later requests of the visitor, too, and mail goes to the address. Without a value it is emptied. What a signed identity has proved stays.",
		Fields: []Field{{Name: "what", Label: "What", Kind: OneOf, Options: []string{string(bridge.KeptName), string(bridge.KeptEmail), string(bridge.KeptPhone), string(bridge.KeptRemark)}, Required: true},
			{Name: "value", Label: "The value", Help: "Empty: nothing is kept.", Kind: Rest}}}
}

// set keeps something about the visitor.
func set(d *Desk, ctx context.Context, call Call) (string, error) {
	what, value := bridge.Particular(call.arg("what")), call.arg("value")
	if what == bridge.KeptPhone {
		if err := phoneOf(&value).Set(value); err != nil {
			return "", err
		}
	}
	_, was, err := d.bridge.SetParticular(ctx, call.Operator.JID, call.Visitor, what, value)
	if err != nil {
		return "", err
	}
	back := was.Value
	if was.Given {
		back = ""
	}
	shown := func(s string) string {
		if s == "" {
			return "–"
		}
		return s
	}
	return call.Voice.Say("%s: %s → %s", string(what), shown(was.Value), shown(was.By)) + "\n" + call.Voice.Say("Back: %s", strings.TrimSpace("!set "+string(what)+" "+back)), nil
}
