package voice

import (
	"fmt"
	"strings"

	"porchlight/bridge"
)

// Brief is a past conversation in one line, with the visitor's vote if there is one.
func (v Voice) Brief(c bridge.Card, vote bridge.Feedback) string {
	line := v.Say("#%d %s, %s: %s (%s)", c.Number, c.OpenedAt.In(v.zone).Format("2006-01-02 15:04"), v.title(c.Department),
		oneLine(c.Request.Reason), v.standing(c))
	if vote.ID > 0 {
		line += " " + bridge.Stars(vote.Score)
	}
	return line
}

// pastRoom is how much of a past conversation is shown, in bytes. Escaping may make five
// times as many of them, which is still a stanza that servers take.
const pastRoom = 32 << 10

// Past is what was said in an earlier conversation: its log, or the end of a long log.
func (v Voice) Past(c bridge.Card, log []bridge.Event) string {
	var b strings.Builder
	b.WriteString(v.Brief(c, bridge.Feedback{})) // the log has the vote
	visitor := v.Visitor(c.Request.Name)
	for _, e := range bridge.AsItStands(log) {
		if line := v.transcriptLine(e, c, visitor); line != "" {
			fmt.Fprintf(&b, "\n[%s] %s", e.At.In(v.zone).Format("2006-01-02 15:04"), indent(line))
		}
	}
	if b.Len() > pastRoom {
		return "…" + strings.ToValidUTF8(b.String()[b.Len()-pastRoom:], "")
	}
	return b.String()
}
