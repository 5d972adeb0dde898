package desk

import (
	"strings"

	"porchlight/bridge"
	"porchlight/bridge/report"
	"porchlight/bridge/voice"
)

// targetsSaid says a department's targets in one line, "" if it has none.
func targetsSaid(v voice.Voice, t bridge.Targets) string {
	var said []string
	if t.First > 0 {
		said = append(said, v.Say("first answer within %s", voice.Lasted(t.First, true)))
	}
	if t.Next > 0 {
		said = append(said, v.Say("each next one within %s", voice.Lasted(t.Next, true)))
	}
	if t.Solved > 0 {
		said = append(said, v.Say("solved within %s", voice.Lasted(t.Solved, true)))
	}
	if said == nil {
		return ""
	}
	return v.Say("Targets, in business hours: %s", strings.Join(said, ", "))
}

// keptSaid says how many of how many times targets were kept, "" if there were none.
func keptSaid(v voice.Voice, a report.Answer) string {
	var said []string
	for _, t := range bridge.EachTarget() {
		if kept, of := a.Kept(t); of > 0 {
			said = append(said, voice.KeptSaid(v, t, kept, of))
		}
	}
	if said == nil {
		return ""
	}
	return v.Say("Targets kept: %s", strings.Join(said, ", "))
}
