package voice

import (
	"fmt"
	"math"
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
	text, _ := v.past(v.Brief(c, bridge.Feedback{}), c, log, pastRoom) // the log has the vote
	return text
}

// Record is what was said in a conversation, or the end of it if it is long for a message; whole says that it is all.
func (v Voice) Record(c bridge.Card, log []bridge.Event) (text string, whole bool) {
	return v.past(v.headed(c), c, log, transcriptRoom)
}

// WholeRecord is all that was said in a conversation, however long.
func (v Voice) WholeRecord(c bridge.Card, log []bridge.Event) string {
	text, _ := v.past(v.headed(c), c, log, math.MaxInt)
	return text
}

// headed is the head of a record.
func (v Voice) headed(c bridge.Card) string {
	return v.Say("#%d %s, %s, %s: %s (%s)", c.Number, v.Visitor(c.Request.Name), c.OpenedAt.In(v.zone).Format("2006-01-02 15:04"), v.title(c.Department),
		oneLine(c.Request.Reason), v.standing(c))
}

// past is a head and what stands below it: as much of the end as there is room for, from the beginning of an entry on if that
// is possible.
func (v Voice) past(head string, c bridge.Card, log []bridge.Event, room int) (text string, whole bool) {
	var b strings.Builder
	for _, line := range v.Lines(c, log) {
		fmt.Fprintf(&b, "\n[%s] %s", line.At.In(v.zone).Format("2006-01-02 15:04"), indent(line.Text))
	}
	if over := len(head) + b.Len() - room; over > 0 {
		end := b.String()[over:]
		if i := strings.Index(end, "\n["); i >= 0 {
			end = end[i:]
		}
		return head + "\n…" + strings.ToValidUTF8(end, ""), false
	}
	return head + b.String(), true
}

// Said is a line of a transcript.
type Said struct {
	bridge.Entry
	Text string // with the speaker's name
}

// Lines are the lines of a transcript. The invitation that the visitor answers is the first: it is in no log.
func (v Voice) Lines(c bridge.Card, log []bridge.Event) (list []Said) {
	visitor := v.Visitor(c.Request.Name)
	if text := strings.Join(strings.Fields(c.Request.Invited.Text), " "); text != "" {
		e := bridge.Event{At: c.OpenedAt, Type: bridge.EventState, From: bridge.FromSystem}
		list = append(list, Said{bridge.Entry{Event: e}, "_" + v.Say("Invitation: %s", text) + v.invited(c.Request) + "_"})
	}
	for _, e := range bridge.AsItStands(log) {
		if line := v.transcriptLine(e, c, visitor); line != "" {
			list = append(list, Said{e, line})
		}
	}
	return list
}
