package desk

import (
	"context"
	"regexp"
	"slices"
	"strings"

	"porchlight/bridge/phrase"
)

// once carries out a command. One that changes something is carried out only the first time
// that it comes with the same arguments under the same id.
func (d *Desk) once(ctx context.Context, c Command, call Call) (string, error) {
	if call.StanzaID == "" || c.Looks && !c.Both { // canned looks at the desk, but writes in a conversation
		return d.inTime(ctx, c, call)
	}
	content := []any{call.Visitor, c.Name}
	for _, f := range c.Fields {
		content = append(content, call.args[f.Name])
	}
	for _, set := range call.edit.keys {
		content = append(content, set.key, set.value)
	}
	carried := d.bridge.Carried
	before, err := carried.Before(ctx, call.Operator.JID, call.StanzaID, content...)
	if err != nil {
		return "", err
	}
	if before {
		return call.Voice.Say("%s came again as the same message, and was not carried out a second time.", c.Name), nil
	}
	answer, err := d.inTime(ctx, c, call)
	if err == nil {
		carried.Remember(ctx, call.Operator.JID, call.StanzaID, content...)
	}
	return answer, err
}

// inTime carries out a command, and refuses one that arrives late.
func (d *Desk) inTime(ctx context.Context, c Command, call Call) (string, error) {
	if call.Late {
		line := c.Name
		for _, f := range c.Fields {
			line = strings.TrimSpace(line + " " + call.args[f.Name])
		}
		for _, set := range call.edit.keys {
			line += " " + set.key + "=" + set.value
		}
		return "", phrase.Fail(phrase.CodeConflict, "This came late and was not carried out: %s", anyKey.ReplaceAllStringFunc(line, ends))
	}
	if err := d.sure(ctx, c, call); err != nil {
		return "", err
	}
	if c.Record != nil && (c.Run == nil || call.form || len(call.edit.keys) > 0) {
		answer, err := d.edited(ctx, c, call)
		if phrase.CodeOf(err) == phrase.CodeInvalid && c.holdsKey(call) {
			err = refuse("%s %s", phrase.Of(err), deleteKey())
		}
		return answer, err
	}
	return c.Run(d, ctx, call)
}

// anyKey finds within a text what may be a key of Pushover, a token of ntfy or the secret of a webhook.
var anyKey = regexp.MustCompile(`\b(?:[A-Za-z0-9]{30}\b|tk_[A-Za-z0-9]+|whsec_[A-Za-z0-9+/=]+)`)

// holdsKey reports whether the line of a call, which stays in the chat's history, sets a secret.
func (c Command) holdsKey(call Call) bool {
	known := Subject{Keys: c.Record.Keys()}
	return !call.form && slices.ContainsFunc(call.edit.keys, func(set assignment) bool {
		k, _ := known.key(set.key)
		return k.Kind == Secret && set.value != ""
	})
}
