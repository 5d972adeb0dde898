package storetest

import (
	"bytes"
	"time"

	"porchlight/bridge"
	"porchlight/bridge/phrase"
)

var passRules = []rule{
	{"comes back whole, by its hash, by operator and kind, and as a wall", passRoundTrip},
	{"is deleted alone, with its operator's, and when it has ended", passDelete},
	{"is one of each hash, and of each wall's name", passOnce},
}

// pass is a pass of Xavi's whose hash has n in it.
func pass(n byte, kind bridge.PassKind, name string) bridge.Pass {
	return bridge.Pass{Hash: bytes.Repeat([]byte{n}, 32), Kind: kind, Operator: xavi, Name: name, Made: stored(at(int(n))), Ends: stored(at(100 + int(n)))}
}

// issue stores passes.
func (t *trial) issue(list ...bridge.Pass) {
	t.Helper()
	for _, p := range list {
		t.update(func(tx bridge.Tx) error { return tx.SavePass(p) })
	}
}

// passes checks which passes of a kind an operator has.
func (t *trial) passes(o bridge.OperatorJID, kind bridge.PassKind, want ...bridge.Pass) {
	t.Helper()
	t.view(func(r bridge.Reader) error {
		expect(t, want)(r.PassesOf(o, kind))
		return nil
	})
}

func passRoundTrip(t *trial) {
	late, early, wall, hall := pass(3, bridge.PassLink, ""), pass(2, bridge.PassLink, ""), pass(1, bridge.PassWall, "wall"), pass(9, bridge.PassWall, "hall")
	whole(t, wall)
	hall.Operator, hall.Ends = olga, time.Time{}
	t.issue(late, early, wall, hall)
	t.passes(xavi, bridge.PassLink, early, late)
	t.passes(xavi, bridge.PassSession)
	t.view(func(r bridge.Reader) error {
		expect(t, []bridge.Pass{hall, wall})(r.Walls())
		expect(t, hall)(r.Pass(hall.Hash))
		expect(t, early)(r.Pass(early.Hash))
		expectNone[bridge.Pass](t)(r.Pass(bytes.Repeat([]byte{7}, 32)))
		return nil
	})
}

func passDelete(t *trial) {
	a, b, c, wall := pass(1, bridge.PassLink, ""), pass(2, bridge.PassLink, ""), pass(3, bridge.PassLink, ""), pass(4, bridge.PassWall, "hall")
	wall.Ends = time.Time{}
	other := pass(5, bridge.PassSession, "")
	other.Operator = olga
	t.issue(a, b, c, wall, other)
	t.update(func(tx bridge.Tx) error { return tx.DeleteEndedPasses(a.Ends) })
	t.passes(xavi, bridge.PassLink, b, c)
	t.passes(xavi, bridge.PassWall, wall)
	t.update(func(tx bridge.Tx) error { return tx.DeletePass(b.Hash) })
	t.refused(phrase.CodeNotFound, func(tx bridge.Tx) error { return tx.DeletePass(b.Hash) })
	t.passes(xavi, bridge.PassLink, c)
	t.update(func(tx bridge.Tx) error { return tx.DeletePassesOf(xavi) })
	t.passes(xavi, bridge.PassLink)
	t.passes(xavi, bridge.PassWall)
	t.passes(olga, bridge.PassSession, other)
}

func passOnce(t *trial) {
	a, hall := pass(1, bridge.PassLink, ""), pass(2, bridge.PassWall, "hall")
	t.issue(a, hall, pass(3, bridge.PassLink, ""))
	for _, again := range []bridge.Pass{a, pass(4, bridge.PassWall, "hall")} {
		if err := t.store.Update(t.Context(), func(tx bridge.Tx) error { return tx.SavePass(again) }); err == nil {
			t.Errorf("%s %q was stored twice", again.Kind, again.Name)
		}
	}
}
