package desk

import (
	"context"
	"slices"
	"strings"

	"porchlight/bridge"
	"porchlight/bridge/voice"
)

// rights are the things that an operator can be allowed or denied: permissions, and a place
// in the operators' room.
func rights() []string { return []string{string(bridge.MayBlock), roomRight} }

const roomRight = "room"

// grant is the command that allows an operator something, or denies it.
func grant(allowed bool) func(*Desk, context.Context, Call) (string, error) {
	return func(d *Desk, ctx context.Context, call Call) (string, error) {
		who := d.colleague(call.arg("operator"))
		right := call.arg("right")
		if who.Super && right != roomRight {
			return "", refuse("%s is a super operator and may do everything: that is changed in the config.", who.Name)
		}
		who, err := d.bridge.Team.Change(ctx, who.JID, func(o *bridge.Operator) {
			word, set := bridge.Permission(right), allowed
			if right == roomRight { // everybody is a member unless that is denied
				word, set = bridge.NotInRoom, !allowed
			}
			o.Permissions = slices.DeleteFunc(slices.Clone(o.Permissions), func(p bridge.Permission) bool { return p == word })
			if set {
				o.Permissions = append(o.Permissions, word)
			}
		})
		if err != nil {
			return "", err
		}
		return call.Voice.Say("%s: allowed %s; denied %s.", who.Name, granted(call.Voice, who, true), granted(call.Voice, who, false)), nil
	}
}

// granted lists the rights that an operator has, or those that they lack.
func granted(v voice.Voice, o bridge.Operator, allowed bool) string {
	var names []string
	for _, r := range rights() {
		has := o.May(bridge.Permission(r))
		if r == roomRight {
			has = !slices.Contains(o.Permissions, bridge.NotInRoom)
		}
		if has == allowed {
			names = append(names, r)
		}
	}
	if len(names) == 0 {
		return v.Say("nothing")
	}
	return strings.Join(names, ", ")
}
