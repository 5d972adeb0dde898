package voice

import (
	"cmp"
	"fmt"
	"strings"
	"time"

	"porchlight/bridge"
	"porchlight/bridge/hours"
)

// Votes lists votes about an operator in a range; t counts all of them.
func (v Voice) Votes(name string, during bridge.Range, t bridge.Tally, list []bridge.Voted) string {
	return v.votes(name, during, t, list, v.VoteLine)
}

// VotesAboutAll lists votes about anybody in a range, each with whom it is about; t counts all of them.
func (v Voice) VotesAboutAll(during bridge.Range, t bridge.Tally, list []bridge.Voted) string {
	return v.votes(v.Say("All"), during, t, list, func(x bridge.Voted) string { return v.voteHead(x) + " → " + x.About + ": " + comment(x) })
}

func (v Voice) votes(name string, during bridge.Range, t bridge.Tally, list []bridge.Voted, line func(bridge.Voted) string) string {
	if t.Count() == 0 {
		return v.Say("%s, %s: no votes.", name, during.Phrase())
	}
	var scores []string
	for i := len(t) - 1; i >= 0; i-- {
		if t[i] > 0 {
			scores = append(scores, fmt.Sprintf("%d★ %d", i+1, t[i]))
		}
	}
	lines := []string{v.Say("%s, %s: %s of 5 (%d): %s", name, during.Phrase(), t.Mean(), t.Count(), strings.Join(scores, ", "))}
	for _, x := range list {
		lines = append(lines, "  "+line(x))
	}
	return strings.Join(lines, "\n")
}

// VoteLine is a vote in one line, with the beginning of its comment.
func (v Voice) VoteLine(x bridge.Voted) string { return v.voteHead(x) + ": " + comment(x) }

// comment is the beginning of a vote's comment.
func comment(x bridge.Voted) string { return cmp.Or(oneLine(x.Comment), "–") }

func (v Voice) voteHead(x bridge.Voted) string {
	return fmt.Sprintf("%d · %s %s %s #%d", x.ID, v.day(x.At), bridge.Stars(x.Score), v.Visitor(x.Visitor), x.Conversation)
}

// Vote is a vote with the whole comment, and with who deleted it, if somebody did.
func (v Voice) Vote(x bridge.Voted) string {
	lines := []string{v.voteHead(x), v.Say("About %s.", x.About)}
	if x.Comment != "" {
		lines[0] += ": " + indent(x.Comment)
	}
	if !x.DeletedAt.IsZero() {
		deleted := v.Say("%s deleted it on %s.", x.Deleter, v.stamp(x.DeletedAt))
		if x.DeletedWhy != "" {
			deleted += " " + indent(x.DeletedWhy)
		}
		lines = append(lines, deleted)
	}
	return strings.Join(lines, "\n")
}

// day writes the day of a time, without the year in this year: 28 Nov.
func (v Voice) day(t time.Time) string {
	t = t.In(v.zone)
	day := v.Phrase(hours.Day(t))
	if t.Year() != v.bridge.Now().In(v.zone).Year() {
		day += fmt.Sprintf(" %d", t.Year())
	}
	return day
}

// voteSaid is the line of a vote in a transcript.
func (v Voice) voteSaid(e bridge.Entry, visitor string) string {
	vote, _ := e.Data.(bridge.Vote)
	switch {
	case vote.Deleted:
		return "_" + v.Say("%s voted, and the vote was deleted.", visitor) + "_"
	case e.Text == "":
		return v.Say("%s votes %s", visitor, bridge.Stars(vote.Score))
	}
	return v.Say("%s votes %s: %s", visitor, bridge.Stars(vote.Score), e.Text)
}
