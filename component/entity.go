package component

import (
	"context"
	"fmt"
	"strings"

	"porchlight/bridge"
	"porchlight/bridge/phrase"
)

// entity is a kind of thing that has one of our addresses.
type entity string

// The entities. entityNone stands for an address under our domain that nobody has.
const (
	entityNone       entity = ""
	entityService    entity = "service"    // the domain
	entityDesk       entity = "desk"       // desk@
	entityDepartment entity = "department" // <department>@
	entityVisitor    entity = "visitor"    // <slug>-<short>@
)

// entity tells from the address alone what it may belong to. entityVisitor means that it
// is a visitor's or nobody's: only the store knows.
func (f *faces) entity(bare string) entity {
	local, _, ok := strings.Cut(bare, "@")
	switch {
	case !ok:
		return entityService
	case bare == f.domain.desk():
		return entityDesk
	}
	for _, d := range f.bridge.Team.Departments() {
		if d.Name == local {
			return entityDepartment
		}
	}
	return entityVisitor
}

// lookUp finds out what an address belongs to, and for a visitor the card of their newest
// conversation. An error says that the store can't tell now.
func (f *faces) lookUp(ctx context.Context, bare string) (entity, bridge.Card, error) {
	if e := f.entity(bare); e != entityVisitor {
		return e, bridge.Card{}, nil
	}
	var card bridge.Card
	conv, err := f.bridge.ByVisitor(ctx, bridge.VisitorJID(bare))
	if err == nil {
		card, err = f.bridge.Card(ctx, conv.Number)
	}
	switch {
	case phrase.CodeOf(err) == phrase.CodeNotFound:
		return entityNone, bridge.Card{}, nil
	case err != nil:
		return entityNone, bridge.Card{}, fmt.Errorf("look up visitor: %w", err)
	}
	return entityVisitor, card, nil
}
