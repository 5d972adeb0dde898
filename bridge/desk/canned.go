package desk

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"porchlight/bridge"
	"porchlight/bridge/voice"
)

// answerCommands declares the commands about stored answers.
func answerCommands() []Command {
	return slices.Concat([]Command{
		{Name: "canned", Group: Answers, Title: "Stored answers", Together: "Stored answers: to say, store, change and delete them", Run: canned, Both: true, Looks: true,
			Help:   "The most used first, or those with WORDS in them. In a conversation !canned NAME, or !NAME alone, says one to the visitor, in their language if it is there, else the one for all others, else the English one, else what there is, with {visitor}, {operator} and {site} filled in. hi.de is the German one, me/hi your own, sales/hi that of a department, all/hi everybody's. A number at the end is a page of the list.",
			Fields: []Field{{Name: "name", Label: "A name, or words to look for", Kind: Text, Choices: answersHere}}},
		{Name: "canned-add", Title: "Store an answer, or change it", Run: cannedAdd, Both: true, With: "canned",
			Help: "For all, unless you say whose it is: canned-add me/hi.de Hallo {visitor}! is your own, in German, and so is canned-add hi for=me lang=de Hallo {visitor}! What is to be done after it: canned-add refund then=tag refund; close paid text=The money is on its way. {visitor}, {operator} and {site} are filled in; {{ writes a brace.",
			Fields: []Field{{Name: "name", Label: "The answer's name, one word", Kind: Word, Required: true},
				{Name: "text", Label: "The answer", Kind: Rest, Required: true}, // a line gives those below before it
				{Name: "for", Label: "Whose it is", Kind: Word, Choices: shelves, Form: true}, {Name: "lang", Label: "Its language", Help: "As de or pt-br; empty: for all others.", Kind: Word, Form: true},
				{Name: "then", Label: "What is done after it", Help: "Commands of a conversation, a line each, as: close paid", Kind: Lines, Form: true}}},
		{Name: "canned-edit", Title: "Change a stored answer", Record: answerRecord(), Both: true, With: "canned",
			Help:   "canned-edit hi text=Hello {visitor}! then=tag greeted: in any order, KEY= empties. hi.de is the German one, me/hi your own.",
			Fields: []Field{{Name: "answer", Label: "Which one", Kind: Word, Required: true, Choices: changeable}}},
		{Name: "canned-delete", Title: "Delete stored answers", Run: cannedDelete, Both: true, With: "canned", Confirm: answersGo,
			Help:   "hi deletes it in all languages, hi.de the German one, hi.default the one for all others. Several with commas.",
			Fields: []Field{{Name: "name", Label: "Which ones", Kind: Several, Required: true, Choices: changeable}}},
	}, fileCommands())
}

// stock is the desk as far as stored answers are concerned.
type stock struct{ *Desk }

// shelf is the stored answers that a call is about, as far as its operator sees them.
type shelf struct {
	list []bridge.Answer // in a conversation one of each name; at the desk all
	card bridge.Card     // the conversation; the zero Card at the desk
}

// shelf reads the answers for a call.
func (d stock) shelf(ctx context.Context, call Call) (s shelf, err error) {
	all, err := d.bridge.Answers.List(ctx)
	if err != nil {
		return s, err
	}
	if call.Visitor == "" {
		s.list = slices.DeleteFunc(all, func(a bridge.Answer) bool { return !call.Operator.SeesAnswer(a.AnswerKey) })
		return s, nil
	}
	if s.card, err = d.card(ctx, call); err == nil {
		s.list = bridge.AnswersFor(all, call.Operator.JID, s.card.Department, s.card.Request.Language)
	}
	return s, err
}

// canned lists stored answers, shows one, or says one to the visitor.
func canned(d *Desk, ctx context.Context, call Call) (string, error) {
	text := call.arg("name")
	here, err := stock{d}.shelf(ctx, call)
	if err != nil {
		return "", err
	}
	named, err := stock{d}.answersCalled(ctx, call, here, text)
	switch {
	case err != nil:
		return "", err
	case len(named) > 0 && call.Visitor != "":
		return stock{d}.sendCanned(ctx, call, here.card, named[0])
	case len(named) > 0:
		return wholeAnswers(call, named), nil
	}
	words, n := paged(text)
	title := call.Voice.Say("Stored answers, the most used first; !NAME in a conversation sends one:")
	found := bridge.FindAnswers(here.list, words)
	switch {
	case len(here.list) == 0 && words == "":
		return call.Voice.Say("There are no stored answers yet. canned-add NAME TEXT makes one."), nil
	case len(found) == 0:
		return "", refuse("There is no stored answer %q. canned alone lists them.", voice.Clip(words, 40))
	case words != "":
		title = call.Voice.Say("Stored answers with %q; !NAME in a conversation sends one:", voice.Clip(words, 40))
	}
	part, more, err := page(call.Voice, answerLines(call, found, words == ""), strconv.Itoa(n), strings.TrimSpace("canned "+words))
	if err != nil {
		return "", err
	}
	lines := append([]string{title}, part...)
	if more != "" {
		lines = append(lines, more)
	}
	return strings.Join(lines, "\n"), nil
}

