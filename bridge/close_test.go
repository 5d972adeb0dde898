package bridge

import (
	"slices"
	"testing"
	"time"
)

// A visitor whose department is deleted is told that they wait, unless they have waited for too long and were
// asked for an address already.
func TestDepartmentGone_TellsWhatIsSo(t *testing.T) {
	for due, want := range map[time.Time]string{t0.Add(time.Minute): "log state waiting", {}: "log state waiting (email-wanted)"} {
		c, act := sample(defaults(), Waiting, DepartmentGone, t0)
		c.Due.Waiting = due
		next, effects, err := Rules{defaults()}.Apply(c, act, t0)
		if err != nil || !slices.ContainsFunc(effects, func(e Effect) bool { return renderEffect(e) == want }) || !next.Due.Waiting.Equal(due) {
			t.Errorf("a timer at %s: %v, %+v, %v", due, effects, next.Due, err)
		}
	}
}

// What begins again after its department is gone does so in the one that followed, however many were
// deleted one after the other, or in the first one if none followed.
func TestFollowing(t *testing.T) {
	s := newRAMStore()
	s.houses = []Department{{Name: "billing"}, {Name: "care"}}
	for gone, to := range map[string]string{"sales": "shop", "shop": "care", "a": "b", "b": "a", "lost": ""} {
		s.settings[settingFollows+gone] = to
	}
	for name, want := range map[string]string{"billing": "billing", "sales": "care", "shop": "care", "lost": "billing", "a": "billing", "unknown": "billing"} {
		if got, err := following(s, name); got != want || err != nil {
			t.Errorf("%s is followed by %q, %v, want %s", name, got, err, want)
		}
	}
}
