package voice

import (
	"time"

	"porchlight/bridge"
)

// missed says which target was missed.
func (v Voice) missed(e bridge.Event) string {
	m, _ := e.Data.(bridge.Missed)
	within := bridge.Exactly(time.Duration(m.Within) * time.Millisecond)
	switch m.Target {
	case bridge.FirstAnswer:
		return v.Say("The first answer is late (target %s).", within)
	case bridge.NextAnswer:
		return v.Say("The next answer is late (target %s).", within)
	}
	return v.Say("The solution is late (target %s).", within)
}

// Danger says in a few words which target is in danger and how long there is left, or how late it is; "" if none is.
func (v Voice) Danger(d bridge.Danger) string {
	left := bridge.Span(max(d.Left, -d.Left))
	switch {
	case d.Target == "":
		return ""
	case d.Target == bridge.FirstAnswer && d.Late():
		return v.Say("first answer late by %s", left)
	case d.Target == bridge.NextAnswer && d.Late():
		return v.Say("next answer late by %s", left)
	case d.Late():
		return v.Say("solution late by %s", left)
	case d.Target == bridge.FirstAnswer:
		return v.Say("first answer due in %s", left)
	case d.Target == bridge.NextAnswer:
		return v.Say("next answer due in %s", left)
	}
	return v.Say("solution due in %s", left)
}

// KeptSaid says how many of how many times a target was kept.
func KeptSaid(v Voice, t bridge.Target, kept, of int64) string {
	switch t {
	case bridge.FirstAnswer:
		return v.Say("first answer %d of %d", kept, of)
	case bridge.NextAnswer:
		return v.Say("next answers %d of %d", kept, of)
	}
	return v.Say("solved %d of %d", kept, of)
}

// inDanger is what a line about a conversation ends with if one of its targets is in danger, else "".
func (v Voice) inDanger(c bridge.Card) string {
	said := v.Danger(v.bridge.Hours.Danger(c.Conversation))
	if said == "" {
		return ""
	}
	return "; ⚠ " + said
}
