package bridge

import (
	"context"
	"strings"

	"porchlight/bridge/phrase"
)

// This file has the lasting links to the overview, for screens on walls.

// Wall makes a link to the overview for a screen on a wall, which lasts until DeleteWall takes it back.
// Only a super operator may; the link ends if they stop being one.
func (p *Passes) Wall(ctx context.Context, by Operator, name string) (wall Pass, url string, err error) {
	wall = Pass{Kind: PassWall, Operator: by.JID, Name: cleanLine(name)}
	switch {
	case wall.Name == "" || len(wall.Name) > wallName:
		return wall, "", phrase.Fail(phrase.CodeInvalid, "Give the wall a short name, such as hall.")
	case !by.Super:
		return wall, "", phrase.Fail(phrase.CodeForbidden, "Only super operators may make a link for a wall.")
	}
	token := newID()
	err = p.bridge.store.Update(ctx, func(tx Tx) error {
		walls, err := tx.Walls()
		if err != nil {
			return err
		}
		if w, found := wallOf(walls, wall.Name); found {
			return phrase.Fail(phrase.CodeInvalid, "There is a wall %s already. team-wall-delete %s takes its link back.", w.Name, w.Name)
		}
		if len(walls) >= mostWalls {
			return phrase.Fail(phrase.CodeInvalid, "There are %d walls already. team-walls lists them.", len(walls))
		}
		if err := p.save(tx, wall, token, 0, mostWalls); err != nil {
			return err
		}
		return p.audit(tx, by, "team-wall", wall.Name)
	})
	return wall, p.url("wall/" + token), err
}

// audit notes what was done about a wall.
func (p *Passes) audit(tx Tx, by Operator, command, name string) error {
	return tx.AppendAudit(&Audit{At: p.bridge.clock.Now(), By: by.JID, ByName: by.Name, About: string(by.JID), Line: command + " " + name})
}

// Walls lists the walls, by name.
func (p *Passes) Walls(ctx context.Context) (list []Pass, err error) {
	err = p.bridge.store.View(ctx, func(r Reader) (err error) {
		list, err = r.Walls()
		return err
	})
	return list, err
}

// DeleteWall takes the link of a wall back, in whatever case its name is given. CodeInvalid says that
// there is no such wall.
func (p *Passes) DeleteWall(ctx context.Context, by Operator, name string) (wall Pass, err error) {
	err = p.bridge.store.Update(ctx, func(tx Tx) error {
		walls, err := tx.Walls()
		if err != nil {
			return err
		}
		var found bool
		if wall, found = wallOf(walls, cleanLine(name)); !found {
			return phrase.Fail(phrase.CodeInvalid, "There is no wall %q. team-walls lists them.", Cut(name, wallName))
		}
		if err := tx.DeletePass(wall.Hash); err != nil {
			return err
		}
		return p.audit(tx, by, "team-wall-delete", wall.Name)
	})
	return wall, err
}

// wallOf finds a wall by its name.
func wallOf(walls []Pass, name string) (Pass, bool) {
	for _, w := range walls {
		if strings.EqualFold(w.Name, name) {
			return w, true
		}
	}
	return Pass{}, false
}

// Screen returns the super operator who made a wall's link, by its token. CodeNotFound says that there
// is no such wall, or none any more.
func (p *Passes) Screen(ctx context.Context, token string) (Operator, error) {
	_, o, err := p.look(ctx, PassWall, token)
	return o, err
}
