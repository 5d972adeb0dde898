package desk

import (
	"context"
	"strings"

	"porchlight/bridge"
	"porchlight/bridge/access"
	"porchlight/bridge/phrase"
)

// Keys makes the keys of the API known to the desk.
func Keys(a *access.Access) Room { return func(d *Desk) { d.access = a } }

// keyCommands declares the commands about keys.
func keyCommands() []Command {
	const with = "keys"
	return []Command{
		{Name: with, Group: Site, Title: "Keys by which servers of the site use the API", Together: "Keys by which servers of the site use the API: to see, make and delete them", Run: keys, Looks: true, Permission: bridge.MaySuper},
		{Name: "key-add", With: with, Title: "Make a key for the API", Run: keyAdd, Permission: bridge.MaySuper,
			Help:   "The key is told once. It allows what is named: read (list and read conversations), tickets (open them), post (say something as the system), attributes (set them).",
			Fields: []Field{{Name: "name", Label: "A name for it, one word", Kind: Word, Required: true}, {Name: "scopes", Label: "What it allows", Kind: Several, Required: true, Help: "read, tickets, post, attributes", Choices: scopeChoices}}},
		{Name: "key-delete", With: with, Title: "Delete a key of the API", Run: keyDelete, Permission: bridge.MaySuper,
			Help:   "It opens nothing from then on.",
			Fields: []Field{{Name: "name", Label: "Its name", Kind: Word, Required: true, Choices: keyChoices}}},
	}
}

// opened returns the keys, or an error if there is no such room.
func (d *Desk) opened() (*access.Access, error) {
	if d.access == nil {
		return nil, phrase.Fail(phrase.CodeUnavailable, "There is no API here.")
	}
	return d.access, nil
}

// keys lists the keys, with what they allow and when they were used last.
func keys(d *Desk, ctx context.Context, call Call) (string, error) {
	a, err := d.opened()
	if err != nil {
		return "", err
	}
	list, err := a.Keys(ctx)
	if err != nil {
		return "", err
	}
	if len(list) == 0 {
		return call.Voice.Say("There are no keys. %s makes one.", "key-add NAME SCOPES"), nil
	}
	lines := []string{call.Voice.Say("Keys: %d", len(list))}
	for _, k := range list {
		lines = append(lines, "  "+keyLine(call, k))
	}
	return strings.Join(lines, "\n"), nil
}

// keyLine says what a key allows, and when it was used.
func keyLine(call Call, k access.Key) string {
	if k.Used.IsZero() {
		return call.Voice.Say("%s: %s · never used", k.Name, access.Words(k.Scopes))
	}
	return call.Voice.Say("%s: %s · used %s", k.Name, access.Words(k.Scopes), call.Voice.Short(k.Used))
}

// keyAdd makes a key.
func keyAdd(d *Desk, ctx context.Context, call Call) (string, error) {
	a, err := d.opened()
	if err != nil {
		return "", err
	}
	scopes, err := access.ParseScopes(strings.Join(strings.Fields(call.arg("scopes")), " "))
	if err != nil {
		return "", err
	}
	key, k, err := a.Add(ctx, call.Operator, call.arg("name"), scopes)
	if err != nil {
		return "", err
	}
	return call.Voice.Say("The key %s allows: %s.", k.Name, access.Words(k.Scopes)) + "\n" + call.Voice.Say("It is told only here: %s", key) + "\n" +
		call.Voice.Say("Back: %s", "key-delete "+k.Name), nil
}

// keyDelete deletes a key.
func keyDelete(d *Desk, ctx context.Context, call Call) (string, error) {
	a, err := d.opened()
	if err != nil {
		return "", err
	}
	if err := a.Delete(ctx, call.Operator, call.arg("name")); err != nil {
		return "", err
	}
	return call.Voice.Say("The key %s opens nothing any more. %s makes another.", call.arg("name"), "key-add "+call.arg("name")+" SCOPES"), nil
}

// keyChoices lists the keys for a form.
func keyChoices(d *Desk, ctx context.Context, call Call) ([]Choice, error) {
	a, err := d.opened()
	if err != nil {
		return nil, err
	}
	all, err := a.Keys(ctx)
	var list []Choice
	for _, k := range all {
		list = append(list, Choice{k.Name, keyLine(call, k)})
	}
	if len(list) == 0 && err == nil {
		err = refuse("There are no keys. %s makes one.", "key-add NAME SCOPES")
	}
	return list, err
}

// scopeChoices lists what a key may allow for a form.
func scopeChoices(*Desk, context.Context, Call) (list []Choice, err error) {
	for _, s := range access.Scopes() {
		list = append(list, Choice{string(s), string(s)})
	}
	return list, nil
}
