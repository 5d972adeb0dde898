package desk

import (
	"context"
	"fmt"
	"strings"

	"porchlight/bridge"
	"porchlight/bridge/archive"
	"porchlight/bridge/phrase"
	"porchlight/bridge/voice"
)

// archiveCommands declares the commands that look back.
func archiveCommands() []Command {
	return []Command{
		{Name: "search", Group: Requests, Title: "Search in what was said", Run: search, Looks: true, Permission: bridge.MaySearch,
			Help:   "All words have to be there: search refund monday. refund* is a beginning; \"exact words\" stand as they are; operator:olga, tag:refund, department:sales and 2026-11-01..2026-11-15 narrow it, also ..2026-11-15 or 2026-11-01.. alone; before:#12 looks at lower numbers. A number at the end is a page of the list. You find what you may read: your own conversations, those of your departments, or all.",
			Fields: []Field{{Name: "words", Label: "Words", Kind: Text, Required: true}}},
		{Name: "transcript", Group: Requests, Title: "All that was said in a conversation", Run: transcript, Looks: true,
			Help:   "Your own conversations, also closed ones; those of your departments if you may search; all if you may read all, which is kept in the audit log.",
			Fields: []Field{{Name: "number", Label: "The conversation's number", Kind: Number, Required: true}}},
	}
}

// search lists the conversations in which words were said.
func search(d *Desk, ctx context.Context, call Call) (string, error) {
	if d.archive == nil {
		return "", refuse("Nothing can be searched here.")
	}
	v := call.Voice
	words, page := searched(call.arg("words"))
	q, err := archive.Parse(words, d.bridge.Hours.Today())
	if err != nil {
		return "", err
	}
	found, err := d.archive.Search(ctx, call.Operator, q, page)
	if err != nil {
		return "", err
	}
	if len(found.Hits) == 0 && page > 1 {
		return "", refuse("There is no page %d. A number that is to be looked for stands in quotes: \"%d\".", page, page)
	}
	lines := []string{v.Say("Found, the latest first:")}
	if len(found.Hits) == 0 {
		lines[0] = v.Say("Nothing that you may read has %s.", voice.Clip(words, 60))
	}
	for _, h := range found.Hits {
		lines = append(lines, "  "+v.Say("#%d %s, %s: %s", h.Number, v.Visitor(h.Name), v.When(h.Begun), piece(h.Piece)))
	}
	if found.More {
		lines = append(lines, v.Say("%s shows more.", fmt.Sprintf("search %s %d", words, page+1)))
	}
	if !found.Back.IsZero() {
		lines = append(lines, v.Say("Looked back to %s; further: %s", v.When(found.Back), "search "+q.Before(found.Below)))
	}
	if found.Upto > 0 {
		lines = append(lines, v.Say("The index is still being made: indexed up to #%d.", found.Upto))
	}
	if len(found.Hits) > 0 {
		if link := d.pageLink(ctx, call, bridge.View{Page: bridge.SearchPage, Words: words}); link != "" {
			lines = append(lines, link)
		}
	}
	return strings.Join(lines, "\n"), nil
}

// searched cuts the number of a page off the end of what is searched for; without one it is page 1. A single number is
// what is searched for.
func searched(text string) (words string, page int) {
	fields := strings.Fields(text)
	if last := len(fields) - 1; last > 0 && len(fields[last]) <= 3 {
		if n, err := count(fields[last]); phrase.CodeOf(err) == "" {
			return strings.Join(fields[:last], " "), n
		}
	}
	return text, 1
}

// piece is a piece of text in one line.
func piece(p archive.Piece) string {
	text := p.Before + p.Match + p.After
	if p.CutBefore {
		text = "…" + text
	}
	if p.CutAfter {
		text += "…"
	}
	return text
}

// transcript shows what was said in a conversation; of a long one the end, and a link to all of it.
func transcript(d *Desk, ctx context.Context, call Call) (string, error) {
	if d.archive == nil {
		return "", refuse("Nothing can be searched here.")
	}
	card, log, err := d.archive.Transcript(ctx, call.Operator, call.number())
	if err != nil {
		return "", err
	}
	text, whole := call.Voice.Record(card, log)
	if link := d.pageLink(ctx, call, bridge.View{Page: bridge.TranscriptPage(card.Number)}); link != "" && !whole {
		text += "\n" + link
	}
	return text, nil
}
