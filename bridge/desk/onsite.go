package desk

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"porchlight/bridge"
	"porchlight/bridge/onsite"
	"porchlight/bridge/phrase"
	"porchlight/bridge/voice"
)

// OnSite makes those who are on the site known to the desk.
func OnSite(s *onsite.Site) Room { return func(d *Desk) { d.site = s } }

// onsiteCommands declares the commands about visitors who are on the site.
func onsiteCommands() []Command {
	const with, may = "invitations", bridge.MayVisitors
	return []Command{
		{Name: "visitors", Group: Requests, Title: "Who is on the site now", Run: visitors, Looks: true, Permission: may,
			Help:   "Those who have the widget open, or all whose page has it, as the setting on-site says; it is off at first.",
			Fields: []Field{{Name: "page", Label: "A page of the list", Kind: Page, Bare: true}}},
		{Name: "invite-visitor", Group: Requests, Title: "Invite a visitor who is on the site to talk", Run: inviteVisitor, Permission: may,
			Help: "Without a text it is your own (status invitation=…). If the visitor answers, the chat is yours. Nobody is invited who talks already, has the form open, or does not want to be.",
			Fields: []Field{{Name: "id", Label: "Whom", Help: "As visitors shows it.", Kind: Word, Required: true, Choices: invitable},
				{Name: "text", Label: "The text", Help: "Empty: your own.", Kind: Rest}}},
		{Name: with, Group: Requests, Title: "Which invitations are made by themselves", Together: "Rules by which visitors are invited: to see, make and delete them", Run: invitations, Looks: true, Permission: may},
		{Name: "invitation-add", With: with, Title: "Invite visitors by a rule", Record: invitationRecord(), Permission: may,
			Help:   "invitation-add pricing page=/pricing after=45s text=Questions about prices? A rule invites nobody twice on a day, nobody who talks, has the form open or does not want to be invited, and nobody while no operator is available. Of several rules the one with the longest page counts. With the name of a rule it is changed.",
			Fields: []Field{{Name: "name", Label: "A name for it, one word", Kind: Word, Required: true}}},
		{Name: "invitation-delete", With: with, Title: "Delete a rule of invitations", Run: invitationDelete, Permission: may,
			Fields: []Field{{Name: "name", Label: "Its name", Kind: Word, Required: true, Choices: invitationChoices}}},
	}
}

// here returns who is on the site, or an error if that is not known.
func here(d *Desk) (*onsite.Site, error) {
	if d.site == nil {
		return nil, phrase.Fail(phrase.CodeUnavailable, "Who is on the site is not known here.")
	}
	return d.site, nil
}

// seen is here, refused while the setting is off.
func seen(d *Desk) (*onsite.Site, error) {
	s, err := here(d)
	if err == nil {
		err = s.Shown()
	}
	return s, err
}

// visitorsPage is how many visitors are listed at a time.
const visitorsPage = 15

// visitors lists who is on the site now.
func visitors(d *Desk, ctx context.Context, call Call) (string, error) {
	s, err := seen(d)
	if err != nil {
		return "", err
	}
	page, err := count(call.arg("page"))
	if err != nil {
		return "", err
	}
	list := s.Visits()
	if len(list) == 0 {
		return call.Voice.Say("Nobody is on the site."), nil
	}
	open := 0
	for _, v := range list {
		if v.Open {
			open++
		}
	}
	first := (max(page, 1) - 1) * visitorsPage
	if first >= len(list) {
		return "", refuse("There is no page %d.", page)
	}
	lines := []string{call.Voice.Say("%d on the site, widget open: %d", len(list), open)}
	shown := list[first:min(first+visitorsPage, len(list))]
	for _, v := range shown {
		lines = append(lines, "  "+visitLine(d.bridge.Now(), call.Voice, v))
	}
	if rest := len(list) - first - len(shown); rest > 0 {
		lines = append(lines, call.Voice.Say("%d more: %s", rest, "visitors "+strconv.Itoa(max(page, 1)+1)))
	}
	if said := invites(call, d.bridge.Now(), shown); said != "" {
		lines = append(lines, said)
	}
	if link := d.pageLink(ctx, call, bridge.View{Page: bridge.VisitorsPage}); link != "" {
		lines = append(lines, link)
	}
	return strings.Join(lines, "\n"), nil
}

// invites says how the first of some visitors who can be invited is, "" if nobody can.
func invites(call Call, now time.Time, shown []onsite.Visit) string {
	i := slices.IndexFunc(shown, func(v onsite.Visit) bool { return v.Bars(call.Operator, now) == nil })
	if i < 0 {
		return ""
	}
	command := "invite-visitor " + shown[i].ID
	if own := call.Operator.Invitation; own != "" {
		return call.Voice.Say("%s sends yours: %q; %s another.", command, voice.Clip(own, 60), command+" TEXT")
	}
	return call.Voice.Say("%s invites with your words; %s keeps words of yours.", command+" TEXT", "status invitation=TEXT")
}

// visitLine says in one line who a visitor is, where, and what was before.
func visitLine(now time.Time, v voice.Voice, x onsite.Visit) string {
	parts := []string{x.ID}
	if x.Who.Name != "" {
		parts = append(parts, voice.Clip(v.Visitor(x.Who.Name), 40))
	}
	if x.Who.Verified {
		parts[len(parts)-1] += " ✔"
	}
	page := voice.Clip(x.Path(), 60)
	if x.Page.Title != "" {
		page += " \"" + voice.Clip(strings.ReplaceAll(x.Page.Title, `"`, "'"), 40) + "\""
	}
	page += " " + v.Phrase(bridge.Span(now.Sub(x.Since)))
	if x.Pages > 1 {
		page += ", " + v.Say("%d pages", x.Pages)
	}
	if x.Page.Referrer != "" {
		page += ", " + v.Say("from %s", x.Page.Referrer)
	}
	if before, ok := x.Who.Before(v.Short); ok {
		page += ", " + v.Phrase(before)
	}
	parts = append(parts, page)
	for _, p := range x.Stands(now) {
		parts = append(parts, v.Phrase(p))
	}
	return strings.Join(parts, " · ")
}

// inviteVisitor invites somebody who is on the site.
func inviteVisitor(d *Desk, _ context.Context, call Call) (string, error) {
	s, err := seen(d)
	if err != nil {
		return "", err
	}
	v, err := s.Invite(call.Operator, call.arg("id"), call.arg("text"))
	if err != nil {
		return "", err
	}
	return call.Voice.Say("%s is invited. If they answer, the chat is yours and opens here; if they close it, you are told and they are not asked again today.", v.Called()), nil
}

// invitable lists the visitors for a form.
func invitable(d *Desk, _ context.Context, call Call) ([]Choice, error) {
	s, err := seen(d)
	if err != nil {
		return nil, err
	}
	var list []Choice
	for _, v := range s.Visits() {
		list = append(list, Choice{v.ID, visitLine(d.bridge.Now(), call.Voice, v)})
	}
	if len(list) == 0 {
		err = refuse("Nobody is on the site.")
	}
	return list, err
}
