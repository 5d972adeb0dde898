package bridge

import "testing"

// A right that everybody has is stored only of those who lack it, and another only of those who have it.
// Whatever is given or taken away, the other rights stay.
func TestPermissions_GivenAndTakenAway(t *testing.T) {
	for _, r := range Rights() {
		o := Operator{Permissions: Permissions{"something"}}
		if o.May(r.Permission) != r.Everybody {
			t.Errorf("a new operator may %s: %v", r.Permission, o.May(r.Permission))
		}
		for _, given := range []bool{!r.Everybody, r.Everybody, !r.Everybody, !r.Everybody} {
			o.Permissions = PermissionsFrom(o.Permissions.With(r, given).String())
			for _, other := range Rights() {
				want := other.Everybody
				if other.Permission == r.Permission {
					want = given
				}
				if o.May(other.Permission) != want {
					t.Errorf("%s given %v: may %s is %v", r.Permission, given, other.Permission, !want)
				}
			}
		}
		if o.Permissions[0] != "something" || len(o.Permissions) != 2 || o.May(MaySuper) {
			t.Errorf("%s: %q", r.Permission, o.Permissions)
		}
	}
}

// A super operator may do everything, but can be kept out of the room.
func TestPermissions_OfASuperOperator(t *testing.T) {
	o := Operator{Super: true}
	for _, r := range Rights() {
		o.Permissions = o.Permissions.With(r, false)
	}
	for _, r := range Rights() {
		if o.May(r.Permission) == (r.Permission == MayRoom) {
			t.Errorf("%s: %v", r.Permission, o.May(r.Permission))
		}
	}
}
