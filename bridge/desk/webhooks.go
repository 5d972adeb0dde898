package desk

import (
	"context"
	"strings"

	"porchlight/bridge"
	"porchlight/bridge/hook"
	"porchlight/bridge/phrase"
)

// Webhooks makes the webhooks known to the desk.
func Webhooks(h *hook.Hooks) Room { return func(d *Desk) { d.hooks = h } }

// webhookCommands declares the commands about webhooks.
func webhookCommands() []Command {
	const with = "webhooks"
	return []Command{
		{Name: with, Group: Site, Title: "Which systems are told what happens", Together: "Systems that are told what happens: to see, add, delete and try them", Run: webhooks, Looks: true, Permission: bridge.MaySuper},
		{Name: "webhook-add", With: with, Title: "Tell a system what happens", Run: webhookAdd, Permission: bridge.MaySuper,
			Help: "Each thing that happens is posted to the address, signed with a secret that is told once. Without events all of them: created, ticket, taken, message, closed, rated.",
			Fields: []Field{{Name: "name", Label: "A name for it, one word", Kind: Word, Required: true}, {Name: "url", Label: "The address, https://…", Kind: Word, Required: true},
				{Name: "events", Label: "What it is told", Kind: Several, Help: "created, ticket, taken, message, closed, rated; nothing: all of them.", Choices: eventChoices}}},
		{Name: "webhook-delete", With: with, Title: "Tell a system nothing any more", Run: webhookDelete, Permission: bridge.MaySuper,
			Help:   "What waits to be told to it is not told any more.",
			Fields: []Field{{Name: "name", Label: "Its name", Kind: Word, Required: true, Choices: webhookChoices}}},
		{Name: "webhook-test", With: with, Title: "See whether a system can be told", Run: webhookTest, Permission: bridge.MaySuper, Looks: true,
			Help:   "A webhook that its receiver has switched off (410) is on again when it takes a test.",
			Fields: []Field{{Name: "name", Label: "Its name", Kind: Word, Required: true, Choices: webhookChoices}}},
	}
}

// hooked returns the webhooks, or an error if there is no such room.
func (d *Desk) hooked() (*hook.Hooks, error) {
	if d.hooks == nil {
		return nil, phrase.Fail(phrase.CodeUnavailable, "There are no webhooks here.")
	}
	return d.hooks, nil
}

// webhooks lists the webhooks, with the last result of each and what waits.
func webhooks(d *Desk, ctx context.Context, call Call) (string, error) {
	h, err := d.hooked()
	if err != nil {
		return "", err
	}
	list, err := h.Standings(ctx)
	if err != nil {
		return "", err
	}
	if len(list) == 0 {
		return call.Voice.Say("No system is told anything. %s makes a webhook.", "webhook-add NAME URL"), nil
	}
	lines := []string{call.Voice.Say("Webhooks: %d", len(list))}
	for _, s := range list {
		lines = append(lines, "  "+webhookLine(call, s))
	}
	return strings.Join(lines, "\n"), nil
}

// webhookLine says how a webhook stands.
func webhookLine(call Call, s hook.Standing) string {
	told := hook.Shorts(s.Types)
	if told == "" {
		told = call.Voice.Say("everything")
	}
	parts := []string{call.Voice.Say("%s → %s: %s", s.Name, s.Host(), told)}
	switch {
	case s.State == hook.Off:
		parts = append(parts, call.Voice.Say("off, its receiver wants nothing more"))
	case s.Tried.IsZero():
		parts = append(parts, call.Voice.Say("nothing was told yet"))
	case s.Result.Format == "":
		parts = append(parts, call.Voice.Say("last told %s", call.Voice.Short(s.Tried)))
	default:
		parts = append(parts, call.Voice.Say("failed %s: %s", call.Voice.Short(s.Tried), s.Result))
	}
	if s.Waits > 0 {
		parts = append(parts, call.Voice.Say("conversations that wait: %d", s.Waits))
	}
	if s.GivenUp > 0 {
		parts = append(parts, call.Voice.Say("never told: %d", s.GivenUp))
	}
	return strings.Join(parts, " · ")
}

// webhookAdd makes a webhook.
func webhookAdd(d *Desk, ctx context.Context, call Call) (string, error) {
	h, err := d.hooked()
	if err != nil {
		return "", err
	}
	types, err := hook.ParseTypes(strings.Join(strings.Fields(call.arg("events")), " "))
	if err != nil {
		return "", err
	}
	w, err := h.Add(ctx, call.Operator, call.arg("name"), call.arg("url"), types)
	if err != nil {
		return "", err
	}
	told := call.Voice.Say("The webhook %s is made: %s is told everything from now on.", w.Name, w.Host())
	if len(types) > 0 {
		told = call.Voice.Say("The webhook %s is made: %s is told from now on: %s.", w.Name, w.Host(), hook.Shorts(types))
	}
	return told + "\n" + call.Voice.Say("Its secret, which is told only here: %s", w.Secret) + "\n" + call.Voice.Say("%s tries it. Back: %s", "webhook-test "+w.Name, "webhook-delete "+w.Name), nil
}

// webhookDelete deletes a webhook.
func webhookDelete(d *Desk, ctx context.Context, call Call) (string, error) {
	h, err := d.hooked()
	if err != nil {
		return "", err
	}
	w, err := h.Delete(ctx, call.Operator, call.arg("name"))
	if err != nil {
		return "", err
	}
	return call.Voice.Say("%s (%s) is told nothing any more. %s makes it again, with another secret.", w.Name, w.Host(), strings.TrimSpace("webhook-add "+w.Name+" URL "+hook.Shorts(w.Types))), nil
}

// webhookTest posts a test.
func webhookTest(d *Desk, ctx context.Context, call Call) (string, error) {
	h, err := d.hooked()
	if err != nil {
		return "", err
	}
	ctx, cancel := context.WithTimeout(ctx, trialLasts)
	defer cancel()
	t, err := h.Try(ctx, call.Operator, call.arg("name"))
	switch {
	case err != nil:
		return "", err
	case t.Result.Format != "":
		return call.Voice.Say("%s did not take the test. %s", t.Name, t.Result), nil
	case t.Again:
		return call.Voice.Say("%s has taken the test. It was off, and is told things again: also what it has missed within three days.", t.Name), nil
	}
	return call.Voice.Say("%s has taken the test.", t.Name), nil
}

// webhookChoices lists the webhooks for a form.
func webhookChoices(d *Desk, ctx context.Context, call Call) ([]Choice, error) {
	h, err := d.hooked()
	if err != nil {
		return nil, err
	}
	all, err := h.Standings(ctx)
	var list []Choice
	for _, s := range all {
		list = append(list, Choice{s.Name, s.Name + " → " + s.Host()})
	}
	if len(list) == 0 && err == nil {
		err = refuse("No system is told anything. %s makes a webhook.", "webhook-add NAME URL")
	}
	return list, err
}

// eventChoices lists what a webhook may tell for a form.
func eventChoices(*Desk, context.Context, Call) (list []Choice, err error) {
	for _, t := range hook.Types() {
		list = append(list, Choice{t.Short(), t.Short()})
	}
	return list, nil
}
