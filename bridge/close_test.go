package bridge

import (
	"slices"
	"testing"
	"time"

	"porchlight/bridge/phrase"
)

// A visitor whose department is deleted is told that they wait, unless they have waited for too long and were
// asked for an address already.
func TestDepartmentGone_TellsWhatIsSo(t *testing.T) {
	for due, want := range map[time.Time]string{t0.Add(time.Minute): "log state waiting", {}: "log state waiting (email-wanted)"} {
		c, act := sample(defaults(), Waiting, DepartmentGone, t0)
		c.Due.Waiting = due
		next, effects, err := usual().Apply(c, act, t0)
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

// Nothing is passed on to somebody who is no operator any more, whatever the one who passes it on still saw.
func TestPass_NotToAStranger(t *testing.T) {
	w, err := newWorld()
	if err != nil {
		t.Fatal(err)
	}
	sam, _ := w.Bridge.Team.Operator(crew[2])
	for _, m := range []move{{shows, 0, 0, 0}, {asks, 0, 0, 3}, {takes, 0, 0, 0}, {shows, 2, 0, 0}, {disables, 2, 0, 0}} {
		if err := w.make(m); err != nil {
			t.Fatal(err)
		}
	}
	c, _ := w.chat(0)
	if _, err := w.Pass(w.ctx, crew[0], c.Visitor, sam, Department{}, ""); phrase.CodeOf(err) != phrase.CodeNotFound || w.offer(c, crew[2]) == OfferOpen {
		t.Errorf("%v, and Sam's offer is %q", err, w.offer(c, crew[2]))
	}
}
