package component

import (
	"context"
	"strings"

	"porchlight/bridge"
)

// entity is what stands behind one of our addresses.
type entity string

// The entities. entityNone is an address of ours that nobody has.
const (
	entityNone       entity = ""
	entityService    entity = "service"    // the domain
	entityDesk       entity = "desk"       // desk@
	entityDepartment entity = "department" // <department>@
	entityVisitor    entity = "visitor"    // <slug>-<short>@
)

// entity tells by an address alone what may stand behind it: an address of nothing
// else is a visitor's, or nobody's.
func (c *Component) entity(bare string) entity {
	local, _, ok := strings.Cut(bare, "@")
	switch {
	case !ok:
		return entityService
	case bare == c.deskJID():
		return entityDesk
	}
	for _, d := range c.bridge.Departments() {
		if d.Name == local {
			return entityDepartment
		}
	}
	return entityVisitor
}

// lookUp finds what an address is; for a visitor with the newest conversation.
func (c *Component) lookUp(ctx context.Context, bare string) (entity, bridge.Card) {
	if e := c.entity(bare); e != entityVisitor {
		return e, bridge.Card{}
	}
	conv, err := c.bridge.ByVisitor(ctx, bridge.VisitorJID(bare))
	if err != nil {
		return entityNone, bridge.Card{}
	}
	card, err := c.bridge.Card(ctx, conv.Number)
	if err != nil {
		return entityNone, bridge.Card{}
	}
	return entityVisitor, card
}