// answerLetters is about how long a line of the list is.
const answerLetters = 60

// answerLines says answers in a line each; those that differ in their languages alone share one. If byUse is set, the most
// used are first.
func answerLines(call Call, list []bridge.Answer, byUse bool) (lines []string) {
	type line struct {
		name, text string
		tongues    []string
		uses       int64
	}
	var all []*line
	at := make(map[string]*line)
	for _, a := range list {
		k := a.AnswerKey
		k.Language = ""
		name := refOf(k)
		if call.Visitor != "" { // the nearest of that name, which the name alone sends
			name = a.Name
		}
		l := at[name]
		if l == nil {
			l = &line{name: name}
			at[name] = l
			all = append(all, l)
		}
		l.uses += a.Uses
		if a.Language != "" {
			l.tongues = append(l.tongues, a.Language)
		}
		if l.text == "" || a.Language == "" {
			l.text = strings.TrimSpace(strings.ReplaceAll(a.Text, "\n", " "))
			if len(a.Then) > 0 {
				l.text = strings.TrimSpace(l.text + " → " + strings.Join(a.Then, "; "))
			}
		}
	}
	if byUse {
		slices.SortStableFunc(all, func(a, b *line) int { return cmp.Or(cmp.Compare(b.uses, a.uses), cmp.Compare(a.name, b.name)) })
	}
	for _, l := range all {
		head := "  " + l.name
		if len(l.tongues) > 0 && call.Visitor == "" {
			slices.Sort(l.tongues)
			head += " (" + strings.Join(l.tongues, ", ") + ")"
		}
		head += times(l.uses)
		lines = append(lines, head+" – "+voice.Clip(l.text, max(20, answerLetters-len([]rune(head)))))
	}
	return lines
}

// times says how often an answer was sent, "" if never.
func times(uses int64) string {
	if uses == 0 {
		return ""
	}
	return fmt.Sprintf(" ×%d", uses)
}

// wholeAnswers says all of some answers.
func wholeAnswers(call Call, list []bridge.Answer) string {
	var parts []string
	for _, a := range list {
		lines := []string{refOf(a.AnswerKey) + times(a.Uses) + ":"}
		if a.Text != "" {
			lines = append(lines, a.Text)
		}
		if len(a.Then) > 0 {
			lines = append(lines, call.Voice.Say("Then: %s", strings.Join(a.Then, "; ")))
		}
		parts = append(parts, strings.Join(lines, "\n"))
	}
	return strings.Join(parts, "\n")
}

// sendCanned sends a stored answer to the visitor, does what it is to do after that, and shows the operator both. All of it is
// done or nothing: if something is refused, nothing was sent.
func (d stock) sendCanned(ctx context.Context, call Call, card bridge.Card, a bridge.Answer) (string, error) {
	var said []string
	err := bridge.Together(ctx, d.bridge, func(ctx context.Context) (err error) {
		said = nil
		if text := a.Fill(card.Request.Name, call.Operator.Name, d.bridge.Answers.Site(card)); text != "" {
			if _, err := d.bridge.OperatorWrites(ctx, call.Operator.JID, call.Visitor, bridge.Said{ID: call.StanzaID, Text: text}); err != nil {
				return err
			}
			said = append(said, call.Voice.Say("Sent: %s", text))
		}
		if err := d.bridge.Answers.Used(ctx, a.AnswerKey); err != nil {
			return err
		}
		done, err := d.carryOut(ctx, call, a)
		said = append(said, done...)
		return err
	})
	return strings.Join(said, "\n"), err
}

// answersHere lists the stored answers for a form.
func answersHere(d *Desk, ctx context.Context, call Call) (list []Choice, err error) {
	here, err := stock{d}.shelf(ctx, call)
	if err != nil {
		return nil, err
	}
	for _, a := range bridge.FindAnswers(here.list, "") {
		value := a.Name
		if call.Visitor == "" {
			value = exactly(a.AnswerKey)
		}
		list = append(list, Choice{value, value + " – " + voice.Clip(strings.ReplaceAll(a.Text, "\n", " "), answerLetters)})
	}
	return list, nil
}

// sendable lists the names of the stored answers that a call may send by their names alone.
func (d stock) sendable(ctx context.Context, call Call) (names []string, err error) {
	if call.Visitor == "" {
		return nil, nil
	}
	answers, err := d.bridge.Answers.List(ctx)
	for _, a := range answers {
		if a.Shared() || a.Owner == call.Operator.JID {
			names = append(names, a.Name)
		}
	}
	return slices.Compact(names), err
}
