package desk

import (
	"context"

	"porchlight/bridge"
)

// pageCommands declares the commands about the team's page.
func pageCommands() []Command {
	return []Command{
		{Name: "team", Title: "A link to the team's page", Run: team, Looks: true,
			Help: "Statistics, hours, votes and the queue to look at in a browser, as far as you may see them. The link works once, for 15 minutes."},
		{Name: "team-logout", Title: "Log all your browsers out of the team's page", Run: teamLogout},
		{Name: "team-wall", Group: Site, Title: "A lasting link to the overview, for a screen on the wall", Together: "Links for screens on the wall: to make, see and take back", Run: teamWall, Permission: bridge.MaySuper,
			Help:   "It shows who is on, how many wait and since when, and nothing that visitors or operators wrote. Whoever has the link sees it.",
			Fields: []Field{{Name: "name", Label: "A name for the wall", Kind: Text, Required: true}}},
		{Name: "team-walls", With: "team-wall", Title: "The links for walls", Run: teamWalls, Permission: bridge.MaySuper, Looks: true},
		{Name: "team-wall-delete", With: "team-wall", Title: "Take the link of a wall back", Run: teamWallDelete, Permission: bridge.MaySuper,
			Fields: []Field{{Name: "name", Label: "The name of the wall", Kind: Text, Required: true, Choices: walls}}},
	}
}

// team answers with a link to the page.
func team(d *Desk, ctx context.Context, call Call) (string, error) {
	url, err := d.bridge.Passes.Link(ctx, call.Operator.JID, bridge.View{})
	if err != nil {
		return "", err
	}
	return call.Voice.Say("The team's page: %s", url) + "\n" + call.Voice.Say("The link works once, for 15 minutes. team-logout ends what it has opened."), nil
}

// pageLink is a sentence with a link to a view of the page, for the end of an answer. It is "" if no link can be
// made: the answer is worth something without it, and an alarm tells of a store that can't be written.
// Beside a visitor's words there is none, so that nobody passes it on to the visitor by mistake.
func (d *Desk) pageLink(ctx context.Context, call Call, v bridge.View) string {
	if call.Visitor != "" {
		return ""
	}
	url, err := d.bridge.Passes.Link(ctx, call.Operator.JID, v)
	if err != nil {
		return ""
	}
	return call.Voice.Say("Everything: %s", url)
}

// teamLogout ends the operator's sessions on the page.
func teamLogout(d *Desk, ctx context.Context, call Call) (string, error) {
	n, err := d.bridge.Passes.LogOut(ctx, call.Operator.JID)
	switch {
	case err != nil:
		return "", err
	case n == 0:
		return call.Voice.Say("No browser of yours was logged in. Links that were not used yet don't work any more."), nil
	}
	return call.Voice.Say("Browsers logged out: %d. Links that were not used yet don't work any more. team sends a new one.", n), nil
}

// teamWall makes the link of a wall.
func teamWall(d *Desk, ctx context.Context, call Call) (string, error) {
	w, url, err := d.bridge.Passes.Wall(ctx, call.Operator, call.arg("name"))
	if err != nil {
		return "", err
	}
	return call.Voice.Say("The wall %s: %s", w.Name, url) + "\n" + call.Voice.Say("Open it on the screen. It shows the overview until somebody takes it back; the link is told only here.") + "\n" +
		call.Voice.Say("Back: %s", "team-wall-delete "+w.Name), nil
}

// teamWalls lists the walls.
func teamWalls(d *Desk, ctx context.Context, call Call) (string, error) {
	list, err := d.bridge.Passes.Walls(ctx)
	if err != nil {
		return "", err
	}
	if len(list) == 0 {
		return call.Voice.Say("There are no walls. team-wall NAME makes a link for one."), nil
	}
	answer := call.Voice.Say("Walls: %d", len(list))
	for _, w := range list {
		answer += "\n  " + wallLine(d, call, w)
	}
	return answer, nil
}

// wallLine is a wall in the list.
func wallLine(d *Desk, call Call, w bridge.Pass) string {
	return call.Voice.Say("%s – made by %s on %s", w.Name, d.bridge.Team.Name(w.Operator), call.Voice.Short(w.Made))
}

// walls lists the walls for a form.
func walls(d *Desk, ctx context.Context, call Call) ([]Choice, error) {
	all, err := d.bridge.Passes.Walls(ctx)
	var list []Choice
	for _, w := range all {
		list = append(list, Choice{w.Name, wallLine(d, call, w)})
	}
	if len(list) == 0 && err == nil {
		err = refuse("There are no walls. team-wall NAME makes a link for one.")
	}
	return list, err
}

// teamWallDelete takes a wall's link back.
func teamWallDelete(d *Desk, ctx context.Context, call Call) (string, error) {
	w, err := d.bridge.Passes.DeleteWall(ctx, call.Operator, call.arg("name"))
	if err != nil {
		return "", err
	}
	return call.Voice.Say("The link of the wall %s opens nothing any more. %s makes another.", w.Name, "team-wall "+w.Name), nil
}
