package desk

import (
	"context"
	"strings"

	"porchlight/bridge"
	"porchlight/bridge/links"
	"porchlight/bridge/phrase"
	"porchlight/bridge/sitelink"
)

// linkCommands declares the commands about links into the site's own systems.
func linkCommands() []Command {
	const with = "links"
	chosen := []Field{{Name: "name", Label: "Its name", Kind: Word, Required: true, Choices: linkChoices}}
	return []Command{
		{Name: with, Group: Site, Title: "Links into your own systems", Together: "Links into your own systems: to see, add and delete them, and to change their secrets", Run: listLinks, Looks: true, Permission: bridge.MaySuper},
		{Name: "link-add", With: with, Title: "Put a link into your own systems in offers", Run: linkAdd, Permission: bridge.MaySuper,
			Help: "Offers and info have the link as a line when all that it fills in is known: {email}, {name}, {phone}, {id}, {number}, {department}, {language}, the site's own fields by their labels, {attributes.NAME}. {token} is a signed token that says who follows the link.",
			Fields: []Field{{Name: "name", Label: "A name for it, one word", Kind: Word, Required: true},
				{Name: "url", Label: "The address, https://…", Kind: Text, Required: true, Help: "https://crm.example.org/{email}?t={token}"}}},
		{Name: "link-secret", With: with, Title: "Give a link another secret", Run: linkSecret, Permission: bridge.MaySuper,
			Help: "Tokens are signed with the new one from then on.", Fields: chosen},
		{Name: "link-delete", With: with, Title: "Delete a link into your own systems", Run: linkDelete, Permission: bridge.MaySuper,
			Help: "It stands in no more offers. In older ones it leads nowhere if it has a token.", Fields: chosen},
	}
}

// Links lets the desk make links into the site's own systems.
func Links(l *links.Links) Room { return func(d *Desk) { d.links = l } }

// linking is the room of these links.
func (d *Desk) linking() (*links.Links, error) {
	if d.links == nil {
		return nil, phrase.Fail(phrase.CodeUnavailable, "There are no links here.")
	}
	return d.links, nil
}

// listLinks lists the links.
func listLinks(d *Desk, _ context.Context, call Call) (string, error) {
	list := d.bridge.SiteLinks.List()
	if len(list) == 0 {
		return call.Voice.Say("There are no links. %s makes one.", "link-add NAME URL"), nil
	}
	lines := []string{call.Voice.Say("Links: %d", len(list))}
	for _, l := range list {
		lines = append(lines, "  "+l.Name+": "+l.Template)
	}
	return strings.Join(lines, "\n"), nil
}

// linkAdd makes a link.
func linkAdd(d *Desk, ctx context.Context, call Call) (string, error) {
	room, err := d.linking()
	if err != nil {
		return "", err
	}
	l, err := room.Add(ctx, call.Operator, call.arg("name"), call.arg("url"))
	if err != nil {
		return "", err
	}
	lines := []string{call.Voice.Say("The link %s to %s stands in offers and in info.", l.Name, l.Host())}
	if names := needed(l); names != "" {
		lines = append(lines, call.Voice.Say("It is left out where one of these is not known: %s", names))
	}
	if l.Secret != "" {
		lines = append(lines, call.Voice.Say("Its secret, which is told only here: %s", l.Secret))
	}
	return strings.Join(append(lines, call.Voice.Say("Back: %s", "link-delete "+l.Name)), "\n"), nil
}

// needed lists what must be known of a conversation that has the link.
func needed(l bridge.SiteLink) string {
	var list []string
	for _, name := range l.Names() {
		if name != sitelink.TokenValue && name != sitelink.Number && name != sitelink.Department {
			list = append(list, name)
		}
	}
	return strings.Join(list, ", ")
}

// linkSecret gives a link another secret.
func linkSecret(d *Desk, ctx context.Context, call Call) (string, error) {
	room, err := d.linking()
	if err != nil {
		return "", err
	}
	l, err := room.Rotate(ctx, call.Operator, call.arg("name"))
	if err != nil {
		return "", err
	}
	return call.Voice.Say("The link %s has another secret.", l.Name) + "\n" + call.Voice.Say("Its secret, which is told only here: %s", l.Secret), nil
}

// linkDelete deletes a link.
func linkDelete(d *Desk, ctx context.Context, call Call) (string, error) {
	room, err := d.linking()
	if err != nil {
		return "", err
	}
	l, err := room.Delete(ctx, call.Operator, call.arg("name"))
	if err != nil {
		return "", err
	}
	said := call.Voice.Say("The link %s is deleted.", l.Name)
	if l.Signs() {
		said = call.Voice.Say("The link %s is deleted. Made again, it gets another secret.", l.Name)
	}
	return said + "\n" + call.Voice.Say("Back: %s", "link-add "+l.Name+" "+l.Template), nil
}

// linkChoices lists the links for a form.
func linkChoices(d *Desk, _ context.Context, _ Call) ([]Choice, error) {
	var list []Choice
	for _, l := range d.bridge.SiteLinks.List() {
		list = append(list, Choice{l.Name, l.Name + ": " + l.Host()})
	}
	if len(list) == 0 {
		return nil, refuse("There are no links. %s makes one.", "link-add NAME URL")
	}
	return list, nil
}
