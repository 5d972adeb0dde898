package desk

import (
	"context"
	"strings"

	"porchlight/bridge"
	"porchlight/bridge/voice"
)

func canned(d *Desk, ctx context.Context, call Call) (string, error) {
	answers, err := d.bridge.Answers.List(ctx)
	if err != nil {
		return "", err
	}
	name := strings.ToLower(call.arg("name"))
	if name == "" {
		if len(answers) == 0 {
			return call.Voice.Say("There are no stored answers yet. canned-add NAME TEXT makes one."), nil
		}
		lines := []string{call.Voice.Say("Stored answers; !NAME in a conversation sends one:")}
		for _, a := range answers {
			lines = append(lines, "  "+a.Name+" – "+voice.Clip(strings.ReplaceAll(a.Text, "\n", " "), 80))
		}
		return strings.Join(lines, "\n"), nil
	}
	a, err := named(answers, name)
	if err != nil || call.Visitor == "" {
		return a.Text, err
	}
	return d.sendCanned(ctx, call, a)
}

// named finds a stored answer by its name.
func named(answers []bridge.Answer, name string) (bridge.Answer, error) {
	for _, a := range answers {
		if a.Name == name {
			return a, nil
		}
	}
	return bridge.Answer{}, refuse("There is no stored answer %q. canned alone lists them.", voice.Clip(name, 40))
}

// sendCanned sends a stored answer to the visitor, and shows the operator what was sent.
func (d *Desk) sendCanned(ctx context.Context, call Call, a bridge.Answer) (string, error) {
	card, err := d.card(ctx, call)
	if err != nil {
		return "", err
	}
	text := a.Fill(card.Request.Name, call.Operator.Name, d.bridge.Answers.Site(card))
	if _, err := d.bridge.OperatorWrites(ctx, call.Operator.JID, call.Visitor, bridge.Said{ID: call.StanzaID, Text: text}); err != nil {
		return "", err
	}
	return call.Voice.Say("Sent: %s", text), nil
}

// sendable lists the stored answers that a call could send by their names alone.
func (d *Desk) sendable(ctx context.Context, call Call) (names []string, err error) {
	if call.Visitor == "" {
		return nil, nil
	}
	answers, err := d.bridge.Answers.List(ctx)
	for _, a := range answers {
		names = append(names, a.Name)
	}
	return names, err
}

func cannedAdd(d *Desk, ctx context.Context, call Call) (string, error) {
	name := strings.ToLower(call.arg("name"))
	_, alias := aliases[name]
	if _, taken := d.find(name); taken || alias {
		return "", refuse("%s is a command, so !%s would not send the answer. Choose another name.", name, name)
	}
	before, err := d.bridge.Answers.Save(ctx, bridge.Answer{Name: name, Text: call.arg("text")})
	if err != nil {
		return "", err
	}
	if before != "" {
		return call.Voice.Say("%s is changed. It was: %s", name, before), nil
	}
	return call.Voice.Say("%s is stored. !%s in a conversation sends it.", name, name), nil
}

func cannedDelete(d *Desk, ctx context.Context, call Call) (string, error) {
	name := strings.ToLower(call.arg("name"))
	answers, err := d.bridge.Answers.List(ctx)
	if err != nil {
		return "", err
	}
	a, err := named(answers, name)
	if err != nil {
		return "", err
	}
	return call.Voice.Say("%s is deleted. To have it back: canned-add %s %s", name, name, a.Text), d.bridge.Answers.Delete(ctx, name)
}

// answers lists the stored answers for a form.
func answers(d *Desk, ctx context.Context, _ Call) ([]Choice, error) {
	stored, err := d.bridge.Answers.List(ctx)
	var list []Choice
	for _, a := range stored {
		list = append(list, Choice{a.Name, a.Name + " – " + voice.Clip(strings.ReplaceAll(a.Text, "\n", " "), 80)})
	}
	return list, err
}
