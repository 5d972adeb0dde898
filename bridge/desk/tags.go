package desk

import (
	"context"
	"strconv"
	"strings"
	"time"

	"porchlight/bridge"
	"porchlight/bridge/phrase"
	"porchlight/bridge/voice"
)

// tagCommands declares the commands about tags.
func tagCommands() []Command {
	return []Command{
		{Name: "tag", Title: "Sort the conversation by tags", Together: "The tags of the conversation; all tags, the most used first", Run: tag, Visitor: true,
			Help:   "tag refund vip, or tag +refund -vip: + adds and - takes away, up to ten words in any letters. tag alone lists them. close #refund: reason does both.",
			Fields: []Field{{Name: "tags", Label: "The tags", Help: "Words; - in front takes one away.", Kind: Rest}}},
		{Name: "tags", Title: "The tags, the most used first", Run: tags, Both: true, Looks: true, With: "tag"},
	}
}

// tagsShown is how many tags are listed, and tagsAsked how many a question names.
const tagsShown, tagsAsked = 30, 8

// tag changes the tags of a conversation, or lists them.
func tag(d *Desk, ctx context.Context, call Call) (string, error) {
	words := strings.Fields(strings.ReplaceAll(call.arg("tags"), ",", " "))
	if len(words) == 0 {
		return tags(d, ctx, call)
	}
	var t bridge.Tagging
	for _, w := range words {
		into := &t.Add
		if strings.HasPrefix(w, "-") {
			into = &t.Remove
		}
		name, ok := bridge.TagFrom(strings.TrimLeft(w, "+-"))
		if !ok {
			return "", noTag(w)
		}
		*into = append(*into, name)
	}
	card, err := d.card(ctx, call)
	if err != nil {
		return "", err
	}
	before, err := d.bridge.Tags(ctx, card.Number)
	if err != nil {
		return "", err
	}
	c, now, err := d.bridge.Tag(ctx, call.Operator.JID, call.Visitor, t)
	if err != nil {
		return "", err
	}
	said := call.Voice.Say("#%d has no tags.", c.Number)
	if len(now) > 0 {
		said = call.Voice.Say("#%d: %s", c.Number, voice.Hashed(now))
	}
	if back := untag(before, now); back != "" {
		said += "\n" + call.Voice.Say("Back: %s", "!tag"+back)
	}
	return said, nil
}

// untag is what takes a change of tags back.
func untag(before, now []string) (back string) {
	had, has := make(map[string]bool), make(map[string]bool)
	for _, t := range before {
		had[t] = true
	}
	for _, t := range now {
		has[t] = true
		if !had[t] {
			back += " -" + t
		}
	}
	for _, t := range before {
		if !has[t] {
			back += " +" + t
		}
	}
	return back
}

// tags lists the tags of a conversation, and those used most in the last year.
func tags(d *Desk, ctx context.Context, call Call) (string, error) {
	var lines []string
	if call.Visitor != "" {
		card, err := d.card(ctx, call)
		if err != nil {
			return "", err
		}
		list, err := d.bridge.Tags(ctx, card.Number)
		if err != nil {
			return "", err
		}
		if len(list) == 0 {
			lines = append(lines, call.Voice.Say("#%d has no tags.", card.Number))
		} else {
			lines = append(lines, call.Voice.Say("#%d: %s", card.Number, voice.Hashed(list)))
		}
	}
	most, err := d.mostTags(ctx, bridge.TagScope{}, tagsShown)
	if err != nil {
		return "", err
	}
	if most == "" {
		return strings.Join(append(lines, call.Voice.Say("No tags are used yet. !tag refund in a conversation gives it one.")), "\n"), nil
	}
	return strings.Join(append(lines, call.Voice.Say("Tags of the last year: %s", most)), "\n"), nil
}

// mostTags lists the tags used most in a scope, which without a time is the last year.
func (d *Desk) mostTags(ctx context.Context, of bridge.TagScope, limit int) (string, error) {
	if of.Until.IsZero() {
		of.Until = d.bridge.Now().Add(time.Minute)
		of.From = of.Until.AddDate(-1, 0, 0)
	}
	counts, err := d.bridge.TagCounts(ctx, of, limit)
	var list []string
	for _, c := range counts {
		list = append(list, "#"+c.Tag+" "+strconv.Itoa(c.N))
	}
	return strings.Join(list, ", "), err
}

// tagged takes the tags from the beginning of the reason of a close: words with #, up to a colon if one follows them, also
// with commas between them. A word with # that is no tag is refused, unless it is the number of a conversation.
func tagged(reason string) (tags []string, rest string, err error) {
	rest = reason
	for {
		word, after := split(rest)
		if word == ":" && len(tags) > 0 {
			return tags, after, nil
		}
		bare := strings.TrimRight(word, ":,")
		name, ok := bridge.TagFrom(bare)
		switch {
		case !strings.HasPrefix(word, "#"), !ok && strings.Trim(bare, "#0123456789") == "":
			return tags, rest, nil
		case !ok:
			return nil, reason, noTag(word)
		}
		tags, rest = append(tags, name), after
		if strings.HasSuffix(word, ":") {
			return tags, rest, nil
		}
	}
}

func noTag(word string) error {
	return refuse("%q is no tag: a tag is one word of letters and digits, as refund.", voice.Clip(word, 40))
}

// asksTags is the question for tags, once for each conversation: "" if it is not to be asked.
func asksTags(d *Desk, ctx context.Context, call Call, tags []string) (string, error) {
	card, err := d.card(ctx, call)
	if phrase.CodeOf(err) == phrase.CodeConflict || phrase.CodeOf(err) == phrase.CodeForbidden {
		return "", nil // who may not close it is told so by the close
	}
	if err != nil || len(tags) > 0 || call.arg("reason") == "-" || card.State == bridge.Closed || card.Owner != call.Operator.JID || !d.department(card.Department).AsksTags {
		return "", err
	}
	has, err := d.bridge.Tags(ctx, card.Number)
	if err != nil || len(has) > 0 {
		return "", err
	}
	this := asked{call.Operator.JID, call.Visitor, "close without tags #" + strconv.FormatInt(card.Number, 10)}
	if d.questions.answered(this, "") {
		return "", nil
	}
	d.questions.ask(this, "")
	most, err := d.mostTags(ctx, bridge.TagScope{Department: card.Department}, tagsAsked)
	if err != nil {
		return "", err
	}
	lines := []string{call.Voice.Say("#%d is still open: which tags? Write !close #refund: reason.", card.Number)}
	if most != "" {
		lines = append(lines, call.Voice.Say("Used most: %s", most))
	}
	question := strings.Join(append(lines, call.Voice.Say("!close - closes it without.")), "\n")
	if call.part {
		return "", phrase.Fail(phrase.CodeConflict, "%s", question)
	}
	return question, nil
}
