package desk

import (
	"context"
	"strconv"
	"strings"

	"porchlight/bridge"
	"porchlight/bridge/phrase"
	"porchlight/bridge/voice"
)

// clientCommands declares the command about visitors with a past.
func clientCommands() []Command {
	return []Command{{Name: "clients", Group: Requests, Title: "Visitors with a past", Run: clients, Looks: true, Permission: bridge.MayVisitors,
		Help:   "All of them, or those in whose names and email addresses words begin with WORDS: clients anna, clients example.org. A number at the end is a page of the list.",
		Fields: []Field{{Name: "words", Label: "Words of the name or the address", Kind: Text}}}}
}

// clients lists visitors with a past, with their latest conversation and the last note in it.
func clients(d *Desk, ctx context.Context, call Call) (string, error) {
	v := call.Voice
	words, n := paged(call.arg("words"))
	found, err := d.bridge.Clients(ctx, words, n)
	if err != nil {
		return "", err
	}
	if len(found.List) == 0 && n > 1 {
		return "", refuse("There is no page %d.", n)
	}
	var lines []string
	switch {
	case len(found.List) == 0 && words == "":
		return v.Say("There are no clients yet."), nil
	case len(found.List) == 0:
		return v.Say("No client is found by %q.", voice.Clip(words, 40)), nil
	case words == "":
		lines = append(lines, v.Say("Clients, the latest first:"))
	case found.Many:
		lines = append(lines, v.Say("Many clients; of the first %d of them the latest. Another word finds fewer:", found.Found))
	case found.Found == 1:
		lines = append(lines, v.Say("1 client:"))
	default:
		lines = append(lines, v.Say("%d clients, the latest first:", found.Found))
	}
	for _, c := range found.List {
		lines = append(lines, "  "+v.Client(c))
	}
	if found.More {
		lines = append(lines, v.Say("%s shows more.", strings.Join(strings.Fields("clients "+words+" "+strconv.Itoa(n+1)), " ")))
	}
	return strings.Join(lines, "\n"), nil
}

// paged cuts the number of a page off the end of a text; without one it is page 1.
func paged(text string) (words string, n int) {
	fields := strings.Fields(text)
	if last := len(fields) - 1; last >= 0 {
		if n, err := count(fields[last]); phrase.CodeOf(err) == "" && len(fields[last]) <= 4 {
			return strings.Join(fields[:last], " "), n
		}
	}
	return text, 1
}
