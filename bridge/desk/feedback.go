package desk

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"porchlight/bridge"
	"porchlight/bridge/phrase"
)

// feedbackRange is the range of the feedback that is listed if none is given.
const feedbackRange = "30d"

// feedback lists the votes about an operator, by default the one who asks. A number alone shows the
// vote with that id; after WHO or RANGE it is a page of the list.
func feedback(d *Desk, ctx context.Context, call Call) (string, error) {
	number, err := count(call.arg("number"))
	if err != nil {
		return "", err
	}
	who, during := call.arg("who"), call.arg("range")
	if number > 0 && who == "" && during == "" {
		return d.oneVote(ctx, call, int64(number))
	}
	whose, all := call.Operator, who == allOfThem
	if all {
		whose = bridge.Operator{}
	} else if who != "" {
		whose = bridge.Operator{JID: bridge.OperatorJID(who), Name: d.bridge.Team.Name(bridge.OperatorJID(who))}
	}
	if err := mayRead(call.Operator, whose.JID); err != nil {
		return "", err
	}
	if during == "" {
		during = feedbackRange
	}
	days, err := bridge.ParseRange(during, d.bridge.Hours.Today())
	if err != nil {
		return "", err
	}
	page := max(number, 1)
	tally, list, more, err := d.bridge.Votes.List(ctx, whose.JID, days, page)
	if err != nil {
		return "", err
	}
	answer, local := call.Voice.VotesAboutAll(days, tally, list), allOfThem
	if !all {
		answer = call.Voice.Votes(whose.Name, days, tally, list)
		local, _, _ = strings.Cut(string(whose.JID), "@")
	}
	if more > 0 {
		answer += "\n" + call.Voice.Say("%d more: %s", more, fmt.Sprintf("feedback %s %s %d", local, days, page+1))
	}
	return answer, nil
}

// mayRead refuses an operator who may not read the votes about another.
func mayRead(reader bridge.Operator, about bridge.OperatorJID) error {
	if reader.SeesVotesAbout(about) {
		return nil
	}
	return phrase.Fail(phrase.CodeForbidden, "You may not use feedback for others; feedback alone lists the votes about you. A super operator can allow it.")
}

// readable lists about whom the operator may read votes.
func readable(d *Desk, ctx context.Context, call Call) ([]Choice, error) {
	if mayRead(call.Operator, "") != nil {
		return []Choice{{string(call.Operator.JID), call.Operator.Name}}, nil
	}
	people, err := everybody(d, ctx, call)
	return append(people, Choice{allOfThem, call.Voice.Say("All")}), err
}

// count reads a whole number from 1, 0 if it was left out.
func count(word string) (int, error) {
	if word == "" {
		return 0, nil
	}
	n, err := strconv.Atoi(word)
	if err != nil || n < 1 || strings.Trim(word, "0123456789") != "" {
		return 0, refuse("%q is no number from 1.", bridge.Cut(word, 40))
	}
	return n, nil
}

// counts reads several such numbers, with commas or spaces between, and returns them with spaces between.
func counts(text string) (string, error) {
	words := strings.FieldsFunc(text, func(r rune) bool { return r == ',' || unicode.IsSpace(r) })
	var list []string
	for _, word := range words {
		n, err := count(word)
		if err != nil {
			return "", err
		}
		if word = strconv.Itoa(n); !slices.Contains(list, word) {
			list = append(list, word)
		}
	}
	if len(list) == 0 {
		return "", refuse("%q is no number from 1.", bridge.Cut(text, 40))
	}
	return strings.Join(list, " "), nil
}

// oneVote shows a vote by its id. To operators who may not read it, it does not exist.
func (d *Desk) oneVote(ctx context.Context, call Call, id int64) (string, error) {
	x, err := d.bridge.Votes.Get(ctx, id)
	if err == nil && mayRead(call.Operator, x.Operator) != nil {
		err = phrase.Fail(phrase.CodeNotFound, "")
	}
	if phrase.CodeOf(err) == phrase.CodeNotFound {
		return "", bridge.NoVote(id)
	}
	if err != nil {
		return "", err
	}
	return call.Voice.Vote(x), nil
}

// feedbackDelete deletes votes: all that are named, or none.
func feedbackDelete(d *Desk, ctx context.Context, call Call) (string, error) {
	var ids []int64
	for word := range strings.FieldsSeq(call.arg("id")) {
		n, err := count(word)
		if err != nil {
			return "", err
		}
		ids = append(ids, int64(n))
	}
	list, err := d.bridge.Votes.Delete(ctx, call.Operator.JID, call.arg("reason"), ids...)
	switch phrase.CodeOf(err) {
	case "":
	case phrase.CodeNotFound, phrase.CodeConflict:
		return "", refuse("%s", phrase.Of(err))
	default:
		return "", err
	}
	var lines []string
	for _, x := range list {
		lines = append(lines, call.Voice.Say("%d (%d of 5, %s, #%d) is deleted. %s's average %s → %s (%d).",
			x.ID, x.Score, call.Voice.Visitor(x.Visitor), x.Conversation, x.About, x.Before.Mean(), x.After.Mean(), x.After.Count()))
	}
	kept := call.Voice.Say("Kept in the audit log, who and why.")
	if len(lines) == 1 {
		return lines[0] + " " + kept, nil
	}
	return strings.Join(append(lines, kept), "\n"), nil
}

// votes lists the latest votes about each operator for a form.
func votes(d *Desk, ctx context.Context, call Call) ([]Choice, error) {
	var list []Choice
	for _, o := range d.bridge.Team.Operators() {
		_, found, _, err := d.bridge.Votes.List(ctx, o.JID, bridge.Always(), 1)
		if err != nil {
			return nil, err
		}
		for _, x := range found {
			list = append(list, Choice{fmt.Sprint(x.ID), o.Name + ": " + call.Voice.VoteLine(x)})
		}
	}
	if len(list) == 0 {
		return nil, refuse("There are no votes yet.")
	}
	return list, nil
}
